import { describe, expect, it } from "@effect/vitest"
import { type Outcome, qini, upliftAmongBest, upliftArea } from "../src/statistics/Uplift.ts"
import { uniform } from "./Draws.ts"

const person = (treated: boolean, outcome: number, score: number): Outcome => ({ treated, outcome, score })

describe("uplift", () => {
  const next = uniform(23)
  // Treatment makes the first kind do it, and keeps the second from it.
  const people = Array.from({ length: 4000 }, (_, at) => {
    const [kind, treated] = [at % 3, next() < 0.5]
    const outcome = (kind === 0 && treated) || (kind === 1 && !treated) || (kind === 2 && next() < 0.3) ? 1 : 0
    return { kind, treated, outcome }
  })
  const scored = (score: (kind: number, at: number) => number) =>
    people.map(({ kind, outcome, treated }, at) => person(treated, outcome, score(kind, at)))
  const best = scored((kind) => [2, 0, 1][kind] ?? 0)

  it("is 1 for perfect order by outcome, much for the kinds alone, 0 for no order, negative for the wrong one", () => {
    const perfect = people.map(({ outcome, treated }) => person(treated, outcome, treated ? outcome : -outcome))
    expect(qini(perfect)).toBeCloseTo(1, 12)
    expect(qini(best)).toBeGreaterThan(0.5)
    expect([qini(scored(() => 5)), upliftArea(scored(() => 5))]).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)])
    expect(qini(best.map((one) => ({ ...one, score: -one.score })))).toBeLessThan(-0.5)
  })

  it("does not depend on the order of people of equal score, nor on the scale of the score", () => {
    expect(qini(best.toReversed())).toBeCloseTo(qini(best) ?? NaN, 12)
    expect(upliftArea(best.map((one) => ({ ...one, score: Math.exp(one.score) })))).toBeCloseTo(
      upliftArea(best) ?? NaN,
      12,
    )
  })

  it("by its area is 1 for the order that Devriendt et al. call perfect, whichever group has more to lose", () => {
    const rare = people.filter(({ outcome }, at) => outcome === 0 || at % 4 === 0)
    const often = people.filter(({ outcome }, at) => outcome === 1 || at % 4 === 0)
    const perfect = (among: typeof people, further: (treated: number, outcome: number) => number) =>
      among.map(({ outcome, treated }) => {
        const group = treated ? 1 : 0
        return person(treated, outcome, (outcome === group ? 2 : 0) + further(group, outcome))
      })
    expect(upliftArea(perfect(rare, (treated) => treated))).toBeCloseTo(1, 12)
    expect(upliftArea(perfect(rare, (_, outcome) => outcome))).not.toBeCloseTo(1, 3)
    expect(upliftArea(perfect(often, (_, outcome) => outcome))).toBeCloseTo(1, 12)
    expect(upliftArea(perfect(often, (treated) => treated))).not.toBeCloseTo(1, 3)
  })

  it("is what one finds by hand for four people", () => {
    const four = [person(true, 1, 4), person(false, 0, 3), person(true, 0, 2), person(false, 1, 1)]
    // Qini curve 0 1 1 1 0, area 3.5; random 0; perfect (treated 1, others 0, control 1): 0 1 1 1 0.
    expect(qini(four)).toBeCloseTo(1, 12)
    expect(upliftAmongBest(four, 0.5)).toBe(1)
    expect(upliftAmongBest(four, 1)).toBe(0)
  })

  it("is unknown without both groups", () => {
    const one = [person(true, 1, 1), person(true, 0, 2)]
    expect([qini(one), upliftArea(one), upliftAmongBest(one, 1), qini([]), upliftAmongBest(best, 0)]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })
})
