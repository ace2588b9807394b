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

/** What came of one batch. */
interface Batch {
  readonly credited: CreditedChanges
  /** Programs that cannot go on from where their ledger stands. */
  readonly behind: ReadonlyArray<string>
  /** Whether there may be more to look at. */
  readonly isLast: boolean
}

/** Works through everything that is due at `asOf`. */
export const creditChanges = Effect.fn("CreditingChanges.creditChanges")(function* (
  asOf: Instant,
  options: { readonly batch?: number } = {},
): Effect.fn.Return<CreditedChanges, CreditingError, CreditingNeeds> {
  const ledger = yield* Ledger
  let total = nothing
  for (;;) {
    // What was evaluated whole for a time before others were is behind again at once, and needs it once.
    const body = once(asOf, options.batch ?? defaultBatch, new Set(total.whole))
    const batch = yield* ledger.exclusively(turn, readingOnce(body))
    total = plus(total, batch.credited)
    for (const program of batch.behind) total = plus(total, yield* creditWhole(program, asOf))
    if (batch.isLast && batch.behind.length === 0) return total
    yield* Progress.report({ stage: "crediting", done: total.decided, unit: "decisions" })
  }
})

/** A batch that lost to another transaction and runs again reads everything again. */
const readingOnce = <A, E, R>(batch: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | FactLog> =>
  Effect.flatMap(FactLog, (log) => Effect.provideService(batch, FactLog, remembering(log)))

const creditWhole = Effect.fnUntraced(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<CreditedChanges, CreditingError, CreditingNeeds> {
  const { planned, revisions, undone } = yield* credit(program, asOf)
  return { ...nothing, planned, revisions, undone, whole: [program] }
})

/** The next changes, for every program; nothing, where one has to be evaluated whole first. */
const once = Effect.fnUntraced(function* (
  asOf: Instant,
  limit: number,
  evaluated: ReadonlySet<string>,
): Effect.fn.Return<Batch, CreditingError, CreditingNeeds> {
  const log = yield* FactLog
  const known = yield* Progressed.read
  const behindIn = (standing: Progressed.Standing, erasures: number): ReadonlyArray<string> =>
    Progressed.behind(standing, asOf, erasures).filter((program) => !evaluated.has(program))
  const behind = behindIn(known, yield* log.erasures)
  if (behind.length > 0) return { credited: nothing, behind, isLast: false }
  const changes = yield* log.changes({ asOf, limit })
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
  let credited: CreditedChanges = { ...nothing, changes: changes.length }
  let isLast = changes.length < limit
  const rechecks = [...(yield* laterVersions(changes, asOf))]
  for (const program of programs) {
    const part = yield* creditProgram(program, changes, asOf, limit)
    rechecks.push(...part.rechecks)
    credited = plus(credited, { ...nothing, ...part.credited })
    isLast &&= !part.isMoreDue
  }
  if (changes.length === 0 && credited.decided === 0) return { credited, behind: [], isLast }
  yield* log.settle(changes)
  yield* log.recheck(rechecks)
  // Before changes were ever looked at, all that there is stands among them.
  if (known.reached !== null) yield* recheckAfter(published)
  const standing = yield* Progressed.note(known, programs, asOf)
  return {
    credited,
    // A program that is new, and credited as at an earlier time than others were.
    behind: behindIn(standing, yield* log.erasures),
    isLast: isLast && published.length === 0 && rechecks.every(({ at }) => at > asOf),
  }
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
  /** Whether time has moved more than was looked at. */
  readonly isMoreDue: boolean
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
  const { others, own } = yield* affected(program, changes, reach, asOf)
  const due = yield* ledger.due({ program, asOf, limit })
  // What is among the changes itself is looked at in its own turn.
  const waiting: ReadonlySet<FactKey> =
    others.size === 0 ? new Set() : yield* log.changing({ keys: [...others].map(factKey), asOf })
  const people = yield* identified(changes, asOf)
  const owing = people.length === 0 ? [] : yield* ledger.creditedTo({ program, beneficiaries: people, which: "owing" })
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
    return { credited: { decided: 0, revisions: 0, planned: 0, undone: 0 }, rechecks: [], isMoreDue: false }
  const part = yield* CreditingPart.creditPart({ program, causes, assets, asOf })
  return { ...part, isMoreDue: due.length === limit }
})
