/**
 * The operations that create discounts, add codes to them, and look codes up.
 *
 * A shop has each code once, whatever its case: that is what makes a lost answer provable.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { mutation, query } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

/** Messages are left out on purpose: they may quote a code. */
const userErrors = z.array(z.object({ field: maybe(z.array(z.string())), code: maybe(z.string()) }))

export const shopInfo = query(
  Documents.ShopInfo,
  z.object({ shop: z.object({ myshopifyDomain: z.string(), currencyCode: z.string() }) }),
)

export const offerCreate = mutation(
  Documents.OfferCreate,
  z.object({
    discountCodeBasicCreate: z.object({ codeDiscountNode: maybe(z.object({ id: z.string() })), userErrors }),
  }),
)

export const codesAdd = mutation(
  Documents.CodesAdd,
  z.object({ discountRedeemCodeBulkAdd: z.object({ bulkCreation: maybe(z.object({ id: z.string() })), userErrors }) }),
)

export const codesAdded = query(
  Documents.CodesAdded,
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

export const codesDelete = mutation(
  Documents.CodesDelete,
  z.object({ discountCodeRedeemCodeBulkDelete: z.object({ userErrors }) }),
)

const redeemCodes = z.object({
  nodes: z.array(z.object({ id: z.string(), code: z.string(), asyncUsageCount: z.number() })),
})

export const codeState = query(
  Documents.CodeState,
  z.object({
    codeDiscountNodeByCode: maybe(
      z.object({ id: z.string(), codeDiscount: z.object({ codes: redeemCodes.optional() }) }),
    ),
    orders: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
  }),
)

/** Answers under the names of the variables: `c0`, `c1`… */
export const codesLookup = query(Documents.CodesLookup, z.record(z.string(), maybe(z.object({ id: z.string() }))))
export const codesAtOnce = 50

/** One to 50 codes as the variables of a look-up; the last one fills the places that are left. */
export const lookupVariables = (codes: ReadonlyArray<string>): Documents.CodesLookupQueryVariables =>
  // The names are those of the document: the contract test holds the count against it.
  Object.fromEntries(
    Array.from({ length: codesAtOnce }, (_, at) => [`c${at}`, codes[Math.min(at, codes.length - 1)] ?? ""]),
  ) as Documents.CodesLookupQueryVariables
