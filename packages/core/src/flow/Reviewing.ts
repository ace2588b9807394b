/**
 * A human's word about a credit that was held: release it, or reject it.
 *
 * Promises: who decided and why is a fact; deciding the same twice is one fact; the last decision counts. What is not held is
 * decided about only where it was handed over already, or where the human insists; a decision that would change nothing is
 * refused with what to do instead. A rejection of what was handed over makes a debt, never silence.
 */
import { Effect, Result } from "effect"
import type { ReviewDecided } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import { sha256Hex } from "../id/Digest.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import { evaluate } from "../program/Evaluation.ts"
import { candidatesFor, decidedWith, waiting, type Waiting } from "../program/ReviewQueue.ts"
import { type CommandReason, NeedsBeneficiary, NotHeld, UnknownCredit } from "./CommandError.ts"
import { carryOut, type CommandingError, type CommandingNeeds, type Done, type Situation } from "./Commanding.ts"
import * as Crediting from "./Crediting.ts"

export interface Review {
  readonly program: string
  readonly credit: string
  readonly verdict: "release" | "reject"
  /** Who shall have it, where the evidence names several. */
  readonly beneficiary?: Handle | undefined
  readonly by: string
  readonly reason: string
  /** Decide although it is not held: reject what was granted, or take an earlier decision back. */
  readonly force?: boolean | undefined
  readonly asOf: Instant
}

/** Everything that waits for a human at a time. */
export const queue = Effect.fn("Reviewing.queue")(function* (program: string, asOf: Instant) {
  const facts = yield* Crediting.factsAt(asOf)
  return waiting(facts, evaluate(facts, program, asOf)) satisfies ReadonlyArray<Waiting>
})

const standingOf = ({ outcome, reason, review }: Credit): string =>
  [outcome, ...(reason === null ? [] : [`(${reason})`]), ...(review === "clear" ? [] : [`and ${review}`])].join(" ")

/** What says why this decision cannot be made; null where it can. */
const objection = (asked: Review, credit: Credit, situation: Situation): CommandReason | null => {
  const { evaluation } = situation
  const refused = (remedy: string): NotHeld => new NotHeld({ credit: credit.key, standing: standingOf(credit), remedy })
  const main = decidedWith(evaluation, credit)
  if (main !== null) return refused(`decide about the advocate's, which decides both: '${main.key}'`)
  if (credit.review === "held") {
    if (asked.verdict === "reject" || credit.reason !== "ambiguous") return null
    const candidates = candidatesFor(evaluation, credit)
    const { personOf } = evaluation.history.people
    const { beneficiary } = asked
    const isNamed =
      beneficiary !== undefined && candidates.some((candidate) => personOf(candidate) === personOf(beneficiary))
    return isNamed || (beneficiary !== undefined && asked.force === true)
      ? null
      : new NeedsBeneficiary({ credit: credit.key, candidates })
  }
  const isCommitted = evaluation.history.commitments.of(credit.key).length > 0
  if (isCommitted || asked.force === true) return null
  return refused(
    credit.outcome === "refused" && credit.review === "clear"
      ? "rules refused it, and no decision grants it: `advocacy adjust` gives something by hand"
      : "add --force to decide all the same",
  )
}

const factOf = (asked: Review, at: Instant, before: ReviewDecided | undefined): ReviewDecided => ({
  _tag: "ReviewDecided",
  key: Facts.key(
    `advocacy:review/${sha256Hex(`${asked.credit}\n${asked.verdict}\n${asked.beneficiary ?? ""}\n${before?.key ?? ""}`).slice(0, 40)}`,
  ),
  version: 0,
  rank: Facts.rank.own,
  // The last decision counts, so it comes after the one before also where clocks disagree.
  occurredAt: before === undefined ? at : Math.max(at, before.occurredAt + 1),
  credit: asked.credit,
  verdict: asked.verdict,
  beneficiary: asked.beneficiary ?? null,
  by: asked.by,
  reason: asked.reason,
})

const isSame = (asked: Review, before: ReviewDecided | undefined): before is ReviewDecided =>
  before !== undefined && before.verdict === asked.verdict && before.beneficiary === (asked.beneficiary ?? null)

const decide = (asked: Review, situation: Situation): Result.Result<ReviewDecided, CommandReason> => {
  const { at, evaluation, facts } = situation
  const credit = evaluation.credits.get(asked.credit as CreditKey)
  if (credit === undefined) return Result.fail(new UnknownCredit({ credit: asked.credit }))
  const cannot = objection(asked, credit, situation)
  if (cannot !== null) return Result.fail(cannot)
  const fact = factOf(asked, at, evaluation.history.reviews.get(asked.credit))
  const then = evaluate([...facts, fact], asked.program, fact.occurredAt).credits.get(credit.key)
  const isIdle =
    then === undefined ||
    (then.review === credit.review && then.outcome === credit.outcome && then.beneficiary === credit.beneficiary)
  return isIdle
    ? Result.fail(
        new NotHeld({
          credit: credit.key,
          standing: standingOf(credit),
          remedy: "this decision would change nothing: `advocacy adjust` gives or takes by hand",
        }),
      )
    : Result.succeed(fact)
}

/** Decides about one credit, and posts what follows. */
export const review: (asked: Review) => Effect.Effect<Done<ReviewDecided>, CommandingError, CommandingNeeds> =
  Effect.fn("Reviewing.review")(function* (asked: Review) {
    const facts = yield* Crediting.factsAt(asked.asOf)
    const { credits } = evaluate(facts, asked.program, asked.asOf)
    const credit = credits.get(asked.credit as CreditKey)
    return yield* carryOut({
      program: asked.program,
      asOf: asked.asOf,
      people: credit === undefined ? [] : [credit.beneficiary, ...(asked.beneficiary ? [asked.beneficiary] : [])],
      key: Facts.key(`advocacy:review/${sha256Hex(asked.credit).slice(0, 40)}`),
      recorded: ({ evaluation }) => {
        const before = evaluation.history.reviews.get(asked.credit)
        const isHeld = evaluation.credits.get(asked.credit as CreditKey)?.review === "held"
        return Result.succeed(isSame(asked, before) && !isHeld ? before : null)
      },
      decide: (situation) => decide(asked, situation),
    })
  })
