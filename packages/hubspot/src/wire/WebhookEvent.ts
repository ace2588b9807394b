/**
 * One event of a webhook delivery, as HubSpot sends it. Events of merges and associations carry ids of their own; some
 * topics say `eventType` where others say `subscriptionType`.
 */
import { z } from "zod"
import { Id } from "./Record.ts"

export const WebhookEvent = z.object({
  portalId: Id,
  eventId: Id.optional(),
  subscriptionId: Id.optional(),
  occurredAt: Id.optional(),
  subscriptionType: z.string().optional(),
  eventType: z.string().optional(),
  objectId: Id.optional(),
  objectTypeId: Id.optional(),
  propertyName: z.string().optional(),
  primaryObjectId: Id.optional(),
  newObjectId: Id.optional(),
  mergedObjectIds: z.array(Id).optional(),
  fromObjectId: Id.optional(),
  toObjectId: Id.optional(),
})
export type WebhookEvent = z.output<typeof WebhookEvent>

export const WebhookEvents = z.array(z.unknown())
