/** What the portal lets the app do, on the sandbox and where it refuses. */
import type { Capability } from "@advocacy-kit/core/connector/Capability"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import type { Access } from "../src/Access.ts"
import * as Capabilities from "../src/Capabilities.ts"
import { HubSpotSource } from "../src/HubSpotSource.ts"
import type { WireRequest } from "../src/HubSpotTransport.ts"
import { contacts, on, open, run, world } from "./portal.ts"

const whole: Access = {
  objects: { contacts: "allowed", companies: "allowed", deals: "allowed", feedback_submissions: "allowed" },
  propertyDefinitions: "allowed",
  labels: "allowed",
  hasLabel: true,
  account: { type: "STANDARD", timeZone: "Europe/Berlin" },
  calls: { limit: 625_000, used: 12 },
  webhooks: true,
  actions: true,
  timeZone: "Europe/Berlin",
}

const standings = (features: ReadonlyArray<Capability>) =>
  Object.fromEntries(features.map(({ feature, standing }) => [feature, standing]))

describe("the report of what a portal allows", () => {
  it("has nothing to do where everything is there", () => {
    const features = Capabilities.report(whole)
    expect(
      features.filter(({ missing, remedy, standing }) => standing !== "on" || remedy !== null || missing.length > 0),
    ).toEqual([])
  })

  it.each([
    ["contacts", "crm.objects.contacts.read"],
    ["companies", "crm.objects.companies.read"],
    ["deals", "crm.objects.deals.read"],
    ["feedback_submissions", "crm.objects.feedback_submissions.read"],
  ] as const)("names the scope that %s need, where HubSpot does not", (type, scope) => {
    const features = Capabilities.report({ ...whole, objects: { ...whole.objects, [type]: { missing: [] } } })
    expect(features.filter(({ standing }) => standing !== "on")).toMatchObject([
      { standing: "off", missing: [scope], remedy: expect.stringContaining(scope) },
    ])
  })

  it("tells what is not set up here, and a zone that ends its days elsewhere", () => {
    const features = Capabilities.report({ ...whole, webhooks: false, actions: false, calls: null, timeZone: "UTC" })
    expect(standings(features)).toMatchObject({
      webhooks: "off",
      "workflow actions": "off",
      "call budget": "partly",
      "time zone": "partly",
    })
    expect(features.find(({ feature }) => feature === "time zone")?.remedy).toContain("Europe/Berlin")
  })
})

const asked = (refusing: (request: WireRequest) => boolean) =>
  run(
    Effect.gen(function* () {
      const portal = yield* open(world(contacts(3)))
      const refusal = {
        status: "error",
        category: "MISSING_SCOPES",
        message: "no",
        errors: [{ context: { requiredScopes: ["x.read"] } }],
      }
      portal.intercept = (request) =>
        refusing(request) ? { status: 403, headers: {}, body: JSON.stringify(refusal) } : null
      const features = yield* on(
        portal,
        Effect.flatMap(HubSpotSource, ({ capabilities }) => capabilities ?? Effect.die("it tells nothing")),
      )
      return { features, noted: portal.noted }
    }),
  )

describe("the sandbox's portal", () => {
  it("allows all that is read, and is asked without changing anything", async () => {
    const { features, noted } = await asked(() => false)
    expect(standings(features)).toMatchObject({
      contacts: "on",
      companies: "on",
      deals: "on",
      "survey answers": "on",
      "standings on contacts": "on",
      "who referred whom": "partly",
      webhooks: "on",
      "call budget": "on",
    })
    expect(noted.filter(({ method }) => method !== "GET")).toEqual([])
  })

  it("is told of feature by feature where it refuses", async () => {
    const { features } = await asked(({ path }) => path.includes("/deals") || path.includes("/labels"))
    expect(standings(features)).toMatchObject({ contacts: "on", deals: "off", "who referred whom": "partly" })
    expect(features.find(({ feature }) => feature === "deals")?.missing).toEqual(["x.read"])
  })
})
