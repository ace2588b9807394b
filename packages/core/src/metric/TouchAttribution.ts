/**
 * Credit for conversions by the place of a touch on the way to them.
 *
 * Simple rules that everybody can check: first, last, last that was not direct, linear, position-based and time decay.
 * They say what is credited, not what was caused. Touches outside the window, refunded conversions and referrals of
 * oneself are for the caller to leave out.
 */

/** Ways of the same touches in the same order, told together. */
export interface Journey {
  /** Channels in the order in which they were touched, oldest first; the same one may come again. */
  readonly touches: ReadonlyArray<string>
  readonly conversions: number
  /** What the conversions were worth. */
  readonly value: number
  /** Journeys of these touches that ended without a conversion. */
  readonly nulls: number
}

/** The share of each touch; the shares of at least one touch sum to 1. */
export type Rule = (touches: ReadonlyArray<string>) => ReadonlyArray<number>

const only = (touches: ReadonlyArray<string>, chosen: number): ReadonlyArray<number> =>
  touches.map((_, at) => (at === chosen ? 1 : 0))

/** All credit to the first touch. */
export const first: Rule = (touches) => only(touches, 0)

/** All credit to the last touch. */
export const last: Rule = (touches) => only(touches, touches.length - 1)

/** All credit to the last touch that was not `direct`; to the last one where all were. */
export const lastNonDirect =
  (direct = "direct"): Rule =>
  (touches) => {
    const found = touches.findLastIndex((touch) => touch !== direct)
    return only(touches, found === -1 ? touches.length - 1 : found)
  }

/** The same share to every touch. */
export const linear: Rule = (touches) => touches.map(() => 1 / touches.length)

/**
 * `ends` to the first and to the last touch each, the rest in equal parts to those between; of two touches each gets
 * half, a single one everything. `ends` is a share up to 0.5.
 */
export const positionBased =
  (ends = 0.4): Rule =>
  (touches) =>
    touches.length <= 2
      ? linear(touches)
      : touches.map((_, at) => (at === 0 || at === touches.length - 1 ? ends : (1 - 2 * ends) / (touches.length - 2)))

/**
 * Shares that halve with every `halfLifeDays` between touch and conversion: 2^(−days/half-life) over their sum. Ages in
 * days, 0 for a touch at the conversion. Counted from the youngest touch, so that a long wait leaves no sum of zero.
 */
export const timeDecay = (daysBeforeConversion: ReadonlyArray<number>, halfLifeDays = 7): ReadonlyArray<number> => {
  const youngest = daysBeforeConversion.reduce((a, b) => Math.min(a, b), Infinity)
  const weights = daysBeforeConversion.map((days) => 2 ** ((youngest - days) / halfLifeDays))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}

/** What `rule` credits to each channel, in conversions or in value; channels in the order of their first touch. */
export const credited = (
  journeys: ReadonlyArray<Journey>,
  rule: Rule,
  measure: "conversions" | "value" = "conversions",
): ReadonlyMap<string, number> => {
  const totals = new Map<string, number>()
  for (const journey of journeys) {
    const shares = rule(journey.touches)
    journey.touches.forEach((touch, at) => {
      totals.set(touch, (totals.get(touch) ?? 0) + (shares[at] ?? 0) * journey[measure])
    })
  }
  return totals
}
