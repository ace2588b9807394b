/** Searches of the HubSpot sandbox: operators, sorting, paging, and the caps that real clients run into. */
import { afterAll, beforeAll, expect, it } from "vitest"
import { at, ids, record, start, world } from "./hubspotPortal.ts"
import type { Running } from "./hubspotPortal.ts"

const crowd = 10_050
let portal: Running

beforeAll(async () => {
  const base = world(0)
  const contacts = Array.from({ length: crowd }, (_, index) =>
    record(String(1_001 + index), {
      email: `c${index}@example.com`,
      lifecyclestage: index % 2 === 0 ? "customer" : "lead",
    }),
  )
  const special = record(
    "500",
    { email: "anna.berg@example.org", firstname: "Anna Maria", lastname: "Berg", referral_code: "ANNA10" },
    "2026-10-15T12:00:00.000Z",
  )
  portal = await start({
    world: { ...base, portal: { ...base.portal, contacts: [special, ...contacts], associations: [], forwards: [] } },
  })
})
afterAll(() => portal.stop())

const search = (body: Record<string, unknown>) => portal.call("POST", "/crm/objects/2026-09/contacts/search", body)
const where = (...filters: ReadonlyArray<Record<string, unknown>>) => ({ filterGroups: [{ filters }] })
const one = (propertyName: string, operator: string, rest: Record<string, unknown> = {}) =>
  where({ propertyName, operator, ...rest })

it("stops at 10,000 rows: the page before the cap is served, the next is refused", async () => {
  const last = await search({ limit: 200, after: "9900", sorts: ["hs_object_id"] })
  expect(last.status).toBe(200)
  expect(at(last.body, "total")).toBe(crowd + 1)
  expect(ids(last)).toHaveLength(100)
  expect(at(last.body, "paging", "next", "after")).toBe("10000")
  const beyond = await search({ limit: 200, after: "10000" })
  expect(beyond.status).toBe(400)
  expect((await search({ limit: 201 })).status).toBe(400)
})

it("reaches every record by a keyset on the id", async () => {
  const seen: Array<unknown> = []
  let lastId = "0"
  for (;;) {
    const page = await search({
      ...one("hs_object_id", "GT", { value: lastId }),
      sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
      limit: 200,
    })
    const found = ids(page)
    seen.push(...found)
    if (found.length < 200) break
    lastId = String(found.at(-1))
  }
  expect(new Set(seen).size).toBe(crowd + 1)
  expect(seen).toHaveLength(crowd + 1)
})

it("finds by every operator", async () => {
  const matches = async (body: Record<string, unknown>) => ids(await search({ ...body, limit: 1 }))[0]
  const total = async (body: Record<string, unknown>) => at((await search(body)).body, "total")
  expect(await matches(one("email", "EQ", { value: "ANNA.BERG@example.org" }))).toBe("500")
  expect(await matches(one("referral_code", "IN", { values: ["anna10"] }))).toBe("500")
  expect(await matches(one("referral_code", "IN", { values: ["ANNA10"] }))).toBeUndefined()
  expect(await matches(one("referral_code", "HAS_PROPERTY"))).toBe("500")
  expect(await total(one("referral_code", "NOT_HAS_PROPERTY"))).toBe(crowd)
  expect(await matches(one("email", "CONTAINS_TOKEN", { value: "ann*" }))).toBe("500")
  expect(await total(one("lifecyclestage", "EQ", { value: "Customer" }))).toBe(0)
  expect(await total(one("lifecyclestage", "NEQ", { value: "customer" }))).toBe(crowd / 2)
  expect(await total(one("lifecyclestage", "NOT_IN", { values: ["customer"] }))).toBe(crowd / 2)
  expect(await total(one("hs_object_id", "LTE", { value: 1_001 }))).toBe(2)
  expect(await total(one("hs_object_id", "LT", { value: "1001" }))).toBe(1)
  expect(await total(one("lastmodifieddate", "GTE", { value: "2026-10-15T12:00:00Z" }))).toBe(1)
  const millis = Date.parse("2026-10-15T12:00:00Z")
  expect(await total(one("lastmodifieddate", "GT", { value: millis }))).toBe(0)
  expect(await total(one("lastmodifieddate", "BETWEEN", { value: millis - 1, highValue: millis }))).toBe(1)
  const either = {
    filterGroups: [
      ...one("hs_object_id", "EQ", { value: "500" }).filterGroups,
      ...one("hs_object_id", "EQ", { value: "1001" }).filterGroups,
    ],
  }
  expect(await total(either)).toBe(2)
})

it("refuses what the real search refuses", async () => {
  const filter = { propertyName: "email", operator: "HAS_PROPERTY" }
  const groups = (count: number, filters: number) => ({
    filterGroups: Array.from({ length: count }, () => ({ filters: Array.from({ length: filters }, () => filter) })),
  })
  expect((await search(groups(5, 3))).status).toBe(200)
  for (const body of [
    groups(6, 1),
    groups(1, 7),
    groups(4, 5),
    { sorts: ["email", "phone"] },
    one("nosuch", "EQ", { value: "1" }),
    one("email", "LIKE", { value: "1" }),
    one("lastmodifieddate", "GT", { value: "soon" }),
    { query: "anna" },
    one("email", "EQ", { value: "x".repeat(3_000) }),
  ]) {
    expect((await search(body)).status, JSON.stringify(body).slice(0, 80)).toBe(400)
  }
})
