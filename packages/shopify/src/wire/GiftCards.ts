/**
 * The operations about gift cards: making one, telling the customer, noting that, ending it, and finding one by its code.
 *
 * A shop has each code once, whatever its case: a card cannot be made twice, and a lost answer is provable.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { mutation, query } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

const answer = z.object({
  giftCard: maybe(z.object({ id: z.string() })),
  userErrors: z.array(z.object({ field: maybe(z.array(z.string())), code: maybe(z.string()) })),
})

const noted = z.object({
  giftCard: maybe(z.object({ id: z.string() })),
  userErrors: z.array(z.object({ field: maybe(z.array(z.string())) })),
})

export const giftIssue = mutation(Documents.GiftIssue, z.object({ giftCardCreate: answer }))
export const giftTell = mutation(Documents.GiftTell, z.object({ giftCardSendNotificationToCustomer: answer }))
export const giftNote = mutation(Documents.GiftNote, z.object({ giftCardUpdate: noted }))
export const giftVoid = mutation(Documents.GiftVoid, z.object({ giftCardDeactivate: answer }))

const card = z.object({
  id: z.string(),
  enabled: z.boolean(),
  note: maybe(z.string()),
  initialValue: z.object({ amount: z.string(), currencyCode: z.string() }),
})
export type GiftCard = z.output<typeof card>

export const giftLookup = query(Documents.GiftLookup, z.object({ giftCards: z.object({ nodes: z.array(card) }) }))

/** What is left on one card. */
export const giftLeft = query(
  Documents.GiftLeft,
  z.object({
    giftCard: maybe(z.object({ enabled: z.boolean(), balance: z.object({ amount: z.string() }) })),
  }),
)
