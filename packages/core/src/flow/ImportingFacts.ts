/**
 * Stores the facts of a file (`fact/FactFile`) that an installation with the same handle key wrote.
 *
 * Promises: a file of another key, or of none of ours, is refused before anything is stored. From then on nothing stops it: a line that
 * cannot be read is parked with its number, place and reason, and rows in = stored before + new + known + personal values + parked. A
 * batch is stored together with how far it reaches, so that a run that was interrupted goes on there; a file that was read to its end
 * begins anew, and finds what it brings known. What was cut off or edited is told at the end. Memory does not grow with the file.
 *
 * Whoever was erased here stays erased: `FactLog` sees to it. Whom the file tells as erased stays erased in what it tells; of what comes
 * from elsewhere later it says nothing. It opens no files: lines come from whoever calls.
 */
import { Effect, Option, Schema, Stream } from "effect"
import type { Rejected } from "../connector/FactSource.ts"
import { Inbox, type InboxError } from "../connector/Inbox.ts"
import type { Fact } from "../fact/Fact.ts"
import * as FactFile from "../fact/FactFile.ts"
import {
  type Batch,
  type Entry,
  type FileLine,
  make as makeReading,
  type UnreadableLine,
} from "../fact/FactFileReading.ts"
import { FactLog, type FactLogError, type PersonalValue } from "../fact/FactLog.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import * as Progress from "./Progress.ts"
import { park, parkedKey } from "./Sync.ts"

export interface FactsImport<E> {
  readonly lines: Stream.Stream<ReadonlyArray<FileLine>, E>
  /** Tells the file from others among what is parked. */
  readonly name: string
  /** Under which name it is remembered how far it got: the same for the same content. Null where that cannot be known. */
  readonly job: string | null
}

export interface ImportedFacts {
  /** Facts and personal values that stand in the file, readable or not. */
  readonly rows: number
  /** Of these, what an interrupted run has dealt with before. */
  readonly earlier: number
  readonly recorded: number
  readonly duplicates: number
  readonly personalValues: number
  readonly parked: number
  /** The first of those that were parked. */
  readonly unreadable: ReadonlyArray<UnreadableLine>
  /** Why it is not what was exported; empty where it is. */
  readonly faults: ReadonlyArray<string>
  /** Erasures that this run has read: it is not known here whom they are about. */
  readonly erasures: number
  /** Rewards that this run has read were handed over: they are not handed over again, and the outbox here knows nothing of them. */
  readonly commitments: number
}

export type ImportingError = FactFile.FactFileError | FactLogError | InboxError
export type ImportingNeeds = FactLog | Inbox | CurrentTenant

const source = "file"
const unreadableKept = 20

const Cursor = Schema.Struct({ line: Schema.Int, rows: Schema.Int })
const asCursor = Schema.decodeUnknownOption(Cursor)

/** Counts what became of the rows. */
const makeTally = () => ({ recorded: 0, duplicates: 0, personalValues: 0, parked: 0 })

const told = ({ line, path, reason, value }: UnreadableLine): string =>
  `line ${line}${path === "" ? "" : `, ${path}`}${value === "" ? "" : ` (${value})`}: ${reason}`

/** Stores a batch with how far it reaches; what the store cannot hold is taken out of it and parked. */
const store = (
  { job, name }: Pick<FactsImport<never>, "job" | "name">,
  batch: Batch,
  cursor: typeof Cursor.Type | null,
  parkedBefore: ReadonlySet<string>,
): Effect.Effect<
  { readonly recorded: number; readonly duplicates: number; readonly batch: Batch },
  FactLogError | InboxError,
  ImportingNeeds
