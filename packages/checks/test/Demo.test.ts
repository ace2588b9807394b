import { describe, expect, it } from "vitest"
import { judge as judgeCrash } from "../src/demo/Crash.ts"
import { choose } from "../src/demo/CrashMoment.ts"
import * as DemoReport from "../src/demo/DemoReport.ts"
import { noneOf, resultOf } from "../src/Finding.ts"

const good = { provable: true, expected: 4, agreed: 4, precision: 1, recall: 1 }
const soft = { provable: false, expected: 20, agreed: 0, precision: null, recall: 0 }

const report = (change: Partial<DemoReport.DemoReport> = {}): DemoReport.DemoReport => ({
  synced: { webhooks: { inbox: { open: 0, parked: 0 } }, rejected: [] },
  referrals: { credited: 60 },
  ledger: { sumsToZero: true },
  rewards: { issued: 57, states: { confirmed: 60, unknown: 0 } },
  writeBack: { written: 40, unchanged: 0, failed: [] },
  groundTruth: {
    classes: { soft, ...Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`class ${at}`, good])) },
    allTrueReferrals: { expected: 80, credited: 60, recall: 0.75 },
    unknownOrders: [],
  },
  secondRun: { postings: 0, effects: 0 },
  timings: [{ stage: "import", millis: 1_000 }],
  ...change,
})

const faults = (found: DemoReport.DemoReport): number => resultOf(DemoReport.judge("seed 1", found)).failed

const truth = (classes: Readonly<Record<string, DemoReport.TruthClass>>) =>
  report({ groundTruth: { ...report().groundTruth, classes: { ...report().groundTruth.classes, ...classes } } })

describe("the demo's JSON", () => {
  const keyed = Object.fromEntries(DemoReport.keys.map((key) => [key, {}]))

  it("is one object with exactly the keys of the contract", () => {
    expect(DemoReport.read(JSON.stringify(keyed))).toEqual(keyed)
    expect(DemoReport.read(JSON.stringify({ ...keyed, note: 1 }))).toContain("unknown keys: note")
    expect(DemoReport.read(JSON.stringify({ ...keyed, metrics: undefined }))).toContain("missing keys: metrics")
    expect(DemoReport.read(`${JSON.stringify(keyed)}\n{}`)).toContain("not one JSON value")
    expect(DemoReport.read("[]")).toContain("not a JSON object")
  })

  it("passes when everything agrees, whatever soft classes say", () => {
    expect(faults(report())).toBe(0)
    expect(DemoReport.figures("seed 1", report()).join("\n")).toContain("soft (soft) agrees in 0 of 20")
  })

  it.each([
    ["a provable class misses one", truth({ code: { ...good, agreed: 3, recall: 0.75 } })],
    ["a provable class claims too much", truth({ code: { ...good, precision: 0.8 } })],
    ["a provable class is empty", truth({ code: { ...good, expected: 0, agreed: 0 } })],
    ["a record is rejected", report({ synced: { ...report().synced, rejected: [{}] } })],
    ["a message waits", report({ synced: { ...report().synced, webhooks: { inbox: { open: 1, parked: 0 } } } })],
    ["a message is parked", report({ synced: { ...report().synced, webhooks: { inbox: { open: 0, parked: 1 } } } })],
    ["a reward is in doubt", report({ rewards: { issued: 57, states: { unknown: 1 } } })],
    ["the ledger does not sum to zero", report({ ledger: { sumsToZero: false } })],
    ["the second run posts", report({ secondRun: { postings: 1, effects: 0 } })],
    ["the second run sends", report({ secondRun: { postings: 0, effects: 1 } })],
  ])("fails when %s", (_, found) => {
    expect(faults(found)).toBe(1)
  })
})

describe("an end after a crash", () => {
  const effect = (code: string, state: "confirmed" | "sending" = "confirmed") => ({
    effect: { _tag: "OpenShareCode", key: `share-code|${code}`, code } as never,
    state,
    attempts: 1,
    note: code,
    dueAt: null,
    unanswered: 0,
    goneAt: null,
  })
  const code = (text: string) => ({ code: text, discountId: "gid://shopify/DiscountCodeNode/1" })
  const end = (effects: ReadonlyArray<ReturnType<typeof effect>>, codes: ReadonlyArray<string>, digest = "d") => ({
    store: { digest, effects },
    codes: codes.map(code),
  })
  const expected = end([effect("A"), effect("B")], ["OFFER-1", "A", "B"])
  const failed = (found: ReturnType<typeof end>): number => resultOf(judgeCrash("killed", expected, found)).failed

  it("passes when it is that of the uninterrupted run", () => {
    expect(failed(expected)).toBe(0)
  })

  it.each([
    ["another digest", end([effect("A"), effect("B")], ["OFFER-1", "A", "B"], "other")],
    ["an effect left open", end([effect("A"), effect("B"), effect("C", "sending")], ["OFFER-1", "A", "B"])],
    ["a code twice", end([effect("A"), effect("B")], ["OFFER-1", "A", "B", "B"])],
    ["a code that no effect asked for", end([effect("A"), effect("B")], ["OFFER-1", "A", "B", "X"])],
    ["a confirmed effect that is not in the shop", end([effect("A"), effect("B")], ["OFFER-1", "A"])],
  ])("fails with %s", (_, found) => {
    expect(failed(found)).toBeGreaterThan(0)
  })
})

it("moments of a crash follow from the seed, and lie inside the stages", () => {
  const timings = [
    { stage: "first", millis: 1_000 },
    { stage: "second", millis: 3_000 },
  ]
  const moments = choose(5, 200, timings)
  expect(choose(5, 200, timings)).toEqual(moments)
  expect(choose(6, 200, timings)).not.toEqual(moments)
  for (const { millis, stage } of moments) {
    expect(millis).toBeGreaterThanOrEqual(0)
    expect(millis).toBeLessThan(stage === "first" ? 1_000 : 3_000)
  }
  // Each stage once in every two rounds.
  expect(moments.filter(({ stage }) => stage === "first")).toHaveLength(100)
  expect(new Set(moments.slice(0, 2).map(({ stage }) => stage)).size).toBe(2)
})

it("many faults of one kind are one failed check, of which the first ten are shown", () => {
  const result = resultOf([
    noneOf(
      "nothing is wrong",
      Array.from({ length: 25 }, (_, at) => `fault ${at}`),
    ),
  ])
  expect(result).toMatchObject({ passed: 0, failed: 1 })
  expect(result.report).toContain("fault 9")
  expect(result.report).not.toContain("fault 10")
  expect(result.report).toContain("and 15 more")
})
