import { expect, it } from "vitest"
import { judgeFile } from "../src/houseRules.ts"

const messages = (path: string, text: string, packageName = "core"): ReadonlyArray<string> =>
  judgeFile(packageName, path, text).map(({ line, message }) => `${line} ${message}`)

it("accepts a plain file", () => {
  expect(messages("src/money/Money.ts", "export const zero = 0n\n")).toEqual([])
})

it("refuses files of more than 400 lines, unless generated or tests", () => {
  const long = `${"\n".repeat(400)}export {}\n`
  expect(messages("src/Long.ts", long)).toEqual([expect.stringContaining("401 lines")])
  expect(messages("src/Long.ts", `${"\n".repeat(399)}export {}\n`)).toEqual([])
  expect(messages("src/Long.generated.ts", long)).toEqual([])
  expect(messages("test/Long.test.ts", long)).toEqual([])
})

it("refuses names that say nothing", () => {
  expect(messages("src/utils/Money.ts", "export {}")).toHaveLength(1)
  expect(messages("src/money/Helpers.ts", "export {}")).toHaveLength(1)
  expect(messages("src/library/Book.ts", "export {}")).toEqual([])
})

it("refuses unfinished work and silenced types", () => {
  expect(messages("src/A.ts", `export {}\n// ${"TO"}${"DO"}: later`)).toEqual([expect.stringMatching(/^2 unfinished/)])
  expect(messages("src/A.ts", `// @ts-${"ignore"}\nexport {}`)).toEqual([expect.stringMatching(/^1 a silenced/)])
  expect(messages("src/A.ts", "export const value = JSON.parse('1') as any")).toEqual([
    expect.stringMatching(/^1 a cast/),
  ])
  expect(messages("src/A.ts", "export const text = 'as any'")).toEqual([])
})

it("refuses the wall clock in core's sources only, and allows dates from arguments", () => {
  expect(messages("src/A.ts", "export const now = new Date()")).toHaveLength(1)
  expect(messages("src/A.ts", "export const now = Date()")).toHaveLength(1)
  expect(messages("src/A.ts", "export const then = new Date(0)")).toEqual([])
  expect(messages("test/A.test.ts", "export const now = new Date()")).toEqual([])
  expect(messages("src/A.ts", "export const now = new Date()", "cli")).toEqual([])
})
