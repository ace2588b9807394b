/** A small portal in the sandbox, and the connector on it with every request noted. */
import * as fs from "node:fs"
import * as os from "node:os"
import { join } from "node:path"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Clock, Duration, Effect, Layer, Redacted, type Scope, Stream } from "effect"
import { HubSpotSandbox } from "@advocacy-kit/sandbox"
import type { CrmAssociation, CrmRecord, LiveChange, World } from "@advocacy-kit/sandbox"
import * as HubSpot from "../src/HubSpot.ts"
import * as HubSpotConfig from "../src/HubSpotConfig.ts"
import { HubSpotSource } from "../src/HubSpotSource.ts"
import {
  HubSpotTransport,
  layer as transportLayer,
  type WireAnswer,
  type WireRequest,
} from "../src/HubSpotTransport.ts"
import type { HubSpotWebhooks } from "../src/Webhook.ts"

export const token = "pat-test"
export const secret = "app-client-secret"
export const webhookUrl = "http://127.0.0.1/hubspot/webhooks"

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

/** Contacts 1000, 1001, … of whom most changed at one and the same millisecond. */
export const contacts = (count: number): ReadonlyArray<CrmRecord> =>
  Array.from({ length: count }, (_, index) =>
    record(
      String(1000 + index),
      {
        email: `person${index}@example.com`,
        firstname: "Person",
        lastname: String(index),
        phone: `+49301234${1000 + index}`,
        ...(index % 10 === 0
          ? { referral_code: `CODE${index}`, referral_code_issued_at: "2026-09-05T00:00:00.000Z" }
          : {}),
        ...(index % 10 === 1 ? { invited_by_code: `CODE${index - 1}`, invited_at: "2026-09-10T00:00:00.000Z" } : {}),
      },
      index % 4 === 0 ? `2026-10-0${1 + (index % 9)}T00:00:00.000Z` : "2026-10-10T00:00:00.000Z",
    ),
  )

export const world = (
  people: ReadonlyArray<CrmRecord>,
  more: Partial<World["portal"]> = {},
  live: ReadonlyArray<LiveChange> = [],
): World => ({
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
    contacts: people,
    companies: [],
    deals: [],
    feedbackSubmissions: [],
    associations: [],
    forwards: [],
    ...more,
  },
  live,
  truth: { people: [], conversions: [], nps: { answers: 0, promoters: 0, passives: 0, detractors: 0 } },
})

/** Companies, deals and answers around the first contacts. */
export const surroundings = (): Partial<World["portal"]> => {
  const numbers = Array.from({ length: 30 }, (_, index) => index)
  const associations: ReadonlyArray<CrmAssociation> = numbers.flatMap((index) => [
    { fromType: "contacts", fromId: String(1000 + index), toType: "companies", toId: String(20_000 + (index % 5)) },
    { fromType: "deals", fromId: String(30_000 + index), toType: "contacts", toId: String(1000 + index) },
    { fromType: "deals", fromId: String(30_000 + index), toType: "companies", toId: String(20_000 + (index % 5)) },
    {
      fromType: "feedback_submissions",
      fromId: String(40_000 + index),
      toType: "contacts",
      toId: String(1000 + index),
    },
  ])
  return {
    companies: numbers
      .slice(0, 5)
      .map((index) => record(String(20_000 + index), { name: `Company ${index}`, domain: `c${index}.example` })),
    deals: numbers.map((index) =>
      record(String(30_000 + index), {
        dealname: "d",
        amount: `${index}.50`,
        dealstage: "closedwon",
        hs_is_closed_won: "true",
      }),
    ),
    feedbackSubmissions: numbers.map((index) =>
      record(String(40_000 + index), {
        hs_survey_type: "NPS",
        hs_value: String(index % 11),
        hs_submission_timestamp: "2026-09-20T00:00:00.000Z",
      }),
    ),
    associations,
  }
}

export interface Noted extends WireRequest {
  readonly status: number | null
}

export interface Portal {
  readonly url: string
  /** Requests since the last `forget`. */
  readonly noted: ReadonlyArray<Noted>
  readonly forget: () => void
  /** Answers instead of the sandbox where it gives one. */
  intercept: (request: WireRequest) => WireAnswer | null
  readonly control: (path: string, body?: unknown) => Promise<Record<string, unknown>>
  readonly layer: Layer.Layer<
    HubSpotSource | WriteBack | HubSpotWebhooks | CurrentTenant,
    HubSpotConfig.HubSpotConfigInvalid
  >
}

