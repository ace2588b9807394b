/**
 * The reference model, part 13: where the value of each credit lies, and who pays whose debt. See docs/crediting.md, "Time" and
 * "Debts".
 */
import { sum } from "./ModelCommitment.ts"
import type { ModelCredit } from "./ModelCredit.ts"
import { inOrder, personOf, type ModelHistory } from "./ModelHistory.ts"

export interface Sheet {
  readonly credit: ModelCredit
  readonly legs: ReadonlyArray<{ readonly account: string; readonly amountMinor: bigint }>
}

/** A credit with what nobody took of it; below zero it is owed. */
interface Open {
  readonly credit: ModelCredit
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

/** Everything of one person in one unit, in time: what is earned pays the oldest debt, what falls takes what lies open then. */
const repay = (own: ReadonlyArray<Open>): void => {
  const events = own
    .filter(({ credit, openMinor }) => openMinor < 0n || (openMinor > 0n && credit.review !== "held"))
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
    const open = before
      .filter((other) => !other.owes && (other.one.credit.expiresAt === null || other.one.credit.expiresAt > at))
      .map((other) => other.one)
    const isPending = ({ credit: { maturesAt } }: Open) => maturesAt === null || maturesAt > at
    for (const payer of [...open.filter(isPending), ...open.filter((other) => !isPending(other))]) pay(payer, one)
  })
}

const placeOf = ({ asOf }: ModelHistory, { expiresAt, maturesAt }: ModelCredit): string =>
  expiresAt !== null && expiresAt <= asOf
    ? "expired"
    : maturesAt !== null && maturesAt <= asOf
      ? "available"
      : "pending"

const legsOf = (history: ModelHistory, { credit, openMinor, paysMinor }: Open): Sheet["legs"] => {
  const { amountMinor, beneficiary, from, taken } = credit
  const into = (account: string) => sum(taken.filter((one) => one.into === account))
  return [
    { account: `program:${history.program}#granted`, amountMinor: sum(from) - amountMinor },
    ...from.map((lot) => ({ account: `${lot.beneficiary}#transferred`, amountMinor: -lot.amountMinor })),
    { account: `${beneficiary}#settled`, amountMinor: into("settled") },
    { account: `${beneficiary}#transferred`, amountMinor: into("transferred") },
    { account: `${beneficiary}#repaid`, amountMinor: paysMinor },
    { account: `${beneficiary}#${openMinor < 0n ? "debt" : placeOf(history, credit)}`, amountMinor: openMinor },
  ]
}

export const sheets = (history: ModelHistory, credits: Iterable<ModelCredit>): ReadonlyArray<Sheet> => {
  const open = [...credits].map((credit): Open => ({
    credit,
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
