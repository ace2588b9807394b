/**
 * What was handed over and is owed back whole, to be taken back where the program says so. A pure plan.
 *
 * Promises: only what a platform confirmed and still shows, only the whole of one handing-over, the last one first, and never more than the
 * credit owes now; each at most once; what a platform refused to give back is not asked for again by itself. It never touches what
 * is owed in part: that is a debt, which later earnings pay.
 */
import type { CommitmentWithdrawn } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import { handleAccount, type Credit } from "../ledger/Credit.ts"
import type { Change } from "../ledger/Outbox.ts"
import {
  takeBackKey,
  takenBackNote,
  type EffectKey,
  type EffectRow,
  type IssueReward,
  type TakeBack,
} from "../ledger/OutboundEffect.ts"

/** What somebody owes of a credit and nothing has paid yet. */
export const owedMinor = (credit: Credit): bigint =>
  -credit.legs
    .filter(({ account }) => account === handleAccount(credit.beneficiary, "debt"))
    .reduce((total, { amountMinor }) => total + amountMinor, 0n)

export interface TakingBackPlan {
  readonly effects: ReadonlyArray<TakeBack>
  readonly undo: ReadonlyArray<EffectKey>
}

interface RewardRow extends EffectRow {
  readonly effect: IssueReward
}

/** What to take back of one credit. `rows` are all its effects. */
export const plan = (credit: Credit, rows: ReadonlyArray<EffectRow>, asOf: Instant): TakingBackPlan => {
  const takeBacks = new Map(
    rows.flatMap((row) => (row.effect._tag === "TakeBack" ? [[row.effect.key, row] as const] : [])),
  )
  const given = rows
    .flatMap((row): ReadonlyArray<RewardRow> =>
      row.effect._tag === "IssueReward" && row.effect.handOver?.takeBack === true && row.state === "confirmed"
        ? [{ ...row, effect: row.effect }]
        : [],
    )
    .sort((left, right) => right.effect.ordinal - left.effect.ordinal)
  let owed = credit.review === "held" ? 0n : owedMinor(credit)
  const effects: Array<TakeBack> = []
  const undo: Array<EffectKey> = []
  for (const row of given) {
    const known = takeBacks.get(takeBackKey(row.effect.key))
    const isOwed = row.goneAt === null && row.note !== null && row.effect.amountMinor <= owed
    if (isOwed) owed -= row.effect.amountMinor
    if (known?.state === "planned" && !isOwed) undo.push(known.effect.key)
    if (isOwed && (known === undefined || (known.state === "undone" && known.note === null)))
      effects.push(effectOf(row, row.note ?? "", asOf))
  }
  return { effects, undo }
}

const effectOf = ({ attempts, effect }: RewardRow, reference: string, asOf: Instant): TakeBack => ({
  _tag: "TakeBack",
  key: takeBackKey(effect.key),
  beneficiary: effect.beneficiary,
  terms: effect.terms,
  plannedAt: asOf,
  credit: effect.credit,
  ordinal: effect.ordinal,
  recipient: effect.recipient,
  reward: effect,
  reference,
  attempt: attempts,
})

/** The handing-over is undone: its commitment has come to nothing. */
export const withdrawalOf = (effect: TakeBack): CommitmentWithdrawn => ({
  _tag: "CommitmentWithdrawn",
  key: Facts.key(`advocacy:withdrawal/${effect.reward.key}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: effect.plannedAt,
  credit: effect.credit,
  ordinal: effect.ordinal,
})

/** What becomes of the reward's own effect. */
export const undoing = (effect: TakeBack): Change => ({
  key: effect.reward.key,
  attempt: effect.attempt,
  to: "undone",
  dueAt: null,
  note: takenBackNote,
})
