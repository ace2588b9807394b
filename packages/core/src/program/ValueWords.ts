/**
 * Values of a definition as a person reads them: amounts with their currency, days, shares, lists, and any other data.
 *
 * It goes by the member's name and the value's shape, so that a mechanic it has never seen still reads well.
 */
import { isMembers, type Members } from "./DefinitionDifference.ts"

/** Decimal strings that stand under one of these members are money. */
const moneyMembers = /^(amount|minimum|maximum|budget|spend|worth)$|Amount$/
const decimal = /^\d+(\.\d+)?$/

/** `holdDays` → `hold`, `leakedPer24Hours` → `leaked per 24 hours`. */
export const wordsOf = (member: string): string =>
  member
    .replace(/(?<=.)(Days|Percent)$/, "")
    .replaceAll(/([a-z])([A-Z0-9])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase()

const unitOf = (member: string, value: unknown, currency: string): string => {
  if (/[dD]ays$/.test(member)) return value === 1 ? "day" : "days"
  if (/[pP]ercent/.test(member)) return "%"
  if (member === "points") return value === 1 ? "point" : "points"
  return typeof value === "string" && moneyMembers.test(member) && decimal.test(value) ? currency : ""
}

const bare = (value: unknown, currency: string): string => {
  if (value === null || value === undefined) return "none"
  if (typeof value === "boolean") return value ? "on" : "off"
  if (typeof value === "number") return value.toLocaleString("en-US", { useGrouping: value >= 10_000 })
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((one) => bare(one, currency)).join(", ")
  return isMembers(value) ? membersText(value, currency) : String(value)
}

/** `minimum: amount 40.00 EUR`, by what tells its kind first. */
const membersText = (members: Members, currency: string): string => {
  const kind = ["kind", "rule", "name"].map((member) => members[member]).find((value) => typeof value === "string")
  const rest = Object.entries(members).filter(
    ([member, value]) => value !== kind && !["kind", "timing"].includes(member) && value !== null,
  )
  const text = rest.map(([member, value]) => `${wordsOf(member)} ${textOf(member, value, currency)}`).join(", ")
  if (typeof kind !== "string") return text
  return text === "" ? kind.replaceAll("-", " ") : `${kind.replaceAll("-", " ")}: ${text}`
}

/** `14 days`, `20.00 EUR`, `10 %`, `web, pos`. */
export const textOf = (member: string, value: unknown, currency: string): string => {
  const unit = unitOf(member, value, currency)
  return unit === "" ? bare(value, currency) : `${bare(value, currency)} ${unit}`
}

const amountOf = (value: unknown): number | null =>
  typeof value === "number" ? value : typeof value === "string" && decimal.test(value) ? Number(value) : null

/** `rises from 14 to 30 days`, `falls from 25.00 EUR to 20.00 EUR`, `changes from a to b`. */
export const moved = (member: string, before: unknown, after: unknown, currency: string): string => {
  const [old, now] = [amountOf(before), amountOf(after)]
  const verb = old === null || now === null || old === now ? "changes" : old < now ? "rises" : "falls"
  const from = /([dD]ays|points)$/.test(member) ? bare(before, currency) : textOf(member, before, currency)
  return `${verb} from ${from} to ${textOf(member, after, currency)}`
}

/** What came in and what went, of two lists of texts; their order where nothing did. */
export const listMoved = (before: ReadonlyArray<unknown>, after: ReadonlyArray<unknown>, what: string): string => {
  const [old, now] = [before.map(String), after.map(String)]
  const added = now.filter((one) => !old.includes(one))
  const removed = old.filter((one) => !now.includes(one))
  if (added.length === 0 && removed.length === 0) return `the order of ${what} is now ${now.join(", ")}`
  const said = [
    ...(added.length === 0 ? [] : [`${added.join(", ")} ${added.length === 1 ? "is" : "are"} added to ${what}`]),
    ...(removed.length === 0
      ? []
      : [`${removed.join(", ")} ${removed.length === 1 ? "is" : "are"} removed from ${what}`]),
  ]
  return said.join("; ")
}
