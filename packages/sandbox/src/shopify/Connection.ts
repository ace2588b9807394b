/**
 * Relay connections over a list of rows: `first`/`after`, `last`/`before`, `reverse`. Cursors carry the sort value and the
 * id of their row, so that a page goes on at the right place when rows change between two requests.
 * In a bulk run the page arguments are ignored, as in the real API, and root connections give one window at a time.
 */

import type { Execution } from "./Execution.ts"
import { compareNumbers } from "./GlobalId.ts"
import { refused } from "./Refusal.ts"

export interface PageArguments {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
  readonly reverse?: boolean | null
}

/** Sort value and decimal id. */
export type Position = readonly [value: string, id: string]

export const maximumPage = 250

const compare = (left: Position, right: Position): number =>
  left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : compareNumbers(left[1], right[1])

const encode = (position: Position): string =>
  Buffer.from(JSON.stringify({ last_value: position[0], last_id: position[1] })).toString("base64")

const decode = (cursor: string): Position => {
  try {
    const read = JSON.parse(Buffer.from(cursor, "base64").toString("utf8")) as {
      readonly last_value?: unknown
      readonly last_id?: unknown
    }
    if (typeof read.last_value === "string" && typeof read.last_id === "string") return [read.last_value, read.last_id]
  } catch {
    // Falls through to the refusal: a cursor that is not ours.
  }
  throw refused(`Invalid cursor for current pagination sort: "${cursor}"`, "INVALID_CURSOR")
}

const sizeOf = (name: "first" | "last", size: number): number => {
  if (size < 0) throw refused(`${name} must not be negative, it is ${size}`)
  if (size > maximumPage)
    throw refused(`${name} may be at most ${maximumPage}, it is ${size}`, "MAX_PAGE_SIZE_EXCEEDED")
  return size
}

const connectionOf = <Row>(
  rows: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  hasPreviousPage: boolean,
  hasNextPage: boolean,
) => ({
  edges: () => rows.map((node) => ({ node, cursor: () => encode(positionOf(node)) })),
  nodes: rows,
  pageInfo: () => {
    const start = rows[0]
    const end = rows.at(-1)
    return {
      hasPreviousPage,
      hasNextPage,
      startCursor: start === undefined ? null : encode(positionOf(start)),
      endCursor: end === undefined ? null : encode(positionOf(end)),
    }
  },
})

/** `rows` ascend by position; pass them filtered. */
export const page = <Row>(
  rows: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  args: PageArguments,
  execution: Execution,
) => {
  const ordered = args.reverse === true ? rows.toReversed() : rows
  if (execution.bulk !== undefined) return connectionOf(ordered, positionOf, false, false)
  const first = args.first ?? undefined
  const last = args.last ?? undefined
  if (first === undefined && last === undefined) throw refused("you must provide one of first or last", "BAD_REQUEST")
  if (first !== undefined && last !== undefined)
    throw refused("providing both first and last is not supported", "BAD_REQUEST")
  const direction = args.reverse === true ? -1 : 1
  const isAfter = (row: Row, cursor: Position): boolean => compare(positionOf(row), cursor) * direction > 0
  const after = args.after === undefined || args.after === null ? undefined : decode(args.after)
  const before = args.before === undefined || args.before === null ? undefined : decode(args.before)
  const from = after === undefined ? 0 : lowerBound(ordered, (row) => isAfter(row, after))
  const to =
    before === undefined
      ? ordered.length
      : lowerBound(ordered, (row) => compare(positionOf(row), before) * direction >= 0)
  if (first !== undefined) {
    const end = Math.min(to, from + sizeOf("first", first))
    return connectionOf(ordered.slice(from, end), positionOf, from > 0, end < to)
  }
  const start = Math.max(from, to - sizeOf("last", last ?? 0))
  return connectionOf(ordered.slice(start, to), positionOf, start > from, to < ordered.length)
}

/** First index for which `passed` holds; it must hold for all later ones. */
const lowerBound = <Row>(rows: ReadonlyArray<Row>, passed: (row: Row) => boolean): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passed(rows[middle] as Row)) high = middle
    else low = middle + 1
  }
  return low
}

/** A page of root rows; in a bulk run `read` is asked once for each `key`, and windows are cut from its answer. */
export const rootPage = <Row>(
  key: string,
  read: () => ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  args: PageArguments,
  execution: Execution,
) => {
  const { bulk } = execution
  if (bulk === undefined) return page(read(), positionOf, args, execution)
  const known = bulk.snapshots.get(key) as ReadonlyArray<Row> | undefined
  const rows = known ?? (args.reverse === true ? read().toReversed() : read())
  bulk.snapshots.set(key, rows)
  return connectionOf(rows.slice(bulk.from, bulk.from + bulk.size), positionOf, false, false)
}

/** For short lists without a sort value of their own: ordered as they are. */
export const listPage = <Row>(rows: ReadonlyArray<Row>, args: PageArguments, execution: Execution) => {
  let places: ReadonlyMap<Row, number> | undefined
  const positionOf = (row: Row): Position => {
    places ??= new Map(rows.map((one, index) => [one, index]))
    return [String(places.get(row) ?? 0).padStart(9, "0"), "0"]
  }
  return page(rows, positionOf, args, execution)
}
