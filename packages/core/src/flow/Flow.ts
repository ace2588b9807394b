/**
 * The whole of it, in the order in which it happens. Read this first.
 *
 *   sync -> identify -> credit -> fulfil -> credit -> show -> measure
 *
 * Each stage is a function of what is stored; each can run alone, again, or after a crash, and ends in the same state. The
 * second crediting books what fulfilment committed to.
 */
import { Effect, Result } from "effect"
import { FactSources, type SourceError } from "../connector/FactSource.ts"
import type { Fulfiller } from "../connector/Fulfiller.ts"
import type { Inbox, InboxError } from "../connector/Inbox.ts"
import type { WriteBack, WriteBackReport } from "../connector/WriteBack.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Instant } from "../id/Instant.ts"
import type { Ledger, LedgerError } from "../ledger/Ledger.ts"
import type { Tallies } from "../ledger/Tallies.ts"
import * as Catalogue from "../metric/Catalogue.ts"
import type { Reading } from "../metric/Metric.ts"
import * as Study from "../metric/Study.ts"
import { publication, type Program } from "../program/Program.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { credit, type Credited } from "./Crediting.ts"
import { fulfil, type Fulfilled } from "./Fulfilling.ts"
import { identifyAndEnrol, type IdentifiedPeople } from "./Identifying.ts"
import { show, type ShowingOptions } from "./Showing.ts"
import { pullAll, receiveAll, type Received, type Synced } from "./Sync.ts"

export interface FlowOptions extends ShowingOptions {
  readonly program: string
  readonly asOf: Instant
}

export interface FlowReport {
  readonly synced: ReadonlyArray<Synced>
  readonly received: ReadonlyArray<Received>
  readonly identified: IdentifiedPeople
  readonly credited: Credited
  readonly fulfilled: Fulfilled
  readonly shown: WriteBackReport
  readonly metrics: ReadonlyArray<Reading>
  /** Ledger revisions of both creditings together. */
  readonly revisions: number
}

export type FlowError = SourceError | FactLogError | InboxError | LedgerError
export type FlowNeeds = FactSources | FactLog | Inbox | Ledger | Tallies | Fulfiller | WriteBack | CurrentTenant

/** Brings a version of a program into force from a moment on. */
export const publish = (
  program: Program,
  effectiveFrom: Instant,
): Effect.Effect<void, FactLogError, FactLog | CurrentTenant> =>
  Effect.flatMap(FactLog, (log) => log.append({ facts: [publication(program, effectiveFrom)], personal: [] })).pipe(
    Effect.asVoid,
  )

/**
 * Pulls every connected source, and reads what webhooks announced: also where a pull failed, for a message may say why. A source
 * that turns out to be stopped is told as such; any other failure of a pull fails the whole, after the messages were read.
 */
export const sync: Effect.Effect<
  { readonly synced: ReadonlyArray<Synced>; readonly received: ReadonlyArray<Received> },
  FlowError,
  FactSources | FactLog | Inbox | CurrentTenant
> = Effect.gen(function* () {
  const sources = yield* FactSources
  const pulled = yield* Effect.forEach(
    sources,
    (source) => Effect.map(Effect.result(pullAll(source)), (result) => ({ source, result })),
    { concurrency: "unbounded" },
  )
  const received = yield* Effect.forEach(sources, receiveAll)
  const synced = yield* Effect.forEach(pulled, ({ result, source }) => {
    if (Result.isSuccess(result)) return Effect.succeed(result.success)
    const failed = Effect.fail(result.failure)
    return Effect.flatMap(source.stopped ?? Effect.succeed(null), (stopped) =>
      stopped === null ? failed : pullAll(source),
    )
  })
  return { synced: synced.flat(), received }
})

/** The metrics of a program over what was credited. */
export const measure = (credited: Credited): ReadonlyArray<Reading> =>
  Catalogue.readAll(Study.make({ facts: credited.facts, evaluation: credited.evaluation }))

/** One whole pass. */
export const run = Effect.fn("Flow.run")(function* (
  options: FlowOptions,
): Effect.fn.Return<FlowReport, FlowError, FlowNeeds> {
  const { received, synced } = yield* sync
  const identified = yield* identifyAndEnrol(options.program, options.asOf)
  const first = yield* credit(options.program, options.asOf)
  const fulfilled = yield* fulfil
  const credited = yield* credit(options.program, options.asOf)
  const shown = yield* show(credited.facts, credited.evaluation, options)
  return {
    synced,
    received,
    identified,
    credited,
    fulfilled,
    shown,
    metrics: measure(credited),
    revisions: first.revisions + credited.revisions,
  }
})
