/**
 * A definition as a TypeScript file that somebody goes on writing: plain data with its type, and a comment where one decides.
 *
 * Promises: the file needs nothing that is installed. The import is of a type, which Node leaves out, so that `node` and the
 * command read it where neither library nor command can be resolved; an editor checks it where the command is a dependency.
 */
import type { Written } from "@advocacy-kit/core/program/Program"

/** By the member that they stand above. */
const comments: Readonly<Record<string, string>> = {
  advocates: "Who is asked to take part, of everybody whom `advocacy identify` scores.",
  evidence: "What shows who brought whom; at the same moment the first kind wins.",
  attributeKeys: "Cart attributes that hold a code.",
  attribution:
    "Of several advocates the last one counts (last-touch), the first one (first-touch), or all of them (shared).",
  qualifies: 'A minimum is asked for by { rule: "minimum", amount: "40.00" }.',
  holdDays: "A reward waits so long, for refunds.",
  advocate: "Computed from what is left after refunds, and taken back when nothing is.",
  limits: 'At most so many for one advocate is { per: "advocate", period: "year", count: 10 }.',
  review: "What holds a reward for a human to look at: `advocacy review`.",
  perUnit: "Points for each whole unit of the currency.",
  expiresAfterDays: "Counted from when they can be spent; null: never.",
  redeem: "What points can be turned into: `advocacy redeem`.",
}

const roomMax = 110

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const nameOf = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key))

const inline = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${nameOf(key)}: ${inline(member)}`)
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`
}

const isCommented = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(isCommented)
    : isObject(value) && Object.entries(value).some(([key, member]) => key in comments || isCommented(member))

const printed = (value: unknown, margin: string): string => {
  const line = inline(value)
  if (!isCommented(value) && line.length + margin.length <= roomMax) return line
  const inner = `${margin}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${printed(item, inner)},\n`).join("")}${margin}]`
  if (!isObject(value)) return line
  const members = Object.entries(value).map(([key, member]) => {
    const comment = comments[key]
    return `${comment === undefined ? "" : `${inner}// ${comment}\n`}${inner}${nameOf(key)}: ${printed(member, inner)},\n`
  })
  return `{\n${members.join("")}${margin}}`
}

/** The text of `file`, which the comments name. */
export const textOf = (definition: Written, file: string): string => `/**
 * The program ${definition.name}. What is in force is the version that was published, not this file:
 *
 *   advocacy backtest --program ${file}    what it would have paid on what is stored
 *   advocacy program diff current ${file}  what it changes
 *   advocacy program publish ${file}       shows what it would do; with --yes it is in force from then on
 */
import type { ProgramDefinition } from "@advocacy-kit/cli"

export default ${printed(definition, "")} satisfies ProgramDefinition
`
