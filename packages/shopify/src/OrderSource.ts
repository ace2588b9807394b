/**
 * Orders and their refunds: the whole history, what changed since, and single orders by id.
 *
 * Promises: an order comes with all its lines, and with all refunds and their lines where it has any; bulk, increment and
 * webhook give the same facts for the same state. An order that no longer exists is simply not among the answers.
 */
import type { Page, Pull, SourceError } from "@advocacy-kit/core/connector/FactSource"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Stream } from "effect"
import { z } from "zod"
import * as Access from "./Access.ts"
import { historyCaveat } from "./Capabilities.ts"
import type { Priority } from "./CostBucket.ts"
import * as HistoryPull from "./HistoryPull.ts"
import type { Span } from "./HistorySlices.ts"
import type { Records } from "./IncrementPull.ts"
import * as NodesById from "./NodesById.ts"
import { awaitingJourney, mayHaveRefunds, ofOrder } from "./OrderFacts.ts"
import { attempt, idOf, nothing, placeOf, type RawRecord, together, withheldIn, withheldReport } from "./Reading.ts"
import { ofRefund } from "./RefundFacts.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { Settings } from "./ShopifyConfig.ts"
import { type ShopifyError, toSourceError } from "./ShopifyError.ts"
import { bulkQuery } from "./wire/Document.ts"
import { looseNodes } from "./wire/OrderRecord.ts"
import {
  moreLines,
  moreRefundLines,
  ordersAtOnce,
  ordersBulk,
  ordersById,
  ordersPage,
  ordersSpan,
  refundedAtOnce,
  refundsOfOrders,
} from "./wire/Orders.ts"

type Client = ShopifyClient["Service"]

const Nested = z.object({ id: z.string(), lineItems: looseNodes })
const Refunded = z.object({ id: z.string(), refunds: z.array(z.unknown()) })
const Refund = z.object({ id: z.string(), refundLineItems: looseNodes })

