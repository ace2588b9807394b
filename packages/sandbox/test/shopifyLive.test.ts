import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  clientOf,
  createOffer,
  liveFrom,
  makeOrder,
  offerInput,
  orderId,
  secret,
  token,
  withShop,
  world,
  worldEnd,
} from "./shopifyTestShop.ts"
import type { OfferCreated } from "./shopifyTestShop.ts"
import { openReceiver } from "./webhookReceiver.ts"
import type { Receiver } from "./webhookReceiver.ts"

let receiver: Receiver
let stateDirectory: string

beforeEach(async () => {
  receiver = await openReceiver()
  stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "shopify-sandbox-"))
})

afterEach(async () => {
  await receiver.close()
  fs.rmSync(stateDirectory, { recursive: true, force: true })
})

const codeOf = (code: string) => `{ codeDiscountNodeByCode(code: "${code}") { id } }`

describe("the live phase", () => {
  it("delivers signed bodies with lossless ids: once, twice, late or never", () =>
    withShop(async (client) => {
      expect(await client.control("state")).toMatchObject({ now: liveFrom })
      const played = await client.control("play", { webhookUrl: receiver.url })
      expect(played).toEqual({ applied: 4, delivered: 5, failed: 0 })
      expect(receiver.received.every((one) => one.isSigned)).toBe(true)
      const [created, again] = receiver.received.filter((one) => one.topic === "orders/create")
      expect(again?.webhookId).toBe(created?.webhookId)
      expect(created?.text).toContain(
        `{"id":${orderId(31)},"admin_graphql_api_id":"gid://shopify/Order/${orderId(31)}"`,
      )
      expect(JSON.parse(created?.text ?? "")).toMatchObject({
        financial_status: "pending",
        note_attributes: [{ name: "ref", value: "R31" }],
        line_items: [{ price: "19.99" }, {}],
      })
      expect(created?.headers).toMatchObject({
        "x-shopify-shop-domain": "tea.myshopify.com",
        "x-shopify-api-version": "2026-10",
        "x-shopify-triggered-at": "2026-03-05T04:00:00.000Z",
      })
      // The refund is two hours late, so it comes after the customer's change; its order update shares the event.
      const topics = receiver.received.map((one) => one.topic)
      expect(topics.indexOf("refunds/create")).toBeGreaterThan(topics.indexOf("orders/create"))
      const late = receiver.received.filter((one) => one.topic === "refunds/create" || one.topic === "orders/updated")
      expect(new Set(late.map((one) => one.eventId)).size).toBe(1)
      expect(late.find((one) => one.topic === "refunds/create")?.text).toContain(`"order_id":${orderId(31)}`)
      expect(
        await client.data(
          `{ order(id: "gid://shopify/Order/${orderId(31)}") { displayFinancialStatus refunds { id } } customer(id: "gid://shopify/Customer/502") { firstName } }`,
        ),
      ).toEqual({
        order: { displayFinancialStatus: "PARTIALLY_REFUNDED", refunds: [{ id: "gid://shopify/Refund/66666" }] },
        customer: { firstName: "Changed" },
      })
      expect(await client.control("state")).toMatchObject({ now: worldEnd })
      expect(await client.control("play", { webhookUrl: receiver.url })).toEqual({
        applied: 0,
        delivered: 0,
        failed: 0,
      })
    }))

  it("stops at `until`, and late deliveries wait for the next play", () =>
    withShop(async (client) => {
      const until = "2026-03-05T05:30:00.000Z"
      expect(await client.control("play", { webhookUrl: receiver.url, until })).toEqual({
        applied: 3,
        delivered: 2,
        failed: 0,
      })
      expect(await client.control("state")).toMatchObject({ now: until })
      expect(await client.control("play", { webhookUrl: receiver.url })).toEqual({
        applied: 1,
        delivered: 3,
        failed: 0,
      })
      expect(await client.control("play", { webhookUrl: "nowhere" })).toEqual({
        error: expect.stringContaining("webhookUrl") as string,
      })
    }))

  it("tries nine times, and after a restart repeats only what was not acknowledged", async () => {
    receiver.answer = (one) => (one.topic.startsWith("customers/") ? 503 : 200)
    await withShop(
      async (client) => {
        expect(await client.control("play", { webhookUrl: receiver.url })).toEqual({
          applied: 4,
          delivered: 4,
          failed: 1,
        })
      },
      { stateDirectory },
    )
    const attempts = receiver.received.filter((one) => one.topic === "customers/update")
    expect(attempts).toHaveLength(9)
    receiver.received.length = 0
    receiver.answer = () => 200
    await withShop(
      async (client) => {
        expect(await client.control("state")).toMatchObject({
          now: worldEnd,
          counts: { liveApplied: 4, deliveriesAcknowledged: 4 },
        })
        expect(await client.control("play", { webhookUrl: receiver.url })).toEqual({
          applied: 0,
          delivered: 1,
          failed: 0,
        })
      },
      { stateDirectory },
    )
    expect(receiver.received.map((one) => [one.topic, one.webhookId, one.text])).toEqual([
      ["customers/update", attempts[0]?.webhookId, attempts[0]?.text],
    ])
  })
})

