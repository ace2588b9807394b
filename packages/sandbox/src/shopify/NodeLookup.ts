/**
 * Finds what a global id names: the source that the resolver tables of its type take, or null when there is no such
 * object. A type that the sandbox does not hold is a loud error, and so is text that is no global id.
 */

import type { Execution } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { isVisible } from "./OrderFloor.ts"
import { notImplemented, refused } from "./Refusal.ts"
import type { OrderRow } from "./ShopState.ts"

const inOrder = (order: OrderRow | undefined, type: "LineItem" | "Refund", number: string): unknown => {
  if (order === undefined) return null
  if (type === "LineItem") {
    const line = order.lines.find((one) => one.id === number)
    return line === undefined ? null : { __typename: type, line, order }
  }
  const refund = order.refunds.find((one) => one.id === number)
  return refund === undefined ? null : { __typename: type, refund, order }
}

export const shopNumber = "1"

const visibleOrder = (execution: Execution, number: string | undefined): OrderRow | undefined => {
  const order = execution.state.orders.get(number ?? "")
  return order === undefined || !isVisible(execution)(order) ? undefined : order
}

export const findNode = (text: string, execution: Execution): unknown => {
  const { state } = execution
  const id = GlobalId.parse(text)
  if (id === undefined) throw refused(`Invalid global id '${text}'`, "argumentLiteralsIncompatible")
  const { number, type } = id
  switch (type) {
    case "Order":
      return visibleOrder(execution, number) ?? null
    case "Customer":
      return state.customers.get(number) ?? null
    case "LineItem":
      return inOrder(visibleOrder(execution, state.orderOfLine.get(number)), type, number)
    case "Refund":
      return inOrder(visibleOrder(execution, state.orderOfRefund.get(number)), type, number)
    case "DiscountCodeNode":
      return state.discounts.get(number) ?? null
    case "DiscountRedeemCodeBulkCreation":
      return state.creations.get(number) ?? null
    case "StoreCreditAccount":
      return state.storeCredit.accounts.get(number) ?? null
    case "StoreCreditAccountCreditTransaction":
    case "StoreCreditAccountDebitTransaction": {
      const transaction = state.storeCredit.transactions.get(number)
      return transaction?.__typename === type ? transaction : null
    }
    case "GiftCard":
      return state.giftCards.cards.get(number) ?? null
    case "BulkOperation":
      return state.bulkOperations.get(number) ?? null
    case "WebhookSubscription":
      return state.subscriptions.get(number) ?? null
    case "Shop":
      return number === shopNumber ? { __typename: "Shop" } : null
    case "AppInstallation":
      return number === shopNumber ? { __typename: "AppInstallation" } : null
    case "App":
      return number === shopNumber ? { __typename: "App" } : null
    default:
      throw notImplemented(`Looking up a node of the type ${type}`)
  }
}

/** Like `findNode`, but answers null for ids of other types. */
export const findOfType = (type: string, text: string, execution: Execution): unknown => {
  if (GlobalId.parse(text) === undefined) throw refused(`Invalid global id '${text}'`, "argumentLiteralsIncompatible")
  return GlobalId.numberOf(type, text) === undefined ? null : findNode(text, execution)
}
