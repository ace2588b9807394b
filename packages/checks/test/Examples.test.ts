import { expect, it } from "vitest"
import { examples } from "../src/Examples.ts"
import { fixture } from "./Fixture.ts"

it("passes an example that prints what is written down, or has nothing written down", async () => {
  const folder = fixture({
    "examples/one.ts": `const text: string = "hello"\nconsole.log(text)\n`,
    "examples/expected/one.txt": "hello\r\n",
    "examples/two.ts": "export {}\n",
  })
  expect(await examples(folder)).toMatchObject({ passed: 2, failed: 0 })
})

it("fails one that prints something else, one that ends badly, and an expectation without an example", async () => {
  const folder = fixture({
    "examples/other.ts": `console.log("first\\nthird")\n`,
    "examples/expected/other.txt": "first\nsecond\n",
    "examples/thrown.ts": `throw new Error("no such program")\n`,
    "examples/expected/gone.txt": "",
  })
  const result = await examples(folder)
  expect(result).toMatchObject({ passed: 0, failed: 3 })
  expect(result.report).toContain("line 2\n  expected: second\n  got:      third")
  expect(result.report).toContain("no such program")
  expect(result.report).toContain("gone.txt belongs to no example")
})
