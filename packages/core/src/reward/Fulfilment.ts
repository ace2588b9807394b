/**
 * What has to be handed over, given what is available and what is on its way. A pure plan.
 *
 * Promises: at most one live effect per credit and ordinal; an effect that was planned but not sent is undone when its
 * credit goes away or changes; what was begun is never planned again, also where the credit does not show it yet; what was
 * refused by the platform or cancelled by a human is not asked for again by itself; a beneficiary without a shop customer
 * is reported as unfulfillable, not dropped.
 */
import type { CommitmentWithdrawn, RewardCommitted } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { handleAccount, type Credit, type CreditKey } from "../ledger/Credit.ts"
import {
  isCancelled,
  rewardKey,
  shareCodeKey,
  type EffectKey,
  type EffectRow,
  type IssueReward,
  type OpenShareCode,
  type OutboundEffect,
} from "../ledger/OutboundEffect.ts"
import * as HandOver from "../ledger/HandOver.ts"
import * as TakingBack from "./TakingBack.ts"
import { isCurrency } from "../money/Currency.ts"
import * as Share from "../money/Share.ts"
import { recordHandle, type People } from "../person/People.ts"

export interface Plan {
  readonly effects: ReadonlyArray<OutboundEffect>
  readonly undo: ReadonlyArray<EffectKey>
  /** Credits whose beneficiary has no shop customer to give anything to. */
  readonly unfulfillable: ReadonlyArray<CreditKey>
}

/** What of a credit may be handed over now, in minor units. */
export const availableMinor = (credit: Credit): bigint =>
  credit.review === "held"
    ? 0n
    : credit.legs
        .filter(({ account }) => account === handleAccount(credit.beneficiary, "available"))
        .reduce((total, { amountMinor }) => total + amountMinor, 0n)

/**
 * What has been begun beyond what the credit shows as handed over: the credit was evaluated before the commitment was
 * stored, or as at an earlier time.
 */
const unseenMinor = (credit: Credit, known: ReadonlyArray<RewardRow>): bigint => {
  const begunMinor = known
    .filter(({ state }) => state === "sending" || state === "unknown" || state === "confirmed")
    .reduce((total, { effect }) => total + effect.amountMinor, 0n)
  const settledMinor = credit.legs
    .filter(({ account }) => account === handleAccount(credit.beneficiary, "settled"))
    .reduce((total, { amountMinor }) => total + amountMinor, 0n)
  return begunMinor > settledMinor ? begunMinor - settledMinor : 0n
}

/** Plans rewards for every credit with an available amount. `rows` are all effects that exist. */
export const plan = (
  credits: Iterable<Credit>,
  people: People,
  rows: ReadonlyArray<EffectRow>,
  asOf: Instant,
): Plan => {
  const rewards = rows.flatMap((row): ReadonlyArray<RewardRow> =>
    row.effect._tag === "IssueReward" ? [{ ...row, effect: row.effect }] : [],
  )
  const byCredit = Map.groupBy(rewards, ({ effect }) => effect.credit)
  const rowsOf = Map.groupBy(rows, ({ effect }) => ("credit" in effect ? effect.credit : null))
  const effects: Array<OutboundEffect> = []
  const undo: Array<EffectKey> = []
  const unfulfillable: Array<CreditKey> = []
  const wanted = new Set<CreditKey>()
  for (const credit of credits) {
    const known = byCredit.get(credit.key) ?? []
    // Points are kept until somebody redeems them.
    if (!isCurrency(credit.unit)) continue
    const back = TakingBack.plan(credit, rowsOf.get(credit.key) ?? [], asOf)
    effects.push(...back.effects)
    undo.push(...back.undo)
    const amountMinor = availableMinor(credit) - unseenMinor(credit, known)
    if (amountMinor <= 0n) continue
    wanted.add(credit.key)
    const recipient = recordHandle(people, people.personOf(credit.beneficiary), "shopify:customer/")
    if (recipient === null) {
      unfulfillable.push(credit.key)
      continue
    }
    const planned = known.filter(({ state }) => state === "planned")
    const isPlanned = ({ effect }: RewardRow): boolean =>
      effect.amountMinor === amountMinor &&
      effect.recipient === recipient &&
      Share.isSame(effect.share, credit.share) &&
      HandOver.isSame(effect.handOver, credit.handOver)
    if (planned.some(isPlanned)) continue
    // Refused for one customer record, it is tried for another.
    const isRefused = (row: RewardRow): boolean => row.state === "failed" && row.effect.recipient === recipient
    if (known.some((row) => (isRefused(row) || isCancelled(row)) && row.effect.amountMinor === amountMinor)) continue
    undo.push(...planned.map(({ effect }) => effect.key))
    effects.push(
      reward(credit, recipient, amountMinor, 1 + Math.max(0, ...known.map(({ effect }) => effect.ordinal)), asOf),
    )
  }
  for (const [credit, known] of byCredit) {
    if (!wanted.has(credit))
      undo.push(...known.filter(({ state }) => state === "planned").map(({ effect }) => effect.key))
  }
  return { effects, undo, unfulfillable }
}

interface RewardRow extends EffectRow {
  readonly effect: IssueReward
}

const reward = (
  credit: Credit,
  recipient: Handle,
  amountMinor: bigint,
  ordinal: number,
  asOf: Instant,
): IssueReward => ({
  _tag: "IssueReward",
  key: rewardKey(credit.key, ordinal),
  credit: credit.key,
  ordinal,
  beneficiary: credit.beneficiary,
  recipient,
  unit: credit.unit,
  amountMinor,
  terms: credit.terms,
  plannedAt: asOf,
  ...(credit.share === undefined ? {} : { share: credit.share }),
  ...(credit.handOver === undefined ? {} : { handOver: credit.handOver }),
})

/** An advocate's own code, to be opened in the shop for friends. */
export const shareCode = (options: {
  readonly code: string
  readonly owner: Handle
  readonly percent: number
  readonly terms: string
  readonly at: Instant
}): OpenShareCode => ({
  _tag: "OpenShareCode",
  key: shareCodeKey(options.code),
  beneficiary: options.owner,
  terms: options.terms,
  plannedAt: options.at,
  code: options.code,
  percent: options.percent,
})

/** The commitment that sending an effect is. It is dated by the plan, not by the worker that was late. */
export const commitment = (effect: IssueReward): RewardCommitted => ({
  _tag: "RewardCommitted",
  key: Facts.key(`advocacy:commitment/${effect.key}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: effect.plannedAt,
  credit: effect.credit,
  ordinal: effect.ordinal,
  beneficiary: effect.beneficiary,
  unit: effect.unit,
  amountMinor: effect.amountMinor,
  terms: effect.terms,
  ...(effect.share === undefined ? {} : { share: effect.share }),
})

/** The platform said no for good: the commitment never came to anything. */
export const withdrawal = (effect: IssueReward): CommitmentWithdrawn => ({
  _tag: "CommitmentWithdrawn",
  key: Facts.key(`advocacy:withdrawal/${effect.key}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: effect.plannedAt,
  credit: effect.credit,
  ordinal: effect.ordinal,
})
