import { expect, it } from "vitest"
import { count } from "../src/UnitTests.ts"

const report = (
  passed: number,
  files: ReadonlyArray<{ readonly status: string; readonly tests: ReadonlyArray<string> }>,
) => ({
  numPassedTests: passed,
  numFailedTests: files.flatMap(({ tests }) => tests).filter((status) => status === "failed").length,
  testResults: files.map(({ status, tests }, index) => ({
    name: `file${index}`,
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  })),
})

it("takes the runner's counts", () => {
  expect(count(report(2, [{ status: "failed", tests: ["passed", "failed", "passed"] }]), 1)).toEqual({
    passed: 2,
    failed: 1,
  })
})

it("counts a file that could not be loaded", () => {
  const files = [
    { status: "passed", tests: ["passed"] },
    { status: "failed", tests: [] },
  ]
  expect(count(report(1, files), 1)).toEqual({ passed: 1, failed: 1 })
})

it("counts an error outside every test", () => {
  expect(count(report(1, [{ status: "passed", tests: ["passed"] }]), 1)).toEqual({ passed: 1, failed: 1 })
  expect(count(report(1, [{ status: "passed", tests: ["passed"] }]), 0)).toEqual({ passed: 1, failed: 0 })
})
