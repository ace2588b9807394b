/**
 * Faults that a test asks for, each a counter that runs out: answers that are dropped with the connection after their
 * effect was kept, requests that are throttled or get a status of choice, token answers without their expiry.
 */

const counters = [
  "commitThenDrop",
  "throttle",
  "tokenDrop",
  "tokenFailure",
  "tokenWithoutExpiry",
  /** Of the next webhooks: never sent, sent twice, a day late, after those that follow. */
  "webhookDrop",
  "webhookDuplicate",
  "webhookDelay",
  "webhookReorder",
  /** Of the next bulk operations: refused, failed, out of time, cancelled by the shop. */
  "bulkAccessDenied",
  "bulkInternalError",
  "bulkTimeout",
  "bulkCancel",
] as const
export type Counter = (typeof counters)[number]

/** Standing faults: each hits its share of all requests, drawn from the world's seed. */
export const profiles = {
  "late-webhooks": { counter: "webhookDelay", share: 0.2 },
  "lost-webhooks": { counter: "webhookDrop", share: 0.1 },
  "duplicate-webhooks": { counter: "webhookDuplicate", share: 0.2 },
  "reordered-webhooks": { counter: "webhookReorder", share: 0.2 },
  "dropped-responses": { counter: "commitThenDrop", share: 0.1 },
  throttling: { counter: "throttle", share: 0.1 },
  "failing-bulk-operations": { counter: "bulkInternalError", share: 0.3 },
} as const satisfies Readonly<Record<string, { readonly counter: Counter; readonly share: number }>>
export type FaultProfile = keyof typeof profiles

export const isProfile = (name: string): name is FaultProfile => Object.hasOwn(profiles, name)

/** Each number is how many of the next requests it hits; `count` belongs to `status`. */
export interface FaultRequest extends Partial<Record<Counter, number>> {
  readonly status?: number
  readonly count?: number
  readonly retryAfterSeconds?: number
}

const known: ReadonlyArray<string> = [...counters, "status", "count", "retryAfterSeconds"]

export class Faults {
  private readonly left = new Map<Counter, number>()
  private readonly shares = new Map<Counter, number>()
  private readonly draw: () => number
  private statuses = 0
  private status = 502
  private retryAfterSeconds: number | undefined

  constructor(standing: ReadonlyArray<FaultProfile> = [], draw: () => number = () => 1) {
    this.draw = draw
    for (const name of standing) this.shares.set(profiles[name].counter, profiles[name].share)
  }

  /** Adds to what is pending; the words of what is wrong, or undefined. */
  request(body: unknown): string | undefined {
    if (typeof body !== "object" || body === null) return "The body must be a JSON object"
    for (const [key, value] of Object.entries(body)) {
      if (!known.includes(key)) return `Unknown fault "${key}"; known are ${known.join(", ")}`
      if (!Number.isInteger(value) || (value as number) < 0) return `"${key}" must be a whole number`
    }
    const fault = body as FaultRequest
    if (fault.status !== undefined && (fault.status < 400 || fault.status > 599))
      return `"status" must be between 400 and 599`
    for (const counter of counters) this.left.set(counter, (this.left.get(counter) ?? 0) + (fault[counter] ?? 0))
    if (fault.status !== undefined) {
      this.status = fault.status
      this.statuses += fault.count ?? 1
      this.retryAfterSeconds = fault.retryAfterSeconds
    }
    return undefined
  }

  /** Whether the next request is hit; it counts as one. */
  take(counter: Counter): boolean {
    const left = this.left.get(counter) ?? 0
    if (left > 0) this.left.set(counter, left - 1)
    const share = this.shares.get(counter)
    return left > 0 || (share !== undefined && this.draw() < share)
  }

  takeStatus(): { readonly status: number; readonly retryAfterSeconds: number | undefined } | undefined {
    if (this.statuses === 0) return undefined
    this.statuses--
    return { status: this.status, retryAfterSeconds: this.retryAfterSeconds }
  }

  pending(): Readonly<Record<Counter | "status", number>> {
    const left = Object.fromEntries(counters.map((counter) => [counter, this.left.get(counter) ?? 0]))
    return { ...(left as Record<Counter, number>), status: this.statuses }
  }
}
