/**
 * What an app may ask about the account it is connected to: who it is, and how much of the day's calls are
 * used.
 */
import type { RateLimit } from "./RateLimit.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { Route } from "./Route.ts"

const dayMillis = 86_400_000

/** Minutes east of UTC at an instant. */
const offsetMinutes = (timeZone: string, at: Date): number => {
  const wall = new Date(at.toLocaleString("sv-SE", { timeZone }).replace(" ", "T") + "Z")
  return Math.round((wall.getTime() - at.getTime()) / 60_000)
}

const details = (state: HubSpotState) => {
  const { portalId, timeZone, currency } = state.world.brand
  const minutes = offsetMinutes(timeZone, new Date(state.now))
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return {
    portalId,
    accountType: "STANDARD",
    timeZone,
    companyCurrency: currency,
    additionalCurrencies: [],
    utcOffset: `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`,
    utcOffsetMilliseconds: minutes * 60_000,
    uiDomain: "app.hubspot.com",
    dataHostingLocation: "eu1",
  }
}

const usage = (state: HubSpotState, limit: RateLimit) => {
  const now = Date.parse(state.now)
  return {
    name: "private-apps-api-calls-daily",
    usageLimit: limit.limits.perDay,
    currentUsage: limit.requests,
    collectedAt: state.now,
    fetchStatus: "SUCCESS",
    resetsAt: new Date(now - (now % dayMillis) + dayMillis).toISOString(),
  }
}

export const routes = (limit: RateLimit): ReadonlyArray<Route> => [
  { method: "GET", pattern: "account-info/details", handle: (_, state) => ({ status: 200, body: details(state) }) },
  {
    method: "GET",
    pattern: "account-info/api-usage/daily/private-apps",
    handle: (_, state) => ({ status: 200, body: { results: [usage(state, limit)] } }),
  },
]
