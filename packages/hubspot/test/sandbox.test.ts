import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Delivery } from "@advocacy-kit/core/connector/Inbox"
import { type Standing, WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { platform } from "@advocacy-kit/core/id/Handle"
import { Context, Effect, Result, type Scope } from "effect"
import { describe, expect, it } from "vitest"
import type { LiveChange } from "@advocacy-kit/sandbox"
import { HubSpotSource } from "../src/HubSpotSource.ts"
import { HubSpotWebhooks } from "../src/Webhook.ts"
import {
  contacts,
  open,
  type Portal,
  pull,
  record,
  secret,
  statements,
  surroundings,
  webhookUrl,
  world,
} from "./portal.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>): Promise<A> => Effect.runPromise(Effect.scoped(effect))
const on = <A, E, R>(portal: Portal, effect: Effect.Effect<A, E, R>) => Effect.provide(effect, portal.layer)
const utf8 = new TextEncoder()

/** The cursor of a portal that was never read by search. */
const fromTheStart = { phase: "changes", watermark: 0, reachedAt: 0, settled: false, window: null }
const jobs = ["contacts", "companies", "deals", "feedback_submissions"].map((type) => `hubspot:${type}`)

const row = (topic: string, event: Record<string, unknown>, eventKey = `${topic}/${JSON.stringify(event)}`) => ({
  source: "hubspot",
  eventKey,
  topic,
  receivedAt: 0,
  attempts: 1,
  body: utf8.encode(JSON.stringify({ portalId: 4242, ...event })),
})

describe("HubSpotSource on the sandbox", () => {
  it("brings the same facts by list, by search and by webhook", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(450), surroundings()))
        const scanned = yield* on(portal, pull())
        expect(scanned.facts.filter((fact) => fact._tag === "PersonSeen")).toHaveLength(450)
        expect(
          scanned.facts.filter(
            (fact) => fact._tag === "DealChanged" && fact.contacts.length === 1 && fact.companies.length === 1,
          ),
        ).toHaveLength(30)
        expect(scanned.facts.filter((fact) => fact._tag === "SurveyAnswered")).toHaveLength(30)
        expect(scanned.facts.filter((fact) => fact._tag === "PersonSeen" && fact.companies.length === 1)).toHaveLength(
          30,
        )
        const searched = yield* on(portal, pull(Object.fromEntries(jobs.map((job) => [job, fromTheStart]))))
        expect(statements(searched.facts)).toEqual(statements(scanned.facts))
        const announced = yield* on(
          portal,
          Effect.flatMap(HubSpotSource, (source) =>
            source.read([
              ...contacts(450).map(({ id }) =>
                row("contact.propertyChange", { objectId: Number(id), propertyName: "email" }),
              ),
              ...Array.from({ length: 30 }, (_, index) => row("deal.creation", { objectId: 30_000 + index })),
              ...Array.from({ length: 30 }, (_, index) =>
                row("object.creation", { objectId: 40_000 + index, objectTypeId: "0-19" }),
              ),
              ...Array.from({ length: 5 }, (_, index) =>
                row("object.propertyChange", { objectId: 20_000 + index, objectTypeId: "0-2" }),
              ),
            ]),
          ),
        )
        expect(announced.parked.size).toBe(0)
        expect(statements(announced.page.facts)).toEqual(statements(scanned.facts))
      }),
    ))

  it("follows changes from its checkpoint, page by page, and ends where a new scan ends", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(450)))
        const before = yield* on(portal, pull())
        const input = (id: number) => ({ id: String(id), properties: { lifecyclestage: "evangelist" } })
        yield* Effect.promise(() =>
          portal.control("/crm/objects/2026-09/contacts/batch/update", { inputs: [1003, 1200, 1449].map(input) }),
        )
        yield* Effect.promise(() =>
          portal.control("/crm/objects/2026-09/contacts", { properties: { email: "new@example.com" } }),
        )
        portal.forget()
        const after = yield* on(portal, pull(before.cursors))
        const changed = after.facts.filter(
          (fact) =>
            fact._tag === "PersonSeen" &&
            !before.facts.some((old) => old.key === fact.key && old.version === fact.version),
        )
        expect(changed).toHaveLength(4)
        expect(portal.noted.some(({ method }) => method === "GET")).toBe(false)
        const fresh = yield* on(portal, pull())
        const joined = newest([...before.facts, ...after.facts])
        expect(statements([...joined.values()])).toEqual(statements([...newest(fresh.facts).values()]))
      }),
    ))

  it("goes on after any page as if it had never stopped", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(450)))
        const isContacts = (job: string) => job === "hubspot:contacts"
        const whole = yield* on(portal, pull({}, isContacts))
        for (const page of whole.pages) {
          const cursor = page.checkpoint?.cursor
          const rest = yield* on(portal, pull({ "hubspot:contacts": JSON.parse(JSON.stringify(cursor)) }, isContacts))
          const index = whole.pages.indexOf(page)
          const expected = statements(whole.pages.slice(index + 1).flatMap(({ facts }) => facts))
          expect(statements(rest.facts)).toEqual(expect.arrayContaining([...expected]))
        }
        const broken = yield* Effect.result(on(portal, pull({ "hubspot:contacts": { phase: "dance" } }, isContacts)))
        expect(Result.isFailure(broken) && "remedy" in broken.failure && broken.failure.remedy).toMatch(
          /remove this job's checkpoint/,
        )
      }),
    ))

  it(
    "reads 10,500 equal timestamps by search without a page beyond the cap, and loses none",
    () =>
      run(
        Effect.gen(function* () {
          const many = Array.from({ length: 10_500 }, (_, index) =>
            record(String(1_000_000 + index), { firstname: "x" }),
          )
          const portal = yield* open(world(many))
          const searched = yield* on(
            portal,
            pull({ "hubspot:contacts": fromTheStart }, (job) => job === "hubspot:contacts"),
          )
          expect(new Set(searched.facts.map(({ key }) => key)).size).toBe(10_500)
          const searches = portal.noted.filter(({ path }) => path.endsWith("/contacts/search"))
          expect(searches).toHaveLength(53)
          expect(
            searches.every(({ body, status }) => status === 200 && !Object.keys(body as object).includes("after")),
          ).toBe(true)
        }),
      ),
    30_000,
  )

  it("resolves merged contacts and says of what they were made", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(3), { forwards: [{ from: "90", to: "1002" }] }))
        const merged = yield* Effect.promise(() =>
          portal.control("/crm/objects/2026-09/contacts/merge", { primaryObjectId: "1000", objectIdToMerge: "1001" }),
        )
        const newId = String(merged["id"])
        const read = (...rows: ReadonlyArray<ReturnType<typeof row>>) =>
          on(
            portal,
            Effect.flatMap(HubSpotSource, (source) => source.read(rows)),
          )
        const announced = yield* read(
          row("contact.merge", { primaryObjectId: 1000, mergedObjectIds: [1001], newObjectId: Number(newId) }),
        )
        const [person] = announced.page.facts
        expect(person).toMatchObject({
          _tag: "PersonSeen",
          person: `hubspot:contact/${newId}`,
          mergedFrom: ["hubspot:contact/1000", "hubspot:contact/1001"],
        })
        const stale = yield* read(
          row("contact.propertyChange", { objectId: 1001 }),
          row("contact.propertyChange", { objectId: 1000 }),
        )
        expect(statements(stale.page.facts)).toEqual(statements(announced.page.facts))
        expect((yield* read(row("contact.propertyChange", { objectId: 90 }))).page.facts[0]).toMatchObject({
          person: "hubspot:contact/1002",
        })
      }),
    ))

  it("parks with a reason what it cannot work on, and goes on with the rest", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(2)))
        const rows = [
          row("contact.propertyChange", { objectId: 1000 }, "good"),
          row("contact.propertyChange", { objectId: 777 }, "gone"),
          row("contact.deletion", { objectId: 1001 }, "deleted"),
          row("contact.privacyDeletion", { objectId: 1001 }, "erased"),
          row("ticket.creation", { objectId: 5 }, "ticket"),
          row("contact.creation", { objectId: "../../x" }, "odd"),
          { ...row("contact.creation", {}, "truncated"), body: utf8.encode('{"portalId":4242,"obj') },
        ]
        const { page, parked } = yield* on(
          portal,
          Effect.flatMap(HubSpotSource, (source) => source.read(rows)),
        )
        expect(page.facts.filter((fact) => fact._tag === "PersonSeen")).toHaveLength(1)
        expect([...parked.keys()].sort()).toEqual(["deleted", "erased", "gone", "odd", "ticket", "truncated"])
        expect(parked.get("gone")).toMatch(/no hubspot:contact\/777/)
        expect(parked.get("erased")).toMatch(/erasure is not built yet/)
      }),
    ))

  it(
    "stays within the limits of an Enterprise portal without a single 429",
    () =>
      run(
        Effect.gen(function* () {
          const portal = yield* open(world(contacts(450), surroundings()), { isHasty: false })
          yield* on(portal, pull())
          yield* on(portal, pull(Object.fromEntries(jobs.map((job) => [job, fromTheStart]))))
          const usage = yield* Effect.promise(() => portal.control("/__sandbox/usage"))
          expect(usage["throttled"]).toBe(0)
          expect(usage["search"]).toBeGreaterThan(5)
        }),
      ),
    20_000,
  )
})

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

