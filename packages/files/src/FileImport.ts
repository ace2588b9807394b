/**
 * A file becomes facts: record by record, stored page by page with how far the file was read.
 *
 * Promises: a record that cannot be read is parked with its place and reason, and the others go on; an interrupted import of the same
 * file goes on where its last stored page ended; memory is bounded whatever the file's size; rows read = rows stored + rows parked, and
 * facts = new + known + parked, or the import dies as a mistake of ours.
 */
import type { Rejected } from "@advocacy-kit/core/connector/FactSource"
import { Inbox, type InboxError } from "@advocacy-kit/core/connector/Inbox"
import { FactLog, type FactLogError } from "@advocacy-kit/core/fact/FactLog"
import * as Progress from "@advocacy-kit/core/flow/Progress"
import * as Sync from "@advocacy-kit/core/flow/Sync"
import { canonical, sha256Hex } from "@advocacy-kit/core/id/Digest"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Stream } from "effect"
import { batchesOf, separatorOf } from "./CsvRows.ts"
import { beginning, FileError, type FileText } from "./FileText.ts"
import type { Format, Lens, Refused } from "./Format.ts"
import { type FilePage, pagesOf } from "./FilePages.ts"

/** Who brings these facts, where messages of all sources are listed. */
export const source = "file"

export interface Options {
  readonly file: FileText
  readonly format: Format
  readonly lens: Lens
  /** Titles by field, where the file calls them otherwise. */
  readonly mapping: Readonly<Record<string, string>>
}

export interface Imported {
  readonly format: string
  /** Rows below the titles, empty lines left out; those of an earlier run that was interrupted are not among them. */
  readonly rows: number
  readonly records: number
  readonly facts: number
  readonly recorded: number
  readonly duplicates: number
  /** Records that could not be read, and facts that could not be stored. */
  readonly parked: number
  readonly parkedRows: number
  /** The first of what was parked. */
  readonly examples: ReadonlyArray<Rejected | Refused>
  /** Records that were parked before and could be read this time. */
  readonly mended: number
  /** Rows that an interrupted run had stored already. */
  readonly resumedAfter: number
  readonly unusedColumns: ReadonlyArray<string>
}

/** How many examples a report holds; all are in the inbox. */
export const examplesShown = 100

interface Cursor {
  readonly rows: number
  readonly done: boolean
}

const cursorOf = (stored: unknown): Cursor => {
  const known = typeof stored === "object" && stored !== null ? (stored as Partial<Cursor>) : {}
  return { rows: typeof known.rows === "number" ? known.rows : 0, done: known.done === true }
}

/** The same file read in the same way is the same job. */
const jobOf = ({ file, format, lens, mapping }: Options): string => {
  const { handleKey: _key, ...told } = lens
  return `file:${format.name}/${sha256Hex(canonical({ file: file.sha256, mapping, ...told })).slice(0, 32)}`
}

/** The columns that a format finds in a file. */
export const opened = Effect.fn("FileImport.opened")(function* ({ file, format, lens, mapping }: Options) {
  const text = yield* beginning(file)
  const separator = separatorOf(text)
  const titles = yield* Effect.promise(() => titlesOf(file, separator))
  if (titles.length === 0)
    return yield* new FileError({ path: file.path, problem: "is empty", remedy: "export it again" })
  return { separator, columns: yield* format.open(file, titles, mapping, lens) }
})

const titlesOf = async (file: FileText, separator: ReturnType<typeof separatorOf>): Promise<ReadonlyArray<string>> => {
  for await (const { rows } of batchesOf(file, separator)) {
    const [first] = rows
    if (first !== undefined) return first.cells
  }
  return []
}

/** What a file says, page by page, after the rows that were read before. */
export const pages = (
  file: FileText,
  { columns, separator }: Effect.Success<ReturnType<typeof opened>>,
  skip: number,
): Stream.Stream<FilePage, FileError> =>
  Stream.fromAsyncIterable(
    pagesOf(file, separator, columns, skip),
    (cause) =>
      new FileError({
        path: file.path,
        problem: `could not be read on: ${String(cause)}`,
        remedy: "see that the file stays where it is, then run this again",
      }),
  )

/** Takes out of the inbox what was parked before and can be read now. */
const mend = Effect.fnUntraced(function* (parked: Set<string>, page: FilePage) {
  const mended = page.facts.map(({ key }) => Sync.parkedKey(key)).filter((key) => parked.delete(key))
  if (mended.length > 0) yield* (yield* Inbox).settle(source, mended)
  return mended.length
})

/** Reads a whole file into the fact log. */
export const run = Effect.fn("FileImport.run")(function* (
  options: Options,
): Effect.fn.Return<Imported, FileError | FactLogError | InboxError, FactLog | Inbox | CurrentTenant> {
  const { file, format } = options
  const found = yield* opened(options)
  const job = jobOf(options)
  const before = cursorOf(yield* (yield* FactLog).checkpoint(job))
  const resumedAfter = before.done ? 0 : before.rows
  const parked = new Set(
    (yield* (yield* Inbox).parked).filter((one) => one.source === source).map(({ eventKey }) => eventKey),
  )
  let [storedRows, unstorable] = [0, 0]
  const start: Imported = {
    format: format.name,
    rows: 0,
    records: 0,
    facts: 0,
    recorded: 0,
    duplicates: 0,
    parked: 0,
    parkedRows: 0,
    examples: [],
    mended: 0,
    resumedAfter,
    unusedColumns: found.columns.unused,
  }
  const done = yield* Stream.runFoldEffect(
    // The next page is read while this one is stored.
    Stream.buffer(pages(file, found, resumedAfter), { capacity: 1 }),
    () => start,
    Effect.fnUntraced(function* (total: Imported, page: FilePage) {
      const stored = yield* Sync.storePage(
        { name: source },
        { ...page, checkpoint: { job, cursor: { rows: page.position, done: page.isLast } } },
      )
      const mended = yield* mend(parked, page)
      storedRows += page.rows - page.refusedRows
      unstorable += stored.rejected.length - page.rejected.length
      const next: Imported = {
        ...total,
        rows: total.rows + page.rows,
        records: total.records + page.records,
        facts: total.facts + page.facts.length,
        recorded: total.recorded + stored.recorded,
        duplicates: total.duplicates + stored.duplicates,
        parked: total.parked + stored.rejected.length,
        parkedRows: total.parkedRows + page.refusedRows,
        examples: [...total.examples, ...stored.rejected.slice(0, examplesShown - total.examples.length)],
        mended: total.mended + mended,
      }
      const expected = Math.round((page.position * file.bytes) / Math.max(page.bytes, 1))
      yield* Progress.report({ stage: file.name, done: page.position, total: expected, unit: "rows" })
      return next
    }),
  )
  const isSound =
    done.facts === done.recorded + done.duplicates + unstorable && done.rows === storedRows + done.parkedRows
  return isSound
    ? done
    : yield* Effect.die(new Error(`${file.name}: ${done.rows} rows and ${done.facts} facts do not add up`))
})
