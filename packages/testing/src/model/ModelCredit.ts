/**
 * The reference model, part 9: what a credit is before its legs, and how one is drawn up. See docs/crediting.md, "Amounts" and "Time".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Share } from "@advocacy-kit/core/money/Share"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { Reward } from "@advocacy-kit/core/reward/Reward"
import type { Commitment } from "./ModelHistory.ts"
import { rounded } from "./ModelPurchase.ts"
import type { Claim } from "./ModelReferral.ts"

export interface ModelCredit {
  readonly key: string
  readonly at: Instant
  readonly beneficiary: Handle
  readonly unit: string
  /** What it is worth: 0 unless it is credited or recorded; the number of a tier. */
  readonly amountMinor: bigint
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly review: Credit["review"]
  readonly terms: string
  /** What handing it over keeps, where advocates share. */
  readonly share?: Share
  /** When it becomes available; null for never, as long as it is not paid. */
  readonly maturesAt: Instant | null
  readonly expiresAt: Instant | null
  /** What was handed over and taken of it, in its unit. */
  readonly taken: ReadonlyArray<Pick<Commitment, "into" | "amountMinor">>
  /** Accounts that it comes from, where it does not come from the program. */
  readonly from: ReadonlyArray<{ readonly beneficiary: Handle; readonly amountMinor: bigint }>
  /** When something has to come back, since when. */
  readonly fellAt: Instant
  /** Tiers have no postings. */
  readonly isTier: boolean
}

/** What a reward is worth for what the buyer keeps. */
export const worth = (reward: Reward, netMinor: bigint, program: Program): bigint => {
  if (netMinor === 0n || reward.kind === "checkout-discount") return 0n
  if (reward.kind === "points") return BigInt(reward.points)
  return "amount" in reward
    ? fromDecimal(reward.amount, program.currency).amountMinor
    : rounded(netMinor, BigInt(reward.percent), 100n)
}

export const unitOf = (reward: Reward, program: Program): string =>
  reward.kind === "points" ? `points:${program.name}` : program.currency

/** The reward that a role gets later; what is given at the checkout is none. */
export const laterReward = (claim: Claim, role: "advocate" | "friend"): Reward | null => {
  const { again, mechanic } = claim
  if (mechanic.kind === "points") return null
  const reward = role === "advocate" ? (again ?? mechanic.advocate) : again === null ? mechanic.friend : null
  return reward?.kind === "checkout-discount" ? null : reward
}
