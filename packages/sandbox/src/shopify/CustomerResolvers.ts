/**
 * Customers, and the tags that clients put on customers and orders. The search on `updated_at` matches whole days in the
 * shop's time zone, as documented for the real API. `statistics` are the sandbox's own plain rule over the orders.
 */

import { demandScope } from "./AccessScopes.ts"
import { listPage, rootPage } from "./Connection.ts"
import type { PageArguments, Position } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { findNode } from "./NodeLookup.ts"
import { isVisible } from "./OrderFloor.ts"
import { customerOrders, limitedCount, orderPage } from "./OrderSearch.ts"
import type { SearchArguments } from "./OrderSearch.ts"
import * as OrderTotals from "./OrderTotals.ts"
import { notImplemented } from "./Refusal.ts"
import { instant, money } from "./Scalars.ts"
import * as SearchSyntax from "./SearchSyntax.ts"
import type { CustomerRow, ShopState } from "./ShopState.ts"

const searchFields: SearchSyntax.SearchFields<CustomerRow> = {
  id: { kind: "number", read: (row) => row.id },
  updated_at: { kind: "day", read: (row) => row.updatedAt },
  customer_date: { kind: "day", read: (row) => row.createdAt },
  created_at: { kind: "instant", read: (row) => row.createdAt },
  email: { kind: "text", read: (row) => row.email },
  phone: { kind: "text", read: (row) => row.phone },
  first_name: { kind: "text", read: (row) => row.firstName },
  last_name: { kind: "text", read: (row) => row.lastName },
  tag: { kind: "text", read: (row) => row.tags },
}

const sortValues: Readonly<Record<string, (row: CustomerRow) => string>> = {
  UPDATED_AT: (row) => row.updatedAt,
  CREATED_AT: (row) => row.createdAt,
  ID: () => "",
}

const sortValue = (sortKey: string | undefined): ((row: CustomerRow) => string) => {
  const value = sortValues[sortKey ?? "ID"]
  if (value === undefined) throw notImplemented(`Sorting customers by ${sortKey}`)
  return value
}

const matching = (state: ShopState, args: SearchArguments): ReadonlyArray<CustomerRow> => {
  const search = SearchSyntax.parse(args.query)
  const rows = state.customersBy(args.sortKey ?? "ID", sortValue(args.sortKey))
  return search.kind === "all" ? rows : rows.filter(SearchSyntax.compile(search, searchFields, state.brand.timeZone))
}

const customers = (_: unknown, args: SearchArguments, execution: Execution) => {
  const value = sortValue(args.sortKey)
  const position = (row: CustomerRow): Position => [value(row), row.id]
  return rootPage(
    `customers ${args.sortKey} ${args.query} ${args.reverse}`,
    () => matching(execution.state, args),
    position,
    args,
    execution,
  )
}

interface CustomerIdentifier {
  readonly id?: string
  readonly emailAddress?: string
  readonly phoneNumber?: string
  readonly customId?: unknown
}

const byIdentifier = ({ state }: Execution, identifier: CustomerIdentifier): CustomerRow | null => {
  if (identifier.customId !== undefined) throw notImplemented("customerByIdentifier with customId")
  if (identifier.id !== undefined)
    return state.customers.get(GlobalId.numberOf("Customer", identifier.id) ?? "") ?? null
  const email = identifier.emailAddress?.trim().toLowerCase()
  for (const row of state.customers.values()) {
    if (email !== undefined && row.email?.toLowerCase() === email) return row
    if (identifier.phoneNumber !== undefined && row.phone === identifier.phoneNumber) return row
  }
  return null
}

// ------------------------------------------------------------------------------------------ derived values

const spent = (row: CustomerRow, state: ShopState): Decimal.Scaled =>
  Decimal.sum(
    customerOrders(state, row.id)
      .filter((order) => !order.test)
      .map((order) => OrderTotals.of(order).net),
  )

const statistics = (row: CustomerRow, state: ShopState) => {
  const orders = customerOrders(state, row.id)
  const last = orders.at(-1)
  if (last === undefined) return { rfmGroup: "PROSPECTS", predictedSpendTier: null }
  const idleDays = (Date.parse(state.now) - Date.parse(last.processedAt)) / 86_400_000
  const amount = spent(row, state)
  const often = orders.length >= 4
  const rfmGroup =
    idleDays > 365
      ? often
        ? "PREVIOUSLY_LOYAL"
        : "DORMANT"
      : idleDays > 180
        ? "AT_RISK"
        : often
          ? idleDays < 60
            ? "CHAMPIONS"
            : "LOYAL"
          : orders.length > 1
            ? "ACTIVE"
            : idleDays < 60
              ? "NEW"
              : "PROMISING"
  return {
    rfmGroup,
    predictedSpendTier: amount >= Decimal.parse("400") ? "HIGH" : amount >= Decimal.parse("120") ? "MEDIUM" : "LOW",
  }
}

