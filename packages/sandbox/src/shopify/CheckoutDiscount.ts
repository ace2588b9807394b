/**
 * What discount codes take off a basket at the checkout, and why a code is refused there. A percentage is rounded on each
 * line; an amount is spread over the lines by their value, with what rounding leaves on the last. Several codes work only
 * when each combines with order discounts. Usage is counted by the orders that carry the code.
 */

import * as Decimal from "./Decimal.ts"
import type { StoredDiscount } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"
import type { ShopState } from "./ShopState.ts"

export interface BasketLine {
  readonly unitPrice: string
  readonly quantity: number
}

export interface Taken {
  readonly code: string
  readonly amount: string
}

const coin = (currency: string): Decimal.Scaled => 10n ** BigInt(6 - Decimal.currencyDigits(currency))

const spread = (
  amount: Decimal.Scaled,
  totals: ReadonlyArray<Decimal.Scaled>,
  currency: string,
): ReadonlyArray<Decimal.Scaled> => {
  const whole = Decimal.sum(totals)
  const wanted = amount > whole ? whole : amount
  const step = coin(currency)
  let left = wanted
  return totals.map((total, index) => {
    const share = index === totals.length - 1 || whole === 0n ? left : ((wanted * total) / whole / step) * step
    const given = share > left ? left : share
    left -= given
    return given
  })
}

const amounts = (
  discount: StoredDiscount,
  lines: ReadonlyArray<BasketLine>,
  totals: ReadonlyArray<Decimal.Scaled>,
  currency: string,
): ReadonlyArray<Decimal.Scaled> => {
  const { value } = discount
  if ("percent" in value)
    return totals.map((total) => Decimal.share(total, Math.round(value.percent * 1000), 100_000, currency))
  const amount = Decimal.parse(value.amount)
  if (!value.eachItem) return spread(amount, totals, currency)
  return totals.map((total, index) => {
    const wanted = amount * BigInt(lines[index]?.quantity ?? 0)
    return wanted > total ? total : wanted
  })
}

const used = (state: ShopState, code: string, customerId?: string | null): number =>
  [...state.orders.values()].filter(
    (order) =>
      order.discountCodes.some((one) => codeKey(one) === codeKey(code)) &&
      (customerId === undefined || order.customerId === customerId),
  ).length

/** The words of why the code does not work, or undefined. */
const problemOf = (
  state: ShopState,
  code: string,
  subtotal: Decimal.Scaled,
  quantity: number,
  customerId: string | null,
): string | undefined => {
  const row = state.codes.get(codeKey(code))
  const discount = row === undefined ? undefined : state.discounts.get(row.discountId)
  if (discount === undefined) return `the code "${code}" does not exist`
  if (discount.startsAt > state.now) return `the code "${code}" does not work yet`
  if (discount.endsAt !== null && discount.endsAt <= state.now) return `the code "${code}" has expired`
  if (discount.usageLimit !== null && used(state, code) >= discount.usageLimit)
    return `the code "${code}" has reached its usage limit`
  if (discount.oncePerCustomer && customerId !== null && used(state, code, customerId) > 0)
    return `the customer has used the code "${code}" already`
  const { minimum } = discount
  if (minimum !== null && "subtotal" in minimum && subtotal < Decimal.parse(minimum.subtotal))
    return `the code "${code}" needs a subtotal of ${minimum.subtotal}`
  if (minimum !== null && "quantity" in minimum && quantity < Number(minimum.quantity))
    return `the code "${code}" needs ${minimum.quantity} items`
  return undefined
}

/** By line what each code takes off, or the words of why a code is refused. */
export const apply = (
  state: ShopState,
  codes: ReadonlyArray<string>,
  lines: ReadonlyArray<BasketLine>,
  customerId: string | null,
): ReadonlyArray<ReadonlyArray<Taken>> | string => {
  const { currency } = state.brand
  let totals: ReadonlyArray<Decimal.Scaled> = lines.map(
    ({ quantity, unitPrice }) => Decimal.parse(unitPrice) * BigInt(quantity),
  )
  const subtotal = Decimal.sum(totals)
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0)
  const taken: ReadonlyArray<Array<Taken>> = lines.map(() => [])
  for (const code of codes) {
    const problem = problemOf(state, code, subtotal, quantity, customerId)
    if (problem !== undefined) return problem
    const discount = state.discounts.get(state.codes.get(codeKey(code))?.discountId ?? "")
    if (discount === undefined) continue
    if (codes.length > 1 && !discount.combinesWith.orderDiscounts)
      return `the code "${code}" does not combine with another`
    const off = amounts(discount, lines, totals, currency)
    for (const [index, amount] of off.entries())
      if (amount > 0n) taken[index]?.push({ code, amount: Decimal.printFixed(amount, currency) })
    totals = totals.map((total, index) => total - (off[index] ?? 0n))
  }
  return taken
}
