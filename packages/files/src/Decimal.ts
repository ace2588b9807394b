/**
 * Numbers as people's files write them: `1,234.50`, `1.234,50`, `€ 12`, `12,5`.
 *
 * Promises: exact, as text; what could be read in two ways is refused rather than guessed, unless the file's decimal mark was given.
 */

export type DecimalMark = "." | ","

/** Signs of currencies and spaces around a number, and apostrophes between its digits. */
const bare = (text: string): string =>
  text
    .replaceAll(/[\s\u00a0\u202f'’]/gu, "")
    .replace(/^([+-]?)(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})/u, "$1")
    .replace(/(?:\p{Sc}|[A-Z]{3})$/u, "")

const plain = /^[+-]?\d+(?:\.\d+)?$/
const pointed = /^[+-]?\d{1,3}(?:,\d{3})+\.\d+$|^[+-]?\d{1,3}(?:,\d{3}){2,}$/
const commaed = /^[+-]?\d{1,3}(?:\.\d{3})+,\d+$|^[+-]?\d{1,3}(?:\.\d{3}){2,}$/
const aComma = /^[+-]?\d+,\d+$/
/** `1,234` and `1.234`: a thousand, or one and a bit. */
const doubtful = /^[+-]?\d{1,3}([.,])\d{3}$/

export type Read = { readonly decimal: string } | { readonly problem: string }

const withPoint = (text: string): string => text.replaceAll(",", "")
const withComma = (text: string): string => text.replaceAll(".", "").replace(",", ".")

/** The number as a decimal string with a point, such as `-1234.50`. `mark` is what the file uses, where that is known. */
export const read = (text: string, mark: DecimalMark | null): Read => {
  // Nearly all numbers of nearly all files are written so.
  if (mark !== "," && plain.test(text)) return { decimal: text }
  const number = bare(text)
  if (mark === null && doubtful.exec(number)?.[1] === ",")
    return { problem: `may be ${withPoint(number)} or ${withComma(number)}: say which mark begins decimals` }
  if (mark === ".") return plain.test(withPoint(number)) ? { decimal: withPoint(number) } : { problem: "is no number" }
  if (mark === ",") return plain.test(withComma(number)) ? { decimal: withComma(number) } : { problem: "is no number" }
  if (plain.test(number)) return { decimal: number }
  if (pointed.test(number)) return { decimal: withPoint(number) }
  return commaed.test(number) || aComma.test(number) ? { decimal: withComma(number) } : { problem: "is no number" }
}
