import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { type OutboundEffect, shareCodeKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { connected } from "./shopUnderTest.ts"

const effect: OutboundEffect = {
  _tag: "OpenShareCode",
  key: shareCodeKey("ANNA"),
  beneficiary: Handle.code("ANNA"),
  terms: "terms-1",
  plannedAt: Date.parse("2026-03-01T00:00:00Z"),
  code: "ANNA",
  percent: 10,
}

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A shop that answers each operation by name; it keeps which operations it was asked for. */
const shop = (answers: Readonly<Record<string, (asked: Asked) => unknown>>) => {
  const asked: Array<string> = []
  const answer: typeof fetch = (_url, init) => {
    const body = JSON.parse(String(init?.body)) as Asked
    const name = /^(?:query|mutation) (\w+)/.exec(body.query)?.[1] ?? ""
    asked.push(name)
    const data =
      name === "ShopInfo"
        ? { shop: { myshopifyDomain: "tea.myshopify.com", currencyCode: "EUR" } }
        : answers[name]?.(body)
    return data === undefined ? Promise.reject(new Error("connection reset")) : Promise.resolve(Response.json({ data }))
  }
  const options = {
    shop: "tea.myshopify.com",
    accessToken: Redacted.make("shpat_x"),
    fetch: answer,
    timeoutMillis: 500,
  }
  return { asked, options }
}

const nowhere = () => ({ c0: null })
const refusedParent = (code: string) => () => ({
  discountCodeBasicCreate: { codeDiscountNode: null, userErrors: [{ field: ["basicCodeDiscount", "title"], code }] },
})

const issue = Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.issue([effect]))
const outcomeOf = async (options: ReturnType<typeof shop>["options"]) =>
  (await connected(issue, options)).get(effect.key)

describe("the fulfiller, when Shopify says no", () => {
  it("fails as a whole, and may be tried again, when the parent's creation stays unanswered", async () => {
    const { asked, options } = shop({ CodesLookup: nowhere })
    const error = await connected(Effect.flip(issue), options)
    expect(error).toMatchObject({ _tag: "SourceError", source: "shopify", isRetryable: true })
    expect(asked.filter((name) => name === "OfferCreate")).toHaveLength(1)
    expect(asked).not.toContain("CodesAdd")
  })

  it("gives up an effect only for what will never be accepted", async () => {
    expect(await outcomeOf(shop({ CodesLookup: nowhere, OfferCreate: refusedParent("INVALID") }).options)).toEqual({
      state: "failed",
      reason: "Shopify refuses the discount: basicCodeDiscount.title INVALID",
    })
    const full = await connected(
      Effect.flip(issue),
      shop({ CodesLookup: nowhere, OfferCreate: refusedParent("EXCEEDED_MAX") }).options,
    )
    expect(full.message).toContain("EXCEEDED_MAX")
  })

  it("makes a parent anew that the merchant has deleted", async () => {
    let parent = "gid://shopify/DiscountCodeNode/1"
    const { options } = shop({
      CodesLookup: () => ({ c0: { id: parent } }),
      CodesAdd: ({ variables }) => {
        const gone = variables["id"] === "gid://shopify/DiscountCodeNode/1"
        if (gone)
          return {
            discountRedeemCodeBulkAdd: { bulkCreation: null, userErrors: [{ field: ["discountId"], code: "INVALID" }] },
          }
        return {
          discountRedeemCodeBulkAdd: {
            bulkCreation: { id: "gid://shopify/DiscountRedeemCodeBulkCreation/1" },
            userErrors: [],
          },
        }
      },
      CodesAdded: () => ({
        discountRedeemCodeBulkCreation: {
          done: true,
          codes: { nodes: [{ code: "ANNA", discountRedeemCode: { id: "x" }, errors: [] }] },
        },
      }),
    })
    const twice = Effect.gen(function* () {
      const fulfiller = yield* Fulfiller
      const first = yield* fulfiller.issue([effect])
      parent = "gid://shopify/DiscountCodeNode/2"
      return [first, yield* fulfiller.issue([effect])].map((outcomes) => outcomes.get(effect.key)?.state)
    })
    expect(await connected(twice, options)).toEqual(["unknown", "confirmed"])
  })

  it("refuses a token that belongs to another shop before anything is sent", async () => {
    const { asked, options } = shop({})
    const error = await connected(Effect.flip(issue), { ...options, shop: "coffee.myshopify.com" })
    expect(error.message).toContain("the access token belongs to tea.myshopify.com, not to coffee.myshopify.com")
    expect(asked).toEqual(["ShopInfo"])
  })
})
