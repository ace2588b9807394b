/**
 * Shares of a whole as metrics have them: with Wilson's interval, and the reason where there is no whole.
 */
import { wilson } from "../statistics/Proportion.ts"
import { none, type Value } from "./Metric.ts"

/** `part` of `whole` with Wilson's 95 % interval; `nothing` says why there is none where the whole is empty. */
export const shareOf = (part: number, whole: number, nothing: string, note: string | null = null): Value =>
  whole === 0 ? none(nothing) : { estimate: part / whole, interval: wilson(part, whole), sample: whole, note }

/** The sum of amounts. */
export const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}
