/**
 * One request in, one answer out: token, faults, limits, routing, errors.
 *
 * It is synchronous, so a request is done before the next one starts and no two writes interleave. It knows no
 * sockets; that an answer is to be dropped is part of the answer.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import * as AccountRoutes from "./AccountRoutes.ts"
import { ApiError, notFound, unauthorised } from "./ApiError.ts"
import * as AssociationBatchRoutes from "./AssociationBatchRoutes.ts"
import * as AssociationLabelRoutes from "./AssociationLabelRoutes.ts"
import * as AssociationPairRoutes from "./AssociationPairRoutes.ts"
import * as BatchRoutes from "./BatchRoutes.ts"
import * as ObjectRoutes from "./ObjectRoutes.ts"
import * as PropertyRoutes from "./PropertyRoutes.ts"
import { refusal } from "./RateLimit.ts"
import * as Body from "./RequestBody.ts"
import { canonicalPath, match } from "./Route.ts"
import * as SearchRoutes from "./SearchRoutes.ts"
import * as CallbackRoutes from "./workflow/CallbackRoutes.ts"
import * as DefinitionRoutes from "./workflow/DefinitionRoutes.ts"
import * as FunctionRoutes from "./workflow/FunctionRoutes.ts"
import type { Faults } from "./Faults.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { Route } from "./Route.ts"

export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly authorization: string | undefined
  readonly body: string
}

export interface Outgoing {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The change is on record, but the connection is to be closed without an answer. */
  readonly drop: boolean
}

export interface HubSpotApi {
  readonly answer: (incoming: Incoming) => Outgoing
}

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Outgoing => ({
  status,
  headers: body === undefined ? headers : { "Content-Type": "application/json;charset=utf-8", ...headers },
  body: body === undefined ? "" : JSON.stringify(body),
  drop: false,
})

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** The same run gives the same ids. */
const correlationIds = (seed: number): (() => string) => {
  let count = 0
  return () => {
    count += 1
    const hex = digest(`${seed}:${count}`).toString("hex")
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

export const make = (options: {
  readonly state: HubSpotState
  readonly token: string
  /** For the definitions of workflow actions. */
  readonly developerApiKey: string
  readonly limit: RateLimit
  readonly faults: Faults
}): HubSpotApi => {
  const { state, limit, faults } = options
  const expected = digest(`Bearer ${options.token}`)
  const expectedKey = digest(options.developerApiKey)
  const correlationId = correlationIds(state.world.brand.seed)
  const routes: ReadonlyArray<Route> = [
    ...AssociationBatchRoutes.routes,
    ...AssociationPairRoutes.routes,
    ...AssociationLabelRoutes.routes,
    ...BatchRoutes.routes,
    ...SearchRoutes.routes,
    ...ObjectRoutes.routes,
    ...PropertyRoutes.routes,
    ...AccountRoutes.routes(limit),
    ...CallbackRoutes.routes,
    ...DefinitionRoutes.routes,
    ...FunctionRoutes.routes,
  ]

  const failure = (cause: unknown, headers: Readonly<Record<string, string>>): Outgoing => {
    const id = correlationId()
    const answer = { ...headers, "X-HubSpot-Correlation-Id": id }
    if (cause instanceof ApiError) return json(cause.status, cause.toBody(id), answer)
    const message = `The sandbox failed: ${cause instanceof Error ? cause.message : String(cause)}`
    return json(500, { status: "error", message, correlationId: id }, answer)
  }

  const routed = ({ method, url, body }: Incoming, headers: Readonly<Record<string, string>>): Outgoing => {
    const path = canonicalPath(url.pathname)
    if (path === null) throw notFound(`No API of this portal is at ${url.pathname}`)
    let otherMethod = false
    for (const route of routes) {
      const params = match(route.pattern, path)
      if (params === null) continue
      if (route.method !== method) {
        otherMethod = true
        continue
      }
      const read = route.isText === true ? {} : Body.parse(body)
      const answer = route.handle({ params, query: url.searchParams, body: read, text: body }, state)
      return json(answer.status, answer.body, headers)
    }
    if (otherMethod) throw new ApiError(405, "VALIDATION_ERROR", `${method} is not allowed at ${url.pathname}`)
    throw notFound(`No API of this portal is at ${url.pathname}`)
  }

  /** The developer's key opens the definitions of actions, and nothing else does at their v4 address. */
  const isAuthorised = ({ authorization, url }: Incoming): boolean => {
    const key = url.searchParams.get("hapikey")
    const isDefinition = canonicalPath(url.pathname)?.startsWith("actions/") === true
    if (isDefinition && key !== null) return timingSafeEqual(digest(key), expectedKey)
    if (isDefinition && url.pathname.startsWith("/automation/v4/")) return false
    return timingSafeEqual(digest(authorization ?? ""), expected)
  }

  const answer = (incoming: Incoming): Outgoing => {
    if (!isAuthorised(incoming)) return failure(unauthorised(), {})
    const fault = faults.takeStatus()
    if (fault !== null) return ordered(fault, correlationId())
    const isSearch = incoming.method === "POST" && incoming.url.pathname.endsWith("/search")
    const policy = limit.take(isSearch)
    const headers = isSearch ? {} : limit.headers()
    if (policy !== null) return json(429, refusal(policy, correlationId()), headers)
    const commits = state.commits
    try {
      const outgoing = routed(incoming, headers)
      return state.commits > commits && faults.takeDrop() ? { ...outgoing, drop: true } : outgoing
    } catch (cause) {
      return failure(cause, headers)
    }
  }

  return { answer }
}

/** A gateway's own errors are pages, not JSON. */
const ordered = (status: number, correlationId: string): Outgoing => {
  if (status === 429) return json(429, refusal("TEN_SECONDLY_ROLLING", correlationId))
  if (status < 500) return json(status, { status: "error", message: "This failure was ordered.", correlationId })
  return {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8" },
    body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`,
    drop: false,
  }
}