/** Short waits (for a permit) take no time, long ones (time-outs) never end. */
const hasty = Layer.effect(
  Clock.Clock,
  Effect.map(Clock.clockWith(Effect.succeed), (real) => ({
    ...bound(real),
    sleep: (duration: Duration.Duration) => (Duration.toMillis(duration) < 15_000 ? Effect.yieldNow : Effect.never),
  })),
)

const bound = (clock: Clock.Clock): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe(),
  currentTimeMillis: clock.currentTimeMillis,
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
  currentTimeNanos: clock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration),
})

/**
 * Runs until the scope closes. With `isHasty` the portal has no limits and the connector does not wait for permits;
 * `address` is where the connector says that webhooks go.
 */
export const open = (
  of: World,
  { isHasty = true, address = webhookUrl } = {},
): Effect.Effect<Portal, HubSpotSandbox.HubSpotSandboxError, Scope.Scope> =>
  Effect.gen(function* () {
    const directory = fs.mkdtempSync(join(os.tmpdir(), "hubspot-connector-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(directory, { recursive: true, force: true })))
    const limits = { perTenSeconds: 100_000, perDay: 1_000_000, searchesPerSecond: 100_000 }
    const { url } = yield* HubSpotSandbox.serve({
      world: of,
      directory,
      port: 0,
      token,
      secret,
      ...(isHasty ? { limits } : {}),
    })
    const noted: Array<Noted> = []
    const noting = Layer.effect(
      HubSpotTransport,
      Effect.map(HubSpotTransport, (inner) => ({
        send: async (request: WireRequest) => {
          const at = noted.push({ ...request, status: null }) - 1
          const answer = portal.intercept(request) ?? (await inner.send(request))
          noted[at] = { ...request, status: answer.status }
          return answer
        },
      })),
    ).pipe(Layer.provide(transportLayer))
    const connector = HubSpot.layerTransport.pipe(
      Layer.provide(noting),
      Layer.provide(
        HubSpotConfig.layer({
          accessToken: Redacted.make(token),
          portalId: "4242",
          program: "refer-a-friend",
          currency: "EUR",
          basePath: url,
          webhookSecrets: [Redacted.make(secret)],
          webhookUrl: address,
        }),
      ),
    )
    const tenant = Layer.succeed(CurrentTenant, {
      id: TenantIdOf("brand"),
      handleKey: new TextEncoder().encode("sixteen bytes, at least"),
    })
    const portal: Portal = {
      url,
      noted,
      forget: () => void noted.splice(0),
      intercept: () => null,
      control: async (path, body) => {
        const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }
        const response = await fetch(
          url + path,
          body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) },
        )
        return (await response.json()) as Record<string, unknown>
      },
      layer: Layer.merge(connector, tenant).pipe(isHasty ? Layer.provideMerge(hasty) : (same) => same),
    }
    return portal
  })

export interface Pulled {
  readonly pages: ReadonlyArray<Page>
  readonly facts: ReadonlyArray<Fact>
  /** By job, where the next pull goes on. */
  readonly cursors: Readonly<Record<string, unknown>>
}

/** Everything from these cursors on. */
export const pull = (cursors: Readonly<Record<string, unknown>> = {}, isWanted = (_job: string) => true) =>
  Effect.gen(function* () {
    const source = yield* HubSpotSource
    const pages: Array<Page> = []
    const next: Record<string, unknown> = { ...cursors }
    for (const job of source.pulls.filter((one) => isWanted(one.job))) {
      for (const page of yield* Stream.runCollect(job.pages(cursors[job.job] ?? null))) {
        pages.push(page)
        next[job.job] = page.checkpoint?.cursor
      }
    }
    return { pages, facts: pages.flatMap((page) => page.facts), cursors: next } satisfies Pulled
  })

/** Facts as comparable statements, once each, in order. */
export const statements = (facts: ReadonlyArray<Fact>): ReadonlyArray<string> =>
  [...new Set(facts.map((fact) => `${fact.key} ${fact.version} ${contentDigest(fact)}`))].sort()

export const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>): Promise<A> =>
  Effect.runPromise(Effect.scoped(effect))
export const on = <A, E, R>(portal: Portal, effect: Effect.Effect<A, E, R>) => Effect.provide(effect, portal.layer)
