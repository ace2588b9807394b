/**
 * A share of an amount that stays the same share while the amount changes and while others come to share it or go.
 *
 * Promises: it says itself what it is a share of, so that nothing but the amount is needed to know it again; of the amount that it was
 * written for it is exact to the minor unit; it is never negative.
 */
import { Schema } from "effect"
import { AmountMinor } from "./Money.ts"

/** One of `of` equal parts of what was there to share: `leftMinor` of an amount of `wholeMinor`, the rest being others' already. */
export const Share = Schema.Struct({
  /** From 0: the minor units that remain go to the first. */
  index: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  of: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  leftMinor: AmountMinor.check(Schema.isGreaterThanOrEqualToBigInt(0n)),
  wholeMinor: AmountMinor.check(Schema.isGreaterThanOrEqualToBigInt(1n)),
})
export type Share = typeof Share.Type

export interface Place {
  readonly index: number
  readonly of: number
}

/** One of equal parts; those of all places sum to the whole. */
export const equalPart = (wholeMinor: bigint, { index, of }: Place): bigint =>
  wholeMinor / BigInt(of) + (BigInt(index) < wholeMinor % BigInt(of) ? 1n : 0n)

/** Nobody had a part of their own when it was written. */
export const isOfWhole = ({ leftMinor, wholeMinor }: Share): boolean => leftMinor === wholeMinor

/** What the share is of another whole; what it is a part of is rounded down. */
export const minorOf = (share: Share, wholeMinor: bigint): bigint =>
  equalPart(isOfWhole(share) ? wholeMinor : (wholeMinor * share.leftMinor) / share.wholeMinor, share)

/** Both are absent, or say the same. */
export const isSame = (left: Share | undefined, right: Share | undefined): boolean =>
  left === undefined || right === undefined
    ? left === right
    : left.index === right.index &&
      left.of === right.of &&
      left.leftMinor === right.leftMinor &&
      left.wholeMinor === right.wholeMinor
