/**
 * Which referral product wrote a file, and what its records are called.
 *
 * A product is known by titles that no other one writes together; a file may name it in a column instead. A file of neither is `file`.
 */
import { folded } from "../Columns.ts"
import type { Sight } from "../Format.ts"
import type { Row } from "../Row.ts"

/** All titles of one line together show the product; they are looked for in this order. */
const signs: ReadonlyArray<readonly [product: string, titles: ReadonlyArray<string>]> = [
  ["dub", ["partnerEmail"]],
  ["dub", ["partnerId"]],
  ["dub", ["earnings", "invoiceId"]],
  ["smile", ["Receiver email"]],
  ["referralcandy", ["Advocate Email", "Friend Email"]],
  ["yotpo", ["referring_email", "referred_email"]],
  ["yotpo", ["date_completed", "reward_text"]],
]
const known: ReadonlyArray<string> = [...new Set(signs.map(([product]) => product))]

/** `Smile.io` and `smile` are one; others keep their name in small letters. */
const named = (text: string): string => {
  const squeezed = folded(text)
  return known.find((product) => squeezed.startsWith(product)) ?? (squeezed.slice(0, 40) || "file")
}

export const productOf = <Name extends string>(row: Row<Name | "product">, { titles }: Sight): string => {
  const told = row.text("product")
  if (told !== null) return named(told)
  return signs.find(([, all]) => all.every((title) => titles.has(folded(title))))?.[0] ?? "file"
}

/** `smile:reward/7`; of a product that we do not know, `file:reward/product.7`. */
export const keyOf = (product: string, record: string, id: string): string =>
  known.includes(product) ? `${product}:${record}/${id}` : `file:${record}/${product}.${id}`

/** What the product calls a record; null where the file does not say. */
export const idOf = <Name extends string>(row: Row<Name | "id">): string | null => {
  const text = row.text("id")
  // Digits that a spreadsheet has rounded name another record.
  return text !== null && /^\d+[.,]\d+E\+?\d+$/i.test(text) ? row.id("id") : row.code("id")
}
