/**
 * Finding orders: the search fields, the sort keys, and pages of the shop's or one customer's orders. The field
 * `discount_code` sees the first code of an order only, as in the real API. Other sort keys and saved searches are not
 * implemented and say so.
 */

import { listPage, rootPage } from "./Connection.ts"
import type { PageArguments, Position } from "./Connection.ts"
import type { Execution } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { hasFloor, isVisible } from "./OrderFloor.ts"
import { notImplemented } from "./Refusal.ts"
import * as SearchSyntax from "./SearchSyntax.ts"
import type { OrderRow, ShopState } from "./ShopState.ts"

export interface SearchArguments extends PageArguments {
  readonly query?: string | null
  readonly sortKey?: string
  readonly savedSearchId?: string | null
}

const statusOf = (row: OrderRow): ReadonlyArray<string> =>
  row.cancelledAt === null ? ["open", "not_closed", "any"] : ["cancelled", "closed", "any"]

const searchFields: SearchSyntax.SearchFields<OrderRow> = {
  id: { kind: "number", read: (row) => row.id },
  created_at: { kind: "instant", read: (row) => row.createdAt },
  updated_at: { kind: "instant", read: (row) => row.updatedAt },
  processed_at: { kind: "instant", read: (row) => row.processedAt },
  status: { kind: "text", read: statusOf },
  financial_status: { kind: "text", read: (row) => row.financialStatus },
  discount_code: { kind: "text", read: (row) => row.discountCodes[0] ?? null },
  customer_id: { kind: "number", read: (row) => row.customerId },
  email: { kind: "text", read: (row) => row.email },
  name: { kind: "text", read: (row) => row.name },
  tag: { kind: "text", read: (row) => row.tags },
  test: { kind: "text", read: (row) => String(row.test) },
  source_name: { kind: "text", read: (row) => row.sourceName },
  cart_token: { kind: "text", read: (row) => row.cartToken },
  checkout_token: { kind: "text", read: (row) => row.checkoutToken },
}

const sortValues: Readonly<Record<string, (row: OrderRow) => string>> = {
  UPDATED_AT: (row) => row.updatedAt,
  CREATED_AT: (row) => row.createdAt,
  PROCESSED_AT: (row) => row.processedAt,
  ID: () => "",
}

const sortValue = (sortKey: string | undefined): ((row: OrderRow) => string) => {
  const value = sortValues[sortKey ?? "ID"]
  if (value === undefined) throw notImplemented(`Sorting orders by ${sortKey}`)
  return value
}

const matching = (execution: Execution, args: SearchArguments): ReadonlyArray<OrderRow> => {
  const { state } = execution
  if (args.savedSearchId !== undefined && args.savedSearchId !== null)
    throw notImplemented("Searching orders by savedSearchId")
  const search = SearchSyntax.parse(args.query)
  const all = state.ordersBy(args.sortKey ?? "ID", sortValue(args.sortKey))
  const rows = hasFloor(execution) ? all.filter(isVisible(execution)) : all
  if (search.kind === "all") return rows
  return rows.filter(SearchSyntax.compile(search, searchFields, state.brand.timeZone))
}

export const orderPage = (args: SearchArguments, execution: Execution, customerId?: string) => {
  const value = sortValue(args.sortKey)
  const position = (row: OrderRow): Position => [value(row), row.id]
  if (customerId === undefined) {
    const key = `orders ${args.sortKey} ${args.query} ${args.reverse}`
    return rootPage(key, () => matching(execution, args), position, args, execution)
  }
  return listPageOfCustomer(args, execution, customerId)
}

const listPageOfCustomer = (args: SearchArguments, execution: Execution, customerId: string) => {
  const matches = SearchSyntax.compile(SearchSyntax.parse(args.query), searchFields, execution.state.brand.timeZone)
  const value = sortValue(args.sortKey)
  const rows = customerOrders(execution.state, customerId)
    .filter(isVisible(execution))
    .filter(matches)
    .sort((left, right) =>
      value(left) < value(right) ? -1 : value(left) > value(right) ? 1 : GlobalId.compareNumbers(left.id, right.id),
    )
  return listPage(rows, args, execution)
}

export const ordersCount = (
  args: { readonly query?: string | null; readonly limit?: number | null },
  execution: Execution,
) => limitedCount(matching(execution, { query: args.query ?? null }).length, args.limit)

export const limitedCount = (count: number, limit: number | null | undefined) =>
  limit !== null && limit !== undefined && count > limit
    ? { count: limit, precision: "AT_LEAST" }
    : { count, precision: "EXACT" }

/** A customer's orders, oldest first. */
export const customerOrders = (state: ShopState, customerId: string): Array<OrderRow> =>
  [...(state.ordersOfCustomer.get(customerId) ?? [])]
    .flatMap((id) => state.orders.get(id) ?? [])
    .sort((left, right) =>
      left.processedAt < right.processedAt
        ? -1
        : left.processedAt > right.processedAt
          ? 1
          : GlobalId.compareNumbers(left.id, right.id),
    )
