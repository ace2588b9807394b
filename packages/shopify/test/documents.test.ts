import { Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import * as AccessWire from "../src/wire/Access.ts"
import * as Bulk from "../src/wire/Bulk.ts"
import * as Customers from "../src/wire/Customers.ts"
import * as Discounts from "../src/wire/Discounts.ts"
import { bulkQuery, type BulkDocument, type Document } from "../src/wire/Document.ts"
import * as Documents from "../src/wire/Documents.generated.ts"
import { type Fits, type Operation, query } from "../src/wire/Operation.ts"
import * as Orders from "../src/wire/Orders.ts"
import * as StoreCredit from "../src/wire/StoreCredit.ts"
import * as GiftCards from "../src/wire/GiftCards.ts"
import { inSandbox, token } from "./shopUnderTest.ts"

const isOperation = (value: unknown): value is Operation<unknown> =>
  typeof value === "object" && value !== null && "document" in value
const exported: ReadonlyArray<unknown> = Object.values({
  ...AccessWire,
  ...Bulk,
  ...Customers,
  ...Discounts,
  ...GiftCards,
  ...Orders,
  ...StoreCredit,
})
const operations = exported.filter(isOperation)

/** The most that an operation is ever asked at once. */
const ids = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => `gid://shopify/${kind}/${index + 1}`)
const variables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  OrdersPage: { search: "updated_at:>='2026-01-01'", sortKey: "UPDATED_AT" },
  CustomersPage: { search: "updated_at:>='2026-01-01'" },
  OrdersById: { ids: ids("Order", Orders.ordersAtOnce) },
  RefundsOfOrders: { ids: ids("Order", Orders.refundedAtOnce) },
  CustomersById: { ids: ids("Customer", Customers.customersAtOnce) },
  MoreLines: { id: "gid://shopify/Order/1" },
  MoreRefundLines: { id: "gid://shopify/Refund/1" },
  BulkPoll: { id: "gid://shopify/BulkOperation/1" },
  CreditsOfCustomer: { owner: "gid://shopify/Customer/1" },
  MoreCredits: { account: "gid://shopify/StoreCreditAccount/1" },
  CreditLeft: { id: "gid://shopify/StoreCreditAccountCreditTransaction/1" },
  GiftLeft: { id: "gid://shopify/GiftCard/1" },
  CodeState: { code: "NONE", search: 'discount_code:"NONE"' },
  GiftLookup: { search: "none1none1none1" },
  CodesAdded: { id: "gid://shopify/DiscountRedeemCodeBulkCreation/1" },
  CodesLookup: Discounts.lookupVariables(["NONE-1", "NONE-2"]),
}

describe.each(["2026-10", "2026-07"])("version %s of the Admin API", (version) => {
  it("answers every query of ours, and charges what we set aside for it", () =>
    inSandbox(Simulator.simulate({ seed: 3, customers: 400, orders: 800 }), ({ url }) =>
      Effect.promise(async () => {
        for (const { document, name, points } of operations.filter((one) => one.document.startsWith("query"))) {
          const answer = await fetch(`${url}/admin/api/${version}/graphql.json`, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token },
            body: JSON.stringify({ query: document, variables: variables[name] ?? {} }),
          })
          const { errors, extensions } = (await answer.json()) as {
            readonly errors?: unknown
            readonly extensions: { readonly cost: { readonly requestedQueryCost: number } }
          }
          expect([name, errors]).toEqual([name, undefined])
          expect([name, extensions.cost.requestedQueryCost]).toEqual([name, points])
        }
      }),
    ))
})

it("a look-up of codes asks for as many as its document has places", () => {
  const asked = Discounts.lookupVariables(["A", "B"])
  expect(Object.keys(asked).every((name) => Discounts.codesLookup.document.includes(`$${name}:String!`))).toBe(true)
  expect([asked.c0, asked.c1, asked.c49]).toEqual(["A", "B", "B"])
  expect(Discounts.codesLookup.document.match(/codeDiscountNodeByCode/g)).toHaveLength(Discounts.codesAtOnce)
})

it("a bulk query has its variables written in, whatever is in them", () => {
  const document: BulkDocument<unknown, { readonly search: string }> = {
    ...Documents.OrdersBulk,
    types: () => undefined,
    text: "{orders(query:$search){edges{node{id searched}}}}",
  }
  expect(bulkQuery(document, { search: `name:"a" \\ $& $search` })).toBe(
    String.raw`{orders(query:"name:\"a\" \\ $& $search"){edges{node{id searched}}}}`,
  )
})

/** What the compiler says of a schema that does not go with its document: a test of types, for `tsc`. */
it("a schema that refuses what may come, or leaves out what was asked for, does not compile", () => {
  type Sent = { readonly order: { readonly id: string; readonly tags: ReadonlyArray<string | null> } | null }
  type Found<Schema extends z.ZodType> = Fits<Sent, z.input<Schema>>
  const whole = z.object({ order: z.object({ id: z.string(), tags: z.array(z.string().nullable()) }).nullable() })
  const asItComes = z.object({ order: z.unknown() })
  const demanding = z.object({ order: z.object({ id: z.string(), tags: z.array(z.string().nullable()) }) })
  const partly = z.object({ order: z.object({ id: z.string() }).nullish() })
  const other = z.object({ order: z.object({ id: z.number(), tags: z.array(z.string().nullable()) }).nullish() })
  expectTypeOf<Found<typeof whole>>().toEqualTypeOf<unknown>()
  expectTypeOf<Found<typeof asItComes>>().toEqualTypeOf<unknown>()
  expectTypeOf<Found<typeof demanding>>().toHaveProperty("refuses what Shopify may send")
  expectTypeOf<Found<typeof other>>().toHaveProperty("refuses what Shopify may send")
  expectTypeOf<Found<typeof partly>>().toEqualTypeOf<{ readonly "is asked for, but not read": "tags" }>()
  const document: Document<Sent, { readonly id: string }> = { name: "One", text: "", points: 1 }
  expect(query(document, whole)).toMatchObject({ name: "One", points: 1 })
})
