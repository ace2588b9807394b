/**
 * How far a computed result is from the expected one, leaf by leaf.
 *
 * Promises: every leaf of what is expected is looked at; what was computed besides is not. Where an absolute and a
 * relative tolerance stand, one is enough; where none stands, or `exact`, values must be equal. Where only a relative one
 * stands and zero is expected, 1e-12 is allowed for.
 */
import { isList, isObject, type Json, type JsonObject } from "./Json.ts"

export interface Deviation {
  readonly path: string
  /** Difference, in the unit of the tolerance that decided; undefined where something other than numbers was compared. */
  readonly size: number | undefined
  readonly measure: "abs" | "rel" | "exact"
  /** Size over tolerance; up to 1 passes. */
  readonly ratio: number
  readonly fault: string | undefined
}

/** The tolerance of a group, or of the case where the group has none of its own. */
export const toleranceOf = (tolerance: JsonObject, group: string | undefined): JsonObject => {
  if (group === undefined) return tolerance
  const own = Object.entries(tolerance)
    .filter(([key]) => key.startsWith(`${group}_`))
    .map(([key, value]) => [key.slice(group.length + 1), value])
  return own.length === 0 ? tolerance : Object.fromEntries(own)
}

const compareNumbers = (path: string, actual: number, expected: number, tolerance: JsonObject): Deviation => {
  const size = Math.abs(actual - expected)
  const limits: Array<Pick<Deviation, "size" | "measure" | "ratio">> = []
  const { abs, rel } = tolerance
  const exact = tolerance["exact"] === true || (typeof abs !== "number" && typeof rel !== "number")
  if (exact || Object.is(actual, expected)) {
    limits.push({ size, measure: "exact", ratio: actual === expected ? 0 : Infinity })
  } else {
    if (typeof abs === "number") limits.push({ size, measure: "abs", ratio: size / abs })
    if (typeof rel === "number") {
      const relative = expected === 0 ? size : size / Math.abs(expected)
      limits.push({ size: relative, measure: "rel", ratio: relative / (expected === 0 ? 1e-12 : rel) })
    }
  }
  const best = limits.reduce((a, b) => (a.ratio <= b.ratio ? a : b))
  // A result that is no number has no ratio, and must not pass.
  return { path, ...best, fault: best.ratio <= 1 ? undefined : `${actual}, expected ${expected}` }
}

const shown = (value: Json | undefined): string => (JSON.stringify(value) ?? "nothing").slice(0, 80)

/** All leaves of `expected`; `groupOf` names a leaf's group of tolerances, or null for a leaf that is not compared. */
export const deviations = (
  actual: Json | undefined,
  expected: Json,
  tolerance: JsonObject,
  groupOf: (path: ReadonlyArray<string>) => string | null | undefined = () => undefined,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<Deviation> => {
  const group = groupOf(path)
  if (group === null) return []
  const whole = (fault: string | undefined): ReadonlyArray<Deviation> => [
    { path: path.join("."), size: undefined, measure: "exact", ratio: fault === undefined ? 0 : Infinity, fault },
  ]
  if (isList(expected)) {
    if (!isList(actual)) return whole(`${shown(actual)}, expected a list`)
    if (actual.length !== expected.length) return whole(`${actual.length} entries, expected ${expected.length}`)
    return expected.flatMap((one, index) =>
      deviations(actual[index], one, tolerance, groupOf, [...path, String(index)]),
    )
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return whole(`${shown(actual)}, expected an object`)
    return Object.entries(expected).flatMap(([key, one]) =>
      one === undefined ? [] : deviations(actual[key], one, tolerance, groupOf, [...path, key]),
    )
  }
  if (typeof expected === "number" && typeof actual === "number") {
    return [compareNumbers(path.join("."), actual, expected, toleranceOf(tolerance, group))]
  }
  return whole(actual === expected ? undefined : `${shown(actual)}, expected ${shown(expected)}`)
}
