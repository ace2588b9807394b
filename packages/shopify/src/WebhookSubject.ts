/**
 * What a webhook is about.
 *
 * Promises: pure; ids of any length keep every digit; a body that cannot be read is parked with the reason and never thrown. It
 * trusts nothing of a record's content: only its id, and what nobody can be asked about afterwards.
 */
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { z } from "zod"
import * as LosslessJson from "./LosslessJson.ts"

const number = z.union([z.int().nonnegative(), z.string().regex(/^[0-9]{1,20}$/)]).transform(String)
const customerId = z.string().regex(/^gid:\/\/shopify\/Customer\/[0-9]{1,20}$/)
const Body = z.object({
  id: z.union([number, z.string().transform(() => undefined)]).optional(),
  admin_graphql_api_id: z.string().optional(),
  order_id: number.optional(),
  /** Of the topics about privacy; an order by a guest has null here. */
  customer: z.object({ id: number.nullish(), email: z.string().nullish(), phone: z.string().nullish() }).nullish(),
  /** Of a merge. */
  admin_graphql_api_customer_kept_id: customerId.optional(),
  admin_graphql_api_customer_deleted_id: customerId.optional(),
  status: z.string().optional(),
  /** Of a change of scopes. */
  current: z.array(z.string()).optional(),
})
type Body = z.output<typeof Body>

/** A person as a message about privacy names them. */
export type Named = NonNullable<Body["customer"]>

export type Subject =
  /** A record to be read afresh. */
  | { readonly id: string }
  /** Nothing that we read, and why. */
  | { readonly parked: string }
  | { readonly erase: Named }
  /** The app was removed from the shop. */
  | { readonly removed: true }
  | { readonly scopes: ReadonlyArray<string> }
  /** Two customers are one; the ids are those at the end of a `gid://`. */
  | { readonly merged: { readonly into: string; readonly from: string } }
  /** Known, and nothing is to be done. */
  | { readonly settled: true }

/** Topics that hold whatever became of the installation: the law does not end with it. */
export const isAboutPrivacy = (topic: string): boolean =>
  topic === "customers/redact" || topic === "customers/data_request" || topic === "shop/redact"

/** Within how many days Shopify wants what is asked for in the name of privacy. */
const privacyDays = 30

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

const privacyOf = (topic: string, { customer }: Body, receivedAt: Instant.Instant): Subject => {
  const due = Instant.toIso(receivedAt + Instant.days(privacyDays)).slice(0, 10)
  if (topic === "customers/data_request")
    return {
      parked: `somebody asks for their data, due by ${due}: run \`advocacy export person customer/${customer?.id ?? "…"}\` and send it to the shop's owner`,
    }
  // Nobody can take this back, and a tenant holds more than one shop's data: a human says that it is to be done.
  if (topic === "shop/redact")
    return {
      parked: `the shop's data are to be erased by ${due}: nothing is erased by itself; whoever runs this installation confirms it as in docs/connect-shopify.md`,
    }
  const names = [customer?.id, customer?.email, customer?.phone].some((name) => (name ?? "").trim() !== "")
  return customer && names ? { erase: customer } : { parked: "the body names no customer to erase" }
}

const mergeOf = (body: Body): Subject => {
  const [into, from] = [body.admin_graphql_api_customer_kept_id, body.admin_graphql_api_customer_deleted_id]
  if (into === undefined || from === undefined || into === from)
    return { parked: "the body does not name two customers that were merged" }
  const status = (body.status ?? "").toLowerCase()
  if (status === "completed") return { merged: { into, from } }
  return {
    parked: `the merge of two customers did not take place by this message: its status is ${/^[a-z_]{1,30}$/.test(status) ? status : "not known"}`,
  }
}

/** Which record a message is about, or what else. Topics that mean a record is gone have nothing to read. */
export const subjectOf = ({
  body: bytes,
  receivedAt,
  topic,
}: Pick<InboxRow, "body" | "topic" | "receivedAt">): Subject => {
  // What matters of these is that they came.
  if (topic === "app/uninstalled") return { removed: true }
  if (topic === "bulk_operations/finish") return { settled: true }
  const body = bodyOf(bytes)
  if (body === undefined) return { parked: "the body is not JSON with a readable id: it may have been cut off" }
  if (isAboutPrivacy(topic)) return privacyOf(topic, body, receivedAt)
  if (topic === "app/scopes_update")
    return body.current === undefined ? { parked: "the body names no scopes" } : { scopes: body.current }
  if (topic === "customers/merge") return mergeOf(body)
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
