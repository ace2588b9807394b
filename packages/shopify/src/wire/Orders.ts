/**
 * The operations that read orders and refunds.
 *
 * Refund lines stand under a list, which bulk queries refuse, so they have an operation of their own everywhere. Lines
 * beyond the first page of an order or a refund are asked for one by one: nothing is cut off silently.
 */
import { z } from "zod"
import { operation } from "./Operation.ts"
import { lineSelection, linesSelection, looseNodes, maybe, orderSelection } from "./OrderRecord.ts"
import { refundLineSelection, refundSelection } from "./RefundRecord.ts"

export const ordersPage = operation(
  "OrdersPage",
  650,
  `query OrdersPage($search: String!, $after: String) {
  orders(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {
    nodes { ${orderSelection} ${linesSelection} } pageInfo { hasNextPage endCursor } } }`,
  z.object({ orders: looseNodes }),
)

const looseList = z.object({ nodes: z.array(z.unknown()) })

/** At most 10 ids: 10 orders of 50 lines stay under 1,000 points. */
export const ordersById = operation(
  "OrdersById",
  900,
  `query OrdersById($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { ${orderSelection} ${linesSelection} } } }`,
  looseList,
)

export const refundsOfOrders = operation(
  "RefundsOfOrders",
  700,
  `query RefundsOfOrders($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { id refunds { ${refundSelection} } } } }`,
  looseList,
)

export const moreLines = operation(
  "MoreLines",
  170,
  `query MoreLines($id: ID!, $after: String) {
  order(id: $id) { lineItems(first: 250, after: $after) { nodes { ${lineSelection} } pageInfo { hasNextPage endCursor } } } }`,
  z.object({ order: maybe(z.object({ lineItems: looseNodes })) }),
)

export const moreRefundLines = operation(
  "MoreRefundLines",
  90,
  `query MoreRefundLines($id: ID!, $after: String) {
  node(id: $id) { ... on Refund { refundLineItems(first: 250, after: $after) { nodes { ${refundLineSelection} } pageInfo { hasNextPage endCursor } } } } }`,
  z.object({ node: maybe(z.object({ refundLineItems: looseNodes })) }),
)

/** The whole history, for a bulk operation; a line arrives as a child with `__parentId`. */
export const ordersBulk = `{ orders { edges { node { ${orderSelection} lineItems { edges { node { ${lineSelection} } } } } } } }`
