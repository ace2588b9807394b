/** Property definitions, associations and labels of the HubSpot sandbox. */
import { afterAll, beforeAll, expect, it } from "vitest"
import { at, start } from "./hubspotPortal.ts"
import type { Running } from "./hubspotPortal.ts"

let portal: Running
beforeAll(async () => {
  portal = await start()
})
afterAll(() => portal.stop())

const properties = "/crm/properties/2026-09/contacts"
const associations = "/crm/associations/2026-09"

const definition = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  label: name,
  groupName: "advocacy",
  type: "string",
  fieldType: "text",
  ...more,
})

it("creates a group and properties once, and says so the second time", async () => {
  expect((await portal.call("POST", properties, definition("adv_status"))).status).toBe(400)
  expect((await portal.call("POST", `${properties}/groups`, { name: "advocacy", label: "Advocacy" })).status).toBe(201)
  expect((await portal.call("POST", `${properties}/groups`, { name: "advocacy", label: "Advocacy" })).status).toBe(409)
  expect((await portal.call("POST", properties, definition("adv_status"))).status).toBe(201)
  expect((await portal.call("POST", properties, definition("adv_status"))).status).toBe(409)
  const several = await portal.call("POST", `${properties}/batch/create`, {
    inputs: [
      definition("adv_points", { type: "number", fieldType: "number" }),
      definition("adv_code", { hasUniqueValue: true }),
      definition("adv_status"),
      definition("adv_tier", { type: "enumeration", fieldType: "select" }),
    ],
  })
  expect(several.status).toBe(207)
  expect(several.body).toMatchObject({
    results: [{ name: "adv_points" }, { name: "adv_code", hasUniqueValue: true }],
    errors: [{ category: "OBJECT_ALREADY_EXISTS" }, { category: "VALIDATION_ERROR" }],
  })
  const changed = await portal.call("PATCH", `${properties}/adv_status`, { label: "Status" })
  expect(changed.body).toMatchObject({ name: "adv_status", label: "Status", type: "string" })
  expect((await portal.call("PATCH", `${properties}/adv_status`, { type: "number" })).status).toBe(400)
  expect((await portal.call("PATCH", `${properties}/email`, { label: "Mail" })).status).toBe(400)
  expect((await portal.call("GET", `${properties}/adv_none`)).status).toBe(404)
  expect((await portal.call("GET", `${properties}/hs_feedback_last_nps_rating`)).body).toMatchObject({
    type: "enumeration",
    modificationMetadata: { readOnlyValue: true },
  })
  const seen = (await portal.call("GET", "/__sandbox/state")).body
  expect(at(seen, "properties")).toEqual(
    ["adv_status", "adv_points", "adv_code"].map((name) => ({ objectType: "contacts", name })),
  )
})

it("shows who carries the program's properties", async () => {
  await portal.call("PATCH", "/crm/objects/2026-09/contacts/103", { properties: { adv_points: "12", phone: "1" } })
  const seen = (await portal.call("GET", "/__sandbox/state")).body
  expect(at(seen, "contacts")).toEqual([{ id: "103", properties: { adv_points: "12" } }])
})

it("gives a paired label two numbers and minds their direction", async () => {
  const created = await portal.call("POST", `${associations}/contacts/contacts/labels`, {
    name: "adv_referral",
    label: "Referred",
    inverseLabel: "Referred by",
  })
  const results = at(created.body, "results")
  expect(results).toMatchObject([{ category: "USER_DEFINED", label: "Referred" }, { label: "Referred by" }])
  const typeId = at(results, 0, "typeId")
  expect(at(results, 1, "typeId")).not.toBe(typeId)
  const types = [{ associationCategory: "USER_DEFINED", associationTypeId: typeId }]
  const linked = await portal.call("POST", `${associations}/contacts/contacts/batch/create`, {
    inputs: [
      { from: { id: "101" }, to: { id: "102" }, types },
      { from: { id: "101" }, to: { id: "999" }, types },
    ],
  })
  expect(linked.status).toBe(207)
  expect(at(linked.body, "results")).toEqual([
    { fromObjectTypeId: "0-1", fromObjectId: 101, toObjectTypeId: "0-1", toObjectId: 102, labels: ["Referred"] },
  ])
  const read = await portal.call("POST", `${associations}/0-1/0-1/batch/read`, {
    inputs: [{ id: "102" }, { id: "105" }],
  })
  expect(read.status).toBe(207)
  expect(read.body).toMatchObject({
    results: [
      {
        from: { id: "102" },
        to: [
          {
            toObjectId: 101,
            associationTypes: [
              { category: "HUBSPOT_DEFINED", typeId: 449, label: null },
              { category: "USER_DEFINED", typeId: at(results, 1, "typeId"), label: "Referred by" },
            ],
          },
        ],
      },
    ],
    numErrors: 1,
    errors: [{ category: "OBJECT_NOT_FOUND", context: { fromObjectId: ["105"] } }],
  })
  const wrong = await portal.call("PUT", "/crm/v4/objects/contacts/101/associations/deals/30001", types)
  expect(wrong.status).toBe(400)
})

