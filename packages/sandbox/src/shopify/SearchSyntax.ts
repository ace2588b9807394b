/**
 * The part of Shopify's search syntax that the sandbox answers: `field:value`, `field:>=value`, quotes, `field:*`, `-`
 * and `NOT`, `AND`, `OR`, parentheses; terms side by side mean AND. A field that is not known here is an error, because
 * dropping a filter silently would answer too much. Free text without a field is answered where `anyField` says how.
 */

import { notImplemented, refused } from "./Refusal.ts"

type Operator = ":" | ">" | ">=" | "<" | "<="

export type Search =
  | { readonly kind: "all" }
  | { readonly kind: "term"; readonly field: string; readonly operator: Operator; readonly value: string }
  | { readonly kind: "not"; readonly of: Search }
  | { readonly kind: "and" | "or"; readonly left: Search; readonly right: Search }

/**
 * `instant` compares to the millisecond, `day` by whole days in the shop's time zone, `number` by value, `text` without
 * regard to case (a trailing `*` matches a prefix, commas list alternatives), `exact` what `wanted` makes of the text.
 */
export interface SearchField<Row> {
  readonly kind: "instant" | "day" | "number" | "text" | "exact"
  readonly read: (row: Row) => string | null | ReadonlyArray<string>
  readonly wanted?: (text: string) => string
}

export type SearchFields<Row> = Readonly<Record<string, SearchField<Row>>>

/** The name under which fields say what free text looks for; no field is called like it. */
export const anyField = "*"

// ------------------------------------------------------------------------------------------------ parsing

const tokenPattern =
  /\s*(?:([()])|(-)(?=\S)|([A-Za-z_.]+):(>=|<=|>|<|)(?:"([^"]*)"|'([^']*)'|([^\s()]*))|("[^"]*"|'[^']*'|[^\s()]+))/gy

interface Token {
  readonly text: string
  readonly term?: Search
}

const tokenize = (query: string): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  for (const match of query.trimEnd().matchAll(tokenPattern)) {
    const [, parenthesis, minus, field, operator, double, single, bare, word] = match
    if (parenthesis !== undefined || minus !== undefined) tokens.push({ text: parenthesis ?? "-" })
    else if (field !== undefined) {
      const value = double ?? single ?? bare ?? ""
      if (value === "") throw refused(`The search term "${field}:" in "${query}" has no value`)
      const comparison = (operator === "" ? ":" : operator) as Operator
      tokens.push({ text: field, term: { kind: "term", field: field.toLowerCase(), operator: comparison, value } })
    } else if (word !== undefined) tokens.push({ text: word })
  }
  return tokens
}

export const parse = (query: string | null | undefined): Search => {
  if (query === null || query === undefined || query.trim() === "") return { kind: "all" }
  const tokens = tokenize(query)
  let position = 0
  const primary = (): Search => {
    const token = tokens[position++]
    if (token === undefined) throw refused(`The search "${query}" ends too early`)
    if (token.term !== undefined) return token.term
    if (token.text === "-" || token.text === "NOT") return { kind: "not", of: primary() }
    if (token.text === "(") {
      const inner = either()
      if (tokens[position++]?.text !== ")") throw refused(`The search "${query}" has an unclosed parenthesis`)
      return inner
    }
    const value = token.text.replace(/^(["'])(.*)\1$/, "$2")
    return { kind: "term", field: anyField, operator: ":", value }
  }
  const both = (): Search => {
    let left = primary()
    for (
      let token = tokens[position];
      token !== undefined && token.text !== "OR" && token.text !== ")";
      token = tokens[position]
    ) {
      if (token.text === "AND" && token.term === undefined) position++
      left = { kind: "and", left, right: primary() }
    }
    return left
  }
  const either = (): Search => {
    let left = both()
    while (tokens[position]?.text === "OR") {
      position++
      left = { kind: "or", left, right: both() }
    }
    return left
  }
  const search = either()
  if (position < tokens.length) throw refused(`The search "${query}" has a closing parenthesis too many`)
  return search
}

// ---------------------------------------------------------------------------------------------- compiling

const instant = (text: string): number => {
  // Without a zone Shopify reads the shop's time; the sandbox takes UTC, and never the zone of this computer.
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes("T") ? text : `${text}Z`
  const value = Date.parse(zoned)
  if (Number.isNaN(value)) throw refused(`"${text}" in the search is not an ISO 8601 instant`)
  return value
}

const dayFormat = new Map<string, Intl.DateTimeFormat>()

export const dayOf = (text: string, timeZone: string): string => {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text
  const format = dayFormat.get(timeZone) ?? new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" })
  dayFormat.set(timeZone, format)
  return format.format(instant(text))
}

const compared = (operator: Operator, order: number): boolean =>
  operator === ":"
    ? order === 0
    : operator === ">"
      ? order > 0
      : operator === ">="
        ? order >= 0
        : operator === "<"
          ? order < 0
          : order <= 0

const textMatches = (operator: Operator, wanted: string): ((text: string) => boolean) => {
  if (operator !== ":") throw refused(`The search compares the text "${wanted}" with ${operator}`)
  const alternatives = wanted.toLowerCase().split(",")
  return (text) => {
    const lower = text.toLowerCase()
    return alternatives.some((one) => (one.endsWith("*") ? lower.startsWith(one.slice(0, -1)) : lower === one))
  }
}

const wholeNumber = (text: string): bigint => {
  if (!/^\d+$/.test(text)) throw refused(`"${text}" in the search is not a whole number`)
  return BigInt(text)
}

const matcher = (
  kind: SearchField<never>["kind"],
  operator: Operator,
  wanted: string,
  timeZone: string,
): ((text: string) => boolean) => {
  switch (kind) {
    case "instant": {
      const at = instant(wanted)
      return (text) => compared(operator, Date.parse(text) - at)
    }
    case "day": {
      const day = dayOf(wanted, timeZone)
      return (text) => {
        const own = dayOf(text, timeZone)
        return compared(operator, own < day ? -1 : own > day ? 1 : 0)
      }
    }
    case "number": {
      const value = wholeNumber(wanted)
      return (text) => compared(operator, BigInt(text) < value ? -1 : BigInt(text) > value ? 1 : 0)
    }
    case "text":
      return textMatches(operator, wanted)
    case "exact":
      return (text) => text === wanted
  }
}

/** Compiles a search to a test of one row; throws for a field that `fields` does not have. */
export const compile = <Row>(search: Search, fields: SearchFields<Row>, timeZone: string): ((row: Row) => boolean) => {
  if (search.kind === "all") return () => true
  if (search.kind === "not") {
    const inner = compile(search.of, fields, timeZone)
    return (row) => !inner(row)
  }
  if (search.kind !== "term") {
    const left = compile(search.left, fields, timeZone)
    const right = compile(search.right, fields, timeZone)
    return search.kind === "and" ? (row) => left(row) && right(row) : (row) => left(row) || right(row)
  }
  const field = Object.hasOwn(fields, search.field) ? fields[search.field] : undefined
  if (field === undefined && search.field === anyField)
    throw notImplemented(`Searching for "${search.value}" without a field`)
  if (field === undefined) throw notImplemented(`The search field "${search.field}"`)
  const values = (row: Row): ReadonlyArray<string> => {
    const value = field.read(row)
    return value === null ? [] : typeof value === "string" ? [value] : value
  }
  if (search.value === "*") return (row) => values(row).length > 0
  const matches = matcher(field.kind, search.operator, field.wanted?.(search.value) ?? search.value, timeZone)
  return (row) => values(row).some(matches)
}
