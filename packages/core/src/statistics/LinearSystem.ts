/**
 * Small dense systems of linear equations.
 *
 * Gaussian elimination with partial pivoting (Golub and Van Loan 2013, §3.4), for up to some thousand unknowns: the work
 * grows with the cube of their number. A matrix is a list of rows. A singular system has no solution here: null, never a
 * guess.
 */

export type Matrix = ReadonlyArray<ReadonlyArray<number>>

/** A pivot smaller than this share of the largest entry counts as zero. */
const negligible = 1e-14

/** target ← target − factor · source, from column `from` on. */
const eliminate = (target: Float64Array, source: Float64Array, factor: number, from: number): void => {
  for (let at = from; at < target.length; at++) target[at] = (target[at] ?? 0) - factor * (source[at] ?? 0)
}

/** Brings `rows`, a square matrix with further columns beside it, to the identity with the solutions beside it. */
const reduce = (rows: Array<Float64Array>): boolean => {
  const size = rows.length
  // Of the matrix alone: what stands beside it says nothing about its scale.
  const largest = rows.reduce((most, row) => row.subarray(0, size).reduce((a, b) => Math.max(a, Math.abs(b)), most), 0)
  for (let column = 0; column < size; column++) {
    let best = column
    for (let at = column + 1; at < size; at++) {
      if (Math.abs(rows[at]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = at
    }
    const pivot = rows[best]
    const displaced = rows[column]
    if (pivot === undefined || displaced === undefined) return false
    const lead = pivot[column] ?? 0
    if (!(Math.abs(lead) > negligible * largest)) return false
    rows[best] = displaced
    rows[column] = pivot
    for (let at = column; at < pivot.length; at++) pivot[at] = (pivot[at] ?? 0) / lead
    rows.forEach((row, at) => {
      const factor = row[column] ?? 0
      if (at !== column && factor !== 0) eliminate(row, pivot, factor, column)
    })
  }
  return true
}

const beside = (matrix: Matrix, columns: (row: number) => ReadonlyArray<number>): Array<Float64Array> =>
  matrix.map((row, at) => Float64Array.from([...row.slice(0, matrix.length), ...columns(at)]))

/** x with matrix · x = right; null where the matrix is singular. */
export const solve = (matrix: Matrix, right: ReadonlyArray<number>): ReadonlyArray<number> | null => {
  const rows = beside(matrix, (at) => [right[at] ?? 0])
  return reduce(rows) ? rows.map((row) => row[matrix.length] ?? 0) : null
}

/** The inverse of a square matrix; null where it is singular. */
export const inverse = (matrix: Matrix): Matrix | null => {
  const rows = beside(matrix, (at) => matrix.map((_, column) => (column === at ? 1 : 0)))
  return reduce(rows) ? rows.map((row) => [...row.subarray(matrix.length)]) : null
}
