/**
 * The minimum of a smooth function of a few variables.
 *
 * BFGS (Nocedal and Wright 2006, algorithm 6.1) with central differences for the gradient and a backtracking line
 * search. Made for likelihoods of up to ten parameters: give logarithms of what must be positive, and the mean over
 * observations rather than the sum, so that values are of order one. Finds a minimum, which may be a local one.
 */
import { inverse, type Matrix } from "./LinearSystem.ts"

type Vector = ReadonlyArray<number>
type Objective = (at: Vector) => number

export interface Minimum {
  readonly at: Vector
  readonly value: number
  /** The gradient came down to about `tolerance`; otherwise it stopped where no step went lower. */
  readonly converged: boolean
  readonly evaluations: number
}

/** Best step of a central difference: the cube root of a double's precision. */
const relativeStep = 6e-6

const moved = (at: Vector, index: number, by: number): Vector =>
  at.map((value, other) => (other === index ? value + by : value))

const gradientOf = (f: Objective, at: Vector): Vector =>
  at.map((value, index) => {
    const step = relativeStep * Math.max(1, Math.abs(value))
    return (f(moved(at, index, step)) - f(moved(at, index, -step))) / (2 * step)
  })

const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
const times = (matrix: Matrix, vector: Vector): Vector => matrix.map((row) => dot(row, vector))
const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => (row === column ? 1 : 0)))

/** BFGS's update of the inverse curvature: (I − s yᵀ/sᵀy) H (I − y sᵀ/sᵀy) + s sᵀ/sᵀy. */
const updated = (curvature: Matrix, step: Vector, change: Vector): Matrix => {
  const along = dot(step, change)
  // Without curvature along the step the matrix would stop being positive.
  if (!(along > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)))) return curvature
  const turned = times(curvature, change)
  const scale = (1 + dot(change, turned) / along) / along
  return curvature.map((row, i) =>
    row.map((value, j) => {
      const [si, sj, ti, tj] = [step[i] ?? 0, step[j] ?? 0, turned[i] ?? 0, turned[j] ?? 0]
      return value + scale * si * sj - (ti * sj + si * tj) / along
    }),
  )
}

/** Where along `direction` the function is enough lower (Armijo's rule); null where it is nowhere. */
const lineSearch = (f: Objective, at: Vector, value: number, direction: Vector, slope: number) => {
  for (let length = 1; length > 1e-12; length /= 2) {
    const there = at.map((one, index) => one + length * (direction[index] ?? 0))
    const found = f(there)
    if (found <= value + 1e-4 * length * slope) return { there, found }
  }
  return null
}

/**
 * Goes downhill from `start`. `f` may be infinite or NaN where it has no value, but not at the start. Steps are not
 * longer than `longest` in any coordinate, so that a flat start does not throw it far away.
 */
export const minimum = (
  f: Objective,
  start: Vector,
  { iterations = 300, longest = 2, tolerance = 1e-8 } = {},
): Minimum => {
  let evaluations = 0
  const counted: Objective = (at) => {
    evaluations++
    const value = f(at)
    return Number.isNaN(value) ? Infinity : value
  }
  let [at, value] = [start, counted(start)]
  let gradient = gradientOf(counted, at)
  let curvature = identity(start.length)
  let fresh = true
  let idle = 0
  // Along a ridge that never ends, steps still go lower, but by nothing that could be measured.
  for (let round = 0; round < iterations && idle < 3; round++) {
    const steepest = Math.max(...gradient.map(Math.abs))
    if (!(steepest > tolerance * Math.max(1, Math.abs(value)))) break
    const raw = times(curvature, gradient).map((one) => -one)
    const reach = Math.max(...raw.map(Math.abs))
    const direction = reach > longest ? raw.map((one) => (one * longest) / reach) : raw
    const slope = dot(direction, gradient)
    const next = slope < 0 ? lineSearch(counted, at, value, direction, slope) : null
    if (next === null) {
      if (fresh) break
      // Perhaps only the curvature is out of date: once more along the gradient.
      curvature = identity(start.length)
      fresh = true
      continue
    }
    const after = gradientOf(counted, next.there)
    const step = next.there.map((one, index) => one - (at[index] ?? 0))
    const change = after.map((one, index) => one - (gradient[index] ?? 0))
    // The first update knows the scale of the function better than the identity does.
    const scale = fresh ? dot(step, change) / dot(change, change) : 1
    const base = fresh && scale > 0 ? curvature.map((row) => row.map((one) => one * scale)) : curvature
    curvature = updated(base, step, change)
    idle = value - next.found > 1e-12 * Math.max(1, Math.abs(value)) ? 0 : idle + 1
    ;[at, value, gradient, fresh] = [next.there, next.found, after, false]
  }
  const steepest = Math.max(...gradient.map(Math.abs))
  return { at, value, converged: steepest <= 1e3 * tolerance * Math.max(1, Math.abs(value)), evaluations }
}

/** Second derivatives at a point, by central differences. */
export const hessian = (f: Objective, at: Vector): Matrix => {
  const step = 1e-3
  const here = f(at)
  const pair = (i: number, j: number): number =>
    i === j
      ? (f(moved(at, i, step)) - 2 * here + f(moved(at, i, -step))) / step ** 2
      : (f(moved(moved(at, i, step), j, step)) -
          f(moved(moved(at, i, step), j, -step)) -
          f(moved(moved(at, i, -step), j, step)) +
          f(moved(moved(at, i, -step), j, -step))) /
        (4 * step ** 2)
  return at.map((_, i) => at.map((__, j) => pair(Math.min(i, j), Math.max(i, j))))
}

/**
 * The covariance of maximum-likelihood estimates: the inverse of the Hessian of −ln L, the sum over `observations` of
 * which `f` is the mean. Null where the likelihood is flat in some direction: then the data do not tell.
 */
export const covariance = (f: Objective, at: Vector, observations: number): Matrix | null => {
  const found = inverse(hessian(f, at).map((row) => row.map((one) => one * observations)))
  return found !== null && found.every((row, index) => (row[index] ?? 0) > 0) ? found : null
}
