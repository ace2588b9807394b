/**
 * The chi-squared distribution: a gamma distribution with shape ν/2 and scale 2.
 */
import * as Gamma from "./Gamma.ts"

/** The share below `x`. */
export const cumulative = (x: number, degrees: number): number => Gamma.lower(degrees / 2, x / 2)

/** The share above `x`: the p value of a chi-squared statistic, precise in the far tail. */
export const upperTail = (x: number, degrees: number): number => Gamma.upper(degrees / 2, x / 2)

/** The `x` below which the share `probability` lies. */
export const quantile = (probability: number, degrees: number): number => 2 * Gamma.quantile(probability, degrees / 2)
