/**
 * What a stored webhook message is about: which record to read afresh, or why it cannot be worked on.
 *
 * Pure. Merges lead to the record that remains; deletions are not dropped but parked, with the reason, unless a
 * contact was deleted for privacy: then the person is to be erased.
 */
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import type { ObjectType } from "./HubSpotPath.ts"
import type { ObjectKind } from "./ObjectKind.ts"
import * as Json from "./wire/Json.ts"
import { WebhookEvent } from "./wire/WebhookEvent.ts"

export type Subject =
  | { readonly kind: "record"; readonly type: ObjectType; readonly id: string }
  | { readonly kind: "erase"; readonly contact: string }
  | { readonly kind: "parked"; readonly reason: string }

const parked = (reason: string): Subject => ({ kind: "parked", reason })

const eventOf = (row: InboxRow): WebhookEvent | null => {
  try {
    return WebhookEvent.safeParse(Json.parse(new TextDecoder().decode(row.body))).data ?? null
  } catch {
    return null
  }
}

export const subjectOf = (row: InboxRow, kinds: ReadonlyArray<ObjectKind>): Subject => {
  const event = eventOf(row)
  if (event === null) return parked("the message is not one of HubSpot's events")
  const [prefix = "", change = ""] = row.topic.split(".")
  if (change === "privacyDeletion" && prefix === "contact" && /^\d{1,30}$/.test(event.objectId ?? ""))
    return { kind: "erase", contact: event.objectId ?? "" }
  if (change === "deletion" || change === "privacyDeletion")
    return parked("a record was deleted; its facts stay as they are (`advocacy erase` removes a person)")
  const kind = kinds.find((candidate) =>
    prefix === "object" ? candidate.typeId === event.objectTypeId : candidate.topic === prefix,
  )
  if (kind === undefined)
    return parked(`${row.topic} ${event.objectTypeId ?? ""}`.trim() + " is about records that are not read here")
  const id =
    (change === "merge" ? (event.newObjectId ?? event.primaryObjectId) : undefined) ??
    event.objectId ??
    event.fromObjectId
  if (id === undefined || !/^\d{1,30}$/.test(id)) return parked("the event names no record")
  return { kind: "record", type: kind.type, id }
}
