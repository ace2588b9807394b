/**
 * What happens in the portal after `liveFrom`, as a timeline: a change is applied at its instant, and each of
 * its webhook deliveries follows after its delay.
 *
 * A live change carries the whole record as the world knows it. Only the difference to what the world knew
 * before is applied, so that what clients wrote in between stays.
 */
import { objectTypes } from "./ObjectTypes.ts"
import type { CrmRecord, LiveChange } from "../world/World.ts"
import type { HubSpotState, PortalWorld } from "./HubSpotState.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import type { StoredRecord } from "./StoredRecord.ts"

export type CrmChange = Extract<LiveChange, { readonly kind: "crm.contact" | "crm.deal" }>

export type Step =
  | { readonly kind: "apply"; readonly atMillis: number; readonly index: number; readonly change: CrmChange }
  | {
      readonly kind: "deliver"
      readonly atMillis: number
      readonly index: number
      readonly change: CrmChange
      /** Index of the change and of the delivery among its deliveries. */
      readonly delivery: string
    }

const isCrm = (change: LiveChange): change is CrmChange => change.kind === "crm.contact" || change.kind === "crm.deal"

const nameOf = (change: CrmChange): ObjectName => (change.kind === "crm.contact" ? "contacts" : "deals")

/** Steps still to be done, in order of their instants; a change comes before its deliveries. */
export const remaining = (state: HubSpotState): ReadonlyArray<Step> =>
  state.world.live
    .flatMap((change, index): ReadonlyArray<Step> => {
      if (!isCrm(change)) return []
      const atMillis = Date.parse(change.at)
      const deliveries = change.deliveries.map((delaySeconds, position): Step => ({
        kind: "deliver",
        atMillis: atMillis + Math.round(delaySeconds * 1_000),
        index,
        change,
        delivery: `${index}.${position}`,
      }))
      return [{ kind: "apply", atMillis, index, change }, ...deliveries]
    })
    .filter((step) => (step.kind === "apply" ? !state.applied.has(step.index) : !state.acknowledged.has(step.delivery)))
    .sort((one, other) => one.atMillis - other.atMillis || one.index - other.index || rank(one) - rank(other))

const rank = (step: Step): number => (step.kind === "apply" ? 0 : 1)

/** The record as the world knew it before the change at `index`. */
const before = (world: PortalWorld, index: number, change: CrmChange): CrmRecord | undefined => {
  for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
    const candidate = world.live[earlier]
    if (candidate?.kind === change.kind && candidate.after.id === change.after.id) return candidate.after
  }
  const { contacts, deals } = world.portal
  return (change.kind === "crm.contact" ? contacts : deals).find(({ id }) => id === change.after.id)
}

const later = (one: string, other: string): string => (one > other ? one : other)

export const apply = (state: HubSpotState, step: Extract<Step, { readonly kind: "apply" }>): void => {
  const { change, index } = step
  const name = nameOf(change)
  const known = before(state.world, index, change)
  const present = state.resolve(name, change.after.id)
  // A record that a client has erased does not come back because the world changes it.
  if (known !== undefined && present === undefined) return state.commit([{ op: "live", index }])
  const properties: Record<string, string> = { ...present?.properties }
  for (const property of new Set([...Object.keys(known?.properties ?? {}), ...Object.keys(change.after.properties)])) {
    const value = change.after.properties[property]
    if (value === known?.properties[property]) continue
    if (value === undefined) delete properties[property]
    else properties[property] = value
  }
  const record: StoredRecord = {
    ...(present ?? change.after),
    archived: change.after.archived,
    updatedAt: later(change.after.updatedAt, present?.updatedAt ?? ""),
    properties,
  }
  state.commit([
    { op: "record", name, record },
    { op: "live", index },
  ])
}

export interface WebhookEvent {
  readonly eventId: number
  readonly subscriptionId: number
  readonly portalId: number
  readonly appId: number
  readonly occurredAt: number
  readonly subscriptionType: string
  readonly attemptNumber: number
  readonly objectId: number
  readonly changeSource: string
  readonly changeFlag?: string
  readonly propertyName?: string
  readonly propertyValue?: string
  readonly sourceId?: string
}

export const appId = 1_460_001

/** Creation and propertyChange of contacts and deals, one number each, property names aside. */
const subscriptionId = (type: string, property: string): number => {
  let number = 2_166_136_261
  for (const character of `${type}/${property}`) number = Math.imul(number ^ character.charCodeAt(0), 16_777_619)
  return 1_000_000 + ((number >>> 0) % 1_000_000)
}

/** The events of one change, equal for each of its deliveries. HubSpot's own modification date sends none. */
export const events = (state: HubSpotState, step: Step): ReadonlyArray<WebhookEvent> => {
  const { change, index } = step
  const type = objectTypes[nameOf(change)]
  const event = (position: number, subscriptionType: string, property: string) => ({
    eventId: 100_000_000 + index * 100 + position,
    subscriptionId: subscriptionId(subscriptionType, property),
    portalId: state.world.brand.portalId,
    appId,
    occurredAt: Date.parse(change.at),
    subscriptionType,
    attemptNumber: 0,
    objectId: Number(change.after.id),
    changeSource: "CRM_UI",
    sourceId: "userId:1",
  })
  const created = change.created ? [{ ...event(0, `${type.singular}.creation`, ""), changeFlag: "CREATED" }] : []
  const changed = change.changed
    .filter((property) => property !== type.modifiedProperty && property !== "hs_lastmodifieddate")
    .map((property, position) => ({
      ...event(position + 1, `${type.singular}.propertyChange`, property),
      propertyName: property,
      propertyValue: change.after.properties[property] ?? "",
    }))
  return [...created, ...changed]
}
