/**
 * The reference model, part 7: a claim once people have decided and something was handed over. See docs/crediting.md, "What holds"
 * and "After the handing-over".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { committedTo, reviewOf } from "./ModelCommitment.ts"
import type { Commitment, ModelHistory } from "./ModelHistory.ts"
import { isBuyer } from "./ModelPurchase.ts"
import { friendKeyOf, keyOfClaim, type Claim } from "./ModelReferral.ts"
import { aboutThePurchase, standing } from "./ModelVerdict.ts"

export interface Decision {
  readonly claim: Claim
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly review: Credit["review"]
  readonly beneficiary: Handle
  /** Of both sides: what is handed over to one of them fixes the terms of both. */
  readonly committed: ReadonlyArray<Commitment>
}

export const commitmentsOf = (history: ModelHistory, claim: Claim): ReadonlyArray<Commitment> => [
  ...committedTo(history, keyOfClaim(history, claim)),
  ...(claim.mechanic.kind === "referral" ? committedTo(history, friendKeyOf(history, claim)) : []),
]

/** Where the evidence is gone and only the friend was given something there is no advocate. */
export const hasAdvocate = (history: ModelHistory, claim: Claim): boolean =>
  claim.reason !== "no-evidence" || committedTo(history, keyOfClaim(history, claim)).length > 0

export const decide = (history: ModelHistory, claim: Claim): Decision => {
  const { found, mechanic, program, purchase, reason } = claim
  const human = reviewOf(history, keyOfClaim(history, claim))
  const committed = commitmentsOf(history, claim)
  const [own] = committedTo(history, keyOfClaim(history, claim))
  const isCommitted = committed.length > 0
  const beneficiary = own?.beneficiary ?? claim.beneficiary
  const as = (
    outcome: Credit["outcome"],
    why: string | null,
    review: Credit["review"],
    to = beneficiary,
  ): Decision => ({
    claim,
    outcome,
    reason: why,
    review,
    beneficiary: to,
    committed,
  })
  const isTheBuyer = (handle: Handle) => claim.role === "advocate" && isBuyer(history, purchase, handle)
  if (human?.verdict === "reject") return as(isCommitted ? "reversed" : "refused", "rejected", "rejected")
  if (isCommitted) {
    const fallen = standing(purchase) ?? aboutThePurchase(purchase, program, mechanic.qualifies)
    if (fallen !== null) return as("reversed", fallen, "clear")
    if (hasAdvocate(history, claim) && isTheBuyer(beneficiary)) return as("credited", "self-referral", "held")
    // A release from before the handing-over is about what held it then.
    const isReleased =
      human?.verdict === "release" && (found === "held" || committed.every(({ at }) => at <= human.occurredAt))
    return found === "eligible" || isReleased ? as("credited", null, "clear") : as("credited", reason, "held")
  }
  if (found === "refused") return as("refused", reason, "clear")
  const isReleased = human?.verdict === "release" && (reason !== "ambiguous" || human.beneficiary !== null)
  if (found === "held" && !isReleased) return as("held", reason, "held")
  const to = human?.beneficiary ?? beneficiary
  return isTheBuyer(to) ? as("refused", "self-referral", "clear", to) : as("credited", null, "clear", to)
}
