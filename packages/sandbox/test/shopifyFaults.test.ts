/** Plans, standing faults, and bulk operations that end badly. */
import { describe, expect, it } from "vitest"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import type { FaultRequest } from "../src/shopify/Faults.ts"
import { orderCount, until, withShop } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"
import { openReceiver } from "./webhookReceiver.ts"

interface Operation {
  readonly id: string
  readonly status: string
  readonly errorCode: string | null
  readonly url: string | null
  readonly partialDataUrl: string | null
}

const control = (client: Client) => ShopifySandbox.control(client.url)

const look = async (client: Client, id: string): Promise<Operation> =>
  (
    await client.data<{ readonly bulkOperation: Operation }>(
      `{ bulkOperation(id: "${id}") { id status errorCode url partialDataUrl } }`,
    )
  ).bulkOperation

const ended = async (client: Client): Promise<Operation> => {
  const { bulkOperationRunQuery } = await client.data<{
    readonly bulkOperationRunQuery: { readonly bulkOperation: { readonly id: string } }
  }>(
    `mutation { bulkOperationRunQuery(query: "{ orders { nodes { id } } }") { bulkOperation { id } userErrors { message } } }`,
  )
  return until(
    () => look(client, bulkOperationRunQuery.bulkOperation.id),
    ({ status }) => status !== "CREATED" && status !== "RUNNING",
  )
}

const linesOf = async (url: string | null): Promise<number> =>
  (await (await fetch(url ?? "")).text()).split("\n").length - 1

describe("a bulk operation", () => {
  it("fails with every code, and what it had written is told later", () =>
    withShop(async (client) => {
      const failed = async (fault: FaultRequest) => {
        await control(client).faults(fault)
        return ended(client)
      }
      expect(await failed({ bulkAccessDenied: 1 })).toMatchObject({ status: "FAILED", errorCode: "ACCESS_DENIED" })
      expect(await failed({ bulkCancel: 1 })).toMatchObject({ status: "CANCELED", errorCode: null, url: null })
      expect(await failed({ bulkInternalError: 1 })).toMatchObject({
        status: "FAILED",
        errorCode: "INTERNAL_SERVER_ERROR",
        url: null,
      })
      const timedOut = await failed({ bulkTimeout: 1 })
      expect(timedOut).toMatchObject({ status: "FAILED", errorCode: "TIMEOUT", url: null, partialDataUrl: null })
      await control(client).advance({ minutes: 1 })
      const told = await look(client, timedOut.id)
      expect(await linesOf(told.partialDataUrl)).toBe(orderCount / 2)
      expect((await ended(client)).status).toBe("COMPLETED")
    }))

  it("keeps its result for seven days", () =>
    withShop(async (client) => {
      const operation = await ended(client)
      await control(client).advance({ days: 6, hours: 23 })
      expect(await linesOf((await look(client, operation.id)).url)).toBe(orderCount)
      await control(client).advance({ hours: 1 })
      expect(await look(client, operation.id)).toMatchObject({ status: "EXPIRED", url: null })
      expect((await fetch(operation.url ?? "")).status).toBe(404)
    }))
})

describe("a plan", () => {
  it.each([
    ["standard", 100, false],
    ["advanced", 200, false],
    ["plus", 1000, true],
    ["enterprise", 2000, true],
  ] as const)("%s restores %i points a second", (plan, restoreRate, shopifyPlus) =>
    withShop(
      async (client) => {
        const { data, extensions } = await client.ask<unknown>("{ shop { plan { shopifyPlus } } }")
        expect(data).toEqual({ shop: { plan: { shopifyPlus } } })
        expect(extensions?.cost.throttleStatus).toMatchObject({ restoreRate })
      },
      { plan },
    ),
  )
})

describe("standing faults", () => {
  it("hit their share of the webhooks, the same for the same seed", async () => {
    const lateOf = () =>
      withShop(
        async (client) => {
          const receiver = await openReceiver()
          await control(client).declareWebhooks([{ topics: ["orders/create"], uri: receiver.url }])
          for (let index = 0; index < 40; index++) await control(client).checkout()
          const { queued } = await control(client).settle()
          await receiver.close()
          return queued.length
        },
        { faults: ["late-webhooks"] },
      )
    const late = await lateOf()
    expect([late > 2 && late < 16, await lateOf()]).toEqual([true, late])
  })

  it("lose answers whose effect was kept", () =>
    withShop(
      async (client) => {
        let lost = 0
        for (let index = 0; index < 40; index++) {
          const query = `mutation { tagsAdd(id: "gid://shopify/Customer/500", tags: ["t${index}"]) { userErrors { message } } }`
          await client.ask(query).catch(() => void lost++)
        }
        expect(lost > 0 && lost < 15).toBe(true)
        const { customer } = await client.data<{ readonly customer: { readonly tags: ReadonlyArray<string> } }>(
          '{ customer(id: "gid://shopify/Customer/500") { tags } }',
        )
        expect(customer.tags).toHaveLength(41)
      },
      { faults: ["dropped-responses"] },
    ))
})
