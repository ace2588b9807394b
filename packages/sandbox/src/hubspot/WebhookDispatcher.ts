/**
 * Plays the live phase against a receiver: applies the changes and delivers their webhooks, as fast as the
 * receiver answers, in order of their instants.
 *
 * Events that fall due within a minute of the world's time share a request, a hundred at most. Anything but 2xx
 * within five seconds is tried again, ten times in all after the first, signed anew each time. What has been
 * acknowledged is on record and not sent again; what has not is repeated by the next play.
 */
import { apply, events, remaining } from "./LivePhase.ts"
import { sign } from "./WebhookSignature.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { Step, WebhookEvent } from "./LivePhase.ts"

export interface PlayOptions {
  readonly webhookUrl: string
  readonly secret: string
  /** Aborts the play: what is not acknowledged then stays due. */
  readonly signal: AbortSignal
}

export interface Played {
  readonly applied: number
  /** Deliveries that the receiver acknowledged, and those it refused eleven times. */
  readonly delivered: number
  readonly failed: number
  readonly events: number
  readonly requests: number
}

const maximumEvents = 100
const gatherMillis = 60_000
const timeoutMillis = 5_000
const retries = 10
const pauseMillis = 10

type Application = Extract<Step, { readonly kind: "apply" }>
type Delivery = Extract<Step, { readonly kind: "deliver" }>

interface Batch {
  readonly kind: "batch"
  readonly deliveries: ReadonlyArray<Delivery>
  readonly events: ReadonlyArray<WebhookEvent>
}

/** Deliveries that go out together: neighbours in the timeline, never more than a request may hold. */
const gather = (state: HubSpotState, steps: ReadonlyArray<Step>): ReadonlyArray<Application | Batch> => {
  const gathered: Array<Application | Batch> = []
  let open: { kind: "batch"; deliveries: Array<Delivery>; events: Array<WebhookEvent>; since: number } | null = null
  for (const step of steps) {
    if (step.kind === "apply") {
      gathered.push(step)
      continue
    }
    const due = events(state, step)
    if (open === null || step.atMillis - open.since > gatherMillis || open.events.length + due.length > maximumEvents) {
      open = { kind: "batch", deliveries: [], events: [], since: step.atMillis }
      gathered.push(open)
    } else {
      // The request leaves after the last change it tells of.
      gathered.splice(gathered.indexOf(open), 1)
      gathered.push(open)
    }
    open.deliveries.push(step)
    open.events.push(...due)
  }
  return gathered
}

export const play = async (state: HubSpotState, options: PlayOptions): Promise<Played> => {
  const played = { applied: 0, delivered: 0, failed: 0, events: 0, requests: 0 }
  for (const item of gather(state, remaining(state))) {
    if (options.signal.aborted) break
    if (item.kind === "apply") {
      apply(state, item)
      played.applied += 1
      continue
    }
    const { accepted, requests } =
      item.events.length === 0 ? { accepted: true, requests: 0 } : await send(item, options)
    played.requests += requests
    if (accepted) {
      state.commit(item.deliveries.map(({ delivery }) => ({ op: "acknowledged", delivery })))
      played.delivered += item.deliveries.length
      played.events += item.events.length
    } else played.failed += item.deliveries.length
  }
  return played
}

const send = async (batch: Batch, options: PlayOptions): Promise<{ accepted: boolean; requests: number }> => {
  for (let attemptNumber = 0; attemptNumber <= retries; attemptNumber += 1) {
    if (options.signal.aborted) return { accepted: false, requests: attemptNumber }
    if (attemptNumber > 0) await new Promise((resolve) => setTimeout(resolve, pauseMillis * attemptNumber))
    const body = JSON.stringify(batch.events.map((event) => ({ ...event, attemptNumber })))
    if (await post(body, options)) return { accepted: true, requests: attemptNumber + 1 }
  }
  return { accepted: false, requests: retries + 1 }
}

const post = async (body: string, { webhookUrl, secret, signal }: PlayOptions): Promise<boolean> => {
  const timestampMillis = Date.now()
  try {
    const response = await fetch(webhookUrl, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-HubSpot-Signature-v3": sign(secret, { method: "POST", uri: webhookUrl, body, timestampMillis }),
        "X-HubSpot-Request-Timestamp": String(timestampMillis),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]),
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    // No connection, or no answer in time: the same as a refusal.
    return false
  }
}
