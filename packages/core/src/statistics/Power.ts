/**
 * How many people a comparison needs before it begins.
 *
 * Normal approximations for two groups of equal size (Fleiss, Levin and Paik 2003, §4.3; as R's power.prop.test). Sizes
 * are for each group and not rounded; round up. Nothing is large enough to show no difference: null.
 */
import * as Normal from "./Normal.ts"

export interface Wanted {
  /** Chance to find the difference when it is there. */
  readonly power?: number
  /** Chance to find one when there is none. */
  readonly alpha?: number
  /** 2 looks for a difference in either direction, 1 in one only. */
  readonly sides?: 1 | 2
}

const quantiles = ({ alpha = 0.05, power = 0.8, sides = 2 }: Wanted): readonly [number, number] => [
  -Normal.quantile(alpha / sides),
  Normal.quantile(power),
]

/** n = (z_α √(2 p̄ q̄) + z_β √(p₁q₁ + p₂q₂))² / (p₁ − p₂)², p̄ the middle of both shares. Null for equal shares. */
export const sizeForShares = (first: number, second: number, wanted: Wanted = {}): number | null => {
  if (first === second || ![first, second].every((share) => share >= 0 && share <= 1)) return null
  const [forAlpha, forPower] = quantiles(wanted)
  const middle = (first + second) / 2
  const apart = Math.sqrt(first * (1 - first) + second * (1 - second))
  return ((forAlpha * Math.sqrt(2 * middle * (1 - middle)) + forPower * apart) / (first - second)) ** 2
}

/** n = 2 (z_α + z_β)² σ² / Δ², σ the standard deviation of one value. Null for no difference or no spread. */
export const sizeForMeans = (difference: number, deviation: number, wanted: Wanted = {}): number | null => {
  if (difference === 0 || !(deviation > 0)) return null
  const [forAlpha, forPower] = quantiles(wanted)
  return 2 * (((forAlpha + forPower) * deviation) / difference) ** 2
}

/**
 * The smallest difference of means that an estimate of this standard error finds: (z_α + z_β) · SE. An experiment whose
 * estimate stays below it says nothing about smaller effects.
 */
export const detectable = (standardError: number, wanted: Wanted = {}): number => {
  const [forAlpha, forPower] = quantiles(wanted)
  return (forAlpha + forPower) * standardError
}

/** Chance to find the difference of two shares with `size` people in each group; null without people. */
export const powerForShares = (
  size: number,
  first: number,
  second: number,
  { alpha = 0.05, sides = 2 }: Omit<Wanted, "power"> = {},
): number | null => {
  if (!(size > 0) || ![first, second].every((share) => share >= 0 && share <= 1)) return null
  const middle = (first + second) / 2
  const apart = Math.sqrt(first * (1 - first) + second * (1 - second))
  const needed = -Normal.quantile(alpha / sides) * Math.sqrt(2 * middle * (1 - middle))
  if (apart === 0) return first === second ? alpha / sides : 1
  return Normal.cumulative((Math.sqrt(size) * Math.abs(first - second) - needed) / apart)
}
