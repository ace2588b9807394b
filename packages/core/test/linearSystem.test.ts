import { describe, expect, it } from "@effect/vitest"
import { inverse, solve } from "../src/statistics/LinearSystem.ts"

const close = (expected: ReadonlyArray<number>) => expected.map((one) => expect.closeTo(one, 9))

describe("a linear system", () => {
  it("is solved, also where the first pivot is zero", () => {
    expect(
      solve(
        [
          [0, 2, 1],
          [1, -2, -3],
          [-1, 1, 2],
        ],
        [-8, 0, 3],
      ),
    ).toEqual(close([-4, -5, 2]))
  })

  it("has no solution where it is singular, whatever its scale", () => {
    for (const scale of [1, 1e-9, 1e9]) {
      const singular = [
        [scale, 2 * scale],
        [2 * scale, 4 * scale],
      ]
      expect([solve(singular, [1, 2]), inverse(singular)]).toEqual([null, null])
    }
    expect(inverse([[Number.NaN]])).toBe(null)
  })

  it("has a solution where it is regular, whatever its scale", () => {
    for (const scale of [1e-30, 1e30]) {
      const regular = [
        [2 * scale, scale],
        [scale, scale],
      ]
      expect(solve(regular, [3, 2])?.map((one) => one * scale)).toEqual(close([1, 1]))
      expect(
        inverse(regular)
          ?.flat()
          .map((one) => one * scale),
      ).toEqual(close([1, -1, -1, 2]))
    }
  })

  it("has the inverse of Hilbert's matrix, which is known in whole numbers", () => {
    const hilbert = [1, 2, 3].map((row) => [row, row + 1, row + 2].map((one) => 1 / one))
    expect(inverse(hilbert)?.flat()).toEqual(close([9, -36, 30, -36, 192, -180, 30, -180, 180]))
  })
})
