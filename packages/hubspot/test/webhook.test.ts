import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Delivery } from "@advocacy-kit/core/connector/Inbox"
import type { LiveChange } from "@advocacy-kit/sandbox"
import { Context, Effect, Result, type Scope } from "effect"
import { describe, expect, it } from "vitest"
import { HubSpotSource } from "../src/HubSpotSource.ts"
import { HubSpotWebhooks } from "../src/Webhook.ts"
import { contacts, on, open, pull, record, run, secret, statements, webhookUrl, world } from "./portal.ts"

const utf8 = new TextEncoder()

interface Receiver {
  readonly address: string
  readonly deliveries: Array<Delivery>
  readonly statuses: Array<number>
  services: Context.Context<HubSpotWebhooks> | null
}

/** A server that hands what HubSpot posts to the connector, and answers 200 or 401. */
const receiver: Effect.Effect<Receiver, never, Scope.Scope> = Effect.gen(function* () {
  const handle = async (headers: Record<string, string>, body: Buffer): Promise<number> => {
    if (inbox.services === null) return 503
    const webhooks = Context.get(inbox.services, HubSpotWebhooks)
    const received = await Effect.runPromise(Effect.result(webhooks.receive({ method: "POST", headers, body })))
    if (Result.isSuccess(received)) inbox.deliveries.push(...received.success.deliveries)
    return Result.isSuccess(received) ? 200 : 401
  }
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      void handle(headers, Buffer.concat(chunks)).then((status) => {
        inbox.statuses.push(status)
        response.writeHead(status).end()
      })
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      }),
  )
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hubspot/webhooks`
  const inbox: Receiver = { address, deliveries: [], statuses: [], services: null }
  return inbox
})

describe("webhooks of the sandbox", () => {
  it("arrive verified, keep one key per event, and end in the facts of a scan", () =>
    run(
      Effect.gen(function* () {
        const after = record(
          "1001",
          { ...contacts(2)[1]?.properties, lifecyclestage: "customer", phone: "+493099999" },
          "2026-10-23T00:00:00.000Z",
        )
        const change: LiveChange = {
          at: "2026-10-23T00:00:00.000Z",
          deliveries: [0, 5],
          kind: "crm.contact",
          created: false,
          changed: ["lifecyclestage", "phone"],
          after,
        }
        const inbox = yield* receiver
        const portal = yield* open(world(contacts(2), {}, [change]), { address: inbox.address })
        inbox.services = yield* on(portal, Effect.context<HubSpotWebhooks>())
        const played = yield* Effect.promise(() => portal.control("/__sandbox/play", { webhookUrl: inbox.address }))
        expect(played).toMatchObject({ applied: 1, failed: 0 })
        expect(inbox.statuses.every((status) => status === 200)).toBe(true)
        expect(inbox.deliveries).toHaveLength(4)
        const byKey = new Map(inbox.deliveries.map((delivery) => [delivery.eventKey, delivery]))
        expect(byKey.size).toBe(2)
        const rows = [...byKey.values()].map((delivery) => ({ ...delivery, attempts: 1 }))
        const read = yield* on(
          portal,
          Effect.flatMap(HubSpotSource, (source) => source.read(rows)),
        )
        const scanned = yield* on(portal, pull())
        const about = (keyed: { readonly key: string }) => keyed.key.endsWith("/1001")
        expect(statements(read.page.facts)).toEqual(statements(scanned.facts.filter(about)))
        expect(read.page.facts).toHaveLength(2)
        // Signed for another address than the configured one: refused.
        const elsewhere = yield* open(world(contacts(2), {}, [change]))
        inbox.services = yield* on(elsewhere, Effect.context<HubSpotWebhooks>())
        yield* Effect.promise(() => elsewhere.control("/__sandbox/play", { webhookUrl: inbox.address }))
        expect(inbox.statuses).toContain(401)
        expect(inbox.deliveries).toHaveLength(4)
      }),
    ))

  it("splits a request into deliveries, leaves other portals out and refuses what is only theirs", () =>
    run(
      Effect.gen(function* () {
        const { createHmac } = yield* Effect.promise(() => import("node:crypto"))
        const portal = yield* open(world(contacts(1)))
        const receive = (events: unknown, key = secret) => {
          const body = utf8.encode(typeof events === "string" ? events : JSON.stringify(events))
          const timestamp = String(Date.now())
          const signature = createHmac("sha256", key)
            .update(`POST${webhookUrl}`)
            .update(body)
            .update(timestamp)
            .digest("base64")
          const headers = { "X-HubSpot-Signature-v3": signature, "x-hubspot-request-timestamp": timestamp }
          return on(
            portal,
            Effect.flatMap(HubSpotWebhooks, (webhooks) =>
              Effect.result(webhooks.receive({ method: "POST", headers, body })),
            ),
          )
        }
        const event = {
          eventId: 1,
          subscriptionId: 2,
          portalId: 4242,
          occurredAt: 1_700_000_000_000,
          subscriptionType: "contact.propertyChange",
          objectId: 1000,
          propertyName: "email",
          propertyValue: "ada@example.com",
          attemptNumber: 0,
        }
        const received = Result.getOrThrow(
          yield* receive([
            event,
            { ...event, attemptNumber: 3 },
            { ...event, propertyName: "phone" },
            { ...event, portalId: 9 },
          ]),
        )
        expect(received.otherPortals).toEqual(["9"])
        expect(received.deliveries.map(({ eventKey, topic, source }) => [eventKey, topic, source])).toEqual([
          ["4242/2/1/1000/1700000000000/email", "contact.propertyChange", "hubspot"],
          ["4242/2/1/1000/1700000000000/email", "contact.propertyChange", "hubspot"],
          ["4242/2/1/1000/1700000000000/phone", "contact.propertyChange", "hubspot"],
        ])
        expect(received.deliveries.map(({ body }) => new TextDecoder().decode(body)).join()).not.toContain(
          "ada@example.com",
        )
        const huge = Result.getOrThrow(yield* receive('[{"portalId":4242,"objectId":9007199254740993}]'))
        expect(huge.deliveries[0]?.eventKey).toContain("/9007199254740993/")
        const reasonOf = function* (events: unknown, key = secret) {
          const refused = yield* receive(events, key)
          return Result.isFailure(refused) ? refused.failure.reason._tag : "accepted"
        }
        expect(yield* reasonOf([{ ...event, portalId: 9 }])).toBe("OtherPortal")
        expect(yield* reasonOf('[{"portalId":42')).toBe("UnreadableBody")
        expect(yield* reasonOf({ not: "a list" })).toBe("UnreadableBody")
        expect(yield* reasonOf([{ objectId: 1 }])).toBe("UnreadableBody")
        expect(yield* reasonOf([event], "another secret")).toBe("SignatureRefused")
      }),
    ))
})
