/**
 * Bringing a version of a program into force, and correcting the past: first what it would do, then doing it.
 *
 * Promises: a proposal writes nothing; a publication never reaches back (an earlier time is refused: that is a correction);
 * publishing what is in force already writes nothing. A correction names who reviewed it and why, and lies wholly in the past.
 */
import { Effect, Schema } from "effect"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { days, toIso, type Instant } from "../id/Instant.ts"
import { partsOf } from "../ledger/Credit.ts"
import { compare, type Comparison } from "../program/Comparison.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import { maturitiesOf } from "../program/LiabilityCurve.ts"
import { correction, publication, versions, type Program } from "../program/Program.ts"
import { diff, type Change } from "../program/ProgramDiff.ts"
import { underCandidate } from "../program/ReplayHistory.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { publicationWarnings } from "./PublicationWarnings.ts"

/** A version would reach back: what was bought before now keeps its terms. */
export class ReachesBack extends Schema.TaggedError<ReachesBack>()("ReachesBack", {
  from: Schema.Int,
  now: Schema.Int,
}) {
  readonly isRetryable = false
  override get message(): string {
    return `a publication cannot take effect at ${toIso(this.from)}, which is before now (${toIso(this.now)}): publish from now on, or correct the past with \`advocacy program correct\``
  }
}

/** A correction that is not of the past, is empty, or names no reviewer or reason. */
export class NotACorrection extends Schema.TaggedError<NotACorrection>()("NotACorrection", { problem: Schema.String }) {
  readonly isRetryable = false
  override get message(): string {
    return this.problem
  }
}

export class PublishingError extends Schema.TaggedError<PublishingError>()("PublishingError", {
  reason: Schema.Union([ReachesBack, NotACorrection]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return this.reason.message
  }
}

/** What somebody has reviewed, of a span of the past. */
export interface Reviewed {
  readonly from: Instant
  /** The first moment that is not corrected any more. */
  readonly until: Instant
  /** When it was decided. */
  readonly at: Instant
  /** Who reviewed it: a name within the company, never a personal address. */
  readonly by: string
  readonly reason: string
}

/** A version of a program and when it came into force. */
export interface Version {
  readonly from: Instant
  readonly program: Program
}

/** What handles' ledger accounts hold. */
export type Open = ReturnType<typeof maturitiesOf>

export interface PublicationProposal {
  readonly program: Program
  readonly from: Instant
  readonly asOf: Instant
  /** The version in force at `from` without this publication; null when there is none. */
  readonly inForce: Version | null
  /** It is in force at `from` already: publishing it does nothing. */
  readonly isInForce: boolean
  readonly changes: ReadonlyArray<Change>
  /** Decisions about what has happened, without and with it; none should differ. */
  readonly standing: Comparison
  readonly open: { readonly before: Open; readonly after: Open }
  /** The last days under the version in force and under this one, each as if it had always been in force. */
  readonly replayed: { readonly days: number; readonly comparison: Comparison } | null
  readonly warnings: ReadonlyArray<string>
}

/** The version in force at a moment. */
export const inForceAt = (facts: ReadonlyArray<Fact>, name: string, at: Instant): Version | null =>
  versions(facts, name).findLast(({ from }) => from <= at) ?? null

const replayedDays = 365

/** What publishing `program` from `from` on would do. `facts` are all that is stored, those of the future too. */
export const proposePublication = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  { asOf, from }: { readonly asOf: Instant; readonly from: Instant },
): PublicationProposal => {
  const past = facts.filter(({ occurredAt }) => occurredAt <= asOf)
  const inForce = inForceAt(facts, program.name, from)
  const at = Math.max(asOf, from)
  // Decisions that stand change at the earliest when it takes effect, so both sides are read there.
  const before = evaluate(facts, program.name, at)
  const after = evaluate([...facts, publication(program, from)], program.name, at)
  const underOne = (one: Program): Evaluation => evaluate(underCandidate(past, one).facts, program.name, asOf)
  return {
    program,
    from,
    asOf,
    inForce,
    isInForce: inForce?.program.hash === program.hash,
    changes: inForce === null ? [] : diff(inForce.program, program),
    standing: compare(before, after),
    open: { before: maturitiesOf(before), after: maturitiesOf(after) },
    replayed:
      inForce === null
        ? null
        : {
            days: replayedDays,
            comparison: compare(underOne(inForce.program), underOne(program), asOf - days(replayedDays)),
          },
    warnings: publicationWarnings(facts, program, { from, inForce: inForce?.program ?? null }),
  }
}

