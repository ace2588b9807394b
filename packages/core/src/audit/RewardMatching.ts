/**
 * Which purchase a record of the other product is about: by the platform's order, by the order's name, by friend and time, or none.
 *
 * Promises: it looks at what a record names and at when it was granted, never at its amount; where several purchases fit and nothing
 * tells them apart, it says so and chooses none.
 */
import type { Fact, FactKey, OrderPlaced, RewardPaid } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import type { People, PersonId } from "../person/People.ts"
import type { History } from "../program/History.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { Doubt, MatchedBy } from "./AuditLine.ts"

export interface Match {
  readonly record: RewardPaid
  readonly by: MatchedBy
  /** null where no purchase, or more than one, fits; `doubt` says why. */
  readonly conversion: Conversion | null
  readonly doubt: Doubt | null
}

/** Orders by what records may call them. */
export interface OrderShelf {
  readonly byHandle: ReadonlyMap<Handle, Conversion>
  readonly byName: ReadonlyMap<string, ReadonlyArray<Conversion>>
  readonly nameOf: ReadonlyMap<FactKey, string>
}

/** `#1001`, `1001` and ` #1001 ` are one name. */
export const normaliseName = (name: string): string => name.trim().replace(/^#+/, "").toUpperCase()

export const shelve = (facts: ReadonlyArray<Fact>, conversions: ReadonlyArray<Conversion>): OrderShelf => {
  const byCause = new Map(conversions.map((conversion) => [conversion.cause, conversion]))
  const placed = facts.flatMap((fact): ReadonlyArray<{ order: OrderPlaced; conversion: Conversion }> => {
    const conversion = fact._tag === "OrderPlaced" ? byCause.get(fact.key) : undefined
    return fact._tag === "OrderPlaced" && conversion !== undefined ? [{ order: fact, conversion }] : []
  })
  const named = placed.flatMap(({ conversion, order }) =>
    order.name === undefined || normaliseName(order.name) === "" ? [] : [{ name: order.name, conversion }],
  )
  return {
    byHandle: new Map(placed.map(({ conversion, order }) => [order.order, conversion])),
    byName: new Map(
      [...Map.groupBy(named, ({ name }) => normaliseName(name))].map(([name, of]) => [
        name,
        of.map(({ conversion }) => conversion),
      ]),
    ),
    nameOf: new Map(named.map(({ conversion, name }) => [conversion.cause, name])),
  }
}

export interface Matching {
  readonly history: History
  readonly shelf: OrderShelf
  /** The longest hold of the rules: a record may be granted at the purchase, or once it is over. */
  readonly holdDays: number
  /** Whether the rules count a friend's first purchase only. */
  readonly firstOnly: boolean
  /** Whether the files' own evidence grants this person something for a purchase, in this role where one is named. */
  readonly isGranted: (conversion: Conversion, person: PersonId, role: RewardPaid["role"]) => boolean
  /** Whether the files' own evidence names this person for a purchase, granted or not. */
  readonly isShown: (conversion: Conversion, person: PersonId) => boolean
}

/** How much later than the hold's end a product may grant what it grants by a nightly or weekly run. */
const lateDays = 14

const buyersOf = (people: People, { friends }: Conversion): ReadonlyArray<PersonId> => friends.map(people.personOf)

const nothing = (record: RewardPaid, doubt: Doubt): Match => ({ record, by: "nothing", conversion: null, doubt })

/** All records in the order in which they were granted; a purchase that has its record is given to the next one last. */
export const matchAll = (matching: Matching, records: ReadonlyArray<RewardPaid>): ReadonlyArray<Match> => {
  const taken = new Set<string>()
  return [...records].sort(inOrder).map((record) => {
    const match = matchOne(matching, taken, record)
    if (match.conversion !== null) taken.add(takenName(matching.history.people, record, match.conversion))
    return match
  })
}

export const inOrder = (left: RewardPaid, right: RewardPaid): number =>
  left.occurredAt - right.occurredAt || (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)

const takenName = (people: People, { beneficiary, role }: RewardPaid, { cause }: Conversion): string =>
  `${cause} ${role ?? ""} ${people.personOf(beneficiary)}`

const matchOne = (matching: Matching, taken: ReadonlySet<string>, record: RewardPaid): Match => {
  const { history, shelf } = matching
  const byHandle = record.order === null ? undefined : shelf.byHandle.get(record.order)
  if (byHandle !== undefined) return { record, by: "order", conversion: byHandle, doubt: null }
  if (record.orderName !== null && normaliseName(record.orderName) !== "") {
    const named = shelf.byName.get(normaliseName(record.orderName)) ?? []
    const buyer = friendOf(record)
    const person = buyer === null ? null : history.people.personOf(buyer)
    const fitting =
      named.length > 1 && person !== null
        ? named.filter((conversion) => buyersOf(history.people, conversion).includes(person))
        : named
    const [only] = fitting
    if (only !== undefined && fitting.length === 1) return { record, by: "order-name", conversion: only, doubt: null }
    return nothing(record, named.length > 1 ? "ambiguous-name" : "order-not-in-file")
  }
  if (record.order !== null) return nothing(record, "order-not-in-file")
  const friend = friendOf(record)
  return friend === null ? nothing(record, "names-nothing") : byFriend(matching, taken, record, friend)
}

/** Whose purchase it was, where the record says; a friend's own reward is for the friend's purchase. */
const friendOf = ({ beneficiary, friend, role }: RewardPaid): Handle | null =>
  friend ?? (role === "friend" ? beneficiary : null)

const byFriend = (matching: Matching, taken: ReadonlySet<string>, record: RewardPaid, friend: Handle): Match => {
  const { firstOnly, history, holdDays, isGranted, isShown } = matching
  const beneficiary = history.people.personOf(record.beneficiary)
  // A file may know the day alone, which begins before the purchase.
  const until = record.occurredAt + days(1)
  const bought = (history.purchases.get(history.people.personOf(friend)) ?? []).filter(({ at }) => at <= until)
  const near = bought.filter(({ at }) => at >= record.occurredAt - days(holdDays + lateDays))
  const matched = (conversion: Conversion): Match => ({ record, by: "friend", conversion, doubt: null })
  const granted = bought.filter((conversion) => isGranted(conversion, beneficiary, record.role))
  const inTime = granted.filter((conversion) => near.includes(conversion))
  const fitting = inTime.length > 0 ? inTime : granted
  const free = fitting.find((conversion) => !taken.has(takenName(history.people, record, conversion)))
  const chosen = free ?? fitting.at(-1)
  if (chosen !== undefined) return matched(chosen)
  const shown = near.filter((conversion) => isShown(conversion, beneficiary))
  const [first] = near
  if (first === undefined) return nothing(record, "no-purchase")
  // Whoever was paid for a purchase of their own was so whichever it was.
  const isOwn = record.role !== "friend" && history.people.personOf(friend) === beneficiary
  const likely = isOwn ? (shown[0] ?? near.at(-1)) : shown.length === 1 ? shown[0] : undefined
  if (likely !== undefined) return matched(likely)
  if (near.length === 1 || (firstOnly && isFirst(bought, first))) return matched(first)
  return nothing(record, "several-purchases")
}

const isFirst = (bought: ReadonlyArray<Conversion>, { at }: Conversion): boolean =>
  bought.every((other) => at <= other.at)

/** The first and the last moment at which something was granted; null without records. */
export const spanOf = (
  records: ReadonlyArray<RewardPaid>,
): { readonly from: Instant; readonly until: Instant } | null => {
  if (records.length === 0) return null
  const [first, last] = records.reduce<readonly [Instant, Instant]>(
    ([from, until], { occurredAt }) => [Math.min(from, occurredAt), Math.max(until, occurredAt)],
    [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  )
  return { from: first, until: last }
}
