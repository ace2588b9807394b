/**
 * The operations that read customers.
 *
 * Shopify compares the `updated_at` of customers by whole days, so the search begins early and is filtered here.
 */
import { z } from "zod"
import { customerSelection } from "./CustomerRecord.ts"
import { operation } from "./Operation.ts"
import { looseNodes } from "./OrderRecord.ts"

export const customersPage = operation(
  "CustomersPage",
  60,
  `query CustomersPage($search: String!, $after: String) {
  customers(first: 250, after: $after, query: $search, sortKey: UPDATED_AT) {
    nodes { ${customerSelection} } pageInfo { hasNextPage endCursor } } }`,
  z.object({ customers: looseNodes }),
)

export const customersById = operation(
  "CustomersById",
  200,
  `query CustomersById($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { ${customerSelection} } } }`,
  z.object({ nodes: z.array(z.unknown()) }),
)

export const customersBulk = `{ customers { edges { node { ${customerSelection} } } } }`
