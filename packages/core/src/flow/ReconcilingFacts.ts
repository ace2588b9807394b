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
import { compare, contentDigest, newest, versioned } from "../fact/FactVersion.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import * as Drift from "./Drift.ts"
import { heldKey, likeHeld } from "./ErasedFacts.ts"
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
  /** What the platform does not show, and what may therefore seem to have vanished. */
  readonly caveats: ReadonlyArray<string>
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

/** A fact that the platform shows, in our words, and what we hold of it. */
export interface Pair {
  readonly shown: Fact
  readonly theirs: Fact
  readonly own: Fact | undefined
}

/** One page against what we hold of the same keys. A pure comparison. */
export const comparePage = (before: FactsReconciled, pairs: ReadonlyArray<Pair>): Found => {
  let report = before
  const fresh: Array<Fact> = []
  for (const { own, shown, theirs } of pairs) {
    const kind = shown._tag
    report = { ...report, shown: report.shown + 1 }
    const age = own === undefined ? -1 : compare(versioned(own), versioned(theirs))
    if (own === undefined) report = { ...report, missing: Drift.addTo(report.missing, kind, shown.key) }
    else if (contentDigest(own) === contentDigest(theirs)) report = { ...report, same: report.same + 1 }
    else if (age < 0) report = { ...report, outdated: Drift.addTo(report.outdated, kind, shown.key) }
    else report = { ...report, newerHere: Drift.addTo(report.newerHere, kind, shown.key) }
    if (age < 0) fresh.push(shown)
  }
  return { report, fresh }
}

/** Facts beside what we hold of them; those of erased people under the keys and names that they have here. */
const pairsOf = Effect.fnUntraced(function* (shown: ReadonlyArray<Fact>) {
  const log = yield* FactLog
  const { handleKey } = yield* CurrentTenant
  const hasErased = (yield* log.erasures) > 0
  const keys = shown.flatMap((fact) => (hasErased ? [fact.key, heldKey(fact, handleKey)] : [fact.key]))
  const held = new Map((yield* log.byKey({ keys, asOf: always })).map((fact) => [fact.key, fact]))
  return shown.map((fact): Pair => {
    const own = held.get(fact.key) ?? (hasErased ? held.get(heldKey(fact, handleKey)) : undefined)
    return { shown: fact, own, theirs: own === undefined ? fact : likeHeld(fact, own, handleKey) }
  })
})

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
  { caveats = [], facts, personal, rejected }: Page,
  before: FactsReconciled,
  seen: Seen,
  dryRun: boolean,
) {
  // A record that an overlap shows again is not counted twice.
  const shown = [...newest(facts).values()].filter(({ key }) => !seen.keys.has(key))
  const { fresh, report } = comparePage(before, yield* pairsOf(shown))
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
  return {
    ...report,
    rejected: rejected.reduce((tally, { place }) => Drift.add(tally, place), report.rejected),
    caveats: [...new Set([...report.caveats, ...caveats])],
  }
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
    caveats: [],
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
