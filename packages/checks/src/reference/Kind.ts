/**
 * A kind of reference case: how its result is computed by the library.
 *
 * `run` gives the result in the shape of `expected`; it may look at `expected` for what is asked (names, points), never
 * for the answer. Two lists of equal length are run pair by pair before a kind sees them.
 */
import type { Json, JsonObject } from "./Json.ts"

export interface Given {
  readonly inputs: Json
  readonly expected: Json
  readonly tolerance: JsonObject
  /** Files named in the inputs are relative to it. */
  readonly folder: string
  /** What the case says of its data beside the numbers. */
  readonly method: string
  readonly notes: string
}

export interface Kind {
  readonly run: (given: Given) => Json
  /** The group whose prefixed tolerance holds for a leaf (`params` for `params_rel`); null leaves it uncompared. */
  readonly group?: (path: ReadonlyArray<string>, given: Given) => string | null | undefined
  /** Conditions beyond the comparison; what it returns are faults. */
  readonly accept?: (actual: Json, given: Given) => ReadonlyArray<string>
}

export type Kinds = Readonly<Record<string, Kind>>
