/** A simulated brand's whole portal, as the HubSpot sandbox serves it. */
import { expect, it } from "vitest"
import { simulate } from "../src/world/Simulator.ts"
import { at, start } from "./hubspotPortal.ts"

it("serves every record, association and merged id of a simulated brand", async () => {
  const brand = simulate({ seed: 3, customers: 500, orders: 2_000 })
  const portal = await start({ world: brand })
  const { contacts, companies, deals, feedbackSubmissions, forwards, associations } = brand.portal
  const state = (await portal.call("GET", "/__sandbox/state")).body
  expect(at(state, "counts")).toEqual({
    contacts: contacts.length,
    companies: companies.length,
    deals: deals.length,
    feedback_submissions: feedbackSubmissions.length,
    notes: 0,
  })
  expect(forwards.length).toBeGreaterThan(0)
  const merged = await Promise.all(
    forwards.map(({ from }) => portal.call("GET", `/crm/objects/2026-09/contacts/${from}`)),
  )
  expect(merged.map(({ body }) => at(body, "id"))).toEqual(forwards.map(({ to }) => to))
  const [first] = associations
  expect(first).toBeDefined()
  if (first === undefined) return
  const path = `/crm/objects/2026-09/${first.fromType}/${first.fromId}/associations/${first.toType}`
  const others = at((await portal.call("GET", path)).body, "results") as ReadonlyArray<unknown>
  expect(others.map((other) => String(at(other, "toObjectId")))).toContain(first.toId)
  await portal.stop()
})
