/** Limits, faults and the account endpoints of the HubSpot sandbox. */
import { expect, it } from "vitest"
import { RateLimit, enterprise } from "../src/hubspot/RateLimit.ts"
import { at, start } from "./hubspotPortal.ts"

it("answers the 191st request of ten seconds with 429 and the policy's name", async () => {
  const portal = await start({ limits: enterprise })
  const path = "/account-info/2026-09/details"
  const first = await portal.call("GET", path)
  expect(first.body).toMatchObject({
    portalId: 4242,
    companyCurrency: "EUR",
    utcOffset: "+01:00",
    timeZone: "Europe/Berlin",
  })
  expect(first.headers.get("x-hubspot-ratelimit-max")).toBe("190")
  expect(first.headers.get("x-hubspot-ratelimit-remaining")).toBe("189")
  expect(first.headers.get("x-hubspot-ratelimit-interval-milliseconds")).toBe("10000")
  expect(first.headers.get("x-hubspot-ratelimit-daily-remaining")).toBe("999999")
  const answers = await Promise.all(Array.from({ length: 190 }, () => portal.call("GET", path)))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(1)
  expect(refused[0]?.body).toMatchObject({
    status: "error",
    errorType: "RATE_LIMIT",
    policyName: "TEN_SECONDLY_ROLLING",
  })
  expect(at(refused[0]?.body, "category")).toBeUndefined()
  const searches = await Promise.all(
    Array.from({ length: 6 }, () => portal.call("POST", "/crm/objects/2026-09/contacts/search", {})),
  )
  expect(searches.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429])
  expect(searches.find(({ status }) => status === 429)?.body).toMatchObject({ policyName: "SECONDLY" })
  const usage = (await portal.call("GET", "/__sandbox/usage")).body
  expect(usage).toMatchObject({
    requests: 195,
    search: 5,
    throttled: 2,
    peakPerTenSeconds: 190,
    dailyRemaining: 999_805,
  })
  await portal.stop()
})

it("lets requests pass again when the window has rolled on", () => {
  let now = 0
  const limit = new RateLimit({ perTenSeconds: 2, perDay: 4, searchesPerSecond: 1 }, () => now)
  expect([limit.take(false), limit.take(false), limit.take(false)]).toEqual([null, null, "TEN_SECONDLY_ROLLING"])
  now = 9_999
  expect(limit.take(false)).toBe("TEN_SECONDLY_ROLLING")
  now = 10_000
  expect([limit.take(false), limit.take(true), limit.take(false)]).toEqual([null, null, "DAILY"])
})

it("fails on order, and commits before it drops a connection", async () => {
  const portal = await start()
  await portal.call("POST", "/__sandbox/faults", { status: 502, count: 2 })
  const path = "/crm/objects/2026-09/contacts"
  const failed = [await portal.call("GET", path), await portal.call("GET", path), await portal.call("GET", path)]
  expect(failed.map(({ status }) => status)).toEqual([502, 502, 200])
  expect(failed[0]?.headers.get("content-type")).toContain("text/html")
  await portal.call("POST", "/__sandbox/faults", { commitThenDrop: 1 })
  expect((await portal.call("GET", path)).status).toBe(200)
  const create = () => portal.call("POST", path, { properties: { email: "dropped@example.org" } })
  await expect(create()).rejects.toThrow("fetch failed")
  expect((await create()).status).toBe(409)
  expect((await portal.call("POST", "/__sandbox/faults", { earthquake: 1 })).status).toBe(400)
  await portal.stop()
})

it("says what it does not have", async () => {
  const portal = await start()
  expect((await portal.call("GET", "/crm/objects/2031-01/contacts")).status).toBe(404)
  expect((await portal.call("DELETE", "/crm/objects/2026-09/contacts")).status).toBe(405)
  expect((await portal.call("GET", "/crm/objects/2026-09/contacts/%E0%A4%A")).status).toBe(404)
  const usage = await portal.call("GET", "/account-info/2026-03/api-usage/daily/private-apps")
  expect(at(usage.body, "results", 0)).toMatchObject({ usageLimit: 1_000_000, fetchStatus: "SUCCESS" })
  await portal.stop()
})
