/**
 * The contact properties that we write, in a group of their own, and their additive creation.
 *
 * Promises: what is missing is created, options that are missing are added; nothing is ever removed, renamed or retyped. A
 * property of ours that somebody else has defined with another type is an error that says so. Internal names are for
 * ever, so a change of meaning is a new name.
 */
import { Effect } from "effect"
import { z } from "zod"
import { HubSpotClient } from "./HubSpotClient.ts"
import { HubSpotError, Invalid } from "./HubSpotError.ts"
import { Properties, type Property, PropertyGroups } from "./wire/Property.ts"

export const group = { name: "advocacy", label: "Advocacy", displayOrder: -1 } as const

export interface PropertyDefinition {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly groupName: string
  readonly type: "string" | "number" | "datetime" | "enumeration"
  readonly fieldType: "text" | "number" | "date" | "select"
  readonly hidden?: boolean
  readonly options?: ReadonlyArray<{
    readonly value: string
    readonly label: string
    readonly displayOrder: number
    readonly hidden: boolean
  }>
}

const statuses = ["candidate", "active", "paused", "left"]

/** In HubSpot's own form; `prefix` is the configured one. */
export const manifest = (prefix: string): ReadonlyArray<PropertyDefinition> => {
  const property = (
    name: string,
    label: string,
    description: string,
    type: PropertyDefinition["type"],
    more: Partial<PropertyDefinition> = {},
  ): PropertyDefinition => ({
    name: prefix + name,
    label,
    description,
    groupName: group.name,
    type,
    fieldType: ({ string: "text", number: "number", datetime: "date", enumeration: "select" } as const)[type],
    ...more,
  })
  const options = statuses.map((value, displayOrder) => ({
    value,
    label: value.charAt(0).toUpperCase() + value.slice(1),
    displayOrder,
    hidden: false,
  }))
  return [
    property("status", "Advocacy status", "Where this contact stands in the advocacy program.", "enumeration", {
      options,
    }),
    property(
      "source_program",
      "Advocacy program",
      "The program that the other advocacy properties are about.",
      "string",
    ),
    property("score", "Advocacy score", "What identification found, 0 to 100.", "number"),
    // Not unique: two contacts may be one advocate, who has one code.
    property("referral_code", "Referral code", "The code this advocate shares.", "string"),
    property("referral_link", "Referral link", "The link this advocate shares.", "string"),
    property("referrals_sent", "Referrals sent", "People this advocate has referred.", "number"),
    property("referrals_converted", "Referrals converted", "Referred people whose purchase counted.", "number"),
    // Text and no list of choices: a program may name its tiers anew, and choices are never taken away.
    property("tier", "Advocate tier", "The highest tier that this advocate holds.", "string"),
    property("points_balance", "Points", "Points that this advocate can use now.", "number"),
    property("points_lifetime", "Points ever", "All points that this advocate was ever given.", "number"),
    property("rewards_earned", "Rewards earned", "In the program's currency.", "number"),
    property("last_activity", "Last advocacy activity", "When this advocate was last active.", "datetime"),
    property("nps_last", "Last NPS answer", "0 to 10.", "number"),
    property("referred_by_code", "Referred by code", "The code of the advocate who referred this contact.", "string"),
    property(
      "sync_hash",
      "Advocacy sync hash",
      "Says whether the properties above are up to date. Do not edit.",
      "string",
      { hidden: true },
    ),
  ]
}

type Write<A> = Effect.Effect<A, HubSpotError, HubSpotClient>

/** Somebody else creating the same thing at the same time is as good as us creating it. */
const created = <A>(write: Write<A>): Write<void> =>
  write.pipe(
    Effect.asVoid,
    Effect.catchIf(
      (error) => error.reason._tag === "Conflict",
      () => Effect.void,
    ),
  )

const ensureGroup: Write<void> = Effect.gen(function* () {
  const client = yield* HubSpotClient
  const path = client.paths.groups("contacts")
  const groups = yield* client.request({
    operation: "list property groups",
    method: "GET",
    path,
    schema: PropertyGroups,
  })
  if (groups.results.some((known) => known.name === group.name)) return
  yield* created(
    client.request({
      operation: "create the property group",
      method: "POST",
      path,
      body: group,
      schema: z.unknown(),
      isWrite: true,
    }),
  )
})

const addOptions = (wanted: PropertyDefinition, known: z.output<typeof Property>): Write<void> =>
  Effect.gen(function* () {
    const missing = (wanted.options ?? []).filter(
      (option) => !known.options.some(({ value }) => value === option.value),
    )
    if (missing.length === 0) return
    const client = yield* HubSpotClient
    yield* client.request({
      operation: `add options to ${wanted.name}`,
      method: "PATCH",
      path: client.paths.property("contacts", wanted.name),
      body: { options: [...known.options, ...missing] },
      schema: z.unknown(),
      isWrite: true,
    })
  })

/** Makes the portal able to take what we write. Safe to repeat. */
export const ensure = Effect.fnUntraced(function* (prefix: string) {
  const client = yield* HubSpotClient
  const known = new Map(
    (yield* client.request({
      operation: "list properties",
      method: "GET",
      path: client.paths.properties("contacts"),
      schema: Properties,
    })).results.map((property) => [property.name, property]),
  )
  const missing = manifest(prefix).filter(({ name }) => !known.has(name))
  if (missing.length > 0) {
    yield* ensureGroup
    yield* created(
      client.request({
        operation: "create properties",
        method: "POST",
        path: client.paths.propertiesCreate("contacts"),
        body: { inputs: missing },
        schema: z.unknown(),
        isWrite: true,
      }),
    )
  }
  for (const wanted of manifest(prefix)) {
    const property = known.get(wanted.name)
    if (property === undefined) continue
    if (property.type !== wanted.type) {
      const details = [`${wanted.name} is ${property.type}, not ${wanted.type}`, "choose another writeBackPrefix"]
      const reason = new Invalid({ status: 409, category: "PROPERTY_TYPE", details })
      return yield* new HubSpotError({ operation: "ensure properties", reason, correlationId: null })
    }
    yield* addOptions(wanted, property)
  }
})
