/**
 * What a portal lets this app read, tried call by call, and what is set up here.
 *
 * Promises: asks, and changes nothing; a refusal is an answer. HubSpot does not tell an app its scopes or the account's plan, so
 * each is found by asking for what needs it.
 */
import { Effect } from "effect"
import { HubSpotClient } from "./HubSpotClient.ts"
import type { HubSpotSettings } from "./HubSpotConfig.ts"
import type { HubSpotError } from "./HubSpotError.ts"
import type { ObjectType } from "./HubSpotPath.ts"
import { labels } from "./ReferralLinks.ts"
import { AccountDetails, DailyUsage } from "./wire/Account.ts"
import { AssociationLabels } from "./wire/Association.ts"
import { PropertyGroups } from "./wire/Property.ts"
import { ListPage } from "./wire/Record.ts"

/** `allowed`, or what HubSpot named as missing; an empty list where it named nothing. */
export type Tried = "allowed" | { readonly missing: ReadonlyArray<string> }

export interface Access {
  readonly objects: Readonly<Record<ObjectType, Tried>>
  readonly propertyDefinitions: Tried
  readonly labels: Tried
  /** Our association label exists. */
  readonly hasLabel: boolean
  readonly account: { readonly type: string; readonly timeZone: string } | null
  readonly calls: { readonly limit: number; readonly used: number } | null
  readonly webhooks: boolean
  readonly actions: boolean
  /** The zone that is set here, which daily limits are reckoned in. */
  readonly timeZone: string
}

type Ask<A> = Effect.Effect<A, HubSpotError, HubSpotClient>

const tried = <A>(ask: Ask<A>): Ask<Tried> =>
  ask.pipe(
    Effect.as<Tried>("allowed"),
    Effect.catchIf(
      ({ reason }) => reason._tag === "Forbidden",
      ({ reason }) => Effect.succeed({ missing: reason._tag === "Forbidden" ? reason.details : [] }),
    ),
  )

/** What only some apps may ask; null where it is refused or not there. */
const optional = <A>(ask: Ask<A>): Ask<A | null> =>
  ask.pipe(
    Effect.catchIf(
      ({ reason }) => ["Forbidden", "Missing"].includes(reason._tag),
      () => Effect.succeed(null),
    ),
  )

const objects: ReadonlyArray<ObjectType> = ["contacts", "companies", "deals", "feedback_submissions"]

export const read = Effect.fnUntraced(function* (config: HubSpotSettings) {
  const { paths, request } = yield* HubSpotClient
  const lists = yield* Effect.forEach(objects, (type) =>
    Effect.map(
      tried(
        request({
          operation: `list ${type}`,
          method: "GET",
          path: paths.objects(type),
          query: [["limit", "1"]],
          schema: ListPage,
        }),
      ),
      (found) => [type, found] as const,
    ),
  )
  const groups = request({
    operation: "list property groups",
    method: "GET",
    path: paths.groups("contacts"),
    schema: PropertyGroups,
  })
  const listed = request({
    operation: "list association labels",
    method: "GET",
    path: paths.associationLabels("contacts", "contacts"),
    schema: AssociationLabels,
  })
  const account = yield* optional(
    request({ operation: "read the account", method: "GET", path: paths.accountDetails, schema: AccountDetails }),
  )
  const usage = yield* optional(
    request({ operation: "read the day's calls", method: "GET", path: paths.dailyUsage, schema: DailyUsage }),
  )
  const known = yield* optional(listed)
  const [day] = usage?.results ?? []
  return {
    objects: Object.fromEntries(lists) as Access["objects"],
    propertyDefinitions: yield* tried(groups),
    labels: yield* tried(listed),
    hasLabel: known?.results.some(({ label }) => label === labels.label) ?? false,
    account: account === null ? null : { type: account.accountType, timeZone: account.timeZone },
    calls: day === undefined ? null : { limit: day.usageLimit, used: day.currentUsage },
    webhooks: config.webhookUrl !== null && config.webhookSecrets.length > 0,
    actions: config.actionsUrl !== null && config.webhookSecrets.length > 0,
    timeZone: config.timeZone,
  } satisfies Access
})
