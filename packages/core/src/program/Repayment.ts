/**
 * Who pays a debt: what was handed over and is no longer due is taken from what else the person has.
 *
 * Promises: a claw-back takes first what lies open when it falls, pending before available, older before newer; the rest is a debt
 * that later earnings repay first, oldest debt first. Folded in (time, key) order over one person's credits in one unit, so that
 * what was settled once does not move because time goes on. Nothing is paid twice and no more than is open.
 */
import type { Instant } from "../id/Instant.ts"
import type { CreditKey } from "../ledger/Credit.ts"

/** One credit of the person. */
export interface Item {
  readonly key: CreditKey
  /** From when on its open part can pay. */
  readonly at: Instant
  readonly openMinor: bigint
  /** Until when it is pending. */
  readonly maturesAt: Instant
  readonly expiresAt: Instant | null
  /** What has to come back, and since when. */
  readonly shortMinor: bigint
  readonly fellAt: Instant
}

export interface Repaid {
  /** By key: how much of its open part pays debts. */
  readonly repays: ReadonlyMap<CreditKey, bigint>
  /** By key: how much of its debt is paid. */
  readonly repaid: ReadonlyMap<CreditKey, bigint>
  /** Who paid whom, in the order of paying. */
  readonly payments: ReadonlyArray<Payment>
}

/** What one credit paid of another's debt. */
export interface Payment {
  readonly from: CreditKey
  readonly debt: CreditKey
  readonly amountMinor: bigint
}

interface Purse {
  readonly item: Item
  leftMinor: bigint
}

const nothing: Repaid = { repays: new Map(), repaid: new Map(), payments: [] }

/** Folds the credits of one person in one unit. */
export const repay = (items: ReadonlyArray<Item>): Repaid => {
  if (!items.some(({ shortMinor }) => shortMinor > 0n)) return nothing
  const repays = new Map<CreditKey, bigint>()
  const repaid = new Map<CreditKey, bigint>()
  const payments: Array<Payment> = []
  const purses: Array<Purse> = []
  const debts: Array<Purse> = []
  const pay = (purse: Purse, debt: Purse): void => {
    const minor = purse.leftMinor < debt.leftMinor ? purse.leftMinor : debt.leftMinor
    if (minor <= 0n) return
    payments.push({ from: purse.item.key, debt: debt.item.key, amountMinor: minor })
    purse.leftMinor -= minor
    debt.leftMinor -= minor
    repays.set(purse.item.key, (repays.get(purse.item.key) ?? 0n) + minor)
    repaid.set(debt.item.key, (repaid.get(debt.item.key) ?? 0n) + minor)
  }
  for (const event of eventsOf(items)) {
    if (event.kind === "open") {
      const purse = { item: event.item, leftMinor: event.item.openMinor }
      purses.push(purse)
      for (const debt of debts) pay(purse, debt)
    } else {
      const debt = { item: event.item, leftMinor: event.item.shortMinor }
      debts.push(debt)
      for (const purse of inTurn(purses, event.at)) pay(purse, debt)
    }
  }
  return { repays, repaid, payments }
}

interface Event {
  readonly kind: "open" | "short"
  readonly at: Instant
  readonly item: Item
}

const eventsOf = (items: ReadonlyArray<Item>): ReadonlyArray<Event> =>
  items
    .flatMap((item): ReadonlyArray<Event> => [
      ...(item.openMinor > 0n ? [{ kind: "open" as const, at: item.at, item }] : []),
      ...(item.shortMinor > 0n ? [{ kind: "short" as const, at: item.fellAt, item }] : []),
    ])
    .sort(
      (a, b) =>
        a.at - b.at ||
        (a.kind === b.kind ? 0 : a.kind === "open" ? -1 : 1) ||
        (a.item.key < b.item.key ? -1 : a.item.key > b.item.key ? 1 : 0),
    )

/** What can pay at a moment: what is pending then before what is available, older first. */
const inTurn = (purses: ReadonlyArray<Purse>, at: Instant): ReadonlyArray<Purse> => {
  const usable = purses.filter(
    ({ item, leftMinor }) => leftMinor > 0n && (item.expiresAt === null || item.expiresAt > at),
  )
  const pending = usable.filter(({ item }) => item.maturesAt > at)
  return [...pending, ...usable.filter(({ item }) => item.maturesAt <= at)]
}
