/**
 * The webhook topics of the Admin API with the scopes that they demand, by the vendor's own list, and the three
 * compliance topics, which only an app's configuration can name. Any one scope of a list is enough.
 */

import * as fs from "node:fs"
import { holds } from "./AccessScopes.ts"
import type { Holder } from "./AccessScopes.ts"

export interface WebhookTopic {
  /** As in `ORDERS_CREATE`; null for the compliance topics. */
  readonly enumName: string | null
  /** As in `orders/create`. */
  readonly name: string
  readonly scopes: ReadonlyArray<string>
}

export const complianceTopics: ReadonlyArray<string> = ["customers/data_request", "customers/redact", "shop/redact"]

let topics: ReadonlyArray<WebhookTopic> | undefined

const read = (): ReadonlyArray<WebhookTopic> => {
  const file = new URL("../../data/webhook-topics-2026-10.tsv", import.meta.url)
  const [, ...rows] = fs.readFileSync(file, "utf8").trimEnd().split("\n")
  const listed = rows.map((row): WebhookTopic => {
    const [enumName = "", name = "", demand = ""] = row.split("\t")
    return { enumName, name, scopes: demand.match(/\b(?:read|write)_[a-z_]+/g) ?? [] }
  })
  return [...listed, ...complianceTopics.map((name) => ({ enumName: null, name, scopes: [] }))]
}

const all = (): ReadonlyArray<WebhookTopic> => (topics ??= read())

export const byName = (name: string): WebhookTopic | undefined => all().find((topic) => topic.name === name)

export const byEnum = (enumName: string): WebhookTopic | undefined => all().find((topic) => topic.enumName === enumName)

export const isAllowed = (topic: WebhookTopic, holder: Holder): boolean =>
  topic.scopes.length === 0 || topic.scopes.some((scope) => holds(holder, scope))

/** Topics whose bodies tell of customers and orders. */
export const isProtected = ({ name }: WebhookTopic): boolean =>
  /^(orders|customers|customer|refunds|order_transactions|fulfillments|draft_orders|checkouts)[./]/.test(name)
