import { expect, it } from "vitest"
import { join } from "node:path"
import { run } from "../src/Command.ts"
import { root } from "../src/Workspace.ts"

const test = (...args: ReadonlyArray<string>) =>
  run(process.execPath, [join(root, "packages/checks/src/test.ts"), ...args], { cwd: root })

it("lists its stages", async () => {
  const { exitCode, output } = await test("--list")
  expect(exitCode).toBe(0)
  expect(output).toMatch(/^types .*\n(.*\n)*unit .*\n(.*\n)*packed /)
})

it("refuses a stage or a flag it does not know", async () => {
  expect(await test("--only", "tpyes")).toMatchObject({
    exitCode: 2,
    output: expect.stringContaining('no stage "tpyes"'),
  })
  expect(await test("--depp")).toMatchObject({ exitCode: 2, output: expect.stringContaining("--depp") })
})

it("ends with one plain line", async () => {
  const { exitCode, output } = await test("--only", "boundaries")
  expect(output).toMatch(exitCode === 0 ? /\n1 passed, 0 failed\n$/ : /\n0 passed, 1 failed\n$/)
})

it("a program that cannot start, or takes too long, is a failure", async () => {
  expect(await run("no-such-program", [], { cwd: root })).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("could not be started"),
  })
  const slow = await run(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { cwd: root, timeoutSeconds: 0.2 })
  expect(slow).toMatchObject({ exitCode: 1, output: expect.stringContaining("limit of 0.2 seconds") })
})

it("hands on no real database", async () => {
  process.env["DATABASE_URL"] = "postgres://production"
  const { stdout } = await run(process.execPath, ["-p", "process.env.DATABASE_URL"], { cwd: root })
  delete process.env["DATABASE_URL"]
  expect(stdout.trim()).toBe("undefined")
})
