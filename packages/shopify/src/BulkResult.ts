/**
 * The records of a bulk operation's result file, read as a stream of lines.
 *
 * Promises: children are joined to their parents in whatever order lines come; a result counts only when its lines and its
 * roots are as many as Shopify counted. With children it is held in memory until it is whole, so that a parent without all
 * of its children is never handed on; whoever starts it keeps it small (`HistorySlices`). Without, it is handed on as it
 * comes, and what is missing is an error at its end.
 */
import { Effect, Stream } from "effect"
import { failed, type Finished } from "./BulkOperation.ts"
import * as LosslessJson from "./LosslessJson.ts"
import type { RawRecord } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { ShopifyError } from "./ShopifyError.ts"

type Client = ShopifyClient["Service"]

const parse = (line: string, at: number): object => {
  const value = LosslessJson.parse(line)
  if (typeof value !== "object" || value === null) throw new SyntaxError(`line ${at} is not an object`)
  return value
}

const parentOf = (value: object): string | undefined =>
  "__parentId" in value && typeof value.__parentId === "string" ? value.__parentId : undefined

const idOf = (value: object, at: number): string => ("id" in value ? String(value.id) : `line ${at}`)

/** Lines of one chunk of the file. A line that cannot be read was most likely cut off; the file can be read again. */
const reading = <A>(at: () => number, read: () => A): Effect.Effect<A, ShopifyError> =>
  Effect.try({ try: read, catch: () => failed(`UNREADABLE_LINE_${at()}`, true) })

const asRecord = (record: object, children: ReadonlyArray<object>): RawRecord => ({ record, children, withheld: [] })

/** The records in the order of their ids, each with its children. */
export const joined = (
  client: Client,
  { objectCount, rootObjectCount, url }: Finished,
): Effect.Effect<ReadonlyArray<RawRecord>, ShopifyError> =>
  Effect.gen(function* () {
    const roots = new Map<string, object>()
    const children = new Map<string, Array<object>>()
    let count = 0
    if (url !== null)
      yield* Stream.runForEachArray(client.lines(url), (lines) =>
        reading(
          () => count,
          () => {
            for (const line of lines) {
              const value = parse(line, ++count)
              const parent = parentOf(value)
              const siblings = parent === undefined ? undefined : children.get(parent)
              if (parent === undefined) roots.set(idOf(value, count), value)
              else if (siblings === undefined) children.set(parent, [value])
              else siblings.push(value)
            }
          },
        ),
      )
    const orphan = [...children.keys()].some((parent) => !roots.has(parent))
    if (count !== objectCount || roots.size !== rootObjectCount || orphan)
      return yield* failed("INCOMPLETE_RESULT", true)
    return [...roots]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([id, record]) => asRecord(record, children.get(id) ?? []))
  })

/** The records in the order of the file; they have no children. The first `done` of them are passed over. */
export const flat = (
  client: Client,
  { objectCount, url }: Finished,
  done: number,
): Stream.Stream<ReadonlyArray<RawRecord>, ShopifyError> => {
  let count = 0
  const records =
    url === null
      ? Stream.empty
      : client.lines(url).pipe(
          Stream.chunks,
          Stream.mapEffect((lines) =>
            reading(
              () => count,
              () =>
                lines.flatMap((line) => {
                  count++
                  return count <= done ? [] : [asRecord(parse(line, count), [])]
                }),
            ),
          ),
        )
  const whole = Stream.suspend(() =>
    count === objectCount ? Stream.empty : Stream.fail(failed("INCOMPLETE_RESULT", true)),
  )
  return Stream.concat(records, whole)
}