const standing = (id: number | string, more: Partial<Standing> = {}): Standing => ({
  record: platform("hubspot", "contact", String(id)),
  program: "refer-a-friend",
  status: "active",
  score: 87,
  code: `CODE${id}`,
  link: `https://shop.example/?ref=CODE${id}`,
  referralsSent: 3,
  referralsConverted: 2,
  rewardsEarned: "40.00",
  lastActivityAt: Date.parse("2026-10-30T10:00:00Z"),
  lastNps: 9,
  referredByCode: null,
  ...more,
})
const link = (advocate: number, friend: number) => ({
  advocate: platform("hubspot", "contact", String(advocate)),
  friend: platform("hubspot", "contact", String(friend)),
})
const writeTo = (
  portal: Portal,
  standings: ReadonlyArray<Standing>,
  links: ReadonlyArray<ReturnType<typeof link>> = [],
) =>
  on(
    portal,
    Effect.flatMap(WriteBack, (writeBack) => writeBack.write(standings, links)),
  )
const isRead = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === "GET" || path.endsWith("/batch/read")
const stateOf = (portal: Portal) => Effect.promise(() => portal.control("/__sandbox/state"))
const shown = (state: Record<string, unknown>) =>
  state["contacts"] as ReadonlyArray<{ readonly id: string; readonly properties: Record<string, string> }>

