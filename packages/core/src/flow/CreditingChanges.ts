/**
 * The stage that credits what has changed, for every program of the tenant.
 *
 * Promises: the ledger ends as `Crediting.credit` of each program would leave it, at a cost that follows what changed and what
 * that moves, not the length of the history. Changes are taken in batches; each batch is one transaction with its postings, so that
 * a crash loses nothing and repeats nothing. Memory is bounded by the batch. What a batch moves in limits later in time is put
 * back among the changes.
 */
import { Effect } from "effect"
import { key as factKey, type Fact, type FactKey, type FactTag } from "../fact/Fact.ts"
import { FactLog, type Change, type FactLogError, type Recheck } from "../fact/FactLog.ts"
import { remembering } from "../fact/FactLogRemembered.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { Stream } from "effect"
import { affected, identified } from "./Affected.ts"
import { credit, turn, type CreditingError, type CreditingNeeds } from "./Crediting.ts"
import * as CreditingPart from "./CreditingPart.ts"
import * as Progressed from "./CreditingProgress.ts"
import * as Progress from "./Progress.ts"

export interface CreditedChanges {
  /** Changes that were looked at. */
  readonly changes: number
  /** Causes that were decided about, each time. */
  readonly decided: number
  readonly revisions: number
  readonly planned: number
  readonly undone: number
  /** Programs that had to be evaluated whole. */
  readonly whole: ReadonlyArray<string>
}

const nothing: CreditedChanges = { changes: 0, decided: 0, revisions: 0, planned: 0, undone: 0, whole: [] }

const plus = (left: CreditedChanges, right: CreditedChanges): CreditedChanges => ({
  changes: left.changes + right.changes,
  decided: left.decided + right.decided,
  revisions: left.revisions + right.revisions,
  planned: left.planned + right.planned,
  undone: left.undone + right.undone,
  whole: [...new Set([...left.whole, ...right.whole])],
})

const defaultBatch = 2_000

/** Works through everything that is due at `asOf`. */
export const creditChanges = Effect.fn("CreditingChanges.creditChanges")(function* (
  asOf: Instant,
  options: { readonly batch?: number } = {},
): Effect.fn.Return<CreditedChanges, CreditingError, CreditingNeeds> {
  const ledger = yield* Ledger
  let total = yield* catchUp(asOf)
  for (;;) {
    const batch = yield* ledger.exclusively(turn, readingOnce(once(asOf, options.batch ?? defaultBatch)))
    total = plus(total, batch)
    // A program that is new, and credited as at an earlier time than others were, is evaluated whole too.
    if (batch.changes === 0 && batch.decided === 0) return plus(total, yield* catchUp(asOf))
    yield* Progress.report({ stage: "crediting", done: total.decided, unit: "decisions" })
  }
})

