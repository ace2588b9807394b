/**
 * Prices in whole cents (bigint), and how Shopify splits them.
 *
 * Promises: a discount is rounded once for the whole order (half up) and split over the lines by largest
 * remainder, so that no cent is lost; refunding every piece of a line gives back exactly what it cost.
 */

export const toDecimal = (cents: bigint): string => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, "0")
  return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export const fromDecimal = (text: string): bigint => {
  const match = /^(-?)(\d+)\.(\d\d)$/.exec(text)
  if (match === null) throw new RangeError(`"${text}" is not an amount with two decimals such as "19.90"`)
  return BigInt(`${match[1]}${match[2]}${match[3]}`)
}

export const total = (amounts: ReadonlyArray<bigint>): bigint => amounts.reduce((sum, amount) => sum + amount, 0n)

/** Rounded half up. */
export const percentOf = (percent: number, cents: bigint): bigint => (cents * BigInt(percent) + 50n) / 100n

/** Splits `amount` in proportion to `weights`; equal remainders go to the earlier entry. */
export const split = (amount: bigint, weights: ReadonlyArray<bigint>): Array<bigint> => {
  const sum = total(weights)
  if (sum === 0n) return weights.map(() => 0n)
  const shares = weights.map((weight) => (amount * weight) / sum)
  const order = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % sum }))
    .sort((left, right) =>
      left.remainder === right.remainder ? left.index - right.index : left.remainder > right.remainder ? -1 : 1,
    )
  let left = amount - total(shares)
  for (const { index } of order) {
    if (left === 0n) break
    shares[index] = (shares[index] ?? 0n) + 1n
    left -= 1n
  }
  return shares
}

/** What `pieces` of `quantity` are worth of a line's `amount`; cumulative, so the last piece takes the rest. */
export const ofPieces = (amount: bigint, pieces: number, quantity: number): bigint =>
  (amount * BigInt(pieces)) / BigInt(quantity)
