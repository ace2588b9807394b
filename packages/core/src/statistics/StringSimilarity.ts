/**
 * How alike two names are.
 *
 * Jaro's similarity (Jaro 1989) with Winkler's bonus for a common beginning (Winkler 1990). Compares code points as they
 * are: case, accents and order of words are for the caller to settle before. A signal for a reviewer, never proof.
 */

/** Winkler's weight of a common beginning, and the longest beginning that counts. */
const prefixWeight = 0.1
const longestPrefix = 4

const matches = (
  left: ReadonlyArray<string>,
  right: ReadonlyArray<string>,
): readonly [ReadonlyArray<string>, ReadonlyArray<string>] => {
  const window = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1)
  const taken = Array.from(right, () => false)
  const found = left.filter((sign, at) => {
    for (let other = Math.max(0, at - window); other <= Math.min(right.length - 1, at + window); other++) {
      if (taken[other] === true || right[other] !== sign) continue
      taken[other] = true
      return true
    }
    return false
  })
  return [found, right.filter((_, at) => taken[at] === true)]
}

/**
 * Jaro's similarity, 0 to 1: (m/|a| + m/|b| + (m − t)/m)/3 with m matching code points at most half the longer length
 * apart, of which t are transposed. Two empty texts are equal (1); an empty one is like no other (0).
 */
export const jaro = (left: string, right: string): number => {
  const [a, b] = [[...left], [...right]]
  if (a.length === 0 && b.length === 0) return 1
  const [inA, inB] = matches(a, b)
  const m = inA.length
  if (m === 0) return 0
  const transposed = inA.filter((sign, at) => sign !== inB[at]).length / 2
  return (m / a.length + m / b.length + (m - transposed) / m) / 3
}

/** Jaro–Winkler similarity, 0 to 1: jaro + 0.1 · l · (1 − jaro), l the length of the common beginning, at most 4. */
export const jaroWinkler = (left: string, right: string): number => {
  const [a, b] = [[...left], [...right]]
  const base = jaro(left, right)
  const differs = a.slice(0, longestPrefix).findIndex((sign, at) => sign !== b[at])
  const prefix = differs === -1 ? Math.min(longestPrefix, a.length) : differs
  return base + prefixWeight * prefix * (1 - base)
}
