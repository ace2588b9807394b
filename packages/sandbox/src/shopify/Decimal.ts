/**
 * Exact decimal amounts as Shopify carries them: strings on the wire, scaled integers in between.
 * `print` gives the GraphQL form (`40.0`, `12.99`), `printFixed` the REST form with the currency's own digits (`40.00`).
 * It never uses floating point. Amounts have at most six decimals; more is an error that names the amount.
 */

const scaleDigits = 6
const scale = 10n ** BigInt(scaleDigits)

/** An amount in millionths of the currency's unit. */
export type Scaled = bigint

export const parse = (text: string): Scaled => {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text)
  if (match === null) throw new Error(`"${text}" is not a decimal amount; write digits with at most six decimals`)
  const whole = BigInt(match[2] ?? "0") * scale + BigInt((match[3] ?? "").padEnd(scaleDigits, "0"))
  return match[1] === "-" ? -whole : whole
}

export const sum = (amounts: Iterable<Scaled>): Scaled => {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}

const digitsOf = new Map<string, number>()

/** Decimals of an ISO 4217 currency: 0, 2, 3 or 4. */
export const currencyDigits = (currency: string): number => {
  const known = digitsOf.get(currency)
  if (known !== undefined) return known
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  digitsOf.set(currency, digits)
  return digits
}

/** `amount * part / whole`, rounded half up to the currency's smallest coin. */
export const share = (amount: Scaled, part: number, whole: number, currency: string): Scaled => {
  if (whole === 0) return 0n
  const coin = 10n ** BigInt(scaleDigits - currencyDigits(currency))
  const divisor = BigInt(whole) * coin
  return ((2n * amount * BigInt(part) + divisor) / (2n * divisor)) * coin
}

const split = (amount: Scaled): { readonly sign: string; readonly whole: string; readonly fraction: string } => {
  const absolute = amount < 0n ? -amount : amount
  return {
    sign: amount < 0n ? "-" : "",
    whole: String(absolute / scale),
    fraction: String(absolute % scale).padStart(scaleDigits, "0"),
  }
}

export const print = (amount: Scaled): string => {
  const { sign, whole, fraction } = split(amount)
  return `${sign}${whole}.${fraction.replace(/0+$/, "") || "0"}`
}

export const printFixed = (amount: Scaled, currency: string): string => {
  const { sign, whole, fraction } = split(amount)
  const digits = currencyDigits(currency)
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction.slice(0, digits)}`
}
