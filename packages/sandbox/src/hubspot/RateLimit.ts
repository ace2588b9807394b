/**
 * The limits of a private app on an Enterprise account: 190 requests in any 10 seconds, a million a day, and
 * five searches a second in a bucket of their own.
 *
 * Windows roll on the real clock. Refused requests do not count. The day's count lives as long as the process.
 */

export interface Limits {
  readonly perTenSeconds: number
  readonly perDay: number
  readonly searchesPerSecond: number
}

export const enterprise: Limits = { perTenSeconds: 190, perDay: 1_000_000, searchesPerSecond: 5 }

export type Policy = "TEN_SECONDLY_ROLLING" | "SECONDLY" | "DAILY"

const tenSecondsMillis = 10_000

/** Instants within the last `spanMillis`, at most `maximum` of them. */
class Window {
  readonly #maximum: number
  readonly #spanMillis: number
  #taken: Array<number> = []

  constructor(maximum: number, spanMillis: number) {
    this.#maximum = maximum
    this.#spanMillis = spanMillis
  }

  take(nowMillis: number): boolean {
    this.#taken = this.#taken.filter((at) => at > nowMillis - this.#spanMillis)
    if (this.#taken.length >= this.#maximum) return false
    this.#taken.push(nowMillis)
    return true
  }

  get size(): number {
    return this.#taken.length
  }
}

export class RateLimit {
  readonly limits: Limits
  readonly #general: Window
  readonly #search: Window
  readonly #clock: () => number
  requests = 0
  searches = 0
  throttled = 0
  peakPerTenSeconds = 0

  constructor(limits: Limits, clock: () => number) {
    this.limits = limits
    this.#clock = clock
    this.#general = new Window(limits.perTenSeconds, tenSecondsMillis)
    this.#search = new Window(limits.searchesPerSecond, 1_000)
  }

  /** `null` when the request may pass, else the policy it breaks. */
  take(isSearch: boolean): Policy | null {
    const refused = this.#refuses(isSearch)
    if (refused !== null) {
      this.throttled += 1
      return refused
    }
    this.requests += 1
    if (isSearch) this.searches += 1
    this.peakPerTenSeconds = Math.max(this.peakPerTenSeconds, this.#general.size)
    return null
  }

  get dailyRemaining(): number {
    return Math.max(0, this.limits.perDay - this.requests)
  }

  /** Search answers carry none of these. */
  headers(): Readonly<Record<string, string>> {
    return {
      "X-HubSpot-RateLimit-Max": String(this.limits.perTenSeconds),
      "X-HubSpot-RateLimit-Remaining": String(Math.max(0, this.limits.perTenSeconds - this.#general.size)),
      "X-HubSpot-RateLimit-Interval-Milliseconds": String(tenSecondsMillis),
      "X-HubSpot-RateLimit-Daily": String(this.limits.perDay),
      "X-HubSpot-RateLimit-Daily-Remaining": String(this.dailyRemaining),
    }
  }

  #refuses(isSearch: boolean): Policy | null {
    if (this.dailyRemaining === 0) return "DAILY"
    if (isSearch) return this.#search.take(this.#clock()) ? null : "SECONDLY"
    return this.#general.take(this.#clock()) ? null : "TEN_SECONDLY_ROLLING"
  }
}

const messages: Readonly<Record<Policy, string>> = {
  TEN_SECONDLY_ROLLING: "You have reached your ten_secondly_rolling limit.",
  SECONDLY: "You have reached your secondly limit.",
  DAILY: "You have reached your daily limit.",
}

/** The body of a 429, which has no category but names the policy. */
export const refusal = (policy: Policy, correlationId: string) => ({
  status: "error",
  message: messages[policy],
  errorType: "RATE_LIMIT",
  correlationId,
  policyName: policy,
  requestId: correlationId,
})
