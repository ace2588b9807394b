/**
 * What we say was done on the platforms against what exists there.
 *
 * Promises: every effect that is confirmed, in doubt, planned or undone is looked up; one that exists is recorded as
 * confirmed, with its commitment; one in doubt that does not exist is sent again under its key. A confirmed one that is gone is
 * marked, and never made again by itself: whoever removed it may have had a reason, and a code that was used up would be
 * good once more. What the platform refused for good is left alone.
 */
import { Clock, Effect } from "effect"
import type { SourceError } from "../connector/FactSource.ts"
import { Fulfiller, type Found } from "../connector/Fulfiller.ts"
import { inText } from "../fact/Tombstone.ts"
import { isTombstone } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { Change } from "../ledger/Outbox.ts"
import { isDeadLetter, isTakenBack, platformOf, type EffectKey, type EffectRow } from "../ledger/OutboundEffect.ts"
import { ended } from "../ledger/OutboxPlan.ts"
import { commitment } from "../reward/Fulfilment.ts"
import * as TakingBack from "../reward/TakingBack.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import * as Drift from "./Drift.ts"
import { takenBackIn } from "./Delivering.ts"
import { resolve, type Fulfilled } from "./Fulfilling.ts"

export interface EffectsReconciled {
  readonly lookedUp: number
  /** Confirmed on both sides. */
  readonly same: number
  /** It exists there and was not known as confirmed here; by the state that it had here. */
  readonly recorded: Drift.Tallies
  /** In doubt here, and it does not exist there: sent again. */
  readonly missing: Drift.Tally
  /** Confirmed here, and it exists there no longer; found by this pass. */
  readonly gone: Drift.Tally
  /** Was gone, and is there again. */
  readonly back: Drift.Tally
  /** Not there, and waiting for a human: dead letters, and what an earlier pass found gone. */
  readonly waiting: Drift.Tallies
  /** What came of sending again; null when there was nothing to send. */
  readonly resolved: Fulfilled | null
}

export type ReconcilingEffectsError = LedgerError | SourceError
export type ReconcilingEffectsNeeds = Ledger | Fulfiller | CurrentTenant

const states = ["confirmed", "unknown", "planned", "undone"] as const
const rowsPerLookUp = 250

const nothing: EffectsReconciled = {
  lookedUp: 0,
  same: 0,
  recorded: {},
  missing: Drift.none,
  gone: Drift.none,
  back: Drift.none,
  waiting: {},
  resolved: null,
}

interface Judged {
  readonly report: EffectsReconciled
  readonly change: Change | null
}

/** One row against the platform's word: undefined where it is not there. A pure decision. */
export const judge = (before: EffectsReconciled, row: EffectRow, found: Found | undefined, at: Instant): Judged => {
  const { key } = row.effect
  const report = { ...before, lookedUp: before.lookedUp + 1 }
  if (found !== undefined && "unclear" in found) return unclear(report, row, found.unclear, at)
  const reference = found?.reference
  const head = { key, attempt: row.attempts }
  if (row.state === "confirmed") {
    const stays: Change = { ...head, to: "confirmed", dueAt: null }
    if (reference === undefined)
      return row.goneAt === null
        ? { report: { ...report, gone: Drift.add(report.gone, key) }, change: { ...stays, goneAt: at } }
        : { report: { ...report, waiting: Drift.addTo(report.waiting, "gone", key) }, change: null }
    return row.goneAt === null
      ? { report: { ...report, same: report.same + 1 }, change: null }
      : { report: { ...report, back: Drift.add(report.back, key) }, change: { ...stays, goneAt: null } }
  }
  if (reference !== undefined)
    return {
      report: { ...report, recorded: Drift.addTo(report.recorded, row.state, key) },
      change: { ...head, to: "confirmed", dueAt: null, note: reference, unanswered: 0 },
    }
  if (row.state !== "unknown") return { report, change: null }
  return isDeadLetter(row)
    ? { report: { ...report, waiting: Drift.addTo(report.waiting, "dead letter", key) }, change: null }
    : {
        report: { ...report, missing: Drift.add(report.missing, key) },
        change: { ...head, to: "unknown", dueAt: at },
      }
}

