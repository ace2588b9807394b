/** HubSpot's official client against the sandbox: dated paths by `apiRequest`, and its own numbered ones. */
import { Client } from "@hubspot/api-client"
import { AssociationSpecAssociationCategoryEnum } from "@hubspot/api-client/lib/codegen/crm/associations/v4/index.js"
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from "@hubspot/api-client/lib/codegen/crm/properties/index.js"
import { afterAll, beforeAll, expect, it } from "vitest"
import { at, start, token } from "./hubspotPortal.ts"
import type { Running } from "./hubspotPortal.ts"

let portal: Running
let client: Client

beforeAll(async () => {
  portal = await start()
  client = new Client({ accessToken: token, basePath: portal.url })
})
afterAll(() => portal.stop())

it("talks the dated paths", async () => {
  const listed = await client.apiRequest({ path: "/crm/objects/2026-09/contacts?limit=2" })
  expect(listed.status).toBe(200)
  expect(at(await listed.json(), "results", 1, "id")).toBe("102")
  const updated = await client.apiRequest({
    method: "POST",
    path: "/crm/objects/2026-09/contacts/batch/update",
    body: { inputs: [{ id: "102", properties: { phone: "42" } }] },
  })
  expect(updated.status).toBe(200)
  expect(at(await updated.json(), "results", 0, "properties", "phone")).toBe("42")
})

it("reads, writes, searches and merges with the client's own methods", async () => {
  const { basicApi, batchApi, searchApi } = client.crm.contacts
  const page = await basicApi.getPage(2, undefined, ["email", "phone"], undefined, ["companies"])
  expect(page.results.map(({ id }) => id)).toEqual(["101", "102"])
  expect(page.results[0]?.createdAt).toEqual(new Date("2026-09-01T00:00:00.000Z"))
  expect(page.results[0]?.associations?.["companies"]?.results[0]?.id).toBe("20001")
  const created = await basicApi.create({ properties: { email: "client@example.org" }, associations: [] })
  const read = await batchApi.read({ inputs: [{ id: created.id }], properties: ["email"], propertiesWithHistory: [] })
  expect(read.results[0]?.properties["email"]).toBe("client@example.org")
  const found = await searchApi.doSearch({
    query: "",
    limit: 5,
    after: "0",
    sorts: ["-hs_object_id"],
    properties: [],
    filterGroups: [],
  })
  expect(found.results[0]?.id).toBe(created.id)
  const merged = await basicApi.merge({ primaryObjectId: "103", objectIdToMerge: created.id })
  expect((await basicApi.getById("103")).id).toBe(merged.id)
  await expect(basicApi.getById("999999")).rejects.toMatchObject({ code: 404 })
})

it("defines properties and labels, and associates", async () => {
  const group = await client.crm.properties.groupsApi.create("contacts", { name: "advocacy", label: "Advocacy" })
  expect(group.archived).toBe(false)
  const property = await client.crm.properties.coreApi.create("contacts", {
    name: "adv_points_balance",
    label: "Points",
    groupName: "advocacy",
    type: PropertyCreateTypeEnum.Number,
    fieldType: PropertyCreateFieldTypeEnum.Number,
  })
  expect(property.createdAt).toBeInstanceOf(Date)
  const { batchApi, schema } = client.crm.associations.v4
  const label = await schema.definitionsApi.create("contacts", "contacts", {
    name: "adv_referral",
    label: "Referred",
    inverseLabel: "Referred by",
  })
  const associationCategory = AssociationSpecAssociationCategoryEnum.UserDefined
  const associationTypeId = label.results[0]?.typeId ?? 0
  const made = await batchApi.create("contacts", "contacts", {
    inputs: [{ _from: { id: "101" }, to: { id: "102" }, types: [{ associationCategory, associationTypeId }] }],
  })
  expect(made.results[0]?.labels).toEqual(["Referred"])
  const read = await batchApi.getPage("contacts", "contacts", { inputs: [{ id: "101" }] })
  expect(String(read.results[0]?.to[0]?.toObjectId)).toBe("102")
})
