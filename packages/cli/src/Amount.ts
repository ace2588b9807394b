/**
 * An amount of a ledger unit as a person reads it: money with its currency's digits, other units as they are counted.
 */
import { isCurrency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { format as formatMoney, make as money } from "@advocacy-kit/core/money/Money"

/** `20.00 EUR`, `150 points:refer-a-friend`. */
export const format = (unit: string, amountMinor: bigint): string =>
  isCurrency(unit) ? formatMoney(money(currencyOf(unit), amountMinor)) : `${amountMinor} ${unit}`
