/**
 * Money as a whole number of minor units in one currency.
 *
 * Promises: amounts are exact bigints; adding two currencies throws; `allocate` hands out every minor unit.
 * There is no conversion between currencies and no floating point.
 */
import { Schema } from "effect"
import { Currency, exponentOf } from "./Currency.ts"

/** Whole minor units; a JSON string of digits when encoded. */
export const AmountMinor = Schema.BigIntFromString
export type AmountMinor = bigint

export const Money = Schema.Struct({ currency: Currency, amountMinor: AmountMinor })
export type Money = typeof Money.Type

export const make = (currency: Currency, amountMinor: bigint): Money => ({ currency, amountMinor })

export const zero = (currency: Currency): Money => make(currency, 0n)

/** A decimal amount as people write it in a program; whether a currency has that many decimals is asked once it is known. */
export const plainDecimal = /^\d{1,15}(\.\d{1,4})?$/

/** Bounded, so that a field of megabytes is refused at once; far beyond any amount that exists. */
const decimal = /^(-?)(\d{1,60})(?:\.(\d{1,30}))?$/

/**
 * Reads a decimal string such as `"19.99"` (no exponent, no grouping). Digits beyond the currency's own are
 * accepted only when they are zero (`"1000.0"` JPY). At most 60 digits stand before the point. Throws a `RangeError` that names the value otherwise.
 */
export const fromDecimal = (text: string, currency: Currency): Money => {
  const match = decimal.exec(text)
  if (match === null) throw new RangeError(`"${text.slice(0, 40)}" is not a decimal amount such as "19.99"`)
  const exponent = exponentOf(currency)
  const fraction = match[3] ?? ""
  if (/[1-9]/.test(fraction.slice(exponent))) {
    throw new RangeError(`"${text}" has more than the ${exponent} decimals that ${currency} has`)
  }
  const minor = BigInt(match[2] + fraction.slice(0, exponent).padEnd(exponent, "0"))
  return make(currency, match[1] === "-" ? -minor : minor)
}

/** The amount as a decimal string with all of the currency's digits: `"19.99"`, `"1000"`, `"0.0001"`. */
export const toDecimal = ({ amountMinor, currency }: Money): string => {
  const exponent = exponentOf(currency)
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, "0")
  const whole = digits.slice(0, digits.length - exponent)
  const sign = amountMinor < 0n ? "-" : ""
  return exponent === 0 ? sign + whole : `${sign}${whole}.${digits.slice(digits.length - exponent)}`
}

/** For people: `19.99 EUR`. */
export const format = (money: Money): string => `${toDecimal(money)} ${money.currency}`

const sameCurrency = (left: Money, right: Money): void => {
  if (left.currency !== right.currency) {
    throw new RangeError(`${format(left)} and ${format(right)} are different currencies: convert one first`)
  }
}

export const add = (left: Money, right: Money): Money => {
  sameCurrency(left, right)
  return make(left.currency, left.amountMinor + right.amountMinor)
}

export const subtract = (left: Money, right: Money): Money => {
  sameCurrency(left, right)
  return make(left.currency, left.amountMinor - right.amountMinor)
}

/** `amountMinor × numerator / denominator`, half away from zero. `denominator` must be positive. */
export const scale = (amountMinor: bigint, numerator: bigint, denominator: bigint): bigint => {
  const product = amountMinor * numerator
  const doubled = (product < 0n ? -product : product) * 2n + denominator
  const rounded = doubled / (denominator * 2n)
  return product < 0n ? -rounded : rounded
}

/**
 * Splits `totalMinor` by `weights` so that the parts sum to it: largest remainder first, earlier part first on a
 * tie. Weights are not negative; when all are zero the first part takes everything.
 */
export const allocate = (totalMinor: bigint, weights: ReadonlyArray<bigint>): ReadonlyArray<bigint> => {
  const sum = weights.reduce((total, weight) => total + weight, 0n)
  if (weights.length === 0) return []
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? totalMinor : 0n))
  const magnitude = totalMinor < 0n ? -totalMinor : totalMinor
  const shares = weights.map((weight, index) => ({
    index,
    whole: (magnitude * weight) / sum,
    remainder: (magnitude * weight) % sum,
  }))
  const missing = Number(magnitude - shares.reduce((total, share) => total + share.whole, 0n))
  const topped = new Set(
    [...shares]
      .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, missing)
      .map((share) => share.index),
  )
  return shares.map(({ index, whole }) => (totalMinor < 0n ? -1n : 1n) * (whole + (topped.has(index) ? 1n : 0n)))
}
