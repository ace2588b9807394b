/**
 * How evenly something is spread over people.
 *
 * Gini's coefficient (Gini 1912) and the share of the few who have most. Amounts are at least 0. Nothing to share gives
 * null: neither even nor uneven.
 */

const positiveSum = (amounts: ReadonlyArray<number>): number | null => {
  const sum = amounts.reduce((a, b) => a + b, 0)
  return sum > 0 ? sum : null
}

/** G = 2 Σ i x_(i) / (n Σ x) − (n + 1)/n, x ascending: 0 where all have the same, (n − 1)/n where one has everything. */
export const gini = (amounts: ReadonlyArray<number>): number | null => {
  const sum = positiveSum(amounts)
  if (sum === null) return null
  const count = amounts.length
  const ranked = amounts.toSorted((a, b) => a - b).reduce((total, amount, at) => total + (at + 1) * amount, 0)
  return (2 * ranked) / (count * sum) - (count + 1) / count
}

/** What the `share` of people who have most has of everything; a fraction of a person counts as one. */
export const topShare = (amounts: ReadonlyArray<number>, share: number): number | null => {
  const sum = positiveSum(amounts)
  if (sum === null) return null
  // A whole number of people must not become one more by rounding of the product.
  const few = Math.ceil(amounts.length * share - 1e-9)
  return (
    amounts
      .toSorted((a, b) => b - a)
      .slice(0, few)
      .reduce((a, b) => a + b, 0) / sum
  )
}
