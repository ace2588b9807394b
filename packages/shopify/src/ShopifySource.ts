/**
 * A Shopify shop as a source of facts.
 *
 * Promises: a webhook is only a hint: whatever it says, the record is read afresh by its id, once for however many
 * messages speak of it. Messages that name nothing we can read come back as parked with the reason; the others go on.
 */
import type { ErasureAsked, Source, SourceError } from "@advocacy-kit/core/connector/FactSource"
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { z } from "zod"
import * as CustomerSource from "./CustomerSource.ts"
import * as LosslessJson from "./LosslessJson.ts"
import * as OrderSource from "./OrderSource.ts"
import { together } from "./Reading.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import { ShopifyConfig } from "./ShopifyConfig.ts"
import { toSourceError } from "./ShopifyError.ts"

const number = z.union([z.int().nonnegative(), z.string().regex(/^[0-9]{1,20}$/)]).transform(String)
const Body = z.object({
  id: number.optional(),
  admin_graphql_api_id: z.string().optional(),
  order_id: number.optional(),
  /** Of the topics about privacy; an order by a guest has null here. */
  customer: z.object({ id: number.nullish(), email: z.string().nullish(), phone: z.string().nullish() }).nullish(),
})
type Body = z.output<typeof Body>

/** What a message is about, or why it is about nothing that we read. */
type Subject = { readonly id: string } | { readonly parked: string } | { readonly erase: NonNullable<Body["customer"]> }

const gidOf = (kind: "Order" | "Customer", body: Body): Subject => {
  const given = body.admin_graphql_api_id
  if (given !== undefined && new RegExp(`^gid://shopify/${kind}/[0-9]{1,20}$`).test(given)) return { id: given }
  return body.id === undefined
    ? { parked: `the body names no ${kind.toLowerCase()}: it has neither admin_graphql_api_id nor id` }
    : { id: `gid://shopify/${kind}/${body.id}` }
}

const bodyOf = (bytes: Uint8Array): Body | undefined => {
  try {
    const read = Body.safeParse(LosslessJson.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)))
    return read.success ? read.data : undefined
  } catch (error) {
    // SyntaxError: not JSON, or cut off; TypeError: not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** How the person to be erased is known here. */
const handlesOf = (
  key: Handle.HandleKey,
  { email, id, phone }: NonNullable<Body["customer"]>,
): ReadonlyArray<Handle.Handle> => {
  const line = Handle.phone(key, phone ?? "")
  return [
    ...(id === undefined || id === null ? [] : [Handle.platform("shopify", "customer", id)]),
    ...(email === undefined || email === null || email.trim() === "" ? [] : [Handle.email(key, email)]),
    ...(line === null ? [] : [line]),
  ]
}

/** Which record a message is about. Topics that mean a record is gone have nothing to read. */
export const subjectOf = ({ body: bytes, topic }: Pick<InboxRow, "body" | "topic">): Subject => {
  const body = bodyOf(bytes)
  if (body === undefined) return { parked: "the body is not JSON with a readable id: it may have been cut off" }
  const { customer } = body
  if (topic === "customers/redact")
    return customer?.id === undefined && customer?.email === undefined
      ? { parked: "the body names no customer to erase" }
      : { erase: customer }
  if (topic === "customers/data_request")
    return {
      parked: `somebody asks for their data: run \`advocacy export person customer/${customer?.id ?? "…"}\` and send it to them`,
    }
  if (topic === "customers/delete" || topic === "orders/delete")
    return { parked: `${topic}: the record was deleted in the shop; its facts stay as they are` }
  if (topic === "refunds/create")
    return body.order_id === undefined
      ? { parked: "the body names no order_id" }
      : { id: `gid://shopify/Order/${body.order_id}` }
  if (topic.startsWith("orders/")) return gidOf("Order", body)
  if (/^customers\/(?:create|update|enable|disable)$/.test(topic)) return gidOf("Customer", body)
  return { parked: `the topic ${topic} brings no facts` }
}

export const make: Effect.Effect<Source, never, ShopifyClient | ShopifyConfig> = Effect.gen(function* () {
  const client = yield* ShopifyClient
  const config = yield* ShopifyConfig

  const read: Source["read"] = (rows) =>
    Effect.gen(function* () {
      const parked = new Map<string, string>()
      const rowsOf = new Map<string, Array<string>>()
      const erase: Array<ErasureAsked> = []
      const { handleKey } = yield* CurrentTenant
      for (const row of rows) {
        const subject = subjectOf(row)
        if ("parked" in subject) parked.set(row.eventKey, subject.parked)
        else if ("erase" in subject)
          erase.push({
            eventKey: row.eventKey,
            handles: handlesOf(handleKey, subject.erase),
            at: row.receivedAt,
            reason: row.topic,
          })
        else rowsOf.set(subject.id, [...(rowsOf.get(subject.id) ?? []), row.eventKey])
      }
      const ids = [...rowsOf.keys()]
      const orders = yield* OrderSource.byId(
        client,
        config,
        ids.filter((id) => id.includes("/Order/")),
      )
      const customers = yield* CustomerSource.byId(
        client,
        config,
        ids.filter((id) => id.includes("/Customer/")),
      )
      for (const id of [...orders.missing, ...customers.missing]) {
        for (const eventKey of rowsOf.get(id) ?? [])
          parked.set(eventKey, `${id} does not exist in the shop, or no longer`)
      }
      return { page: together([customers.page, orders.page]), parked, erase }
    }).pipe(Effect.mapError((error): SourceError => toSourceError(error)))

  return { name: "shopify", pulls: [CustomerSource.pull(client, config), OrderSource.pull(client, config)], read }
})
