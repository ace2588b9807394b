/**
 * An order and its lines on the wire: what we select and what we accept.
 *
 * Tolerant in: a member that Shopify withholds or leaves out is null; only ids, times and amounts are demanded, because
 * without them there is no fact.
 */
import { z } from "zod"

export const gid = z.string().regex(/^gid:\/\/shopify\/[A-Za-z]+\/[0-9]+$/)
export const time = z.iso.datetime({ offset: true })
export const bag = z.object({ shopMoney: z.object({ amount: z.string() }) })

/** Absent and null mean the same on the wire. */
export const maybe = <Type>(type: z.ZodType<Type>) => type.nullish().transform((value) => value ?? null)
/** A list that may be withheld. */
export const list = <Type>(type: z.ZodType<Type>) =>
  z
    .array(type)
    .nullish()
    .transform((value) => value ?? [])

export const money = "{ shopMoney { amount } }"
const visit = "{ occurredAt landingPage referralCode source }"

/** Plain members of an order; nothing here is a connection, so a bulk query can hold it too. */
export const orderSelection = `id name processedAt updatedAt cancelledAt test currencyCode taxesIncluded displayFinancialStatus
  email sourceName discountCodes customAttributes { key value } totalRefundedSet ${money}
  customer { id } shippingAddress { address1 zip }
  customerJourneySummary { ready firstVisit ${visit} lastVisit ${visit} }`

export const lineSelection = `id quantity currentQuantity isGiftCard product { id } originalTotalSet ${money}
  discountAllocations { allocatedAmountSet ${money} discountApplication { index ... on DiscountCodeApplication { code } } }
  taxLines { priceSet ${money} }`

/** 50 orders of 50 lines cost some 620 of the 1,000 points that one query may; more lines are asked for order by order. */
export const linesSelection = `lineItems(first: 50) { nodes { ${lineSelection} } pageInfo { hasNextPage endCursor } }`

const VisitRecord = z.object({
  occurredAt: time,
  landingPage: maybe(z.string()),
  referralCode: maybe(z.string()),
  source: maybe(z.string()),
})
export type VisitRecord = z.output<typeof VisitRecord>

export const OrderRecord = z.object({
  id: gid,
  name: maybe(z.string()),
  processedAt: time,
  updatedAt: time,
  cancelledAt: maybe(time),
  test: z.boolean(),
  currencyCode: z.string(),
  taxesIncluded: z.boolean(),
  displayFinancialStatus: maybe(z.string()),
  email: maybe(z.string()),
  sourceName: maybe(z.string()),
  discountCodes: list(z.string()),
  customAttributes: list(z.object({ key: z.string(), value: maybe(z.string()) })),
  totalRefundedSet: bag,
  customer: maybe(z.object({ id: gid })),
  shippingAddress: maybe(z.object({ address1: maybe(z.string()), zip: maybe(z.string()) })),
  customerJourneySummary: maybe(
    z.object({ ready: z.boolean(), firstVisit: maybe(VisitRecord), lastVisit: maybe(VisitRecord) }),
  ),
})
export type OrderRecord = z.output<typeof OrderRecord>

export const LineRecord = z.object({
  id: gid,
  quantity: z.int(),
  currentQuantity: z.int(),
  isGiftCard: z.boolean(),
  product: maybe(z.object({ id: gid })),
  originalTotalSet: bag,
  discountAllocations: list(
    z.object({ allocatedAmountSet: bag, discountApplication: z.object({ index: z.int(), code: maybe(z.string()) }) }),
  ),
  taxLines: list(z.object({ priceSet: bag })),
})
export type LineRecord = z.output<typeof LineRecord>

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: maybe(z.string()) })
/** A page whose records are judged one by one, so that one bad record costs only itself. */
export const looseNodes = z.object({ nodes: z.array(z.unknown()), pageInfo })
