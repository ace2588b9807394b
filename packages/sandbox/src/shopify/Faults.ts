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
] as const
export type Counter = (typeof counters)[number]

/** Each number is how many of the next requests it hits; `count` belongs to `status`. */
export interface FaultRequest extends Partial<Record<Counter, number>> {
  readonly status?: number
  readonly count?: number
  readonly retryAfterSeconds?: number
}

const known: ReadonlyArray<string> = [...counters, "status", "count", "retryAfterSeconds"]

export class Faults {
  private readonly left = new Map<Counter, number>()
  private statuses = 0
  private status = 502
  private retryAfterSeconds: number | undefined

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
    return left > 0
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
