/**
 * The purchases in a table of a reference case.
 *
 * Amounts are read as whole hundredths, so that sums are exact; `dollars` turns a sum back.
 */
import type { Purchase } from "@advocacy-kit/core/metric/Purchase"
import { cell, numeric, type Row, rows } from "./Csv.ts"
import { type Json, text } from "./Json.ts"

const find = (row: Row | undefined, ...names: ReadonlyArray<string>): string | undefined =>
  names.find((name) => row !== undefined && Object.hasOwn(row, name))

const named = (row: Row | undefined, ...names: ReadonlyArray<string>): string => {
  const found = find(row, ...names)
  if (found === undefined) throw new Error(`the table of purchases has no column ${names.join(", ")}`)
  return found
}

/** 1997-01-31, 1997-01-31T10:00 and 19970131 are the same day. */
const dayOf = (told: string): string =>
  told
    .trim()
    .replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3")
    .slice(0, 10)

/** The purchases in the file that `inputs` names; a table without amounts counts purchases of nothing. */
export const purchases = (folder: string, inputs: Json, file = text(inputs, "file")): ReadonlyArray<Purchase> => {
  const all = rows(folder, file)
  if (all.length === 0) return []
  const customer = named(all[0], "customer", "customerId", "customer_id", "cust", "id")
  const date = named(all[0], "date", "orderDate", "order_date", "day")
  const amount = find(all[0], "dollars", "amount", "spend", "total", "value", "sales")
  return all.map((row) => ({
    customer: cell(row, customer),
    date: dayOf(cell(row, date)),
    amount: amount === undefined ? 0 : Math.round(numeric(row, amount) * 100),
  }))
}

export const dollars = (hundredths: number): number => hundredths / 100
