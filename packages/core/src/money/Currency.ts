/**
 * ISO 4217 currencies and how many minor digits each has.
 *
 * Promises: an exponent is 0, 2, 3 or 4 and comes from the standard, never from a formatting library.
 * A code that is not listed is refused rather than taken for two digits.
 */
import { Schema } from "effect"

/** Currencies whose minor unit is not a hundredth (ISO 4217, active codes and funds codes). */
const exponents: ReadonlyMap<string, number> = new Map([
  ...[
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
  ].map((code) => [code, 0] as const),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3] as const),
  ...["CLF", "UYW"].map((code) => [code, 4] as const),
])

const hundredths = new Set(
  (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF " +
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF " +
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS " +
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
  ).split(" "),
)

/** Whether `code` is an ISO 4217 currency that money can be kept in. */
export const isCurrency = (code: string): boolean => exponents.has(code) || hundredths.has(code)

/** An ISO 4217 code, upper case. */
export const Currency = Schema.String.check(
  Schema.makeFilter((code: string) => isCurrency(code) || `${code} is not an ISO 4217 currency code such as EUR`),
).pipe(Schema.brand("Currency"))
export type Currency = typeof Currency.Type

/** The currency named by `code`; throws a `RangeError` that names it otherwise. */
export const make = (code: string): Currency => {
  if (!isCurrency(code)) throw new RangeError(`${code} is not an ISO 4217 currency code such as EUR`)
  return code as Currency
}

/** Digits after the decimal point: 0 (JPY), 2 (EUR), 3 (KWD) or 4 (CLF). */
export const exponentOf = (currency: Currency): number => exponents.get(currency) ?? 2