interface Connection {
  readonly nodes: ReadonlyArray<unknown>
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** What stands behind the first page of a connection. */
const rest = (
  first: Connection,
  next: (after: string) => Effect.Effect<Connection | undefined, ShopifyError>,
): Effect.Effect<ReadonlyArray<unknown>, ShopifyError> =>
  Effect.gen(function* () {
    const found: Array<unknown> = []
    let page: Connection | undefined = first
    while (page?.pageInfo.hasNextPage === true && page.pageInfo.endCursor !== null) {
      page = yield* next(page.pageInfo.endCursor)
      found.push(...(page?.nodes ?? []))
    }
    return found
  })

/** An order of a page: its lines become children, those beyond the page are fetched. */
const withLines =
  (client: Client, priority: Priority) =>
  (record: unknown, withheld: ReadonlyArray<string>): Effect.Effect<RawRecord, ShopifyError> => {
    const nested = Nested.safeParse(record)
    if (!nested.success) return Effect.succeed({ record, children: [], withheld })
    const { id, lineItems } = nested.data
    return Effect.map(
      rest(lineItems, (after) =>
        Effect.map(client.query(moreLines, { id, after }, { priority }), ({ data }) => data.order?.lineItems),
      ),
      (more) => ({ record, children: [...lineItems.nodes, ...more], withheld }),
    )
  }

const refundsOf = (
  client: Client,
  ids: ReadonlyArray<string>,
  priority: Priority,
): Effect.Effect<ReadonlyMap<string, ReadonlyArray<RawRecord>>, ShopifyError> =>
  Effect.gen(function* () {
    const found = new Map<string, ReadonlyArray<RawRecord>>()
    for (let from = 0; from < ids.length; from += refundedAtOnce) {
      const batch = ids.slice(from, from + refundedAtOnce)
      const { data } = yield* client.query(refundsOfOrders, { ids: batch }, { priority })
      for (const node of data.nodes) {
        const order = Refunded.safeParse(node)
        if (!order.success) continue
        const refunds = yield* Effect.forEach(order.data.refunds, (record) => {
          const refund = Refund.safeParse(record)
          if (!refund.success) return Effect.succeed({ record, children: [], withheld: [] })
          const { id, refundLineItems } = refund.data
          return Effect.map(
            rest(refundLineItems, (after) =>
              Effect.map(
                client.query(moreRefundLines, { id, after }, { priority }),
                ({ data: more }) => more.node?.refundLineItems,
              ),
            ),
            (children): RawRecord => ({ record, children, withheld: [] }),
          )
        })
        found.set(order.data.id, refunds)
      }
    }
    return found
  })

/** Orders with their refunds as facts. */
const toPage =
  (client: Client, config: Settings, priority: Priority) =>
  (records: ReadonlyArray<RawRecord>): Effect.Effect<Page, ShopifyError, CurrentTenant> =>
    Effect.gen(function* () {
      const { handleKey } = yield* CurrentTenant
      const lens = { handleKey, referralAttributes: config.referralAttributes, deviceAttribute: config.deviceAttribute }
      const refunds = yield* refundsOf(client, records.filter(mayHaveRefunds).map(idOf), priority)
      const pages = records.map((raw) => {
        const order = ofOrder(raw, lens)
        if (order.facts.length === 0) return order
        return together([
          order,
          ...(refunds.get(idOf(raw)) ?? []).map((refund) =>
            attempt(placeOf("refund", refund.record), () => ofRefund(refund, raw.record)),
          ),
        ])
      })
      const all = together(pages)
      return { ...all, rejected: [...all.rejected, ...withheldReport("order", records)] }
    })

/** The orders of a page of a search. */
const found = (
  client: Client,
  variables: { readonly search: string; readonly sortKey: "UPDATED_AT" | "CREATED_AT"; readonly after: string | null },
  priority: Priority,
): Effect.Effect<Records, ShopifyError> =>
  Effect.gen(function* () {
    const { data, withheld } = yield* client.query(ordersPage, variables, { priority })
    const of = withheldIn(withheld, ["orders", "nodes"])
    const records = yield* Effect.forEach(data.orders.nodes, (record, at) =>
      withLines(client, priority)(record, of(at)),
    )
    return { records, next: data.orders.pageInfo.hasNextPage ? data.orders.pageInfo.endCursor : null }
  })

const createdIn = ({ from, until }: HistoryPull.Window): string =>
  [`created_at:>='${Instant.toIso(from)}'`, ...(until === null ? [] : [`created_at:<'${Instant.toIso(until)}'`])].join(
    " ",
  )

const span = (client: Client): Effect.Effect<Span | null, ShopifyError> =>
  Effect.map(client.query(ordersSpan, {}, { priority: "backfill" }), ({ data }) => {
    const [oldest, newest, changed] = [data.oldest.nodes[0], data.newest.nodes[0], data.changed.nodes[0]]
    if (oldest === undefined || newest === undefined || changed === undefined) return null
    return {
      oldest: Instant.fromIso(oldest.createdAt),
      newest: Instant.fromIso(newest.createdAt),
      changedAt: Instant.fromIso(changed.updatedAt),
      count: data.ordersCount?.count ?? 0,
    }
  })

/** Said with every run: without `read_all_orders` older orders are not refused but absent. */
const caveat = (client: Client): Stream.Stream<Page, SourceError> =>
  Stream.unwrap(
    Effect.map(Access.scopesOf(client), (scopes) => {
      const said = historyCaveat(scopes)
      return said === undefined ? Stream.empty : Stream.make({ ...nothing, caveats: [said] })
    }),
  ).pipe(Stream.mapError(toSourceError))

export const pull = (client: Client, config: Settings): Pull => {
  const orders = HistoryPull.pull(client, {
    job: "shopify:orders",
    label: "orders",
    reach: {
      by: "slices",
      span: span(client),
      bulkQuery: (window) => bulkQuery(ordersBulk, { search: createdIn(window) }),
      created: (window, after) =>
        found(client, { search: createdIn(window), sortKey: "CREATED_AT", after }, "backfill"),
    },
    changes: (since, after) =>
      found(client, { search: `updated_at:>='${Instant.toIso(since)}'`, sortKey: "UPDATED_AT", after }, "increment"),
    unfinished: {
      since: awaitingJourney,
      again: (ids) =>
        Effect.map(
          NodesById.read(
            client,
            { operation: ordersById, idsPerQuery: ordersAtOnce, complete: withLines(client, "increment") },
            ids,
          ),
          ({ records }) => records,
        ),
    },
    toPage: (records, priority) => toPage(client, config, priority)(records),
  })
  return { ...orders, pages: (cursor) => Stream.concat(caveat(client), orders.pages(cursor)) }
}

/** The orders with these ids as they now stand, and the ids that no longer exist. */
export const byId = (
  client: Client,
  config: Settings,
  ids: ReadonlyArray<string>,
): Effect.Effect<{ readonly page: Page; readonly missing: ReadonlyArray<string> }, ShopifyError, CurrentTenant> =>
  Effect.gen(function* () {
    const { missing, records } = yield* NodesById.read(
      client,
      { operation: ordersById, idsPerQuery: ordersAtOnce, complete: withLines(client, "webhook") },
      ids,
    )
    return { page: yield* toPage(client, config, "webhook")(records), missing }
  })