/** A batch that lost to another transaction and runs again reads everything again. */
const readingOnce = <A, E, R>(batch: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | FactLog> =>
  Effect.flatMap(FactLog, (log) => Effect.provideService(batch, FactLog, remembering(log)))

/** Evaluates whole what cannot go on from where it is. */
const catchUp = Effect.fnUntraced(function* (
  asOf: Instant,
): Effect.fn.Return<CreditedChanges, CreditingError, CreditingNeeds> {
  const standing = yield* Progressed.read
  const erasures = yield* Effect.flatMap(FactLog, (log) => log.erasures)
  let total = nothing
  for (const program of Object.keys(standing.programs).sort()) {
    if (Progressed.canGoOn(standing, program, asOf, erasures)) continue
    const { planned, revisions, undone } = yield* credit(program, asOf)
    total = plus(total, { ...nothing, planned, revisions, undone, whole: [program] })
  }
  return total
})

const once = Effect.fnUntraced(function* (
  asOf: Instant,
  limit: number,
): Effect.fn.Return<CreditedChanges, CreditingError, CreditingNeeds> {
  const log = yield* FactLog
  const changes = yield* log.changes({ asOf, limit })
  const known = yield* Progressed.read
  const published = yield* log.byKey({
    keys: changes.flatMap(({ key, tag }) => (tag === "ProgramPublished" || tag === "ProgramCorrected" ? [key] : [])),
    asOf,
  })
  const programs = [
    ...new Set([
      ...Object.keys(known.programs),
      ...published.flatMap((fact) => (fact._tag === "ProgramPublished" ? [fact.program] : [])),
    ]),
  ].sort()
  let total: CreditedChanges = { ...nothing, changes: changes.length }
  const rechecks = [...(yield* laterVersions(changes, asOf))]
  for (const program of programs) {
    const part = yield* creditProgram(program, changes, asOf, limit)
    rechecks.push(...part.rechecks)
    total = plus(total, { ...nothing, ...part.credited })
  }
  if (changes.length === 0 && total.decided === 0) return total
  yield* log.settle(changes)
  yield* log.recheck(rechecks)
  // Before changes were ever looked at, all that there is stands among them.
  if (known.reached !== null) yield* recheckAfter(published)
  yield* Progressed.note(known, programs, asOf)
  return total
})

/** Facts whose newest version lies in the future are looked at when it comes. */
const laterVersions = Effect.fnUntraced(function* (
  changes: ReadonlyArray<Change>,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<Recheck>, FactLogError, FactLog | CurrentTenant> {
  const log = yield* FactLog
  const newest = yield* log.byKey({ keys: changes.map(({ key }) => key), asOf: Number.MAX_SAFE_INTEGER })
  return newest.flatMap((fact) => {
    const times = fact._tag === "OrderPlaced" ? [fact.cancelledAt] : fact._tag === "DealChanged" ? [fact.closedAt] : []
    return [fact.occurredAt, ...times].flatMap((at) => (at !== null && at > asOf ? [{ key: fact.key, at }] : []))
  })
})

const judgedByTerms: ReadonlyArray<FactTag> = [
  "OrderPlaced",
  "DealChanged",
  "RewardCommitted",
  "ValueRedeemed",
  "ValueTransferred",
  "ValueAdjusted",
  "TierAnnounced",
  "AssetIssued",
]

const perRecheck = 5_000

/**
 * New terms judge what happened from their beginning on, and commitments that were made under them; what lies in the future is
 * looked at when it comes.
 */
const recheckAfter = Effect.fnUntraced(function* (
  published: ReadonlyArray<Fact>,
): Effect.fn.Return<void, FactLogError, FactLog | CurrentTenant> {
  const from = published.flatMap((fact) =>
    fact._tag === "ProgramPublished" ? [fact.occurredAt] : fact._tag === "ProgramCorrected" ? [fact.from] : [],
  )
  if (from.length === 0) return
  const first = Math.min(...from)
  const log = yield* FactLog
  yield* log.newest({ asOf: Number.MAX_SAFE_INTEGER, tags: judgedByTerms }).pipe(
    // A commitment names its terms, and a deal counts when it was won.
    Stream.filter((fact) => fact._tag !== "OrderPlaced" || fact.occurredAt >= first),
    Stream.grouped(perRecheck),
    Stream.runForEach((facts) => log.recheck(facts.map(({ key, occurredAt }) => ({ key, at: occurredAt })))),
  )
})

interface Done {
  readonly credited: Pick<CreditedChanges, "decided" | "revisions" | "planned" | "undone">
  readonly rechecks: ReadonlyArray<Recheck>
}

const creditProgram = Effect.fnUntraced(function* (
  program: string,
  changes: ReadonlyArray<Change>,
  asOf: Instant,
  limit: number,
): Effect.fn.Return<Done, FactLogError | LedgerError, CreditingNeeds> {
  const log = yield* FactLog
  const ledger = yield* Ledger
  const reach = yield* CreditingPart.reach(program, asOf)
  const { others, own } = yield* affected(changes, reach, asOf)
  const due = yield* ledger.due({ program, asOf, limit })
  // What is among the changes itself is looked at in its own turn.
  const waiting: ReadonlySet<FactKey> =
    others.size === 0 ? new Set() : yield* log.changing({ keys: [...others].map(factKey), asOf })
  const people = yield* identified(changes, asOf)
  const owing = people.length === 0 ? [] : yield* ledger.unsettled({ program, beneficiaries: people, kind: "owing" })
  const causes = new Set([
    ...own,
    ...due,
    ...owing.map(({ cause }) => cause),
    ...[...others].filter((cause) => !waiting.has(factKey(cause))),
  ])
  const assets = yield* log.byKey({
    keys: changes.flatMap(({ key, tag }) => (tag === "AssetIssued" ? [key] : [])),
    asOf,
  })
  if (causes.size === 0 && assets.length === 0)
    return { credited: { decided: 0, revisions: 0, planned: 0, undone: 0 }, rechecks: [] }
  return yield* CreditingPart.creditPart({ program, causes, assets, asOf })
})
