/**
 * A Shopify shop as a source of facts.
 *
 * Promises: a webhook is only a hint: whatever it says, the record is read afresh by its id, once for however many
 * messages speak of it. Messages that name nothing we can read come back as parked with the reason; the others go on.
 * What is about the installation, a merge or privacy needs no token and no network. What an earlier installation sent is kept,
 * parked, and not acted on; only privacy does not end with an installation.
 */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import type { ErasureAsked, Source, SourceError } from "@advocacy-kit/core/connector/FactSource"
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import * as Access from "./Access.ts"
import { AccessTokens, notInstalled } from "./AccessTokens.ts"
import * as Capabilities from "./Capabilities.ts"
import * as CustomerSource from "./CustomerSource.ts"
import * as OrderSource from "./OrderSource.ts"
import { nothing, numberOf, together } from "./Reading.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import { ShopifyConfig } from "./ShopifyConfig.ts"
import { type Reason, ShopifyError, toSourceError } from "./ShopifyError.ts"
import { isAboutPrivacy, type Named, type Subject, subjectOf } from "./WebhookSubject.ts"

/** How the person to be erased is known here. */
const handlesOf = (key: Handle.HandleKey, { email, id, phone }: Named): ReadonlyArray<Handle.Handle> => {
  const line = Handle.phone(key, phone ?? "")
  return [
    ...(id === undefined || id === null ? [] : [Handle.platform("shopify", "customer", id)]),
    ...(email === undefined || email === null || email.trim() === "" ? [] : [Handle.email(key, email)]),
    ...(line === null ? [] : [line]),
  ]
}

const happenedAt = ({ receivedAt, triggeredAt }: InboxRow): Instant => triggeredAt ?? receivedAt

const merge = (row: InboxRow, { from, into }: { readonly from: string; readonly into: string }): Fact.PeopleMerged => ({
  _tag: "PeopleMerged",
  key: Fact.key(`shopify:merge/${numberOf(from)}`),
  version: 0,
  rank: Fact.rank.api,
  occurredAt: happenedAt(row),
  into: Handle.platform("shopify", "customer", numberOf(into)),
  from: [Handle.platform("shopify", "customer", numberOf(from))],
})

interface Message {
  readonly row: InboxRow
  readonly subject: Subject
}

/** What messages tell of the installation, in whatever order. */
const toldBy =
  (messages: ReadonlyArray<Message>) =>
  (now: Installation.Installation | null, key: Installation.InstallationKey): Installation.Installation | null =>
    messages.reduce<Installation.Installation | null>((before, { row, subject }) => {
      if ("removed" in subject) return Installation.removed(before, key, happenedAt(row))
      return "scopes" in subject ? Installation.rescoped(before, key, happenedAt(row), subject.scopes) : before
    }, now)

const earlier = "an earlier installation of the app sent this; it is kept and not acted on"
/** Nobody but whoever made a custom app can put its token right. */
const customRemoved =
  "the custom app was removed from the shop: its token opens nothing any more; install it again and give its new token"
const without =
  "the app is not installed in the shop; what this is about is read by the first sync after it is installed again"

export const make: Effect.Effect<Source, never, ShopifyClient | ShopifyConfig | AccessTokens> = Effect.gen(
  function* () {
    const client = yield* ShopifyClient
    const config = yield* ShopifyConfig
    const { installation } = yield* AccessTokens
    const failed =
      (operation: string) =>
      (reason: Reason): ShopifyError =>
        new ShopifyError({ operation, reason })

    /** Why a message is not acted on, and whether records can be read. */
    const standing = (messages: ReadonlyArray<Message>) =>
      Effect.gen(function* () {
        if (installation === null) return { isOpen: true, isStale: () => false }
        const now = yield* installation(toldBy(messages)).pipe(Effect.mapError(failed("ReadWebhooks")))
        const isOpen = config.app?.grant === "clientCredentials" || (now !== null && Installation.isActive(now))
        return { isOpen, isStale: (row: InboxRow) => Installation.isStale(now, happenedAt(row)) }
      })

    const recordsOf = (ids: ReadonlyArray<string>) =>
      Effect.gen(function* () {
        if (ids.length === 0) return { page: nothing, missing: [] }
        const of = (kind: string) => ids.filter((id) => id.includes(`/${kind}/`))
        const orders = yield* OrderSource.byId(client, config, of("Order"))
        const customers = yield* CustomerSource.byId(client, config, of("Customer"))
        return { page: together([customers.page, orders.page]), missing: [...orders.missing, ...customers.missing] }
      })

    const read: Source["read"] = (rows) =>
      Effect.gen(function* () {
        const parked = new Map<string, string>()
        const rowsOf = new Map<string, Array<string>>()
        const erase: Array<ErasureAsked> = []
        const merges: Array<Fact.PeopleMerged> = []
        const { handleKey } = yield* CurrentTenant
        const messages = rows.map((row): Message => ({ row, subject: subjectOf(row) }))
        const { isOpen, isStale } = yield* standing(messages)
        const readLater = (id: string, { eventKey }: InboxRow) => rowsOf.set(id, [...(rowsOf.get(id) ?? []), eventKey])
        for (const { row, subject } of messages) {
          const { eventKey, receivedAt, topic } = row
          if ("parked" in subject) parked.set(eventKey, subject.parked)
          else if (installation === null && "removed" in subject) parked.set(eventKey, customRemoved)
          else if (isStale(row) && !isAboutPrivacy(topic)) parked.set(eventKey, earlier)
          else if ("erase" in subject)
            erase.push({ eventKey, handles: handlesOf(handleKey, subject.erase), at: receivedAt, reason: topic })
          else if ("merged" in subject) {
            merges.push(merge(row, subject.merged))
            if (isOpen) readLater(subject.merged.into, row)
          } else if ("id" in subject) {
            if (isOpen) readLater(subject.id, row)
            else parked.set(eventKey, without)
          }
        }
        const { missing, page } = yield* recordsOf([...rowsOf.keys()])
        for (const id of missing)
          for (const eventKey of rowsOf.get(id) ?? [])
            parked.set(eventKey, `${id} does not exist in the shop, or no longer`)
        return { page: together([page, { ...nothing, facts: merges }]), parked, erase }
      }).pipe(Effect.mapError((error): SourceError => toSourceError(error)))

    const stopped: Source["stopped"] =
      installation === null || config.app?.grant === "clientCredentials"
        ? Effect.succeed(null)
        : installation((now) => now).pipe(
            Effect.map((now) =>
              now !== null && Installation.isActive(now)
                ? null
                : toSourceError(failed("Pull")(notInstalled(config.shop, now))).message,
            ),
            Effect.mapError((reason) => toSourceError(failed("Pull")(reason))),
          )

    const pulls = [CustomerSource.pull(client, config), OrderSource.pull(client, config)]
    const capabilities = Access.read(client).pipe(Effect.map(Capabilities.report), Effect.mapError(toSourceError))
    return { name: "shopify", capabilities, pulls, read, stopped }
  },
)