describe("ContactWriteBack on the sandbox", () => {
  it("creates its properties, writes a hundred a call, links referrals, and sends nothing the second time", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(260)))
        const standings = Array.from({ length: 250 }, (_, index) => standing(1000 + index))
        const links = [link(1000, 1001), link(1000, 1002), link(1003, 1000), link(1000, 1001), link(1005, 1005)]
        const first = yield* writeTo(portal, standings, links)
        expect(first).toEqual({ unchanged: 0, written: 250, linked: 3, failed: [] })
        expect(portal.noted.filter(({ path }) => path.endsWith("/contacts/batch/update"))).toHaveLength(3)
        const state = yield* stateOf(portal)
        expect(shown(state)).toHaveLength(250)
        expect(shown(state)[0]?.properties).toMatchObject({
          adv_status: "active",
          adv_rewards_earned: "40.00",
          adv_nps_last: "9",
          adv_referral_code: "CODE1000",
        })
        expect(JSON.stringify(state["associations"])).toContain("Referred")
        portal.forget()
        expect(yield* writeTo(portal, standings, links)).toEqual({ unchanged: 250, written: 0, linked: 0, failed: [] })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
        const oneMore = yield* writeTo(portal, [
          ...standings.slice(1),
          standing(1000, { score: null, code: null, lastActivityAt: null }),
        ])
        expect(oneMore).toEqual({ unchanged: 249, written: 1, linked: 0, failed: [] })
        expect(shown(yield* stateOf(portal)).find(({ id }) => id === "1000")?.properties["adv_score"] ?? "").toBe("")
      }),
    ))

  it("looks up a write whose answer was lost instead of sending it again", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(5)))
        yield* writeTo(portal, [standing(1000)])
        yield* Effect.promise(() => portal.control("/__sandbox/faults", { commitThenDrop: 1 }))
        portal.forget()
        const report = yield* writeTo(portal, [standing(1001), standing(1002)])
        expect(report).toEqual({ unchanged: 0, written: 2, linked: 0, failed: [] })
        expect(portal.noted.filter(({ path }) => path.endsWith("/batch/update"))).toHaveLength(1)
        expect((yield* writeTo(portal, [standing(1001), standing(1002)])).unchanged).toBe(2)
      }),
    ))

  it("writes merged ids singly and reports what cannot be shown, without losing the rest", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(5), { forwards: [{ from: "90", to: "1004" }] }))
        const standings = [
          standing(1000),
          standing(90),
          standing(777),
          standing(1001, { rewardsEarned: "a lot" }),
          standing("1002", { record: platform("shopify", "customer", "1002") }),
          standing(1000, { program: "z-another" }),
        ]
        const report = yield* writeTo(portal, standings)
        expect(report.written).toBe(2)
        expect(report.failed.map((failed) => failed.record).sort()).toEqual([
          "hubspot:contact/1000",
          "hubspot:contact/1001",
          "hubspot:contact/777",
          "shopify:customer/1002",
        ])
        expect(
          shown(yield* stateOf(portal))
            .map(({ id }) => id)
            .sort(),
        ).toEqual(["1000", "1004"])
        expect(
          portal.noted.filter(({ method, path }) => method === "PATCH" && path.endsWith("/contacts/90")),
        ).toHaveLength(1)
        portal.forget()
        const again = yield* writeTo(portal, [standing(1000), standing(90), standing(1004, { score: 1 })].slice(0, 2))
        expect(again).toMatchObject({ unchanged: 2, written: 0 })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
      }),
    ))

  it("uses the plain association where the plan refuses labels", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(3)))
        portal.intercept = ({ path }) =>
          path.endsWith("/labels")
            ? { status: 403, headers: {}, body: JSON.stringify({ category: "MISSING_SCOPES", correlationId: "c" }) }
            : null
        expect(yield* writeTo(portal, [], [link(1000, 1001)])).toMatchObject({ linked: 1, failed: [] })
        portal.forget()
        expect(yield* writeTo(portal, [], [link(1000, 1001)])).toMatchObject({ linked: 0, failed: [] })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
      }),
    ))

  it("does not count as news: facts say the same before and after", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(20)))
        const said = (facts: ReadonlyArray<string>) => facts.map((statement) => statement.replace(/ \d+ /, " "))
        const before = yield* on(portal, pull())
        yield* writeTo(
          portal,
          Array.from({ length: 20 }, (_, index) => standing(1000 + index)),
        )
        const after = yield* on(portal, pull())
        expect(said(statements(after.facts))).toEqual(said(statements(before.facts)))
        expect(statements(after.facts)).not.toEqual(statements(before.facts))
      }),
    ))

  it("says what to do when a property of ours has another type already", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(2)))
        const property = {
          name: "adv_score",
          label: "Score",
          groupName: "contactinformation",
          type: "string",
          fieldType: "text",
        }
        yield* Effect.promise(() => portal.control("/crm/properties/2026-09/contacts", property))
        const result = yield* Effect.result(writeTo(portal, [standing(1000)]))
        expect(Result.isFailure(result) && "message" in result.failure && result.failure.message).toMatch(
          /adv_score is string, not number, choose another writeBackPrefix/,
        )
      }),
    ))
})
