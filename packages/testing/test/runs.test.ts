import { describe, expect, it } from "vitest"
import * as Runs from "../src/convergence/Runs.ts"

describe("the histories that a test goes through", () => {
  it("are as many as the test says, from a seed that their text names", () => {
    const { first, seeds, text } = Runs.asked({}, 3)
    expect(seeds).toEqual(Runs.from(first, 3))
    expect(new Set(seeds).size).toBe(3)
    expect(text).toBe(`3 histories from seed ${first}`)
  })

  it("begin where an earlier run began, and are more where more are asked for", () => {
    const env = { ADVOCACY_FIRST_SEED: "42", ADVOCACY_RUNS_FACTOR: "2" }
    expect(Runs.asked(env, 2)).toEqual({ first: 42, seeds: Runs.from(42, 4), text: "4 histories from seed 42" })
    expect(Runs.times({ ADVOCACY_RUNS_FACTOR: "0.01" }, 3)).toBe(1)
  })

  it("are the one that is to be repeated", () => {
    const env = { ADVOCACY_SEED: "7", ADVOCACY_FIRST_SEED: "42" }
    expect(Runs.asked(env, 1_000)).toEqual({ first: 7, seeds: [7], text: "one history, seed 7" })
  })

  it("are refused where the environment says no number", () => {
    expect(() => Runs.asked({ ADVOCACY_SEED: "seven" }, 1)).toThrow(
      'ADVOCACY_SEED is "seven": set it to a whole number',
    )
    expect(() => Runs.asked({ ADVOCACY_RUNS_FACTOR: "0" }, 1)).toThrow("set it to a number above 0")
  })
})
