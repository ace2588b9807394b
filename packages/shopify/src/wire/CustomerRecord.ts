/**
 * A customer on the wire.
 *
 * Name, address and phone are protected data: without approval Shopify sends null and says so in the answer's errors.
 */
import { z } from "zod"
import { gid, maybe, time } from "./OrderRecord.ts"

export const customerSelection = `id createdAt updatedAt firstName lastName
  defaultEmailAddress { emailAddress marketingState } defaultPhoneNumber { phoneNumber }`

export const CustomerRecord = z.object({
  id: gid,
  createdAt: time,
  updatedAt: time,
  firstName: maybe(z.string()),
  lastName: maybe(z.string()),
  defaultEmailAddress: maybe(z.object({ emailAddress: maybe(z.string()), marketingState: maybe(z.string()) })),
  defaultPhoneNumber: maybe(z.object({ phoneNumber: maybe(z.string()) })),
})
export type CustomerRecord = z.output<typeof CustomerRecord>
