import { describe, expect, it } from "@effect/vitest"
import { jaro, jaroWinkler } from "../src/statistics/StringSimilarity.ts"

describe("similarity of names", () => {
  // Winkler 1990, and Winkler 2006, table of examples.
  it.each([
    ["MARTHA", "MARHTA", 0.9444, 0.9611],
    ["DWAYNE", "DUANE", 0.8222, 0.84],
    ["DIXON", "DICKSONX", 0.7667, 0.8133],
    ["JONES", "JOHNSON", 0.7905, 0.8324],
    ["ABROMS", "ABRAMS", 0.8889, 0.9222],
  ])("of %s and %s is as published", (left, right, plain, withPrefix) => {
    expect([jaro(left, right), jaroWinkler(left, right)]).toEqual([
      expect.closeTo(plain, 4),
      expect.closeTo(withPrefix, 4),
    ])
  })

  it("is 1 for the same, 0 for nothing in common, and the same both ways", () => {
    expect([jaroWinkler("", ""), jaroWinkler("A", "A"), jaroWinkler("A", ""), jaroWinkler("AB", "CD")]).toEqual([
      1, 1, 0, 0,
    ])
    for (const [a, b] of [
      ["crate", "trace"],
      ["ab", "abcdefgh"],
      ["ÅSA", "ASA"],
      ["👩‍🦰x", "👩‍🦰y"],
    ] as const) {
      expect(jaroWinkler(a, b)).toBeCloseTo(jaroWinkler(b, a), 12)
      expect(jaroWinkler(a, b)).toBeLessThanOrEqual(1)
    }
  })

  it("rewards at most four common letters at the beginning", () => {
    const base = jaro("ABCDEFG", "ABCDEXY")
    expect(jaroWinkler("ABCDEFG", "ABCDEXY")).toBeCloseTo(base + 0.4 * (1 - base), 12)
  })
})
