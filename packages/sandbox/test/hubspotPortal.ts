/**
 * A small portal for the tests of the HubSpot sandbox, and a client that speaks plain HTTP to it.
 */
import * as fs from "node:fs"
import * as os from "node:os"
import { join } from "node:path"
import { Effect, Exit, Scope } from "effect"
import * as HubSpotSandbox from "../src/hubspot/HubSpotSandbox.ts"
import type { Limits } from "../src/hubspot/RateLimit.ts"
import type { CrmRecord, LiveChange, World } from "../src/world/World.ts"

export const token = "pat-test"
export const secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"

export const generous: Limits = { perTenSeconds: 100_000, perDay: 1_000_000, searchesPerSecond: 100_000 }

export const record = (
  id: string,
  properties: Record<string, string>,
  updatedAt = "2026-10-01T00:00:00.000Z",
): CrmRecord => ({
  id,
  createdAt: "2026-09-01T00:00:00.000Z",
  updatedAt,
  archived: false,
  properties,
})

const contact = (id: number): CrmRecord =>
  record(String(id), { email: `person${id}@example.com`, firstname: `Person ${id}`, lifecyclestage: "customer" })

export const world = (contacts = 5, live: ReadonlyArray<LiveChange> = []): World => ({
  brand: {
    seed: 7,
    name: "Test brand",
    shopDomain: "test.myshopify.com",
    portalId: 4242,
    currency: "EUR",
    timeZone: "Europe/Berlin",
    startsAt: "2025-05-01T00:00:00.000Z",
    liveFrom: "2026-10-22T00:00:00.000Z",
    now: "2026-11-01T00:00:00.000Z",
  },
  shop: { customers: [], orders: [], discounts: [] },
  portal: {
    contacts: Array.from({ length: contacts }, (_, index) => contact(101 + index)),
    companies: [record("20001", { name: "Example Ltd", domain: "example.com" })],
    deals: [record("30001", { dealname: "First", amount: "100.00", dealstage: "closedwon", hs_is_closed_won: "true" })],
    feedbackSubmissions: [record("40001", { hs_survey_type: "NPS", hs_value: "10", hs_response_group: "PROMOTER" })],
    associations: [
      { fromType: "contacts", fromId: "101", toType: "companies", toId: "20001" },
      { fromType: "deals", fromId: "30001", toType: "contacts", toId: "101" },
    ],
    forwards: [{ from: "90", to: "101" }],
  },
  live,
  truth: { people: [], conversions: [], nps: { answers: 1, promoters: 1, passives: 0, detractors: 0 } },
})

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Looks into an answer: `at(body, "results", 0, "id")`; `undefined` where the path ends early. */
export const at = (value: unknown, ...steps: ReadonlyArray<string | number>): unknown =>
  steps.reduce<unknown>(
    (found, step) =>
      typeof found === "object" && found !== null ? (found as Record<string | number, unknown>)[step] : undefined,
    value,
  )

export const ids = (answer: Answer): ReadonlyArray<unknown> =>
  (at(answer.body, "results") as ReadonlyArray<unknown>).map((row) => at(row, "id"))

export interface Running {
  readonly url: string
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  readonly stop: () => Promise<void>
}

export const temporaryDirectory = (): string => fs.mkdtempSync(join(os.tmpdir(), "hubspot-sandbox-"))

export const start = async (
  options: { readonly world?: World; readonly directory?: string; readonly limits?: Limits } = {},
): Promise<Running> => {
  const scope = Effect.runSync(Scope.make())
  const { url } = await Effect.runPromise(
    HubSpotSandbox.serve({
      world: options.world ?? world(),
      directory: options.directory ?? temporaryDirectory(),
      port: 0,
      token,
      secret,
      limits: options.limits ?? generous,
    }).pipe(Scope.provide(scope)),
  )
  return {
    url,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const json = response.headers.get("content-type")?.includes("json") === true
      return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as unknown) : text }
    },
    stop: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}
