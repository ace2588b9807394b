/**
 * One conversion before one rule: what the rule says of it, and what was decided.
 *
 * A verdict knows rules and evidence only. A decision also knows commitments, human decisions and limits.
 */
import type { Trial } from "../because/Because.ts"
import type { Handle } from "../id/Handle.ts"
import { keyOf, pointsUnit, type Credit, type CreditKey, type Unit } from "../ledger/Credit.ts"
import type { Place, Share } from "../money/Share.ts"
import type { PersonId } from "../person/People.ts"
import type { PointsMechanic } from "../points/Points.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { Touch } from "../referral/Touch.ts"
import type { Reward } from "../reward/Reward.ts"
import type { Commitment } from "./Commitment.ts"
import type { Reason } from "./ConversionCheck.ts"
import type { Program } from "./Program.ts"
import type { ReferralMechanic } from "./Referral.ts"

/** A mechanic that credits conversions; tiers only count them. */
export type CreditingMechanic = ReferralMechanic | PointsMechanic

/** Shares that are kept, in their order by part, and the place of one among those who share what they leave. */
export interface Division extends Place {
  readonly kept: ReadonlyMap<string, Share>
}

export interface Verdict {
  readonly conversion: Conversion
  /** Whose decision it is: the advocate's, or the buyer's own. */
  readonly role: "advocate" | "member"
  /** The code of the evidence where several advocates share, else empty. */
  readonly part: string
  /** Which of how many equal shares, by the evidence. */
  readonly share: Place
  /** Where shares that were committed to are not those of the evidence any more; see `Sharing`. */
  readonly division?: Division
  readonly outcome: "eligible" | "refused" | "held"
  readonly reason: Reason | null
  /** The touch that decided; for an ambiguous conversion the first of those that compete; null where none is asked for. */
  readonly touch: Touch | null
  /** Whom the evidence names; null when nobody, or several. */
  readonly advocate: PersonId | null
  /** The handle that would earn. */
  readonly beneficiary: Handle
  readonly trials: ReadonlyArray<Trial>
  /** What soft fraud detection looks at later: whether the buyer was new. */
  readonly newBuyer: boolean
  /** The reward of a recurring credit, where it is one. */
  readonly recurring: Reward | null
}

/** A conversion under the terms and the mechanic that judge it, with one verdict for each who may earn. */
export interface Judged {
  readonly program: Program
  readonly mechanic: CreditingMechanic
  readonly conversion: Conversion
  readonly verdicts: ReadonlyArray<Verdict>
}

export interface Case {
  readonly program: Program
  readonly mechanic: CreditingMechanic
  readonly verdict: Verdict
}

export interface Settled extends Case {
  readonly outcome: Credit["outcome"]
  readonly reason: Reason | null
  readonly review: Credit["review"]
  readonly beneficiary: Handle
  readonly trials: ReadonlyArray<Trial>
  readonly committed: ReadonlyArray<Commitment>
  /** What the main role gets, before what humans took back; 0 unless credited. */
  readonly amountMinor: bigint
  /** What a commitment to it would keep, where it is a share. */
  readonly share: Share | null
}

export const creditKey = (
  program: string,
  mechanic: { readonly rule: string },
  cause: string,
  role: Credit["role"],
  part = "",
): CreditKey => keyOf({ program, rule: mechanic.rule, cause, role, part })

export const keyOfCase = ({ mechanic, program, verdict }: Case, role: Credit["role"] = verdict.role): CreditKey =>
  creditKey(program.name, mechanic, verdict.conversion.cause, role, role === "friend" ? "" : verdict.part)

/** What a reward is counted in. */
export const unitOf = (program: Program, reward: Reward): Unit =>
  reward.kind === "points" ? pointsUnit(program.name) : (program.currency as string as Unit)

/** The reward of a role after qualification; null where there is none, or where the shop gives it at the checkout. */
export const laterReward = (
  mechanic: ReferralMechanic,
  role: Credit["role"],
  recurring: Reward | null,
): Exclude<Reward, { readonly kind: "checkout-discount" }> | null => {
  const reward =
    role === "advocate"
      ? (recurring ?? mechanic.advocate)
      : role === "friend" && recurring === null
        ? mechanic.friend
        : null
  return reward === null || reward.kind === "checkout-discount" ? null : reward
}
