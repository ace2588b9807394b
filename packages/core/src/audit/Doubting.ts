/**
 * When a credit that has no record cannot be called missing: what the files would have to hold for that, and do not.
 */
import type { People, PersonId } from "../person/People.ts"
import { kindOf, type Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import type { Doubt } from "./AuditLine.ts"

/** What is known of the records as a whole. */
export interface RecordsKnown {
  /** When the first record was granted; null without records. */
  readonly from: Instant | null
  /** The sides that records are about. */
  readonly roles: ReadonlySet<string>
  /** How many paid records of a `person unit` may be for any purchase. */
  readonly unplaced: ReadonlyMap<string, number>
  /** How many paid records a person has for purchases that were not found: they may have taken places of limits. */
  readonly unseen: ReadonlyMap<PersonId, number>
  readonly personOf: (handle: Handle) => PersonId
  /** Facts of lists that do not say whether the product counted what they list. */
  readonly unconfirmed: ReadonlySet<string>
  /** `cause role` for which somebody else was paid, and it cannot be told whether rightly. */
  readonly contested: ReadonlySet<string>
}

export interface Owed {
  readonly credit: Credit
  readonly person: PersonId
  readonly holdDays: number
  /** The same credit as if nothing had been refunded or cancelled. */
  readonly first: Credit | undefined
}

export const unplacedName = (person: PersonId, unit: string): string => `${person} ${unit}`

/** The rules by which one touch decides. */
const deciding: ReadonlySet<string> = new Set(["last-touch", "first-touch"])

/** Null where the files prove that it is missing. */
export const doubtOf = (known: RecordsKnown, { credit, first, holdDays, person }: Owed): Doubt | null => {
  if (!known.roles.has(credit.role)) return "role-not-in-file"
  if (isUnconfirmed(known, credit, person)) return "unconfirmed"
  if (known.contested.has(`${credit.cause} ${credit.role}`)) return "contested"
  if (known.from === null || credit.at + days(holdDays) < known.from) return "before-records"
  if ((known.unplaced.get(unplacedName(person, credit.unit)) ?? 0) > 0) return "maybe-paid"
  // It is due only because something else was given back: a freed place of a limit, a first purchase that was called off.
  if (first?.outcome !== "credited") return "slot-freed"
  return hasRoom(known, credit, person) ? null : "limit-unknown"
}

/** Touches that would decide if the deciding one were not there. */
const inTheWindow: ReadonlySet<string | undefined> = new Set(["not the last", "not the first", "its kind ranks lower"])

/** Only what no product confirmed shows that the person brought the buyer. */
const isUnconfirmed = ({ personOf, unconfirmed }: RecordsKnown, { because }: Credit, person: PersonId): boolean => {
  const isSure = (shownBy: string | undefined): boolean => shownBy !== undefined && !unconfirmed.has(shownBy)
  return (
    because.some(({ rule, saw }) => deciding.has(rule) && !isSure(saw.shownBy)) &&
    !because.some(
      ({ rule, saw }) =>
        rule === "other touch" &&
        inTheWindow.has(saw.why) &&
        isSure(saw.shownBy) &&
        saw.owner !== undefined &&
        personOf(saw.owner as Handle) === person,
    )
  )
}

/** What purchases that are not in the files may have taken of the limits that the credit touches. */
const hasRoom = ({ unseen }: RecordsKnown, credit: Credit, person: PersonId): boolean => {
  const all = [...unseen.values()].reduce((total, count) => total + count, 0)
  if (all === 0) return true
  return credit.because.every(({ rule, saw }) => {
    if (rule !== "limit") return true
    const [, most, other] = /^(\d+) per [a-z]+( and [a-z]+)? \(/.exec(saw.limit ?? "") ?? []
    // A budget of money: what others took is not known.
    if (most === undefined || !/^\d+$/.test(saw.before ?? "")) return false
    return Number(saw.before) + (other === undefined ? (unseen.get(person) ?? 0) : all) < Number(most)
  })
}

/** How often each name occurs. */
export const countOf = <Name extends string>(names: Iterable<Name>): ReadonlyMap<Name, number> => {
  const counts = new Map<Name, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

export type MayBe = (one: PersonId, other: PersonId) => boolean

/**
 * Whether two people may be one all the same: nobody of one kind is known of both. A shop's number on one side and an address on the
 * other cannot be told apart; two different addresses can.
 */
export const mayBeOne = (people: People): MayBe => {
  const kinds = (person: PersonId): ReadonlySet<string> => new Set(people.handlesOf(person).map(kindOf))
  return (one, other) => {
    const known = kinds(one)
    return one === other || [...kinds(other)].every((kind) => !known.has(kind))
  }
}
