import { describe, expect, it } from "vitest"
import { effort, satisfaction } from "../src/metric/Satisfaction.ts"

describe("satisfaction", () => {
  it("is the share of the top boxes, with Wilson's interval", () => {
    const found = satisfaction([5, 4, 4, 3, 1, 2, 5, 5])
    expect(found).toMatchObject({ share: 5 / 8, answers: 8, rejected: 0 })
    // Newcombe's formula by hand for 5 of 8.
    expect(found.interval?.low).toBeCloseTo(0.3057, 4)
    expect(found.interval?.high).toBeCloseTo(0.8632, 4)
    expect(satisfaction([5, 4, 3], { top: 1 }).share).toBeCloseTo(1 / 3, 12)
    expect(satisfaction([7, 6, 3], { scale: 7 }).share).toBeCloseTo(2 / 3, 12)
  })

  it("is nothing without answers on the scale", () => {
    expect(satisfaction([0, 6, 4.5, Number.NaN])).toEqual({ share: null, interval: null, answers: 0, rejected: 4 })
  })
})

describe("effort", () => {
  it("is the mean agreement with Student's interval, and the share that found it easy", () => {
    const found = effort([7, 6, 5, 4, 3])
    expect(found).toMatchObject({ mean: 5, easy: 3 / 5, answers: 5, rejected: 0 })
    // t of 4 degrees at 97.5 % is 2.776; the standard error is √(2.5 / 5).
    expect(found.meanInterval?.high).toBeCloseTo(5 + 2.776 * Math.sqrt(0.5), 3)
  })

  it("has no interval of one answer, and nothing of none", () => {
    expect(effort([6])).toMatchObject({ mean: 6, meanInterval: null, easy: 1 })
    expect(effort([8])).toMatchObject({ mean: null, meanInterval: null, easy: null, easyInterval: null, rejected: 1 })
  })
})
