/**
 * Code discounts as the Admin API shows them: one parent with many codes, unique in the shop without regard to case.
 * `asyncUsageCount` counts the orders that carry the code. A discount that was deactivated is expired, but still found.
 */

import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { findOfType } from "./NodeLookup.ts"
import { instant, instantOrNull, money } from "./Scalars.ts"
import * as SearchSyntax from "./SearchSyntax.ts"
import type { CodeCreation, CodeResult, StoredDiscount } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"
import type { CodeRow, ShopState } from "./ShopState.ts"

const status = (discount: StoredDiscount, now: string): string =>
  discount.endsAt !== null && discount.endsAt <= now ? "EXPIRED" : discount.startsAt > now ? "SCHEDULED" : "ACTIVE"

const usage = (state: ShopState, codes: ReadonlyArray<CodeRow>): number => {
  const keys = new Set(codes.map((row) => codeKey(row.code)))
  let count = 0
  for (const order of state.orders.values()) if (order.discountCodes.some((code) => keys.has(codeKey(code)))) count++
  return count
}

const codesOf = (state: ShopState, discount: StoredDiscount): ReadonlyArray<CodeRow> => [
  ...(state.codesOfDiscount.get(discount.id)?.values() ?? []),
]

const value = (discount: StoredDiscount, currency: string) =>
  "percent" in discount.value
    ? { __typename: "DiscountPercentage", percentage: discount.value.percent / 100 }
    : {
        __typename: "DiscountAmount",
        amount: money(Decimal.parse(discount.value.amount), currency),
        appliesOnEachItem: discount.value.eachItem,
      }

const minimum = (discount: StoredDiscount, currency: string) => {
  if (discount.minimum === null) return null
  return "subtotal" in discount.minimum
    ? {
        __typename: "DiscountMinimumSubtotal",
        greaterThanOrEqualToSubtotal: money(Decimal.parse(discount.minimum.subtotal), currency),
      }
    : { __typename: "DiscountMinimumQuantity", greaterThanOrEqualToQuantity: discount.minimum.quantity }
}

const summary = (discount: StoredDiscount, currency: string): string =>
  `${"percent" in discount.value ? `${discount.value.percent}%` : `${discount.value.amount} ${currency}`} off entire order`

/** [U] Free text finds a whole code, whatever its case. */
const codeSearch: SearchSyntax.SearchFields<CodeRow> = {
  [SearchSyntax.anyField]: { kind: "exact", read: (row) => codeKey(row.code), wanted: codeKey },
}

const basicFields = fields<StoredDiscount>("DiscountCodeBasic", {
  title: (row) => row.title,
  summary: (row, _, { state }) => summary(row, state.brand.currency),
  shortSummary: (row, _, { state }) => summary(row, state.brand.currency),
  status: (row, _, { state }) => status(row, state.now),
  startsAt: (row) => instant(row.startsAt),
  endsAt: (row) => instantOrNull(row.endsAt),
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.updatedAt),
  usageLimit: (row) => row.usageLimit,
  appliesOncePerCustomer: (row) => row.oncePerCustomer,
  recurringCycleLimit: () => null,
  tags: (row) => row.tags,
  combinesWith: (row) => row.combinesWith,
  discountClasses: () => ["ORDER"],
  discountClass: () => "ORDER",
  hasTimelineComment: () => false,
  context: () => ({ __typename: "DiscountBuyerSelectionAll", all: "ALL" }),
  customerGets: (row, _, { state }) => ({
    appliesOnOneTimePurchase: true,
    appliesOnSubscription: false,
    items: { __typename: "AllDiscountItems", allItems: true },
    value: value(row, state.brand.currency),
  }),
  minimumRequirement: (row, _, { state }) => minimum(row, state.brand.currency),
  asyncUsageCount: (row, _, { state }) => usage(state, codesOf(state, row)),
  codesCount: (row, _, { state }) => ({ count: codesOf(state, row).length, precision: "EXACT" }),
  codes: (row, args: PageArguments & { readonly query?: string | null }, execution) => {
    const { state } = execution
    const matches = SearchSyntax.compile(SearchSyntax.parse(args.query), codeSearch, state.brand.timeZone)
    return listPage(codesOf(state, row).filter(matches), args, execution)
  },
})

const nodeFields = fields<StoredDiscount>("DiscountCodeNode", {
  id: (row) => GlobalId.make("DiscountCodeNode", row.id),
  codeDiscount: (row) => ({ ...row, __typename: "DiscountCodeBasic" }),
  ...metafieldFields<StoredDiscount>((row) => GlobalId.make("DiscountCodeNode", row.id)),
})

const codeFields = fields<CodeRow>("DiscountRedeemCode", {
  id: (row) => GlobalId.make("DiscountRedeemCode", row.id),
  code: (row) => row.code,
  asyncUsageCount: (row, _, { state }) => usage(state, [row]),
  createdBy: () => null,
})

const counted = (row: CodeCreation, wanted: (result: CodeResult) => boolean): number =>
  row.results?.filter(wanted).length ?? 0

const creationFields = fields<CodeCreation>("DiscountRedeemCodeBulkCreation", {
  id: (row) => GlobalId.make("DiscountRedeemCodeBulkCreation", row.id),
  createdAt: (row) => instant(row.createdAt),
  done: (row) => row.results !== null,
  codesCount: (row) => row.codes.length,
  importedCount: (row) => counted(row, (result) => result.id !== null),
  failedCount: (row) => counted(row, (result) => result.id === null),
  discountCode: (row, _, { state }) => state.discounts.get(row.discountId) ?? null,
  codes: (row, args: PageArguments, execution) => {
    const pending = row.codes.map((code): CodeResult => ({ code, id: null, problem: null }))
    return listPage(row.results ?? pending, args, execution)
  },
})

const resultFields = fields<CodeResult>("DiscountRedeemCodeBulkCreationCode", {
  code: (row) => row.code,
  discountRedeemCode: (row, _, { state }) => (row.id === null ? null : (state.codesById.get(row.id) ?? null)),
  errors: (row) =>
    row.problem === null
      ? []
      : [{ field: ["code"], message: row.problem.message, code: row.problem.code, extraInfo: null }],
})

const queries = fields<unknown>("QueryRoot", {
  codeDiscountNode: (_, args: { readonly id: string }, execution) => findOfType("DiscountCodeNode", args.id, execution),
  codeDiscountNodeByCode: (_, args: { readonly code: string }, { state }: Execution) => {
    const code = state.codes.get(codeKey(args.code.trim()))
    return code === undefined ? null : (state.discounts.get(code.discountId) ?? null)
  },
  discountRedeemCodeBulkCreation: (_, args: { readonly id: string }, execution) =>
    findOfType("DiscountRedeemCodeBulkCreation", args.id, execution),
})

export const discountTables: ReadonlyArray<TypeFields> = [
  basicFields,
  nodeFields,
  codeFields,
  creationFields,
  resultFields,
  queries,
]
