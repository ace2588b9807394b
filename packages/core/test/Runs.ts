/** How often a property is tried: a base, times `ADVOCACY_RUNS_FACTOR`. A failure prints the token that replays it. */
import { Arbitrary, Schema } from "effect"
import process from "node:process"

export const runs = (base: number): { readonly arbitrary: { readonly runs: number }; readonly timeout: number } => {
  const count = Math.max(1, Math.round(base * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))
  return { arbitrary: { runs: count }, timeout: 10_000 + count * 20 }
}

/** Whole numbers from `minimum` to `maximum`. */
export const integer = (minimum: number, maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

export const bigint = (minimum: bigint, maximum: bigint): Arbitrary.Arbitrary<bigint> =>
  Arbitrary.schema(Schema.BigInt.check(Schema.isBetweenBigInt({ minimum, maximum })))

/** One of a few values. */
export const oneOf = <A>(first: A, ...others: ReadonlyArray<A>): Arbitrary.Arbitrary<A> => {
  const all = [first, ...others]
  return Arbitrary.map(integer(0, others.length), (index) => all[index] ?? first)
}

/** An order to put `count` things in. */
export const permutation = (count: number): Arbitrary.Arbitrary<ReadonlyArray<number>> =>
  Arbitrary.map(Arbitrary.array(integer(0, 1_000_000), { minLength: count, maxLength: count }), (places) =>
    places
      .map((place, index) => ({ place, index }))
      .sort((left, right) => left.place - right.place)
      .map(({ index }) => index),
  )
