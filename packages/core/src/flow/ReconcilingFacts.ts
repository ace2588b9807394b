/**
 * What a platform shows now against the facts that we hold of it, and the difference made good.
 *
 * Promises: reads everything afresh without touching the checkpoints of the ordinary pulls; compares the newest version of
 * each fact by its content; stores what is missing or outdated here; deletes nothing, and reports what the platform shows no
 * longer. Memory holds one page and the keys that were seen, up to `keysMax`; beyond it, what has vanished is not looked for.
 */
import { Effect, Stream } from "effect"
import type { Page, Source, SourceError } from "../connector/FactSource.ts"
import type { Inbox, InboxError } from "../connector/Inbox.ts"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { compare, newest, versioned } from "../fact/FactVersion.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import * as Drift from "./Drift.ts"
import * as Progress from "./Progress.ts"
import { storePage } from "./Sync.ts"

export interface FactsReconciled {
  readonly source: string
  /** Facts that the platform shows. */
  readonly shown: number
  readonly same: number
  /** It shows them and we do not hold them, by kind of fact. */
  readonly missing: Drift.Tallies
  /** We hold an older version that says something else. */
  readonly outdated: Drift.Tallies
  /** We hold a newer version than it shows: it may be late. */
  readonly newerHere: Drift.Tallies
  /** We hold them and it shows them no longer. null: too many to tell. */
  readonly vanished: Drift.Tallies | null
  /** Records that could not be understood. */
  readonly rejected: Drift.Tally
}

export type ReconcilingFactsError = SourceError | FactLogError | InboxError
export type ReconcilingFactsNeeds = FactLog | Inbox | CurrentTenant

export const keysMax = 1_000_000

/** Every fact, whenever it occurred. */
const always = Number.MAX_SAFE_INTEGER

interface Found {
  readonly report: FactsReconciled
  /** Newer than what we hold: to be stored. Those that say the same as before are no drift. */
  readonly fresh: ReadonlyArray<Fact>
}

/** One page against what we hold of the same keys. A pure comparison. */
export const comparePage = (before: FactsReconciled, shown: ReadonlyArray<Fact>, held: ReadonlyArray<Fact>): Found => {
  const ours = new Map(held.map((fact) => [fact.key, versioned(fact)]))
  let report = before
  const fresh: Array<Fact> = []
  for (const fact of shown) {
    const [theirs, own] = [versioned(fact), ours.get(fact.key)]
    const kind = fact._tag
    report = { ...report, shown: report.shown + 1 }
    if (own === undefined) report = { ...report, missing: Drift.addTo(report.missing, kind, fact.key) }
    else if (own.digest === theirs.digest) report = { ...report, same: report.same + 1 }
    else if (compare(own, theirs) < 0) report = { ...report, outdated: Drift.addTo(report.outdated, kind, fact.key) }
    else report = { ...report, newerHere: Drift.addTo(report.newerHere, kind, fact.key) }
    if (own === undefined || compare(own, theirs) < 0) fresh.push(fact)
  }
  return { report, fresh }
}

interface Seen {
  readonly keys: Set<string>
  isFull: boolean
}

const remember = (seen: Seen, keys: Iterable<string>): void => {
  for (const key of keys) {
    if (seen.keys.size < keysMax) seen.keys.add(key)
    else seen.isFull ||= !seen.keys.has(key)
  }
}

const onePage = Effect.fnUntraced(function* (
  source: Source,
  { facts, personal, rejected }: Page,
  before: FactsReconciled,
  seen: Seen,
  dryRun: boolean,
) {
  const log = yield* FactLog
  // A record that an overlap shows again is not counted twice.
  const shown = [...newest(facts).values()].filter(({ key }) => !seen.keys.has(key))
  const held = yield* log.byKey({ keys: shown.map(({ key }) => key), asOf: always })
  const { fresh, report } = comparePage(before, shown, held)
  remember(
    seen,
    shown.map(({ key }) => key),
  )
  remember(
    seen,
    rejected.map(({ place }) => place),
  )
  if (!dryRun) yield* storePage(source, { facts: fresh, personal, rejected })
  yield* Progress.report({ stage: `reconcile ${source.name}`, done: report.shown, unit: "facts" })
  return { ...report, rejected: rejected.reduce((tally, { place }) => Drift.add(tally, place), report.rejected) }
})

/** Facts under the source's name that none of its pages showed. */
const vanishedOf = (source: Source, seen: Seen) =>
  Effect.gen(function* () {
    if (seen.isFull) return null
    const log = yield* FactLog
    return yield* Stream.runFold(
      log.newest({ asOf: always }),
      (): Drift.Tallies => ({}),
      (tallies, { _tag, key }) =>
        key.startsWith(`${source.name}:`) && !seen.keys.has(key) ? Drift.addTo(tallies, _tag, key) : tallies,
    )
  })

/** Compares one source with what we hold, and stores the difference unless it is a dry run. */
export const reconcileFacts = Effect.fn("Reconciling.facts")(function* (
  source: Source,
  dryRun: boolean,
): Effect.fn.Return<FactsReconciled, ReconcilingFactsError, ReconcilingFactsNeeds> {
  const seen: Seen = { keys: new Set(), isFull: false }
  let report: FactsReconciled = {
    source: source.name,
    shown: 0,
    same: 0,
    missing: {},
    outdated: {},
    newerHere: {},
    vanished: null,
    rejected: Drift.none,
  }
  for (const pull of source.pulls) {
    report = yield* Stream.runFoldEffect(
      pull.pages(null),
      () => report,
      (before: FactsReconciled, page: Page) => onePage(source, page, before, seen, dryRun),
    )
  }
  return { ...report, vanished: yield* vanishedOf(source, seen) }
})
