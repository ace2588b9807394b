import { describe, expect, it } from "@effect/vitest"
import { brier, reliability } from "../src/statistics/Calibration.ts"
import { auc, averageRanks, capture, compare, lift } from "../src/statistics/Roc.ts"
import { normal, share, uniform } from "./Draws.ts"

const yes = true
const no = false

describe("the area under the curve", () => {
  it("is the share of pairs in the right order, equal ones counting half", () => {
    const found = auc([1, 2, 2, 3, 4], [no, yes, no, no, yes])
    // Pairs of 2 with (1, 2, 3): 1, ½, 0; of 4: 1, 1, 1.
    expect(found?.auc).toBeCloseTo(4.5 / 6, 12)
    // V10 = (½, 1), V01 = (1, ¾, ½): 0.125/2 + 0.0625/3.
    expect(found?.standardError).toBeCloseTo(Math.sqrt(0.125 / 2 + 0.0625 / 3), 12)
  })

  it("is 1 for a perfect score, ½ for one that knows nothing, and turns round with the score", () => {
    const outcomes = [no, no, yes, yes]
    expect(auc([1, 2, 3, 4], outcomes)).toMatchObject({ auc: 1, standardError: 0, interval: { low: 1, high: 1 } })
    expect(auc([7, 7, 7, 7], outcomes)?.auc).toBe(0.5)
    expect(auc([-1, -3, -2, -4], outcomes)?.auc).toBeCloseTo(1 - (auc([1, 3, 2, 4], outcomes)?.auc ?? 0), 12)
  })

  it("is unknown where everybody or nobody had the outcome", () => {
    expect([auc([], []), auc([1, 2], [yes, yes]), auc([1], [no]), compare([1], [2], [no])]).toEqual([
      null,
      null,
      null,
      null,
    ])
    // One of each: an area, with nothing known of its error.
    expect(auc([1, 2], [no, yes])).toMatchObject({ auc: 1, standardError: 0 })
  })

  it("has an interval that holds in 95 of 100 draws", () => {
    const next = uniform(99)
    // Scores one standard deviation apart: Φ(1/√2).
    const truth = 0.7602499
    const covered = share(1000, () => {
      const outcomes = Array.from({ length: 120 }, (_, at) => at % 3 === 0)
      const found = auc(
        outcomes.map((outcome) => (outcome ? 1 : 0) + normal(next)),
        outcomes,
      )
      return found !== null && found.interval.low <= truth && truth <= found.interval.high
    })
    expect(covered).toBeGreaterThan(0.93)
    expect(covered).toBeLessThan(0.97)
  })

  it("of two scores of the same people is compared by what they do not share", () => {
    const next = uniform(4)
    const outcomes = Array.from({ length: 300 }, () => next() < 0.4)
    const good = outcomes.map((outcome) => (outcome ? 1 : 0) + normal(next))
    const slightlyWorse = good.map((score) => score + 0.3 * normal(next))
    const found = compare(good, slightlyWorse, outcomes)
    expect(found?.difference).toBeCloseTo(
      (auc(good, outcomes)?.auc ?? 0) - (auc(slightlyWorse, outcomes)?.auc ?? 0),
      12,
    )
    // They rank nearly alike, so that the difference is known better than either area.
    expect(found?.standardError).toBeLessThan((auc(good, outcomes)?.standardError ?? 0) / 2)
    expect(
      compare(
        good,
        good.map((score) => 3 * score),
        outcomes,
      ),
    ).toEqual({ difference: 0, standardError: 0, p: null })
  })

  it("ranks equal values by their average", () => {
    expect([...averageRanks([3, 1, 3, 2, 3])]).toEqual([4, 1, 4, 2, 4])
    expect(averageRanks([])).toHaveLength(0)
  })
})

describe("the best-scored few", () => {
  it("hold more than their share where the score is good", () => {
    const scores = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    const outcomes = scores.map((score) => score === 9 || score === 5)
    expect([lift(scores, outcomes), lift(scores, outcomes, 0.5), lift(scores, outcomes, 1)]).toEqual([5, 2, 1])
    expect(capture(scores, [3, 0, 0, 0, 1, 0, 0, 0, 0, 0])).toBe(0.75)
    // A fraction of a person counts as one, and of equal scores the earlier comes first.
    expect(lift([1, 1, 1], [yes, no, no], 0.1)).toBe(3)
    expect(lift([1, 1, 1], [no, yes, no], 0.1)).toBe(0)
  })

  it("hold nothing of nothing", () => {
    expect([lift([1], [no]), lift([], []), capture([1, 2], [0, 0])]).toEqual([null, null, null])
  })
})

describe("calibration", () => {
  it("is 0 for certainty that was right, the variance for the base rate", () => {
    expect([brier([1, 0], [yes, no]), brier([1, 0], [no, yes]), brier([], [])]).toEqual([0, 1, null])
    expect(brier([0.25, 0.25, 0.25, 0.25], [yes, no, no, no])).toBeCloseTo(0.1875, 12)
  })

  it("shows predicted and observed by groups of equal size", () => {
    expect(reliability([0.9, 0.1, 0.3, 0.7], [yes, no, no, no], 2)).toEqual([
      { people: 2, predicted: 0.2, observed: 0 },
      { people: 2, predicted: 0.8, observed: 0.5 },
    ])
    expect(reliability([0.5], [yes], 10)).toHaveLength(1)
  })
})
