import { describe, expect, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
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

/** What we find, what is published, and to how many digits they must agree. */
type Comparison = readonly [found: number | undefined, published: number | undefined, digits: number]

const caseFiles = existsSync(join(shared, "cases"))
  ? readdirSync(join(shared, "cases")).filter((name) => name.endsWith(".json"))
  : []
const cases = caseFiles.sort().map((name): Case => JSON.parse(readFileSync(join(shared, "cases", name), "utf8")))

const column = (file: string): ReadonlyArray<number> =>
  readFileSync(join(shared, file), "utf8").trim().split("\n").slice(1).map(Number)

interface Counts {
  readonly file?: string
  readonly promoters?: number
  readonly passives?: number
  readonly detractors?: number
}

const counted = (inputs: Counts) => {
  if (inputs.file === undefined) {
    const { detractors = 0, passives = 0, promoters = 0 } = inputs
    return { promoters, detractors, answers: promoters + passives + detractors }
  }
  const scores = column(inputs.file)
  return {
    promoters: scores.filter((score) => score >= 9).length,
    detractors: scores.filter((score) => score <= 6).length,
    answers: scores.length,
  }
}

const methods: Readonly<Record<string, (one: Case) => ReadonlyArray<Comparison>>> = {
  wilson: ({ expected, inputs }) => {
    const answers = expected as ReadonlyArray<{ readonly wilson: readonly [number, number] }>
    return (inputs as ReadonlyArray<{ readonly x: number; readonly n: number }>).flatMap(
      ({ n, x }, index): ReadonlyArray<Comparison> => {
        const found = wilson(x, n)
        return [
          [found?.low, answers[index]?.wilson[0], 8],
          [found?.high, answers[index]?.wilson[1], 8],
        ]
      },
    )
  },
  nps: ({ expected, inputs }) => {
    const { adjWaldCI, nps } = expected as { readonly adjWaldCI: readonly [number, number]; readonly nps: number }
    const { answers, detractors, promoters } = counted(inputs as Counts)
    const found = netPromoter(promoters, detractors, answers)
    // The published formula may reach beyond the scale, which no score does: ours ends at 100.
    return [
      [found?.score, nps, 9],
      [found?.low, Math.max(-100, adjWaldCI[0]), 6],
      [found?.high, Math.min(100, adjWaldCI[1]), 6],
    ]
  },
}

describe("shared reference cases", () => {
  it.each(cases.filter(({ kind }) => kind in methods).map((one) => [one.id, one] as const))("%s", (_, one) => {
    const comparisons = methods[one.kind]?.(one) ?? []
    expect(comparisons.length).toBeGreaterThan(0)
    for (const [found, published, digits] of comparisons) expect(found).toBeCloseTo(published ?? Number.NaN, digits)
  })

  it("of methods that do not exist here are named", () => {
    const kinds = [...new Set(cases.map(({ kind }) => kind))]
    const skipped = kinds.filter((kind) => !(kind in methods))
    process.stdout.write(
      `skipped reference cases: ${cases.length === 0 ? "all, there is no folder of them" : skipped.join(", ")}\n`,
    )
    expect(kinds.length - skipped.length).toBe(cases.length === 0 ? 0 : Object.keys(methods).length)
  })
})