it("replaces the labels of a pair by a put", async () => {
  const single = "/crm/objects/2026-09/contacts/103/associations/contacts/104"
  const other = await portal.call("POST", `${associations}/contacts/contacts/labels`, {
    name: "adv_friend",
    label: "Friend",
  })
  expect(at(other.body, "results")).toHaveLength(1)
  const spec = (associationTypeId: unknown) => [{ associationCategory: "USER_DEFINED", associationTypeId }]
  expect(at((await portal.call("PUT", single, spec(1))).body, "labels")).toEqual(["Referred"])
  const friend = await portal.call("PUT", single, spec(at(other.body, "results", 0, "typeId")))
  expect(friend.status).toBe(201)
  expect(at(friend.body, "labels")).toEqual(["Friend"])
  expect((await portal.call("DELETE", single)).status).toBe(204)
})

it("removes a label, then the default and with it everything", async () => {
  const single = "/crm/objects/2026-09/contacts/101/associations/contacts"
  const labels = await portal.call("GET", "/crm/v4/associations/contacts/contacts/labels")
  const typeId = (at(labels.body, "results") as ReadonlyArray<unknown>).find((one) => at(one, "label") === "Referred")
  const types = [{ associationCategory: "USER_DEFINED", associationTypeId: at(typeId, "typeId") }]
  await portal.call("POST", `${associations}/contacts/contacts/batch/labels/archive`, {
    inputs: [{ from: { id: "101" }, to: { id: "102" }, types }],
  })
  const plain = await portal.call("GET", single)
  expect(at(plain.body, "results")).toEqual([
    { toObjectId: 102, associationTypes: [{ category: "HUBSPOT_DEFINED", typeId: 449, label: null }] },
  ])
  const removed = await portal.call("POST", `${associations}/contacts/contacts/batch/archive`, {
    inputs: [{ from: { id: "102" }, to: [{ id: "101" }] }],
  })
  expect(removed.status).toBe(204)
  expect(at((await portal.call("GET", single)).body, "results")).toEqual([])
  const state = (await portal.call("GET", "/__sandbox/state")).body
  expect(at(state, "associations")).toEqual([])
})

it("associates by default kind and follows a merge", async () => {
  const made = await portal.call("POST", `${associations}/contacts/deals/batch/associate/default`, {
    inputs: [{ from: { id: "104" }, to: { id: "30001" } }],
  })
  expect(at(made.body, "results", 0)).toEqual({
    from: { id: "104" },
    to: { id: "30001" },
    associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId: 4 },
  })
  const merged = await portal.call("POST", "/crm/objects/2026-03/contacts/merge", {
    primaryObjectId: "104",
    objectIdToMerge: "105",
  })
  const id = String(at(merged.body, "id"))
  const listed = await portal.call("GET", "/crm/objects/2026-09/deals/30001/associations/contacts")
  expect(at(listed.body, "results", 1)).toEqual({
    toObjectId: Number(id),
    associationTypes: [{ category: "HUBSPOT_DEFINED", typeId: 3, label: null }],
  })
  const state = (await portal.call("GET", "/__sandbox/state")).body
  expect(at(state, "associations")).toEqual([
    { from: { name: "contacts", id }, to: { name: "deals", id: "30001" }, labels: [] },
  ])
})
