import { describe, expect, it } from "@effect/vitest"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { reference, referenceStage } from "../src/reference.ts"
import { runCase } from "../src/reference/Case.ts"
import { rows } from "../src/reference/Csv.ts"
import { deviations } from "../src/reference/Deviation.ts"
import { kinds as allKinds } from "../src/reference/Kinds.ts"
import type { Kinds } from "../src/reference/Kind.ts"
import { asNumber, number } from "../src/reference/Json.ts"

const kinds: Kinds = {
  half: { run: ({ inputs }) => asNumber(inputs) / 2 },
  pair: { run: ({ inputs }) => ({ sum: number(inputs, "a") + number(inputs, "b"), note: null }) },
  judged: { run: () => 1, group: () => null, accept: (actual) => (actual === 1 ? [] : ["not one"]) },
  broken: {
    run: () => {
      throw new Error("it broke")
    },
  },
}
const run = (told: Record<string, unknown>) => runCase(kinds, "", "file.json", JSON.stringify({ id: "one", ...told }))

describe("a reference case", () => {
  it("passes within its tolerance and fails beyond it", () => {
    expect(run({ kind: "half", inputs: 1, expected: 0.51, tolerance: { abs: 0.02 } }).passed).toBe(true)
    expect(run({ kind: "half", inputs: 1, expected: 0.53, tolerance: { abs: 0.02 } }).passed).toBe(false)
    expect(run({ kind: "half", inputs: 1, expected: 0.51, tolerance: { rel: 0.01 } }).passed).toBe(false)
    expect(run({ kind: "half", inputs: 1, expected: 0.51, tolerance: { abs: 1e-9, rel: 0.03 } }).passed).toBe(true)
    expect(run({ kind: "half", inputs: 1, expected: 0.5000001, tolerance: { exact: true } }).passed).toBe(false)
  })

  it("is two lists that are compared pair by pair", () => {
    const outcome = run({ kind: "half", inputs: [2, 4, 6], expected: [1, 2, 3.5], tolerance: { abs: 0.1 } })
    expect([outcome.passed, outcome.report]).toEqual([false, expect.stringContaining("2: 3, expected 3.5")])
    expect(run({ kind: "half", inputs: [2, 4], expected: [1], tolerance: {} }).passed).toBe(false)
  })

  it.each([
    ["a kind that nobody knows", { kind: "toString", inputs: 1, expected: 1 }, "nobody knows"],
    ["a kind that throws", { kind: "broken", inputs: 1, expected: 1 }, "it broke"],
    ["a missing input", { kind: "pair", inputs: { a: 1 }, expected: { sum: 2 } }, 'no "b"'],
    ["a result that is not computed", { kind: "pair", inputs: { a: 1, b: 1 }, expected: { mean: 1 } }, "nothing"],
    ["null that stands for a number", { kind: "pair", inputs: { a: 1, b: 1 }, expected: { note: 0 } }, "expected 0"],
    ["no expectation at all", { kind: "pair", inputs: { a: 1, b: 1 }, expected: {} }, "nothing was expected"],
  ])("fails for %s", (_, told, why) => {
    const outcome = run(told)
    expect([outcome.passed, outcome.report]).toEqual([false, expect.stringContaining(why)])
  })

  it("may be decided by conditions of its own", () => {
    expect(run({ kind: "judged", inputs: 1, expected: 7 }).passed).toBe(true)
  })

  it("of advocate scores is compared where no acceptance decides", () => {
    const [kind, folder] = [allKinds["advocate-score"], "x"]
    const given = { inputs: {}, expected: {}, folder, method: "", notes: "" }
    const name = ["default score (.15/.25/.40/.20)", "auc"]
    expect([
      kind?.group?.(name, { ...given, tolerance: { metric_abs: 1e-9, acceptance: "better" } }),
      kind?.group?.(name, { ...given, tolerance: { abs: 1e-9 } }),
      kind?.group?.(["NPS only", "auc"], { ...given, tolerance: { metric_abs: 1e-9, acceptance: "better" } }),
    ]).toEqual([null, "metric", "metric"])
  })

  it("takes the tolerance of a leaf's group", () => {
    const [within, beyond] = deviations({ a: 1.4, b: 1.4 }, { a: 1, b: 1 }, { a_rel: 0.5, abs: 0.1 }, ([key]) => key)
    expect([within?.fault, beyond?.fault]).toEqual([undefined, "1.4, expected 1"])
  })

  it("never passes a result that is no number", () => {
    expect(deviations(Number.NaN, 1, { abs: 10 })[0]?.fault).toBeDefined()
  })
})

describe("a folder of cases", () => {
  it("is missing plainly, and counts each file", () => {
    const folder = mkdtempSync(join(tmpdir(), "reference-"))
    try {
      expect(reference(folder)).toMatchObject({ failed: 1, report: expect.stringContaining("does not exist") })
      mkdirSync(join(folder, "cases"))
      writeFileSync(
        join(folder, "cases", "a.json"),
        '{"id":"a","kind":"jaro-winkler","inputs":["DWAYNE","DUANE"],"expected":0.84,"tolerance":{"abs":1e-9}}',
      )
      writeFileSync(join(folder, "cases", "b.json"), "{")
      expect(reference(folder)).toMatchObject({ passed: 1, failed: 1 })
      writeFileSync(join(folder, "t.csv"), '\uFEFFname,"said ""so"""\r\n"Doe, Jane",2\r\n\r\n"two\nlines",\n')
      expect(rows(folder, "t.csv")).toEqual([
        { name: "Doe, Jane", 'said "so"': "2" },
        { name: "two\nlines", 'said "so"': "" },
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("the stage of reference cases", () => {
  it("says that it was skipped where there are no data, and counts nothing", () => {
    const folder = mkdtempSync(join(tmpdir(), "checkout-"))
    const told = process.env["ADVOCACY_REFERENCE_DATA"]
    try {
      process.env["ADVOCACY_REFERENCE_DATA"] = join(folder, "nowhere")
      expect(referenceStage(folder)).toEqual({ passed: 0, failed: 0, report: expect.stringContaining("SKIPPED") })
    } finally {
      if (told === undefined) delete process.env["ADVOCACY_REFERENCE_DATA"]
      else process.env["ADVOCACY_REFERENCE_DATA"] = told
      rmSync(folder, { recursive: true })
    }
  })
})
