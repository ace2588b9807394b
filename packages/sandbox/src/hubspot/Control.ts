/**
 * The side door for demos and tests, under `/__sandbox/`: what clients have changed, how much they called,
 * trouble on order, and the live phase. It needs no token and counts against no limit.
 */
import { ApiError, invalid, notFound } from "./ApiError.ts"
import { objectNames } from "./ObjectTypes.ts"
import * as Body from "./RequestBody.ts"
import * as SurveyAnswer from "./SurveyAnswer.ts"
import { play } from "./WebhookDispatcher.ts"
import type { Faults } from "./Faults.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { Json } from "./RequestBody.ts"
import type { AutomationControl } from "./workflow/AutomationControl.ts"

export interface Control {
  /** `null` where the path is not one of these. */
  readonly answer: (method: string, url: URL, body: string) => Promise<{ readonly status: number; readonly body: Json }>
}

const summary = (state: HubSpotState, prefix: string): Json => {
  const own = (properties: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith(prefix)))
  const contacts = state
    .ids("contacts")
    .flatMap((id) => state.get("contacts", id) ?? [])
    .map(({ id, properties }) => ({ id, properties: own(properties) }))
    .filter(({ properties }) => Object.keys(properties).length > 0)
  const associations = [...state.clientLinks.values()].map(({ from, to }) => ({
    from,
    to,
    labels: state.associations.between(from, to).flatMap(({ label }) => label ?? []),
  }))
  return {
    counts: Object.fromEntries(objectNames.map((name) => [name, state.ids(name).length])),
    contacts,
    associations,
    labels: state.clientLabels.map(({ from, to, typeId, name, label }) => ({ from, to, typeId, name, label })),
    properties: state.clientDefinitions,
    live: { applied: state.applied.size, acknowledged: state.acknowledged.size },
    now: state.now,
  }
}

const usage = (limit: RateLimit, faults: Faults): Json => ({
  requests: limit.requests,
  search: limit.searches,
  throttled: limit.throttled,
  peakPerTenSeconds: limit.peakPerTenSeconds,
  allowedPerTenSeconds: limit.limits.perTenSeconds,
  daily: limit.limits.perDay,
  dailyRemaining: limit.dailyRemaining,
  faults: faults.pending,
})

export const make = (options: {
  readonly state: HubSpotState
  readonly limit: RateLimit
  readonly faults: Faults
  readonly secret: string
  readonly signal: AbortSignal
  readonly automation: AutomationControl
}): Control => {
  const { automation, state, limit, faults, secret, signal } = options
  let playing = false

  const playOnce = async (body: Json): Promise<Json> => {
    const webhookUrl = Body.text(body, "webhookUrl")
    if (!URL.canParse(webhookUrl)) throw invalid(`webhookUrl must be a URL, not ${webhookUrl}`)
    if (playing) throw new ApiError(409, "CONFLICT", "The live phase is being played already")
    playing = true
    try {
      return { ...(await play(state, { webhookUrl, secret, signal })) }
    } finally {
      playing = false
    }
  }

  const answer: Control["answer"] = async (method, url, text) => {
    try {
      switch (`${method} ${url.pathname}`) {
        case "GET /__sandbox/state":
          return { status: 200, body: summary(state, url.searchParams.get("prefix") ?? "adv_") }
        case "GET /__sandbox/usage":
          return { status: 200, body: usage(limit, faults) }
        case "POST /__sandbox/faults":
          faults.order(Body.parse(text))
          return { status: 200, body: faults.pending }
        case "POST /__sandbox/survey-answers":
          return { status: 200, body: SurveyAnswer.answer(state, Body.parse(text)) }
        case "POST /__sandbox/play":
          return { status: 200, body: await playOnce(Body.parse(text)) }
        default: {
          const body = await automation.answer(method, url.pathname.slice("/__sandbox/".length), text)
          if (body === undefined) throw notFound(`Nothing is at ${method} ${url.pathname}`)
          return { status: 200, body }
        }
      }
    } catch (cause) {
      if (cause instanceof ApiError) return { status: cause.status, body: cause.toBody("control") }
      throw cause
    }
  }

  return { answer }
}
