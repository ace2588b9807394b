/**
 * ISO 4217 currencies and how many minor digits each has.
 *
 * Promises: an exponent is 0, 2, 3 or 4 and comes from the standard, never from a formatting library.
 * A code that is not listed is refused rather than taken for two digits.
 */
import { Schema } from "effect"

/** Currencies whose minor unit is not a hundredth (ISO 4217, active codes and funds codes). */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
}

const hundredths = new Set(
  ("AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF " +
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF " +
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS " +
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG").split(" "),
)

/** Whether `code` is an ISO 4217 currency that money can be kept in. */
export const isCurrency = (code: string): boolean => code in exponents || hundredths.has(code)

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
export const exponentOf = (currency: Currency): number => exponents[currency] ?? 2
