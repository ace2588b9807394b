/**
 * An amount of a ledger unit as a person reads it: money with its currency's digits, other units as they are counted.
 */
import type { UnitSum } from "@advocacy-kit/core/ledger/UnitSum"
import { isCurrency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { format as formatMoney, make as money } from "@advocacy-kit/core/money/Money"

/** `20.00 EUR`, `150 points:refer-a-friend`. */
export const format = (unit: string, amountMinor: bigint): string =>
  isCurrency(unit) ? formatMoney(money(currencyOf(unit), amountMinor)) : `${amountMinor} ${unit}`

/** `20.00 EUR, 150 points:refer-a-friend`; `nothing` where there is none. */
export const formatSums = (sums: ReadonlyArray<UnitSum>): string => {
  const some = sums.filter(({ amountMinor }) => amountMinor !== 0n)
  return some.length === 0 ? "nothing" : some.map(({ amountMinor, unit }) => format(unit, amountMinor)).join(", ")
}

/** With a sign: `+20.00 EUR`, `-5.00 EUR`; `no difference` where there is none. */
export const formatDifference = (sums: ReadonlyArray<UnitSum>): string => {
  const some = sums.filter(({ amountMinor }) => amountMinor !== 0n)
  return some.length === 0
    ? "no difference"
    : some.map(({ amountMinor, unit }) => `${amountMinor > 0n ? "+" : ""}${format(unit, amountMinor)}`).join(", ")
}
