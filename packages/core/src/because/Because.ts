/**
 * Why a decision came out as it did: the rules tried, in order, with what each saw.
 *
 * A `Because` is data, kept with the decision for ever; `render` is one way to say it. It names handles, codes
 * and amounts, never personal values.
 */
import { Schema } from "effect"

/** One rule tried. `saw` holds the values that it read, as text. */
export const Trial = Schema.Struct({
  rule: Schema.String,
  outcome: Schema.Literals(["passed", "failed", "noted"]),
  saw: Schema.Record(Schema.String, Schema.String),
})
export type Trial = typeof Trial.Type

export const Because = Schema.Array(Trial)
export type Because = typeof Because.Type

const trial =
  (outcome: Trial["outcome"]) =>
  (rule: string, saw: Readonly<Record<string, string>> = {}): Trial => ({ rule, outcome, saw })

export const passed = trial("passed")
export const failed = trial("failed")
export const noted = trial("noted")

/** How many of a list are named in a reason. */
export const namedMax = 20

/** What was seen by name, in the order given: twenty at most, then how many others. */
export const listed = (seen: ReadonlyArray<readonly [string, string]>): Trial["saw"] =>
  Object.fromEntries([
    ...seen.slice(0, namedMax),
    ...(seen.length > namedMax ? [["others", String(seen.length - namedMax)] as const] : []),
  ])

const marks = { passed: "+", failed: "x", noted: "-" } as const

/** One line per rule: `+ window: age 3 days, limit 30 days`. */
export const render = (because: Because): string =>
  because
    .map(({ outcome, rule, saw }) => {
      const seen = Object.entries(saw)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")
      return `${marks[outcome]} ${rule}${seen === "" ? "" : `: ${seen}`}`
    })
    .join("\n")
