/**
 * A customer on the wire.
 *
 * Name, address and phone are protected data: without approval Shopify sends null and says so in the answer's errors.
 */
import { z } from "zod"
import type { CustomerFieldsFragment } from "./Documents.generated.ts"
import { reads } from "./Operation.ts"
import { gid, maybe, time } from "./OrderRecord.ts"

export const CustomerRecord = reads<CustomerFieldsFragment>()(
  z.object({
    id: gid,
    createdAt: time,
    updatedAt: time,
    firstName: maybe(z.string()),
    lastName: maybe(z.string()),
    defaultEmailAddress: maybe(z.object({ emailAddress: maybe(z.string()), marketingState: maybe(z.string()) })),
    defaultPhoneNumber: maybe(z.object({ phoneNumber: maybe(z.string()) })),
  }),
)
export type CustomerRecord = z.output<typeof CustomerRecord>
