/**
 * Where HubSpot's workflows call: `POST /hubspot/actions/UID`, and `POST /hubspot/actions/options/FIELD` for a field's choices.
 *
 * Promises: an answer within the time that HubSpot waits, or a block that is kept first; a store or platform that is away is 503, which
 * HubSpot repeats for days; a refusal is a 200 with its error code, so that the workflow can branch on it.
 */
import { FactLog, type FactLogError } from "@advocacy-kit/core/fact/FactLog"
import type { Inbox } from "@advocacy-kit/core/connector/Inbox"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import * as HubSpot from "@advocacy-kit/hubspot"
import { Clock, Effect, Layer, Stream } from "effect"
import { type HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as RawRequest from "./RawRequest.ts"
import * as Route from "./Route.ts"

const statuses: ErrorStatus.Table<HubSpot.ActionRefused["reason"]["_tag"]> = {
  SignatureRefused: 401,
  UnreadableBody: 400,
  OtherPortal: 503,
  NotConfigured: 503,
  UnknownAction: 404,
}

/** What may pass, or is ours to set right: HubSpot asks again. */
const troubles: ErrorStatus.Table<"FactLogError" | "LedgerError" | "InboxError" | "SourceError"> = {
  FactLogError: 503,
  LedgerError: 503,
  InboxError: 503,
  SourceError: 503,
}

type Needs = FactLog | Inbox | Ledger | Tallies | WriteBack | CurrentTenant | HubSpot.HubSpotActions

/** Uids and names of fields have nothing that would be escaped. */
const pathEnd = Effect.map(
  HttpServerRequest.HttpServerRequest,
  ({ url }) => url.split("?", 1)[0]?.split("/").at(-1) ?? "",
)

const execution: Route.Answer<Needs> = Effect.gen(function* () {
  const actions = yield* HubSpot.HubSpotActions
  const request = yield* RawRequest.read()
  const call = yield* actions
    .receive(yield* pathEnd, request)
    .pipe(Effect.mapError(({ reason }) => ErrorStatus.refused(statuses, reason)))
  const outputFields = yield* HubSpot.ActionWork.answer(call).pipe(
    Effect.mapError((error) => ErrorStatus.refused(troubles, error)),
  )
  return HttpServerResponse.jsonUnsafe({ outputFields })
})

/** The programs that were ever published, by name. */
const programs: Effect.Effect<ReadonlyArray<string>, FactLogError, FactLog | CurrentTenant> = Effect.gen(function* () {
  const log = yield* FactLog
  const asOf = yield* Clock.currentTimeMillis
  const published = yield* Stream.runCollect(log.newest({ asOf, tags: ["ProgramPublished"] }))
  return [...new Set(published.flatMap((fact) => (fact._tag === "ProgramPublished" ? [fact.program] : [])))].sort()
})

const options: Route.Answer<Needs> = Effect.gen(function* () {
  const actions = yield* HubSpot.HubSpotActions
  const request = yield* RawRequest.read()
  const { query } = yield* actions
    .receiveOptions(yield* pathEnd, request)
    .pipe(Effect.mapError(({ reason }) => ErrorStatus.refused(statuses, reason)))
  const found = yield* programs.pipe(Effect.mapError((error) => ErrorStatus.refused(troubles, error)))
  const wanted = found.filter((name) => name.toLowerCase().includes(query.toLowerCase()))
  return HttpServerResponse.jsonUnsafe({
    options: wanted.map((name) => ({ label: name, value: name })),
    searchable: true,
  })
})

export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter | Needs> = Layer.merge(
  Route.layer("POST", "/hubspot/actions/options/:field", options),
  Route.layer("POST", "/hubspot/actions/:action", execution),
)
