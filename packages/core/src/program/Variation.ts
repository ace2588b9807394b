/**
 * The same program with one thing turned: every hold, every attribution window, or every limit.
 *
 * Promises: a variation is checked like any program; one that does not hold, or that has nothing to turn, is null. Members are
 * found by name in any mechanic, so that a new one takes part without an entry here.
 */
import { Result } from "effect"
import { isMembers } from "./DefinitionDifference.ts"
import { parse, type Program } from "./Program.ts"

export type Turn =
  | { readonly what: "hold"; readonly days: number }
  | { readonly what: "window"; readonly days: number }
  | { readonly what: "limits"; readonly factor: "none" | "half" | "double" }

/** A decimal times `numerator / 2`, rounded up at the digits that it has. */
const halves = (text: string, numerator: bigint): string => {
  const [whole = "0", fraction = ""] = text.split(".")
  const digits = ((BigInt(whole + fraction) * numerator + 1n) / 2n).toString().padStart(fraction.length + 1, "0")
  const point = digits.length - fraction.length
  return fraction === "" ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
}

/** A limit with its count or amount halved (never below one) or doubled. */
const scaled = (limit: unknown, factor: "half" | "double"): unknown => {
  if (!isMembers(limit)) return limit
  return Object.fromEntries(
    Object.entries(limit).map(([member, value]) => {
      if (member === "count" && typeof value === "number")
        return [member, factor === "half" ? Math.max(1, Math.ceil(value / 2)) : value * 2]
      if (typeof value === "string" && /^\d+(\.\d+)?$/.test(value))
        return [member, halves(value, factor === "half" ? 1n : 4n)]
      return [member, value]
    }),
  )
}

const turnMember = (member: string, value: unknown, turn: Turn): unknown => {
  if (turn.what === "hold" && member === "holdDays" && typeof value === "number") return turn.days
  if (turn.what === "window" && member === "windowDays" && typeof value === "number") return turn.days
  if (turn.what === "limits" && member === "limits" && Array.isArray(value)) {
    const { factor } = turn
    return factor === "none" ? [] : value.map((limit) => scaled(limit, factor))
  }
  return turned(value, turn)
}

const turned = (value: unknown, turn: Turn): unknown => {
  if (Array.isArray(value)) return value.map((one) => turned(one, turn))
  if (!isMembers(value)) return value
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, turnMember(member, inner, turn)]))
}

/** Every value of a member, wherever it is: the holds or the windows that a program has. */
export const valuesOf = (program: Program, member: string): ReadonlyArray<unknown> => {
  const found: Array<unknown> = []
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look)
    else if (isMembers(value))
      for (const [name, inner] of Object.entries(value)) {
        if (name === member) found.push(inner)
        look(inner)
      }
  }
  look(program.definition.mechanics)
  return found
}

const memberOf = { hold: "holdDays", window: "windowDays", limits: "limits" } as const

const isThere = (value: unknown): boolean => typeof value === "number" || (Array.isArray(value) && value.length > 0)

/** The program with everything of one kind turned. */
export const vary = (program: Program, turn: Turn): Program | null => {
  if (!valuesOf(program, memberOf[turn.what]).some(isThere)) return null
  return Result.getOrElse(
    parse({ ...program.definition, mechanics: turned(program.definition.mechanics, turn) }),
    () => null,
  )
}
