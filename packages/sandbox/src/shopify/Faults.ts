/**
 * Faults that a test asks for, each a counter that runs out: mutations that commit but whose answer is dropped with the
 * connection, requests that are throttled, requests that get a status of choice.
 */

export interface FaultRequest {
  readonly commitThenDrop?: number
  readonly throttle?: number
  readonly status?: number
  readonly count?: number
  readonly retryAfterSeconds?: number
}

export class Faults {
  private drops = 0
  private throttles = 0
  private statuses = 0
  private status = 502
  private retryAfterSeconds: number | undefined

  /** Adds to what is pending; the words of what is wrong, or undefined. */
  request(body: unknown): string | undefined {
    if (typeof body !== "object" || body === null) return "The body must be a JSON object"
    const known = ["commitThenDrop", "throttle", "status", "count", "retryAfterSeconds"]
    for (const [key, value] of Object.entries(body)) {
      if (!known.includes(key)) return `Unknown fault "${key}"; known are ${known.join(", ")}`
      if (!Number.isInteger(value) || (value as number) < 0) return `"${key}" must be a whole number`
    }
    const fault = body as FaultRequest
    if (fault.status !== undefined && (fault.status < 400 || fault.status > 599))
      return `"status" must be between 400 and 599`
    this.drops += fault.commitThenDrop ?? 0
    this.throttles += fault.throttle ?? 0
    if (fault.status !== undefined) {
      this.status = fault.status
      this.statuses += fault.count ?? 1
      this.retryAfterSeconds = fault.retryAfterSeconds
    }
    return undefined
  }

  takeDrop(): boolean {
    return this.drops > 0 && this.drops-- > 0
  }

  takeThrottle(): boolean {
    return this.throttles > 0 && this.throttles-- > 0
  }

  takeStatus(): { readonly status: number; readonly retryAfterSeconds: number | undefined } | undefined {
    if (this.statuses === 0) return undefined
    this.statuses--
    return { status: this.status, retryAfterSeconds: this.retryAfterSeconds }
  }

  pending() {
    return { commitThenDrop: this.drops, throttle: this.throttles, status: this.statuses }
  }
}
