import { describe, expect, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { netPromoter, percentiles, wilson } from "../src/statistics/Proportion.ts"

describe("Wilson's interval", () => {
  // Newcombe 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d is as published", (successes, trials, low, high) => {
    const found = wilson(successes, trials)
    expect(found?.low).toBeCloseTo(low, 4)
    expect(found?.high).toBeCloseTo(high, 4)
  })

  it("is nothing without trials, closed at the ends, and turns round with the question", () => {
    expect(wilson(0, 0)).toBeNull()
    expect([wilson(0, 7)?.low, wilson(7, 7)?.high]).toEqual([0, 1])
    expect(wilson(7, 20)?.low).toBeCloseTo(1 - (wilson(13, 20)?.high ?? 0), 12)
  })
})

describe("the Net Promoter Score", () => {
  it("of 462 promoters, 176 passives and 362 detractors is 10.0 in [4.3897, 15.5505]", () => {
    const found = netPromoter(462, 362, 1_000)
    expect(found?.score).toBe(10)
    expect(found?.low).toBeCloseTo(4.3897, 4)
    expect(found?.high).toBeCloseTo(15.5505, 4)
  })

  it("is nothing without answers, and never beyond 100 either way", () => {
    expect(netPromoter(0, 0, 0)).toBeNull()
    expect(netPromoter(10, 0, 10)).toMatchObject({ score: 100, high: 100 })
    expect(netPromoter(0, 10, 10)).toMatchObject({ score: -100, low: -100 })
    expect(netPromoter(10, 0, 10)?.low).toBeLessThan(100)
  })
})

it("percentiles give equal values their average rank", () => {
  expect(percentiles([10, 30, 20, 20])).toEqual([0.25, 1, 0.625, 0.625])
  expect(percentiles([])).toEqual([])
})

/** Reference cases shared by implementations of these metrics, where they lie beside the repository. */
const shared = join(import.meta.dirname, "../../../../shared/data/metrics")

interface Case {
  readonly id: string
  readonly kind: string
  readonly inputs: unknown
  readonly expected: unknown
}

const column = (file: string): ReadonlyArray<number> => readFileSync(join(shared, file), "utf8").trim().split("\n").slice(1).map(Number)

const counted = (inputs: { readonly file?: string; readonly promoters?: number; readonly passives?: number; readonly detractors?: number }) => {
  if (inputs.file === undefined) {
    const { detractors = 0, passives = 0, promoters = 0 } = inputs
    return { promoters, detractors, answers: promoters + passives + detractors }
  }
  const scores = column(inputs.file)
  return { promoters: scores.filter((score) => score >= 9).length, detractors: scores.filter((score) => score <= 6).length, answers: scores.length }
}

const runners: Readonly<Record<string, (one: Case) => void>> = {
  wilson: ({ expected, inputs }) => {
    const [asked, answers] = [inputs as ReadonlyArray<{ x: number; n: number }>, expected as ReadonlyArray<{ wilson: [number, number] }>]
    expect(asked.length).toBeGreaterThan(0)
    asked.forEach(({ n, x }, index) => {
      const found = wilson(x, n)
      expect(found?.low).toBeCloseTo(answers[index]?.wilson[0] ?? Number.NaN, 8)
      expect(found?.high).toBeCloseTo(answers[index]?.wilson[1] ?? Number.NaN, 8)
    })
  },
  nps: ({ expected, inputs }) => {
    const { adjWaldCI, nps } = expected as { adjWaldCI: [number, number]; nps: number }
    const { answers, detractors, promoters } = counted(inputs as Parameters<typeof counted>[0])
    const found = netPromoter(promoters, detractors, answers)
    expect(found?.score).toBeCloseTo(nps, 9)
    // The published formula may reach beyond the scale, which no score does: we end at 100.
    expect(found?.low).toBeCloseTo(Math.max(-100, adjWaldCI[0]), 6)
    expect(found?.high).toBeCloseTo(Math.min(100, adjWaldCI[1]), 6)
  },
}

if (existsSync(join(shared, "cases"))) {
  describe("shared reference cases", () => {
    const cases = readdirSync(join(shared, "cases"))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name): Case => JSON.parse(readFileSync(join(shared, "cases", name), "utf8")))
    for (const one of cases) {
      const runner = runners[one.kind]
      if (runner !== undefined) it(one.id, () => runner(one))
    }
    const kinds = [...new Set(cases.map(({ kind }) => kind).filter((kind) => !(kind in runners)))]
    it(`of other kinds are not run: ${kinds.join(", ")}`, () => {
      expect(cases.length).toBeGreaterThan(0)
      console.log(`skipped reference cases, methods that do not exist yet: ${kinds.join(", ")}`)
    })
  })
} else {
  console.log("skipped the shared reference cases: there is no folder of them beside the repository")
}
