/** Records of the HubSpot sandbox: reading, writing, batches, merges, limits of single requests. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { at, ids, record, start, world } from "./hubspotPortal.ts"
import type { Running } from "./hubspotPortal.ts"

const objects = "/crm/objects/2026-09"

describe("records", () => {
  let portal: Running
  beforeAll(async () => {
    portal = await start()
  })
  afterAll(() => portal.stop())

  it("refuses a wrong token with HubSpot's category", async () => {
    const answer = await portal.call("GET", `${objects}/contacts`, undefined, { Authorization: "Bearer other" })
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ status: "error", category: "INVALID_AUTHENTICATION" })
  })

  it("pages through a list by id, with properties in both notations and associations", async () => {
    const query = "limit=3&properties=email,nosuch&properties=phone&associations=companies"
    const first = await portal.call("GET", `${objects}/contacts?${query}`)
    expect(ids(first)).toEqual(["101", "102", "103"])
    expect(at(first.body, "results", 0, "properties")).toEqual({
      email: "person101@example.com",
      phone: null,
      createdate: "2026-09-01T00:00:00.000Z",
      lastmodifieddate: "2026-10-01T00:00:00.000Z",
      hs_object_id: "101",
    })
    expect(at(first.body, "results", 0, "associations", "companies", "results")).toEqual([
      { id: "20001", type: "contact_to_company_unlabeled" },
      { id: "20001", type: "contact_to_company" },
    ])
    const after = String(at(first.body, "paging", "next", "after"))
    const second = await portal.call("GET", `/crm/v3/objects/0-1?limit=3&after=${after}`)
    expect(ids(second)).toEqual(["104", "105"])
    expect(at(second.body, "paging")).toBeUndefined()
    expect((await portal.call("GET", `${objects}/contacts?limit=101`)).status).toBe(400)
  })

  it("resolves a merged id, finds by e-mail, and answers 404 otherwise", async () => {
    expect(at((await portal.call("GET", `${objects}/contacts/90`)).body, "id")).toBe("101")
    const byEmail = await portal.call("GET", `${objects}/contacts/PERSON102%40example.com?idProperty=email`)
    expect(at(byEmail.body, "id")).toBe("102")
    expect((await portal.call("GET", `${objects}/contacts/555`)).status).toBe(404)
    expect((await portal.call("GET", `${objects}/widgets/1`)).body).toMatchObject({
      message: "Unable to infer object type from: widgets",
    })
  })

  it("judges values: unknown, read-only, option, number, instant, e-mail", async () => {
    const codeOf = async (path: string, properties: Record<string, unknown>) =>
      at((await portal.call("PATCH", `${objects}/${path}`, { properties })).body, "errors", 0, "code")
    expect(await codeOf("contacts/102", { adv_nothing: "1" })).toBe("PROPERTY_DOESNT_EXIST")
    expect(await codeOf("contacts/102", { hs_feedback_last_nps_rating: "9" })).toBe("READ_ONLY_VALUE")
    expect(await codeOf("contacts/102", { lifecyclestage: "hero" })).toBe("INVALID_OPTION")
    expect(await codeOf("deals/30001", { amount: "12,50" })).toBe("INVALID_NUMBER")
    expect(await codeOf("contacts/102", { invited_at: "yesterday" })).toBe("INVALID_DATE")
    expect(await codeOf("contacts/102", { email: "nobody" })).toBe("INVALID_EMAIL")
    const written = await portal.call("PATCH", `${objects}/contacts/102`, {
      properties: { invited_at: "1793491200000", phone: 12345, firstname: "" },
    })
    expect(written.body).toMatchObject({
      properties: { invited_at: "2026-11-01T00:00:00.000Z", phone: "12345", firstname: null },
    })
  })

  it("keeps unique values unique", async () => {
    expect(
      (await portal.call("PATCH", `${objects}/contacts/103`, { properties: { referral_code: "ANNA" } })).status,
    ).toBe(200)
    const taken = await portal.call("PATCH", `${objects}/contacts/104`, { properties: { referral_code: "ANNA" } })
    expect(taken.status).toBe(400)
    expect(at(taken.body, "errors", 0, "code")).toBe("CONFLICTING_UNIQUE_VALUE")
    const again = await portal.call("POST", `${objects}/contacts`, { properties: { email: "Person104@Example.com" } })
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ category: "CONFLICT", message: "Contact already exists. Existing ID: 104" })
  })

  it("creates notes with their associations and refuses to write feedback", async () => {
    const note = await portal.call("POST", `${objects}/notes`, {
      properties: { hs_timestamp: "2026-11-01T00:00:00Z", hs_note_body: "Thank you" },
      associations: [{ to: { id: 101 }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 202 }] }],
    })
    expect(note.status).toBe(201)
    const listed = await portal.call("GET", `${objects}/contacts/101/associations/notes`)
    expect(at(listed.body, "results", 0, "toObjectId")).toBe(Number(at(note.body, "id")))
    expect((await portal.call("POST", `${objects}/feedback_submissions`, { properties: {} })).status).toBe(405)
    expect(ids(await portal.call("GET", `${objects}/0-19`))).toEqual(["40001"])
  })

  it("names the fault of a body that is no JSON", async () => {
    const answer = await portal.call("POST", `${objects}/contacts`, '{"properties": {')
    expect(answer.status).toBe(400)
    expect(String(at(answer.body, "message"))).toContain("Invalid input JSON")
  })
})

describe("batches", () => {
  let portal: Running
  beforeAll(async () => {
    portal = await start({ world: world(120) })
  })
  afterAll(() => portal.stop())

  const batch = (action: string, inputs: ReadonlyArray<unknown>, rest: Record<string, unknown> = {}) =>
    portal.call("POST", `${objects}/contacts/batch/${action}`, { inputs, ...rest })

  it("reads up to 100 and reports the missing ones with 207", async () => {
    const answer = await batch("read", [{ id: "101" }, { id: "90" }, { id: "102" }, { id: "999" }], {
      properties: ["email"],
    })
    expect(answer.status).toBe(207)
    expect(ids(answer)).toEqual(["101", "102"])
    expect(answer.body).toMatchObject({
      numErrors: 1,
      errors: [{ category: "OBJECT_NOT_FOUND", context: { ids: ["999"] } }],
    })
    const tooMany = Array.from({ length: 101 }, (_, index) => ({ id: String(101 + index) }))
    expect((await batch("read", tooMany)).status).toBe(400)
  })

  it("creates all or nothing without trace ids, and what it can with them", async () => {
    const fresh = (name: string) => ({ properties: { email: `${name}@example.org` } })
    const before = (await portal.call("GET", "/__sandbox/state")).body
    expect((await batch("create", [fresh("one"), fresh("one")])).status).toBe(409)
    expect(at((await portal.call("GET", "/__sandbox/state")).body, "counts")).toEqual(at(before, "counts"))
    const traced = await batch("create", [
      { ...fresh("one"), objectWriteTraceId: "a" },
      { ...fresh("one"), objectWriteTraceId: "b" },
      { ...fresh("two"), objectWriteTraceId: "c" },
    ])
    expect(traced.status).toBe(207)
    expect(traced.body).toMatchObject({
      results: [{ objectWriteTraceId: "a" }, { objectWriteTraceId: "c" }],
      errors: [{ category: "CONFLICT", context: { objectWriteTraceId: ["b"] } }],
    })
  })

  it("updates by id: refuses e-mail as id and unknown properties, reports merged-away ids", async () => {
    const value = { properties: { phone: "1" } }
    const byEmail = await batch("update", [{ id: "person101@example.com", idProperty: "email", ...value }])
    expect(byEmail.status).toBe(400)
    expect(String(at(byEmail.body, "message"))).toContain("Unable to perform update/upsert by non-unique 0-1 property")
    const unknown = await batch("update", [
      { id: "101", ...value },
      { id: "102", properties: { adv_x: "1" } },
    ])
    expect(unknown.status).toBe(400)
    expect(at(unknown.body, "errors", 0, "code")).toBe("PROPERTY_DOESNT_EXIST")
    expect(
      at((await portal.call("GET", `${objects}/contacts/101?properties=phone`)).body, "properties", "phone"),
    ).toBeNull()
    const partly = await batch("update", [
      { id: "101", ...value },
      { id: "90", ...value },
    ])
    expect(partly.status).toBe(207)
    expect(ids(partly)).toEqual(["101"])
    expect(at(partly.body, "errors", 0, "context", "ids")).toEqual(["90"])
    expect((await portal.call("PATCH", `${objects}/contacts/90`, value)).status).toBe(200)
  })

  it("upserts by a unique property, new or known; by e-mail all or nothing", async () => {
    const code = (id: string, properties: Record<string, string>) => ({ id, idProperty: "referral_code", properties })
    const first = await batch("upsert", [code("BEA", { email: "bea@example.org" })])
    expect(first.body).toMatchObject({ results: [{ new: true }] })
    const second = await batch("upsert", [code("BEA", { phone: "2" })])
    expect(second.body).toMatchObject({ results: [{ new: false, id: at(first.body, "results", 0, "id") }] })
    const byEmail = await batch("upsert", [
      { id: "new@example.org", idProperty: "email", properties: {} },
      { id: "other@example.org", idProperty: "email", properties: { lifecyclestage: "hero" } },
    ])
    expect(byEmail.status).toBe(400)
    expect((await portal.call("GET", `${objects}/contacts/new@example.org?idProperty=email`)).status).toBe(404)
  })

  it("archives: out of lists and searches, still there when asked for", async () => {
    expect((await batch("archive", [{ id: "110" }, { id: "111" }])).status).toBe(204)
    expect((await portal.call("GET", `${objects}/contacts/110`)).status).toBe(404)
    expect(ids(await portal.call("GET", `${objects}/contacts?archived=true`))).toEqual(["110", "111"])
    const filters = [{ propertyName: "hs_object_id", operator: "IN", values: ["109", "110"] }]
    expect(ids(await portal.call("POST", `${objects}/contacts/search`, { filterGroups: [{ filters }] }))).toEqual([
      "109",
    ])
  })
})

describe("merging and erasing", () => {
  it("makes a new record to which both old ids lead, with associations and identities", async () => {
    const portal = await start()
    const answer = await portal.call("POST", `${objects}/contacts/merge`, {
      primaryObjectId: "102",
      objectIdToMerge: "101",
    })
    const id = String(at(answer.body, "id"))
    expect(answer.status).toBe(200)
    expect(["101", "102"]).not.toContain(id)
    for (const old of ["90", "101", "102"]) {
      const query = "properties=email,hs_additional_emails,hs_merged_object_ids&associations=deals"
      const found = await portal.call("GET", `${objects}/contacts/${old}?${query}`)
      expect(found.body).toMatchObject({
        id,
        properties: {
          email: "person102@example.com",
          hs_additional_emails: "person101@example.com",
          hs_merged_object_ids: "102;101",
        },
        associations: { deals: { results: [{ id: "30001", type: "contact_to_deal" }] } },
      })
    }
    const byOldEmail = await portal.call("GET", `${objects}/contacts/person101@example.com?idProperty=email`)
    expect(at(byOldEmail.body, "id")).toBe(id)
    const list = await portal.call("GET", `${objects}/contacts?limit=100`)
    expect(ids(list)).toEqual(["103", "104", "105", id])
    expect((await portal.call("POST", `${objects}/contacts/gdpr-delete`, { objectId: id })).status).toBe(204)
    expect((await portal.call("GET", `${objects}/contacts/101`)).status).toBe(404)
    await portal.stop()
  })

  it("refuses a world with a property that the portal does not define", async () => {
    const odd = world()
    const portal = { ...odd.portal, deals: [record("1", { shoe_size: "44" })] }
    await expect(start({ world: { ...odd, portal } })).rejects.toThrow(/shoe_size.*PropertyCatalogue/)
  })
})
