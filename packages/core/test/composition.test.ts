import { describe, expect, it } from "@effect/vitest"
import * as Composition from "../src/metric/Composition.ts"
import * as Metric from "../src/metric/Metric.ts"
import { newcombe, wilson } from "../src/statistics/Proportion.ts"

type Part = Readonly<Record<string, readonly [part: number, whole: number]>>

const question = { question: "?", unit: "ratio", grain: "customer", standing: "counted" } as const

/** The share that an input holds under a name. */
const share = (name: string): Metric.Metric<Part> => ({
  ...question,
  name,
  read: (input) => {
    const [part, whole] = input[name] ?? [0, 0]
    return whole === 0
      ? Metric.none(`no ${name}`)
      : { estimate: part / whole, interval: wilson(part, whole), sample: whole, note: null }
  },
})

const value = (estimate: number, low: number, high: number): Metric.Reading => ({
  ...question,
  name: "one",
  estimate,
  interval: { low, high },
  sample: 1,
  note: null,
})

describe("a ratio", () => {
  const of = Composition.ratio({ ...question, name: "ratio" }, share("a"), share("b"))

  it("is one over the other, on the smaller sample, without an interval that it cannot have", () => {
    expect(Metric.read(of, { a: [1, 2], b: [1, 4] })).toMatchObject({ estimate: 2, sample: 2, interval: null })
  })

  it("says why there is none", () => {
    expect(Metric.read(of, { b: [1, 4] })).toMatchObject({ estimate: null, note: "no a" })
    expect(Metric.read(of, { a: [1, 4] })).toMatchObject({ estimate: null, note: "no b" })
    expect(Metric.read(of, { a: [1, 4], b: [0, 4] })).toMatchObject({ estimate: null, note: "b is zero" })
  })
})

describe("a difference", () => {
  it("of two shares has Newcombe's interval", () => {
    const [first, second] = [share("a").read({ a: [56, 70] }), share("a").read({ a: [48, 80] })]
    const found = Composition.difference(first, second)
    const published = newcombe({ successes: 56, trials: 70 }, { successes: 48, trials: 80 })
    expect(found.estimate).toBeCloseTo(0.2, 12)
    // Newcombe 1998, table II, method 10.
    expect([found.interval?.low.toFixed(4), found.interval?.high.toFixed(4)]).toEqual(["0.0524", "0.3339"])
    expect(found.interval?.low).toBeCloseTo(published?.low ?? NaN, 12)
    expect(found.sample).toBe(70)
  })

  it("with nothing is none", () => {
    const nothing = share("a").read({})
    expect(Composition.difference(nothing, share("a").read({ a: [1, 2] }))).toMatchObject({ estimate: null })
    expect(Composition.difference(share("a").read({ a: [1, 2] }), nothing)).toMatchObject({ estimate: null })
  })
})

it("the same metric can be read of something else", () => {
  const on = Composition.on(share("a"), (count: number): Part => ({ a: [count, 10] }))
  expect(Metric.read(on, 3)).toMatchObject({ name: "a", estimate: 0.3, sample: 10 })
})

it.each([
  [value(5, 4, 6), 3, "higher", "yes"],
  [value(5, 4, 6), 7, "higher", "no"],
  [value(5, 4, 6), 5, "higher", "unclear"],
  [value(5, 4, 6), 7, "lower", "yes"],
  [value(5, 4, 6), 3, "lower", "no"],
  [value(5, 5, 5), 5, "lower", "yes"],
  [{ ...value(5, 4, 6), estimate: null, interval: null }, 3, "higher", "unclear"],
  [{ ...value(5, 4, 6), interval: null }, 3, "higher", "yes"],
] as const)(
  "a target is reached where the whole interval is on its side: %o, %d, %s is %s",
  (reading, at, better, is) => {
    expect(Composition.reached(reading, { value: at, better })).toBe(is)
  },
)
