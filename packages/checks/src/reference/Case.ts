/**
 * One reference case run against the library: pass or fail, with the worst deviation.
 *
 * Promises: a kind nobody knows fails, so does one that throws; nothing that was expected goes unlooked at unless the
 * kind says that its own conditions decide.
 */
import { deviations, type Deviation } from "./Deviation.ts"
import { asObject, isList, type Json, textOr } from "./Json.ts"
import type { Given, Kind, Kinds } from "./Kind.ts"

export interface CaseOutcome {
  readonly id: string
  readonly passed: boolean
  readonly report: string
}

const size = ({ measure, path, size: amount }: Deviation): string =>
  `worst deviation ${amount === undefined ? "none" : `${amount.toExponential(2)} ${measure}`}${path === "" ? "" : ` at ${path}`}`

const compute = (kind: Kind, given: Given): Json =>
  isList(given.inputs) && isList(given.expected) && given.inputs.length === given.expected.length
    ? given.inputs.map((inputs, index) =>
        kind.run({ ...given, inputs, expected: isList(given.expected) ? (given.expected[index] ?? null) : null }),
      )
    : kind.run(given)

const judge = (id: string, kind: Kind, given: Given): CaseOutcome => {
  const actual = compute(kind, given)
  const compared = deviations(actual, given.expected, given.tolerance, (path) => kind.group?.(path, given))
  const faults = [
    ...compared.flatMap(({ fault, path }) => (fault === undefined ? [] : [`${path}: ${fault}`])),
    ...(kind.accept?.(actual, given) ?? []),
  ]
  const none: Deviation = { path: "", size: undefined, measure: "exact", ratio: 0, fault: undefined }
  // A ratio that is no number is the worst there is.
  const worst = compared.reduce((a, b) => (b.ratio <= a.ratio ? a : b), none)
  const nothing = compared.length === 0 && kind.accept === undefined ? ["nothing was expected"] : []
  const all = [...nothing, ...faults]
  const more = all.length > 8 ? `\n      and ${all.length - 8} more` : ""
  const lines = all.slice(0, 8).map((fault) => `\n      ${fault}`)
  return {
    id,
    passed: all.length === 0,
    report: `${size(worst)}, ${compared.length} values${lines.join("")}${more}`,
  }
}

/** Runs the case in `source`, the text of its file; `file` names it where it cannot name itself. */
export const runCase = (kinds: Kinds, folder: string, file: string, source: string): CaseOutcome => {
  try {
    const read: Json = JSON.parse(source)
    const told = asObject(read)
    const [id, name] = [textOr(told, "id", file), textOr(told, "kind", "")]
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined) return { id, passed: false, report: `nobody knows the kind "${name}"` }
    return judge(id, kind, {
      inputs: told["inputs"] ?? null,
      expected: told["expected"] ?? null,
      tolerance: asObject(told["tolerance"] ?? {}),
      folder,
      method: textOr(told, "method", ""),
      notes: textOr(told, "notes", ""),
    })
  } catch (error) {
    return { id: file, passed: false, report: error instanceof Error ? error.message : String(error) }
  }
}