/** Publishes; answers false where that version is in force already, and nothing was written. */
export const publish = Effect.fn("Publishing.publish")(function* (
  facts: ReadonlyArray<Fact>,
  program: Program,
  { asOf, from }: { readonly asOf: Instant; readonly from: Instant },
): Effect.fn.Return<boolean, PublishingError | FactLogError, FactLog | CurrentTenant> {
  if (from < asOf) return yield* new PublishingError({ reason: new ReachesBack({ from, now: asOf }) })
  if (inForceAt(facts, program.name, from)?.program.hash === program.hash) return false
  const log = yield* FactLog
  yield* log.append({ facts: [publication(program, from)], personal: [] })
  return true
})

export interface CorrectionProposal {
  readonly program: Program
  readonly reviewed: Reviewed
  /** By version that is in force somewhere in the span: what this one changes. */
  readonly replaces: ReadonlyArray<{ readonly version: Version; readonly changes: ReadonlyArray<Change> }>
  /** Every decision that changes, also outside the span, where a limit moves. */
  readonly comparison: Comparison
  readonly open: { readonly before: Open; readonly after: Open }
  /** Conversions of the span whose reward was committed: they keep their terms. */
  readonly kept: number
}

const objectionTo = ({ at, by, from, reason, until }: Reviewed): string | null => {
  if (from >= until) return `the span from ${toIso(from)} until ${toIso(until)} is empty: --from must be before --until`
  if (until > at)
    return `a correction lies in the past, and ${toIso(until)} is after now (${toIso(at)}): publish what is to come`
  if (by.trim() === "") return "a correction names who reviewed it: give --by"
  return reason.trim() === "" ? "a correction says why: give --reason" : null
}

/** What correcting a span of the past would do, or why it is no correction. */
export const proposeCorrection = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  reviewed: Reviewed,
): Effect.Effect<CorrectionProposal, PublishingError> =>
  Effect.suspend(() => {
    const problem = objectionTo(reviewed)
    if (problem !== null) return Effect.fail(new PublishingError({ reason: new NotACorrection({ problem }) }))
    const { at, from, until } = reviewed
    const before = evaluate(facts, program.name, at)
    const after = evaluate([...facts, correction(program, reviewed)], program.name, at)
    const all = versions(facts, program.name)
    const replaced = all.filter(
      (version, index) => version.from < until && (all[index + 1]?.from ?? Number.MAX_SAFE_INTEGER) > from,
    )
    const committed = new Set([...before.history.commitments.all.keys()].map((key) => partsOf(key)?.cause))
    const kept = before.history.conversions.filter(
      (conversion) => conversion.at >= from && conversion.at < until && committed.has(conversion.cause),
    )
    return Effect.succeed({
      program,
      reviewed,
      replaces: replaced.map((version) => ({ version, changes: diff(version.program, program) })),
      comparison: compare(before, after),
      open: { before: maturitiesOf(before), after: maturitiesOf(after) },
      kept: kept.length,
    })
  })

/** Records a correction that was proposed and reviewed. */
export const correct = Effect.fn("Publishing.correct")(function* (
  program: Program,
  reviewed: Reviewed,
): Effect.fn.Return<void, PublishingError | FactLogError, FactLog | CurrentTenant> {
  const problem = objectionTo(reviewed)
  if (problem !== null) return yield* new PublishingError({ reason: new NotACorrection({ problem }) })
  const log = yield* FactLog
  yield* log.append({ facts: [correction(program, reviewed)], personal: [] })
})