> =>
  Effect.gen(function* () {
    const placeOf = (line: number): string => `${name} line ${line}`
    const rejected = batch.unreadable.map((one): Rejected => ({ place: placeOf(one.line), reason: told(one) }))
    yield* park(source, rejected)
    const log = yield* FactLog
    const appended = yield* log.append({
      facts: batch.facts.map(({ value }) => value),
      personal: batch.personal.map(({ value }) => value),
      ...(job === null ? {} : { checkpoint: { job, cursor } }),
    })
    const mended = [...batch.facts, ...batch.personal]
      .map(({ line }) => parkedKey(placeOf(line)))
      .filter((key) => parkedBefore.has(key))
    const inbox = yield* Inbox
    if (mended.length > 0) yield* inbox.settle(source, mended)
    return { ...appended, batch }
  }).pipe(
    Effect.catchTag("FactLogError", (error) => {
      const { reason } = error
      if (reason._tag !== "Unstorable") return Effect.fail(error)
      const isOdd = ({ value }: Entry<Fact | PersonalValue>): boolean =>
        reason.key === ("key" in value ? value.key : value.handle)
      const odd = [...batch.facts, ...batch.personal].filter(isOdd)
      if (odd.length === 0) return Effect.fail(error)
      const without: Batch = {
        facts: batch.facts.filter((one) => !isOdd(one)),
        personal: batch.personal.filter((one) => !isOdd(one)),
        unreadable: [
          ...batch.unreadable,
          ...odd.map(({ line }) => ({ line, path: "", value: "", reason: reason.remedy })),
        ],
      }
      return store({ job, name }, without, cursor, parkedBefore)
    }),
  )

/** Stores what the file holds, from where the last run of the same file was interrupted. */
export const importFacts = Effect.fn("ImportingFacts.importFacts")(function* <E>(
  file: FactsImport<E>,
): Effect.fn.Return<ImportedFacts, E | ImportingError, ImportingNeeds> {
  const [log, inbox] = [yield* FactLog, yield* Inbox]
  const { handleKey } = yield* CurrentTenant
  const start = file.job === null ? Option.none() : asCursor(yield* log.checkpoint(file.job))
  const { line, rows: earlier } = Option.getOrElse(start, () => ({ line: 0, rows: 0 }))
  const reading = makeReading(handleKey, line)
  const prefix = parkedKey(`${file.name} line `)
  const parkedBefore = new Set(
    (yield* inbox.parked)
      .filter((one) => one.source === source && one.eventKey.startsWith(prefix))
      .map(({ eventKey }) => eventKey),
  )
  const tally = makeTally()
  const unreadable: Array<UnreadableLine> = []
  const flush = Effect.fnUntraced(function* (isEnd: boolean) {
    const cursor = isEnd ? null : { line: reading.line, rows: reading.rows }
    const { batch, duplicates, recorded } = yield* store(file, reading.batch(), cursor, parkedBefore)
    tally.recorded += recorded
    tally.duplicates += duplicates
    tally.personalValues += batch.personal.length
    tally.parked += batch.unreadable.length
    unreadable.push(...batch.unreadable.slice(0, unreadableKept - unreadable.length))
    yield* Progress.report({ stage: "facts", done: reading.rows, unit: "rows" })
  })
  yield* file.lines.pipe(
    Stream.takeWhile(() => reading.another === undefined),
    Stream.runForEach(
      Effect.fnUntraced(function* (lines) {
        for (const one of lines) {
          const refused = reading.take(one)
          if (refused !== undefined) return yield* refused
          if (reading.another !== undefined) return
          if (reading.isFull) yield* flush(false)
        }
      }),
    ),
  )
  if (!reading.hasHeader) return yield* new FactFile.FactFileError({ reason: new FactFile.NoHeader() })
  yield* flush(true)
  const { commitments, erasures, faults, rows } = reading
  const imported = { rows, earlier, ...tally, unreadable, faults, erasures, commitments }
  if (rows !== earlier + tally.recorded + tally.duplicates + tally.personalValues + tally.parked)
    return yield* Effect.die(
      new Error(`an import lost count of rows: ${JSON.stringify({ ...imported, unreadable: [] })}`),
    )
  return imported
})
