import { describe, expect, it } from "@effect/vitest"
import { subjectOf } from "../src/WebhookSubject.ts"

const told = (topic: string, body: unknown) =>
  subjectOf({
    topic,
    receivedAt: Date.parse("2026-11-01T00:00:00Z"),
    body: new TextEncoder().encode(JSON.stringify(body)),
  })

describe("what a webhook is about", () => {
  it("is the order, also where a guest bought and there is no customer", () => {
    const order = { admin_graphql_api_id: "gid://shopify/Order/7", id: 7 }
    expect(told("orders/create", { ...order, customer: null })).toEqual({ id: "gid://shopify/Order/7" })
    expect(told("orders/create", order)).toEqual({ id: "gid://shopify/Order/7" })
  })

  it("is whoever is to be erased; nobody is not erased", () => {
    expect(told("customers/redact", { customer: { id: 9 } })).toMatchObject({ erase: {} })
    expect(told("customers/redact", { customer: null })).toEqual({ parked: "the body names no customer to erase" })
  })
})