const emailAddress = (row: CustomerRow) =>
  row.email === null
    ? null
    : {
        emailAddress: row.email,
        marketingState: row.marketing,
        marketingOptInLevel: row.marketing === "SUBSCRIBED" ? "SINGLE_OPT_IN" : null,
        marketingUpdatedAt: null,
        validFormat: true,
      }

// -------------------------------------------------------------------------------------------------- tables

const customerFields = fields<CustomerRow>("Customer", {
  id: (row) => GlobalId.make("Customer", row.id),
  legacyResourceId: (row) => row.id,
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.updatedAt),
  firstName: (row) => row.firstName,
  lastName: (row) => row.lastName,
  displayName: (row) =>
    [row.firstName, row.lastName].filter((name) => name !== null).join(" ") || row.email || row.phone || "",
  email: (row) => row.email,
  phone: (row) => row.phone,
  locale: (row) => row.locale,
  note: () => null,
  tags: (row) => row.tags,
  state: () => "ENABLED",
  taxExempt: () => false,
  dataSaleOptOut: () => false,
  verifiedEmail: (row) => row.email !== null,
  defaultEmailAddress: emailAddress,
  defaultPhoneNumber: (row) => (row.phone === null ? null : { phoneNumber: row.phone }),
  defaultAddress: () => null,
  addressesV2: (_, args: PageArguments, execution) => listPage([], args, execution),
  numberOfOrders: (row, _, { state }) => String(state.ordersOfCustomer.get(row.id)?.size ?? 0),
  amountSpent: (row, _, { state }) => money(spent(row, state), state.brand.currency),
  lastOrder: (row, _, execution) => customerOrders(execution.state, row.id).filter(isVisible(execution)).at(-1) ?? null,
  orders: (row, args: SearchArguments, execution) => orderPage(args, execution, row.id),
  statistics: (row, _, { state }) => statistics(row, state),
  mergeable: () => ({ isMergeable: true, errorFields: [], reason: null, mergeInProgress: null }),
  ...metafieldFields<CustomerRow>((row) => GlobalId.make("Customer", row.id)),
})

const customerQueries = fields<unknown>("QueryRoot", {
  customers,
  customersCount: (_, args: { readonly query?: string | null; readonly limit?: number | null }, execution) =>
    limitedCount(matching(execution.state, { query: args.query ?? null }).length, args.limit),
  customerByIdentifier: (_, args: { readonly identifier: CustomerIdentifier }, execution) =>
    byIdentifier(execution, args.identifier),
})

const editTags =
  (change: "add" | "remove") =>
  (_: unknown, args: { readonly id: string; readonly tags: ReadonlyArray<string> }, execution: Execution) => {
    const type = GlobalId.parse(args.id)?.type
    if (type !== "Customer" && type !== "Order") throw notImplemented(`Editing the tags of "${args.id}"`)
    demandScope(
      execution,
      type === "Customer" ? "write_customers" : "write_orders",
      change === "add" ? "tagsAdd" : "tagsRemove",
    )
    if (findNode(args.id, execution) === null)
      return { node: null, userErrors: [{ field: ["id"], message: `${type} does not exist` }] }
    const tags = args.tags
      .flatMap((tag) => tag.split(","))
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "")
    if (tags.some((tag) => tag.length > 255))
      return { node: null, userErrors: [{ field: ["tags"], message: "Tags is too long (maximum is 255 characters)" }] }
    execution.commit({
      type: "tags.edited",
      ownerId: args.id,
      add: change === "add" ? tags : [],
      remove: change === "remove" ? tags : [],
      at: execution.state.now,
    })
    return { node: findNode(args.id, execution), userErrors: [] }
  }

const tagMutations = fields<unknown>("Mutation", { tagsAdd: editTags("add"), tagsRemove: editTags("remove") })

export const customerTables: ReadonlyArray<TypeFields> = [customerFields, customerQueries, tagMutations]
