/**
 * An order and its lines on the wire: what we accept of what `Orders.graphql` asks for.
 *
 * Tolerant in: a member that Shopify withholds or leaves out is null; only ids, times and amounts are demanded, because
 * without them there is no fact.
 */
import { z } from "zod"
import type { LineFieldsFragment, OrderFieldsFragment } from "./Documents.generated.ts"
import { reads } from "./Operation.ts"

export const gid = z.string().regex(/^gid:\/\/shopify\/[A-Za-z]+\/[0-9]+$/)
export const time = z.iso.datetime({ offset: true })
export const bag = z.object({ shopMoney: z.object({ amount: z.string() }) })

/** Absent and null mean the same on the wire. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | null => value ?? null)
/** A list that may be withheld. */
export const list = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(schema)
    .nullish()
    .transform((value): ReadonlyArray<z.output<Schema>> => value ?? [])

const VisitRecord = z.object({
  occurredAt: time,
  landingPage: maybe(z.string()),
  referralCode: maybe(z.string()),
  source: maybe(z.string()),
})
export type VisitRecord = z.output<typeof VisitRecord>

export const OrderRecord = reads<OrderFieldsFragment>()(
  z.object({
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
  }),
)
export type OrderRecord = z.output<typeof OrderRecord>

export const LineRecord = reads<LineFieldsFragment>()(
  z.object({
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
  }),
)
export type LineRecord = z.output<typeof LineRecord>

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: maybe(z.string()) })
/** A page whose records are judged one by one, so that one bad record costs only itself. */
export const looseNodes = z.object({ nodes: z.array(z.unknown()), pageInfo })
