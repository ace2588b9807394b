/**
 * What a person has: balances by unit and maturity, the lots that are open with their expiry, and what they owe.
 *
 * It sums what an evaluation says; nothing here decides. Units never add.
 */
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Maturity, type Account, type Credit, type CreditKey, type Unit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import { openLots, totalMinor, type OpenLot } from "../points/Lots.ts"
import type { Evaluation } from "./Evaluation.ts"

/** What is not available yet. */
export interface PendingLot {
  readonly credit: CreditKey
  readonly at: Instant
  readonly amountMinor: bigint
  /** When its hold ends; null where something else than time is waited for: payment, or a human. */
  readonly dueAt: Instant | null
  readonly review: Credit["review"]
}

export interface Holding {
  readonly unit: Unit
  /** By maturity, without zeros; a debt is below zero. */
  readonly balances: Readonly<Partial<Record<Maturity, bigint>>>
  readonly availableMinor: bigint
  readonly pendingMinor: bigint
  /** What is owed to us, not below zero. */
  readonly debtMinor: bigint
  /** In the order in which they are taken. */
  readonly lots: ReadonlyArray<OpenLot>
  readonly pending: ReadonlyArray<PendingLot>
}

/** The handle and the maturity of a ledger account; null for the program's own. */
const placeOf = (account: Account): readonly [Handle, Maturity] | null => {
  const cut = account.lastIndexOf("#")
  const maturity = Maturity.literals.find((one) => one === account.slice(cut + 1))
  return maturity === undefined ? null : [account.slice(0, cut) as Handle, maturity]
}

const pendingOf = (credit: Credit, asOf: Instant): ReadonlyArray<PendingLot> => {
  const isHeld = credit.review === "held"
  return credit.legs.flatMap(({ account, amountMinor }) => {
    const place = placeOf(account)
    if (place === null || place[0] !== credit.beneficiary) return []
    if (place[1] !== "pending" && !(isHeld && place[1] === "available")) return []
    const dueAt = !isHeld && credit.nextDueAt !== null && credit.nextDueAt > asOf ? credit.nextDueAt : null
    return [{ credit: credit.key, at: credit.at, amountMinor, dueAt, review: credit.review }]
  })
}

type Balances = Partial<Record<Maturity, bigint>>

/** Balances of a person by unit; a transfer to somebody else closes in the other's credit. */
const balancesOf = ({ credits, history }: Evaluation, person: PersonId): ReadonlyMap<Unit, Balances> => {
  const byUnit = new Map<Unit, Balances>()
  for (const { legs, unit } of credits.values())
    for (const { account, amountMinor } of legs) {
      const place = placeOf(account)
      if (place === null || history.people.personOf(place[0]) !== person) continue
      const balances = byUnit.get(unit) ?? {}
      balances[place[1]] = (balances[place[1]] ?? 0n) + amountMinor
      byUnit.set(unit, balances)
    }
  for (const balances of byUnit.values())
    for (const maturity of Maturity.literals) if (balances[maturity] === 0n) delete balances[maturity]
  return byUnit
}

/** The holdings of the person behind a handle in every unit that they have or had something in, in order of unit. */
export const holdingsOf = (evaluation: Evaluation, handle: Handle): ReadonlyArray<Holding> => {
  const { people } = evaluation.history
  const person = people.personOf(handle)
  const mine = [...evaluation.credits.values()].filter(
    ({ beneficiary, unit }) => !unit.startsWith("tier:") && people.personOf(beneficiary) === person,
  )
  const byUnit = balancesOf(evaluation, person)
  return [...Map.groupBy(mine, ({ unit }) => unit)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([unit, credits]) => {
      const balances = byUnit.get(unit) ?? {}
      if (Object.keys(balances).length === 0) return []
      const lots = openLots(credits, people, person, unit)
      const pending = credits.flatMap((credit) => pendingOf(credit, evaluation.asOf))
      return [
        {
          unit,
          balances,
          availableMinor: totalMinor(lots),
          pendingMinor: totalMinor(pending),
          debtMinor: -(balances.debt ?? 0n),
          lots,
          pending,
        },
      ]
    })
}
