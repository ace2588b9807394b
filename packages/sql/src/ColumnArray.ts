/**
 * A column of values as one parameter, for `unnest`: bulk work is one statement, however many rows.
 *
 * Promises: the element type is always the one named here, also for an empty column. Values that a type cannot hold
 * are a programmer's error and die.
 */
import { PgTypes } from "@effect/sql-pg"
import { Result } from "effect"

const column =
  (element: number) =>
  (values: ReadonlyArray<unknown>): PgTypes.Parameter =>
    Result.getOrThrow(PgTypes.array(values, element))

export const texts: (values: ReadonlyArray<string | null>) => PgTypes.Parameter = column(PgTypes.OID.text)
export const bytes: (values: ReadonlyArray<Uint8Array>) => PgTypes.Parameter = column(PgTypes.OID.bytea)

const bigints = column(PgTypes.OID.int8)

/** Safe integers as `bigint[]`. */
export const integers = (values: ReadonlyArray<number | null>): PgTypes.Parameter =>
  bigints(values.map((value) => (value === null ? null : BigInt(value))))

/** One statement's parameters stay below this many characters, unless one row alone is larger. */
const charactersPerStatement = 8_000_000

/** Splits `rows` so that one statement stays small: at most `limit` rows, and not too much text. */
export const chunks = <A>(
  rows: ReadonlyArray<A>,
  limit: number,
  charactersOf: (row: A) => number = () => 0,
): ReadonlyArray<ReadonlyArray<A>> => {
  const done: Array<Array<A>> = []
  let size = 0
  for (const row of rows) {
    const characters = charactersOf(row)
    const last = done.at(-1)
    if (last === undefined || last.length >= limit || size + characters > charactersPerStatement) {
      done.push([row])
      size = characters
    } else {
      last.push(row)
      size += characters
    }
  }
  return done
}
