import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"
import { HubSpotSource } from "../src/HubSpotSource.ts"
import { contacts, on, open, pull, record, run, statements, surroundings, world } from "./portal.ts"

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
        const { erase, page, parked } = yield* on(
          portal,
          Effect.flatMap(HubSpotSource, (source) => source.read(rows)),
        )
        expect(page.facts.filter((fact) => fact._tag === "PersonSeen")).toHaveLength(1)
        expect([...parked.keys()].sort()).toEqual(["deleted", "gone", "odd", "ticket", "truncated"])
        expect(parked.get("gone")).toMatch(/no hubspot:contact\/777/)
        expect(erase).toMatchObject([
          { eventKey: "erased", handles: ["hubspot:contact/1001"], reason: "contact.privacyDeletion" },
        ])
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