describe("persistence", () => {
  it("keeps what clients made, and cuts off a torn last line", async () => {
    const made = await withShop(
      async (client) => {
        const offer = await client.data<OfferCreated>(createOffer, offerInput("KEPT"))
        await client.data(
          `mutation { tagsAdd(id: "gid://shopify/Customer/502", tags: ["advocate"]) { userErrors { message } } }`,
        )
        return offer.discountCodeBasicCreate.codeDiscountNode?.id
      },
      { stateDirectory },
    )
    const log = path.join(stateDirectory, "shopify.ndjson")
    const whole = fs.readFileSync(log, "utf8")
    fs.appendFileSync(log, `{"lastId":"9","event":{"type":"discount.cre`)
    await withShop(
      async (client) => {
        expect(await client.data(codeOf("kept"))).toEqual({ codeDiscountNodeByCode: { id: made } })
        expect(fs.readFileSync(log, "utf8")).toBe(whole)
        const next = await client.data<OfferCreated>(createOffer, offerInput("NEXT"))
        expect(next.discountCodeBasicCreate.codeDiscountNode?.id).not.toBe(made)
        // A live change of the same customer does not take the app's tag away.
        await client.control("play", { webhookUrl: receiver.url })
        expect(await client.data(`{ customer(id: "gid://shopify/Customer/502") { firstName tags } }`)).toEqual({
          customer: { firstName: "Changed", tags: ["advocate", "early"] },
        })
      },
      { stateDirectory },
    )
    fs.writeFileSync(log, `garbage\n${whole}`)
    await expect(withShop(async () => undefined, { stateDirectory })).rejects.toThrow(
      /shopify\.ndjson cannot be replayed at line 1/,
    )
  })

  it("commits exactly one code when the answer is dropped", () =>
    withShop(
      async (client) => {
        await client.control("faults", { commitThenDrop: 1 })
        await expect(client.ask(createOffer, offerInput("ONCE"))).rejects.toThrow("fetch failed")
        const again = await client.data<OfferCreated>(createOffer, offerInput("ONCE"))
        expect(again.discountCodeBasicCreate).toMatchObject({ codeDiscountNode: null, userErrors: [{ code: "TAKEN" }] })
        const { codesFromClients } = await client.control<{
          readonly codesFromClients: ReadonlyArray<{ readonly code: string }>
        }>("state")
        expect(codesFromClients.map(({ code }) => code)).toEqual(["ONCE"])
        expect(await client.control("faults", { typo: 1 })).toEqual({
          error: expect.stringContaining("typo") as string,
        })
      },
      { stateDirectory },
    ))

  it("as a process: survives SIGKILL, and ends when its standard input closes", async () => {
    const worldFile = path.join(stateDirectory, "world.json")
    fs.writeFileSync(worldFile, JSON.stringify(world))
    const main = new URL("../src/shopify/main.ts", import.meta.url).pathname
    const launch = async () => {
      const child = spawn(
        process.execPath,
        [main, "--world", worldFile, "--state", stateDirectory, "--token", token, "--secret", secret],
        { stdio: ["pipe", "pipe", "inherit"] },
      )
      const exited = new Promise<number | string | null>((resolve) =>
        child.once("exit", (code, signal) => resolve(signal ?? code)),
      )
      const line = await new Promise<string>((resolve) =>
        child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8"))),
      )
      const { port, ready } = JSON.parse(line) as { readonly port: number; readonly ready: boolean }
      expect(ready).toBe(true)
      return { child, exited, client: clientOf(`http://127.0.0.1:${port}`) }
    }
    const first = await launch()
    await first.client.data(createOffer, offerInput("KILLED"))
    first.child.kill("SIGKILL")
    expect(await first.exited).toBe("SIGKILL")
    const second = await launch()
    expect(await second.client.data(codeOf("KILLED"))).toMatchObject({
      codeDiscountNodeByCode: { id: expect.stringContaining("DiscountCodeNode") as string },
    })
    second.child.stdin.end()
    expect(await second.exited).toBe(0)
  }, 20_000)
})

it("the test world's last order is not the live one", () => {
  expect(world.shop.orders.some((order) => order.id === makeOrder(31).id)).toBe(false)
})
