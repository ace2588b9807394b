/**
 * The reference model, part 13: where the value of each credit lies, and who pays whose debt. See docs/crediting.md, "Time", "Debts"
 * and "Erasure".
 */
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { sum } from "./ModelCommitment.ts"
import type { ModelCredit } from "./ModelCredit.ts"
import { erasedAt, inOrder, personOf, type ModelHistory } from "./ModelHistory.ts"

export interface Sheet {
  readonly credit: ModelCredit
  readonly legs: ReadonlyArray<{ readonly account: string; readonly amountMinor: bigint }>
}

/** A credit with what nobody took of it; below zero it is owed. */
interface Open {
  readonly credit: ModelCredit
  /** Since when what lies open is forfeited; null where its person was not erased, or it had expired. */
  readonly forfeitedAt: Instant | null
  openMinor: bigint
  /** What it pays of other debts; below zero what others pay of its own. */
  paysMinor: bigint
}

const least = (left: bigint, right: bigint): bigint => (left < right ? left : right)

const pay = (payer: Open, debt: Open): void => {
  const paid = least(payer.openMinor, -debt.openMinor)
  payer.openMinor -= paid
  payer.paysMinor += paid
  debt.openMinor += paid
  debt.paysMinor -= paid
}

/** From when on it pays nothing more. */
const endOf = ({ credit: { expiresAt }, forfeitedAt }: Open): Instant => forfeitedAt ?? expiresAt ?? Infinity

/** Everything of one person in one unit, in time: what is earned pays the oldest debt, what falls takes what lies open then. */
const repay = (own: ReadonlyArray<Open>): void => {
  const events = own
    .filter(({ credit, openMinor }) => openMinor < 0n || (openMinor > 0n && credit.review !== "held"))
    .filter(({ credit, forfeitedAt, openMinor }) => openMinor < 0n || forfeitedAt === null || credit.at < forfeitedAt)
    .map((one) => ({
      one,
      owes: one.openMinor < 0n,
      at: one.openMinor < 0n ? one.credit.fellAt : one.credit.at,
      key: one.credit.key,
    }))
    .sort((a, b) => a.at - b.at || Number(a.owes) - Number(b.owes) || inOrder(a, b))
  events.forEach(({ at, one, owes }, place) => {
    const before = events.slice(0, place)
    if (!owes) {
      for (const debt of before.filter((other) => other.owes)) pay(one, debt.one)
      return
    }
    const open = before.filter((other) => !other.owes && endOf(other.one) > at).map((other) => other.one)
    const isPending = ({ credit: { maturesAt } }: Open) => maturesAt === null || maturesAt > at
    for (const payer of [...open.filter(isPending), ...open.filter((other) => !isPending(other))]) pay(payer, one)
  })
}

const placeOf = ({ asOf }: ModelHistory, { credit: { expiresAt, maturesAt }, forfeitedAt }: Open): string => {
  if (forfeitedAt !== null) return "forfeited"
  if (expiresAt !== null && expiresAt <= asOf) return "expired"
  return maturesAt !== null && maturesAt <= asOf ? "available" : "pending"
}

const forfeitedSince = (history: ModelHistory, { beneficiary, expiresAt }: ModelCredit): Instant | null => {
  const at = erasedAt(history, beneficiary)
  return at === null || (expiresAt !== null && expiresAt <= at) ? null : at
}

const legsOf = (history: ModelHistory, open: Open): Sheet["legs"] => {
  const { credit, openMinor, paysMinor } = open
  const { amountMinor, beneficiary, from, taken } = credit
  const into = (account: string) => sum(taken.filter((one) => one.into === account))
  return [
    { account: `program:${history.program}#granted`, amountMinor: sum(from) - amountMinor },
    ...from.map((lot) => ({ account: `${lot.beneficiary}#transferred`, amountMinor: -lot.amountMinor })),
    { account: `${beneficiary}#settled`, amountMinor: into("settled") },
    { account: `${beneficiary}#transferred`, amountMinor: into("transferred") },
    { account: `${beneficiary}#repaid`, amountMinor: paysMinor },
    { account: `${beneficiary}#${openMinor < 0n ? "debt" : placeOf(history, open)}`, amountMinor: openMinor },
  ]
}

export const sheets = (history: ModelHistory, credits: Iterable<ModelCredit>): ReadonlyArray<Sheet> => {
  const open = [...credits].map((credit): Open => ({
    credit,
    forfeitedAt: forfeitedSince(history, credit),
    openMinor: credit.amountMinor - sum(credit.taken),
    paysMinor: 0n,
  }))
  const purses = Map.groupBy(
    open.filter(({ credit }) => !credit.isTier),
    ({ credit }) => `${credit.unit} ${personOf(history, credit.beneficiary)}`,
  )
  for (const own of purses.values()) repay(own)
  return open.map((one) => ({ credit: one.credit, legs: one.credit.isTier ? [] : legsOf(history, one) }))
}
