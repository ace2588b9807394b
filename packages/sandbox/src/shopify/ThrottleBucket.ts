/**
 * The leaky bucket of points that one app has in one shop: a request takes its requested cost or is throttled, and gets
 * back what it did not use. Filling up goes by a steady clock in milliseconds, never by the world's time.
 * It also counts what the sandbox reports as usage.
 */

export interface ThrottleStatus {
  readonly maximumAvailable: number
  readonly currentlyAvailable: number
  readonly restoreRate: number
}

export interface Plan {
  readonly maximumAvailable: number
  /** Points per second. */
  readonly restoreRate: number
}

/**
 * By the shop's plan: the restore rate as documented; the size of the bucket is not published, twenty times the rate is
 * what shops report.
 */
export const plans = {
  standard: { maximumAvailable: 2_000, restoreRate: 100 },
  advanced: { maximumAvailable: 4_000, restoreRate: 200 },
  plus: { maximumAvailable: 20_000, restoreRate: 1_000 },
  enterprise: { maximumAvailable: 40_000, restoreRate: 2_000 },
} as const satisfies Readonly<Record<string, Plan>>
export type PlanName = keyof typeof plans

export const isPlanName = (name: string): name is PlanName => Object.hasOwn(plans, name)

export class ThrottleBucket {
  private readonly plan: Plan
  private readonly clock: () => number
  private available: number
  private filledAt: number
  private requests = 0
  private pointsUsed = 0
  private throttled = 0
  private window = { startedAt: -Infinity, points: 0 }
  private peakPoints = 0

  constructor(plan: Plan, clock: () => number = () => performance.now()) {
    this.plan = plan
    this.clock = clock
    this.available = plan.maximumAvailable
    this.filledAt = clock()
  }

  private fill(): void {
    const at = this.clock()
    this.available = Math.min(
      this.plan.maximumAvailable,
      this.available + ((at - this.filledAt) * this.plan.restoreRate) / 1000,
    )
    this.filledAt = at
  }

  status(): ThrottleStatus {
    this.fill()
    return {
      maximumAvailable: this.plan.maximumAvailable,
      currentlyAvailable: Math.floor(this.available),
      restoreRate: this.plan.restoreRate,
    }
  }

  /** Takes the points, or answers false and takes none. */
  take(points: number): boolean {
    this.requests++
    this.fill()
    if (points > this.available) {
      this.throttled++
      return false
    }
    this.available -= points
    return true
  }

  /** A request that a fault throttles. */
  refuse(): void {
    this.requests++
    this.throttled++
  }

  settle(requested: number, actual: number): void {
    this.available = Math.min(this.plan.maximumAvailable, this.available + requested - actual)
    this.pointsUsed += actual
    const at = this.clock()
    if (at - this.window.startedAt >= 1000) this.window = { startedAt: at, points: 0 }
    this.window.points += actual
    this.peakPoints = Math.max(this.peakPoints, this.window.points)
  }

  usage() {
    const { peakPoints, pointsUsed, requests, throttled } = this
    return { requests, pointsUsed, throttled, peakWindow: { seconds: 1, points: peakPoints }, ...this.plan }
  }
}
