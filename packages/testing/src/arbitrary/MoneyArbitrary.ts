/**
 * Arbitrary currencies and amounts, with the awkward ones often.
 *
 * Promises: every exponent that ISO 4217 has (0, 2, 3, 4); amounts of either sign, small, beyond 64 bits and zero.
 */
import { type Currency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import { Arbitrary, Schema } from "effect"

/** One or two of each exponent. */
export const currencies: ReadonlyArray<Currency> = ["JPY", "KRW", "EUR", "USD", "KWD", "TND", "CLF", "UYW"].map(
  currencyOf,
)

export const currency: Arbitrary.Arbitrary<Currency> = Arbitrary.schema(
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: currencies.length - 1 })),
).pipe(Arbitrary.map((index) => currencies[index] ?? currencyOf("EUR")))

const between = (minimum: bigint, maximum: bigint): Arbitrary.Arbitrary<bigint> =>
  Arbitrary.schema(Schema.BigInt.check(Schema.isBetweenBigInt({ minimum, maximum })))

/** From 0 to `maximum`. */
export const upTo = (maximum: bigint): Arbitrary.Arbitrary<bigint> => between(0n, maximum)

/** Half of them everyday amounts, half of up to 38 digits; either sign. */
export const amountMinor: Arbitrary.Arbitrary<bigint> = Arbitrary.all({
  everyday: between(-1_000_000n, 1_000_000n),
  huge: between(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
  isHuge: Arbitrary.schema(Schema.Boolean),
}).pipe(Arbitrary.map(({ everyday, huge, isHuge }) => (isHuge ? huge : everyday)))

export const money: Arbitrary.Arbitrary<Money.Money> = Arbitrary.all({ currency, amountMinor }).pipe(
  Arbitrary.map((parts) => Money.make(parts.currency, parts.amountMinor)),
)
