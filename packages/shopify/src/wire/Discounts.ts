/**
 * The operations that create discounts, add codes to them, and look codes up.
 *
 * A shop has each code once, whatever its case: that is what makes a lost answer provable.
 */
import { z } from "zod"
import { type Operation, operation } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

/** Messages are left out on purpose: they may quote a code. */
const userErrors = z.array(z.object({ field: maybe(z.array(z.string())), code: maybe(z.string()) }))

export const shopInfo = operation(
  "ShopInfo",
  1,
  "query ShopInfo { shop { myshopifyDomain currencyCode } }",
  z.object({ shop: z.object({ myshopifyDomain: z.string(), currencyCode: z.string() }) }),
)

export const offerCreate = operation(
  "OfferCreate",
  10,
  `mutation OfferCreate($input: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $input) { codeDiscountNode { id } userErrors { field code } } }`,
  z.object({
    discountCodeBasicCreate: z.object({ codeDiscountNode: maybe(z.object({ id: z.string() })), userErrors }),
  }),
)

export const codesAdd = operation(
  "CodesAdd",
  10,
  `mutation CodesAdd($id: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) { bulkCreation { id } userErrors { field code } } }`,
  z.object({ discountRedeemCodeBulkAdd: z.object({ bulkCreation: maybe(z.object({ id: z.string() })), userErrors }) }),
)

export const codesAdded = operation(
  "CodesAdded",
  40,
  `query CodesAdded($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) {
    done codes(first: 250) { nodes { code discountRedeemCode { id } errors { code } } } } }`,
  z.object({
    discountRedeemCodeBulkCreation: maybe(
      z.object({
        done: z.boolean(),
        codes: z.object({
          nodes: z.array(
            z.object({
              code: z.string(),
              discountRedeemCode: maybe(z.object({ id: z.string() })),
              errors: z.array(z.object({ code: maybe(z.string()) })),
            }),
          ),
        }),
      }),
    ),
  }),
)

/** Which discount each of `count` codes belongs to, in one request: variables `c0`, `c1`…, answers under the same names. */
export const codesLookup = (count: number): Operation<Readonly<Record<string, { readonly id: string } | null>>> => {
  const names = Array.from({ length: count }, (_, index) => `c${index}`)
  return operation(
    "CodesLookup",
    count,
    `query CodesLookup(${names.map((name) => `$${name}: String!`).join(", ")}) {
  ${names.map((name) => `${name}: codeDiscountNodeByCode(code: $${name}) { id }`).join("\n  ")} }`,
    z.record(z.string(), maybe(z.object({ id: z.string() }))),
  )
}
