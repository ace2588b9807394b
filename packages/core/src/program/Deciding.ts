/**
 * Applies commitments and human decisions to one verdict, before limits.
 *
 * A commitment keeps its beneficiary and terms, and falls only by its own refund or cancellation or by a human decision. What
 * later evidence or a merge reveals about it is for a human, never for the machine to take back.
 */
import { failed, noted, type Trial } from "../because/Because.ts"
import type { ReviewDecided } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso } from "../id/Instant.ts"
import { keyOfCase, type Case, type Settled } from "./Case.ts"
import type { Commitment } from "./Commitment.ts"
import type { History } from "./History.ts"
import { ownCause } from "./ReferralVerdict.ts"

export type Decided = Omit<Settled, "amountMinor" | "share">
type Undecided = Omit<Decided, "outcome" | "reason" | "review">

export const saidBy = (human: ReviewDecided | undefined): ReadonlyArray<Trial> =>
  human === undefined
    ? []
    : [noted("human decision", { verdict: human.verdict, by: human.by, reason: human.reason, shownBy: human.key })]

/** The commitments that a case stands by: its own, and those to the friend of the same conversion. */
export const commitmentsTo = (history: History, one: Case): ReadonlyArray<Commitment> => [
  ...history.commitments.of(keyOfCase(one)),
  ...(one.mechanic.kind === "referral" ? history.commitments.of(keyOfCase(one, "friend")) : []),
]

export const decide = (history: History, one: Case): Decided => {
  const key = keyOfCase(one)
  const committed = commitmentsTo(history, one)
  const review = history.reviews.get(key)
  const beneficiary = history.commitments.of(key)[0]?.beneficiary ?? one.verdict.beneficiary
  const base = { ...one, committed, beneficiary, trials: [...one.verdict.trials, ...saidBy(review)] }
  if (review?.verdict === "reject") {
    return {
      ...base,
      outcome: committed.length > 0 ? "reversed" : "refused",
      reason: "rejected",
      review: "rejected",
    }
  }
  return committed.length > 0 ? decideCommitted(history, base, review) : decideFresh(history, base, review)
}

const isBuyer = (history: History, handle: Handle, { verdict }: Case): boolean =>
  verdict.role === "advocate" &&
  verdict.conversion.friends.some((friend) => history.people.personOf(friend) === history.people.personOf(handle))

/** Where the evidence has gone and only the friend was committed to, there is no advocate. */
export const hasAdvocate = (history: History, one: Case): boolean =>
  one.verdict.reason !== "no-evidence" || history.commitments.all.has(keyOfCase(one))

const decideCommitted = (history: History, one: Undecided, review: ReviewDecided | undefined): Decided => {
  const { committed, mechanic, program, verdict } = one
  const committedAt = Math.max(...committed.map(({ occurredAt }) => occurredAt))
  const own = ownCause(program.currency, mechanic, verdict.conversion)
  const trials = [
    ...one.trials,
    noted("commitment keeps terms and beneficiary", { since: toIso(committed[0]?.occurredAt ?? 0) }),
    ...(verdict.outcome === "eligible" ? [] : own.trials),
  ]
  if (own.reason !== null) return { ...one, outcome: "reversed", reason: own.reason, review: "clear", trials }
  if (hasAdvocate(history, one) && isBuyer(history, one.beneficiary, one))
    return { ...one, outcome: "credited", reason: "self-referral", review: "held", trials }
  // A release before the commitment was about what held it then; only one after it is about what refuses it now.
  const released = review?.verdict === "release" && (verdict.outcome === "held" || review.occurredAt >= committedAt)
  if (verdict.outcome === "eligible" || released)
    return { ...one, outcome: "credited", reason: null, review: "clear", trials }
  return { ...one, outcome: "credited", reason: verdict.reason, review: "held", trials }
}

const decideFresh = (history: History, one: Undecided, review: ReviewDecided | undefined): Decided => {
  const { trials, verdict } = one
  if (verdict.outcome === "refused") return { ...one, outcome: "refused", reason: verdict.reason, review: "clear" }
  const isReleased = review?.verdict === "release" && (verdict.reason !== "ambiguous" || review.beneficiary !== null)
  if (verdict.outcome === "held" && !isReleased)
    return { ...one, outcome: "held", reason: verdict.reason, review: "held" }
  const beneficiary = review?.beneficiary ?? one.beneficiary
  if (isBuyer(history, beneficiary, one)) {
    return {
      ...one,
      beneficiary,
      outcome: "refused",
      reason: "self-referral",
      review: "clear",
      trials: [...trials, failed("not a self-referral", { named: beneficiary })],
    }
  }
  return { ...one, beneficiary, outcome: "credited", reason: null, review: "clear" }
}
