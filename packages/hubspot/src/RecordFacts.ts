/**
 * What the four mappings from CRM records to facts share: reading values, and saying why a record cannot be understood.
 *
 * Pure. A record with a NUL byte or a value of the wrong shape is rejected with its place and a reason that quotes no
 * personal value; the others go on.
 */
import type { Rejected } from "@advocacy-kit/core/connector/FactSource"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import type { EarlierProperties } from "./HubSpotConfig.ts"
import type { ObjectType } from "./HubSpotPath.ts"
import { CrmRecord } from "./wire/Record.ts"

/** What a mapping needs to know beside the record. */
export interface MappingContext {
  readonly handleKey: Handle.HandleKey
  readonly program: string
  readonly currency: Currency
  readonly properties: EarlierProperties
}

/** Ids on the other side of a record's associations, ascending. */
export type Neighbours = Readonly<Partial<Record<ObjectType, ReadonlyArray<string>>>>

export interface Mapped {
  readonly facts: ReadonlyArray<Fact>
  readonly personal: ReadonlyArray<PersonalValue>
  readonly rejected: ReadonlyArray<Rejected>
}

export type Mapping = (record: CrmRecord, neighbours: Neighbours, context: MappingContext) => Mapped

const names: Readonly<Record<ObjectType, string>> = {
  contacts: "contact",
  companies: "company",
  deals: "deal",
  feedback_submissions: "feedback",
}

/** The platform's name of a record, such as `hubspot:contact/9`. */
export const placeOf = (type: ObjectType, id: string): string => `hubspot:${names[type]}/${id}`

export const handleOf = (type: ObjectType, id: string): Handle.Handle => Handle.platform("hubspot", names[type], id)

/** A value that cannot be understood; `where` names the property. */
export class Unusable extends Error {
  constructor(where: string, why: string) {
    super(`${where}: ${why}`)
    this.name = "Unusable"
  }
}

/** The property's text without surrounding space, or null when it is absent or empty. */
export const text = (record: CrmRecord, property: string): string | null => {
  const value = record.properties[property]?.trim() ?? ""
  return value === "" ? null : value
}

/** HubSpot's multiple values: separated by semicolons, in no order that means anything. */
export const list = (record: CrmRecord, property: string): ReadonlyArray<string> =>
  [
    ...new Set(
      (text(record, property) ?? "")
        .split(";")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    ),
  ].sort()

/** Date and time as ISO 8601, as milliseconds, or a bare date, which HubSpot means as midnight in UTC. */
export const parseInstant = (value: string, where: string): Instant.Instant => {
  if (/^-?\d{1,15}$/.test(value)) return Number(value)
  try {
    return Instant.fromIso(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value)
  } catch {
    throw new Unusable(where, "is not a time such as 2026-10-01T12:00:00Z")
  }
}

export const instant = (record: CrmRecord, property: string): Instant.Instant | null => {
  const value = text(record, property)
  return value === null ? null : parseInstant(value, property)
}

/** Grows with every change of the record. */
export const versionOf = (record: CrmRecord): number => parseInstant(record.updatedAt, "updatedAt")

export const createdOf = (record: CrmRecord): Instant.Instant => parseInstant(record.createdAt, "createdAt")

/** A code that can stand in a handle, normalised; null when the property is not set. */
export const code = (record: CrmRecord, property: string): string | null => {
  const value = text(record, property)
  if (value === null) return null
  const normal = Handle.usableCode(value)
  if (normal !== null) return normal
  throw new Unusable(property, "is not a code: at most 100 characters, without spaces")
}

const problemOf = (record: CrmRecord): string | null => {
  if (!Handle.isRecordNumber(record.id)) return "its id is not a number"
  for (const [name, value] of Object.entries(record.properties)) {
    if (value?.includes("\0")) return `${name}: has a NUL byte`
    if (value !== null && /\p{Surrogate}/u.test(value)) return `${name}: has half of a character (a lone surrogate)`
    if (value !== null && value.length > 1_000_000) return `${name}: is longer than 1,000,000 characters`
  }
  return null
}

const rejected = (place: string, reason: string): Mapped => ({ facts: [], personal: [], rejected: [{ place, reason }] })

/** Where a record says it comes from, before it is known to be one. */
const claimedId = (raw: unknown): string => {
  const id = typeof raw === "object" && raw !== null && "id" in raw ? String(raw.id) : "?"
  return Handle.isRecordNumber(id) ? id : "?"
}

/** Runs a mapping over a record as it came from the wire; never throws. */
export const mapRecord = (
  type: ObjectType,
  mapping: Mapping,
  raw: unknown,
  neighbours: Neighbours,
  context: MappingContext,
): Mapped => {
  const parsed = CrmRecord.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return rejected(
      placeOf(type, claimedId(raw)),
      `${issue?.path.join(".") || "record"}: is missing or has the wrong type`,
    )
  }
  const place = placeOf(type, claimedId(raw))
  const problem = problemOf(parsed.data)
  if (problem !== null) return rejected(place, problem)
  try {
    return mapping(parsed.data, neighbours, context)
  } catch (cause) {
    if (cause instanceof Unusable || cause instanceof RangeError) return rejected(place, cause.message)
    throw cause
  }
}

export const join = (parts: ReadonlyArray<Mapped>): Mapped => ({
  facts: parts.flatMap((part) => part.facts),
  personal: parts.flatMap((part) => part.personal),
  rejected: parts.flatMap((part) => part.rejected),
})