/** Nobody can tell whether it is there: what is in doubt waits for a human, anything else stays as it is said to be. */
const unclear = (report: EffectsReconciled, row: EffectRow, reason: string, at: Instant): Judged => {
  if (row.state === "confirmed") return { report: { ...report, same: report.same + 1 }, change: null }
  if (row.state !== "unknown") return { report, change: null }
  const change = isDeadLetter(row) ? null : ended(row, { state: "unknown", reason, isForHuman: true }, at)
  return { report: { ...report, waiting: Drift.addTo(report.waiting, "unclear", row.effect.key) }, change }
}

/** An erasure has taken a name out of the key, and with it what the platform would be asked for. */
const canBeAsked = (row: EffectRow): boolean => {
  // What was taken back leaves a trace on some platforms, and is not there again for that.
  if (isTakenBack(row)) return false
  const { effect } = row
  let isRenamed = false
  inText(effect.key, (text) => {
    isRenamed ||= isTombstone(text)
    return undefined
  })
  return !isRenamed
}

/** Looks up rows of all platforms that are served; the others are passed over. */
const lookUp = Effect.fnUntraced(function* (rows: ReadonlyArray<EffectRow>) {
  const fulfiller = yield* Fulfiller
  const found = new Map<EffectKey, Found>()
  const served = rows.filter((row) => fulfiller.platforms.has(platformOf(row.effect)) && canBeAsked(row))
  for (const some of Map.groupBy(served, ({ effect }) => platformOf(effect)).values())
    for (const [key, one] of yield* fulfiller.find(some.map(({ effect }) => effect))) found.set(key, one)
  return { served, found }
})

/** Records what was found, each as far as nobody has taken the effect meanwhile. */
const record = Effect.fnUntraced(function* (rows: ReadonlyArray<EffectRow>, changes: ReadonlyArray<Change>) {
  if (changes.length === 0) return
  const ledger = yield* Ledger
  const confirmed = new Set(changes.filter(({ to }) => to === "confirmed").map(({ key }) => key))
  const takenBack = takenBackIn(rows, changes)
  yield* ledger.move({
    changes: [...changes, ...takenBack.map(TakingBack.undoing)],
    from: states,
    facts: (moved) => ({
      facts: [
        ...rows.flatMap(({ effect }) =>
          effect._tag === "IssueReward" && moved.has(effect.key) && confirmed.has(effect.key)
            ? [commitment(effect)]
            : [],
        ),
        ...takenBack.filter(({ key }) => moved.has(key)).map(TakingBack.withdrawalOf),
      ],
      personal: [],
    }),
  })
})

/** Looks up everything, page by page, and makes good what can be, unless it is a dry run. */
export const reconcileEffects = Effect.fn("Reconciling.effects")(function* (
  dryRun: boolean,
): Effect.fn.Return<EffectsReconciled, ReconcilingEffectsError, ReconcilingEffectsNeeds> {
  const ledger = yield* Ledger
  let report = nothing
  let after: EffectKey | undefined
  for (;;) {
    const page = { states, limit: rowsPerLookUp, ...(after === undefined ? {} : { after }) }
    const rows = yield* ledger.effects(page)
    const last = rows.at(-1)
    if (last === undefined) break
    const { found, served } = yield* lookUp(rows)
    const at = yield* Clock.currentTimeMillis
    const changes: Array<Change> = []
    for (const row of served) {
      const judged = judge(report, row, found.get(row.effect.key), at)
      report = judged.report
      if (judged.change !== null) changes.push(judged.change)
    }
    if (!dryRun) yield* record(rows, changes)
    after = last.effect.key
  }
  return dryRun || report.missing.count === 0 ? report : { ...report, resolved: yield* resolve }
})
