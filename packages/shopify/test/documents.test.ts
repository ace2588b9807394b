import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { buildSchema, NoDeprecatedCustomRule, parse, specifiedRules, validate } from "graphql"
import { describe, expect, it } from "vitest"
import * as Bulk from "../src/wire/Bulk.ts"
import * as Customers from "../src/wire/Customers.ts"
import * as Discounts from "../src/wire/Discounts.ts"
import * as Orders from "../src/wire/Orders.ts"
import type { Operation } from "../src/wire/Operation.ts"
import { inSandbox, token } from "./shopUnderTest.ts"

const isOperation = (value: unknown): value is Operation<unknown> =>
  typeof value === "object" && value !== null && "document" in value
const exported: ReadonlyArray<unknown> = Object.values({ ...Bulk, ...Customers, ...Discounts, ...Orders })
const operations = [...exported.filter(isOperation), Discounts.codesLookup(50)]
const documents: ReadonlyArray<readonly [string, string]> = [
  ...operations.map(({ document, name }) => [name, document] as const),
  ["ordersBulk", Orders.ordersBulk],
  ["customersBulk", Customers.customersBulk],
]

/** The most that an operation is ever asked at once. */
const ids = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => `gid://shopify/${kind}/${index + 1}`)
const variables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  OrdersPage: { search: "updated_at:>='2026-01-01'" },
  CustomersPage: { search: "updated_at:>='2026-01-01'" },
  OrdersById: { ids: ids("Order", 10) },
  RefundsOfOrders: { ids: ids("Order", 10) },
  CustomersById: { ids: ids("Customer", 50) },
  MoreLines: { id: "gid://shopify/Order/1" },
  MoreRefundLines: { id: "gid://shopify/Refund/1" },
  BulkPoll: { id: "gid://shopify/BulkOperation/1" },
  CodesAdded: { id: "gid://shopify/DiscountRedeemCodeBulkCreation/1" },
  CodesLookup: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`c${index}`, `NONE-${index}`])),
}

describe.each(["2026-10", "2026-07"])("version %s of the Admin API", (version) => {
  const file = new URL(`../../sandbox/data/admin-${version}.graphql.gz`, import.meta.url)
  const schema = buildSchema(gunzipSync(readFileSync(file)).toString("utf8"), { assumeValid: true, noLocation: true })

  it("has every field that we ask for, and deprecates none of them", () => {
    expect(documents.length).toBeGreaterThanOrEqual(14)
    for (const [name, document] of documents) {
      const errors = validate(schema, parse(document), [...specifiedRules, NoDeprecatedCustomRule])
      expect([name, errors.map(({ message }) => message)]).toEqual([name, []])
    }
    // The check itself can fail.
    const landing = "{ orders(first: 1) { nodes { landingPageUrl } } }"
    expect(validate(schema, parse(landing), [...specifiedRules, NoDeprecatedCustomRule])).toHaveLength(1)
  })

  it("charges no query more than 1,000 points, nor more than we set aside for it", () =>
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
          expect([name, extensions.cost.requestedQueryCost]).toEqual([name, expect.any(Number)])
          expect(extensions.cost.requestedQueryCost, name).toBeLessThanOrEqual(Math.min(1000, points))
        }
      }),
    ))
})
