/**
 * Intervals and p values that hold however often one looks.
 *
 * An ordinary interval is right once; who looks every day finds differences that are not there. Normal mixtures
 * (Robbins 1970; Howard et al. 2021), their asymptotic form for means (Waudby-Smith et al. 2024) and the mixture
 * sequential probability ratio test (Johari et al. 2022) stay right at every look, at the price of being wider.
 */
import type { Interval } from "./Proportion.ts"

/**
 * ρ for which the boundary is tightest at the intrinsic time `tightestAt`: v / (2 ln(1/α) + ln(1 + 2 ln(1/α))).
 */
export const mixtureRho = (tightestAt: number, alpha = 0.05): number => {
  const twice = -2 * Math.log(alpha)
  return tightestAt / (twice + Math.log1p(twice))
}

/**
 * The two-sided normal-mixture boundary u(v) = √((v + ρ) ln((v + ρ)/(ρ α²))): a sum of deviations with intrinsic time
 * (summed variance) v stays within ±u(v) at all times with probability 1 − α. `rho` as from `mixtureRho`.
 */
export const normalMixture = (v: number, rho: number, alpha = 0.05): number =>
  Math.sqrt((v + rho) * (Math.log((v + rho) / rho) - 2 * Math.log(alpha)))

/** ρ of the asymptotic sequence that is tightest after `tightestAt` people: √((−2 ln α + ln(1 − 2 ln α)) / N*). */
export const asymptoticRho = (tightestAt: number, alpha = 0.05): number => {
  const twice = -2 * Math.log(alpha)
  return Math.sqrt((twice + Math.log1p(twice)) / tightestAt)
}

/**
 * Half-width of the asymptotic confidence sequence of an estimate with standard error `standardError` from `count`
 * people: √N · SE · √(2(Nρ² + 1)/(N²ρ²) · ln(√(Nρ² + 1)/α)). Holds from some hundreds of people on. Null without people.
 */
export const halfWidth = (standardError: number, count: number, rho: number, alpha = 0.05): number | null => {
  if (!(count > 0)) return null
  const inner = count * rho * rho
  const boundary = ((2 * (inner + 1)) / (count * inner)) * (Math.log1p(inner) / 2 - Math.log(alpha))
  return Math.sqrt(count) * standardError * Math.sqrt(boundary)
}

/** The always-valid interval of a difference, tightest after `tightestAt` people; null without people. */
export const asymptotic = (
  difference: number,
  standardError: number,
  count: number,
  tightestAt = 5000,
  alpha = 0.05,
): Interval | null => {
  const half = halfWidth(standardError, count, asymptoticRho(tightestAt, alpha), alpha)
  return half === null ? null : { low: difference - half, high: difference + half }
}

/** One look at a running comparison. */
export interface Look {
  readonly difference: number
  /** Squared standard error of the difference. */
  readonly variance: number
  /** Variance of the effects that one expects, in the squared unit of the difference. */
  readonly mixingVariance: number
}

/**
 * The p value of one look: min(1, 1/Λ) with Λ = √(V/(V + τ²)) exp(τ² d² / (2V(V + τ²))). Null where the difference has
 * no variance.
 */
export const mixtureP = ({ difference, mixingVariance, variance }: Look): number | null => {
  if (!(variance > 0) || !(mixingVariance >= 0)) return null
  const both = variance + mixingVariance
  const logRatio = Math.log(variance / both) / 2 + (mixingVariance * difference ** 2) / (2 * variance * both)
  return Math.min(1, Math.exp(-logRatio))
}

/** The always-valid p value after each look: the least so far. Looks without variance change nothing; 1 at first. */
export const alwaysValid = (looks: ReadonlyArray<Look>): ReadonlyArray<number> => {
  let least = 1
  return looks.map((look) => (least = Math.min(least, mixtureP(look) ?? 1)))
}
