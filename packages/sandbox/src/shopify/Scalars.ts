/**
 * How values look on Shopify's GraphQL wire: instants without empty milliseconds, money bags in shop and presentment
 * currency (the same here), and exact lower-case enumerations where REST wants them.
 */

import * as Decimal from "./Decimal.ts"

/** `2026-01-05T10:00:00Z`; milliseconds stay only when there are some. */
export const instant = (iso: string): string => iso.replace(/\.000Z$/, "Z")

export const instantOrNull = (iso: string | null): string | null => (iso === null ? null : instant(iso))

export const money = (amount: Decimal.Scaled, currency: string) => ({
  __typename: "MoneyV2",
  amount: Decimal.print(amount),
  currencyCode: currency,
})

export const moneyBag = (amount: Decimal.Scaled, currency: string) => {
  const value = money(amount, currency)
  return { shopMoney: value, presentmentMoney: value }
}
