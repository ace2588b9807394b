/**
 * Records put to the credit that the rules have for their purchase, side and person, and how the person stands to it.
 *
 * A record without a side is the friend's or the buyer's own where the rules give such a thing in its unit, else the advocate's.
 */
import { pointsUnit, tierUnit, type Credit, type CreditKey, type Unit } from "../ledger/Credit.ts"
import { scale } from "../money/Money.ts"
import type { FactKey, RewardPaid } from "../fact/Fact.ts"
import type { People } from "../person/People.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import type { Program } from "../program/Program.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { AuditLine, AuditedOrder } from "./AuditLine.ts"
import { mayBeOne, type MayBe } from "./Doubting.ts"
import { dueOf, type Group, type Standing, type Valued } from "./Judging.ts"
import type { Match, OrderShelf } from "./RewardMatching.ts"

/** What points are worth: `points` of them are `minor` of the program's currency. */
export interface PointsWorth {
  readonly points: bigint
  readonly minor: bigint
}

export interface Grouping {
  readonly program: Program
  /** Everybody, those whom no rule asks about as well. */
  readonly people: People
  readonly now: Evaluation
  /** As if nothing had been refunded or cancelled. */
  readonly first: Evaluation
  /** Purchases that are judged by the other product's word. */
  readonly claimed: ReadonlySet<FactKey>
  /** As if no more had gone back than is certain; the same as `now` where all refunds are known. */
  readonly least: Evaluation
  readonly shelf: OrderShelf
  readonly isEnrolmentUnknown: boolean
  /** Touches of lists that do not say whether the product counted them. */
  readonly unconfirmed: ReadonlySet<FactKey>
}

/** Whether the rules give points anywhere; then points stay points. */
const givesPoints = ({ definition }: Program): boolean =>
  definition.mechanics.some(
    (mechanic) =>
      mechanic.kind === "points" ||
      (mechanic.kind === "referral" &&
        [mechanic.advocate, mechanic.friend, mechanic.recurring?.reward].some((reward) => reward?.kind === "points")),
  )

/** A record's amount in the unit in which the rules count, where that is known. */
export const valuing =
  (program: Program, worth: PointsWorth | null) =>
  ({ by, record }: Match): Valued => {
    const amountMinor = record.status === "paid" ? record.amountMinor : 0n
    const text = record.unit.trim()
    if (text.toLowerCase() !== "points") return { record, by, unit: text.toUpperCase() as Unit, paidMinor: amountMinor }
    return worth === null || givesPoints(program)
      ? { record, by, unit: pointsUnit(program.name), paidMinor: amountMinor }
      : {
          record,
          by,
          unit: program.currency as string as Unit,
          paidMinor: scale(amountMinor, worth.minor, worth.points),
        }
  }

/** What the rules say of each purchase, tiers and what the shop gave at the checkout left out. */
export const creditsByCause = ({ credits, program }: Evaluation): ReadonlyMap<string, ReadonlyArray<Credit>> =>
  Map.groupBy(
    [...credits.values()].filter(
      ({ outcome, unit }) => outcome !== "recorded" && outcome !== "withdrawn" && unit !== tierUnit(program),
    ),
    ({ cause }) => cause,
  )

export const orderOf = (shelf: OrderShelf, cause: FactKey, at: number): AuditedOrder => ({
  cause,
  name: shelf.nameOf.get(cause) ?? null,
  at,
})

interface Placed {
  readonly role: AuditLine["role"]
  readonly standing: Standing
  readonly credit: Credit | null
}

interface Asked {
  readonly grouping: Grouping
  readonly credits: ReadonlyArray<Credit>
  readonly conversion: Conversion
  readonly record: RewardPaid
  readonly unit: Unit
  readonly mayBe: MayBe
}

const ofRole = (credits: ReadonlyArray<Credit>, role: Credit["role"]): ReadonlyArray<Credit> =>
  credits.filter((credit) => credit.role === role)

const place = (asked: Asked): Placed => {
  const { conversion, credits, grouping, record, unit } = asked
  const { personOf } = grouping.people
  const person = personOf(record.beneficiary)
  const isBuyer = conversion.friends.some((friend) => personOf(friend) === person)
  if (record.role === "friend") return asFriend(asked, isBuyer)
  if (record.role === "advocate" || record.friend !== null || !isBuyer) return asAdvocate(asked, isBuyer)
  const own = credits.filter(
    (credit) => credit.unit === unit && (credit.role !== "advocate" || personOf(credit.beneficiary) === person),
  )
  const chosen = own.find((credit) => dueOf(credit) > 0n) ?? own[0]
  return chosen === undefined
    ? { role: null, standing: "own", credit: null }
    : { role: chosen.role, standing: "own", credit: chosen }
}

const asFriend = ({ conversion, credits, grouping, mayBe, record }: Asked, isBuyer: boolean): Placed => {
  const { personOf } = grouping.people
  const [credit] = ofRole(credits, "friend")
  const isOwn = isBuyer || conversion.friends.some((friend) => mayBe(personOf(friend), personOf(record.beneficiary)))
  return { role: "friend", standing: isOwn ? "own" : "other", credit: credit ?? null }
}

const asAdvocate = ({ credits, conversion, grouping, mayBe, record }: Asked, isBuyer: boolean): Placed => {
  const { personOf } = grouping.people
  const person = personOf(record.beneficiary)
  const known = ofRole(credits, "advocate")
  const own = known.find(({ beneficiary }) => personOf(beneficiary) === person)
  const [other] = known
  if (isBuyer) return { role: "advocate", standing: "buyer", credit: own ?? other ?? null }
  if (own !== undefined) return { role: "advocate", standing: "own", credit: own }
  if (other === undefined) return { role: "advocate", standing: "own", credit: null }
  const isOther = known.every(({ beneficiary }) => !mayBe(personOf(beneficiary), person))
  if (!isOther || known.length > 1) return { role: "advocate", standing: "other", credit: other }
  if (grouping.claimed.has(conversion.cause)) return { role: "advocate", standing: "other-claimed", credit: other }
  return { role: "advocate", standing: isDecidedAtCheckout(other) ? "other-proven" : "other", credit: other }
}

/** By the last touch, and that is the purchase itself: nothing that the files do not hold can be later. */
const isDecidedAtCheckout = ({ because }: Credit): boolean =>
  because.some(({ rule, saw }) => rule === "last-touch" && (saw.kind === "code" || saw.kind === "cart-attribute"))

/** What a side gets at the checkout, and nothing later. */
const isAtCheckout = ({ definition }: Program, role: AuditLine["role"]): boolean =>
  role === "friend" &&
  definition.mechanics.some((mechanic) => mechanic.kind === "referral" && mechanic.friend?.timing === "atCheckout") &&
  !definition.mechanics.some((mechanic) => mechanic.kind === "referral" && mechanic.friend?.timing === "afterQualified")

export interface Found {
  readonly match: Match
  readonly valued: Valued
  readonly conversion: Conversion
}

/** One group for each purchase, side, person and unit. */
export const groupsOf = (grouping: Grouping, found: ReadonlyArray<Found>): ReadonlyArray<Group> => {
  const { claimed, first, isEnrolmentUnknown, least, now, people, program, shelf } = grouping
  const credits = creditsByCause(now)
  const mayBe = mayBeOne(people)
  const { personOf } = people
  const placed = found.map((one) => {
    const { conversion, valued } = one
    const asked = { grouping, credits: credits.get(conversion.cause) ?? [], conversion, mayBe, ...valued }
    return { ...one, ...place(asked), person: personOf(valued.record.beneficiary) }
  })
  return [
    ...Map.groupBy(placed, ({ conversion, credit, person, role, standing, valued }) =>
      [conversion.cause, role ?? "", standing === "own" ? (credit?.key ?? person) : person, valued.unit].join(" "),
    ).values(),
  ].flatMap((of): ReadonlyArray<Group> => {
    const [head] = of
    if (head === undefined) return []
    const { conversion, credit, role, standing } = head
    return [
      {
        order: orderOf(shelf, conversion.cause, conversion.at),
        beneficiary: head.valued.record.beneficiary,
        role,
        standing,
        records: of.map(({ valued }) => valued),
        credit,
        first: credit === null ? null : (first.credits.get(credit.key) ?? null),
        isClaimed: claimed.has(conversion.cause),
        most: credit === null ? null : (least.credits.get(credit.key) ?? null),
        isEnrolmentUnknown,
        isAtCheckout: isAtCheckout(program, role),
      },
    ]
  })
}

/** A credit without a record, as a group. */
export const groupOfCredit = (grouping: Grouping, credit: Credit, cause: FactKey): Group => ({
  order: orderOf(grouping.shelf, cause, credit.at),
  beneficiary: credit.beneficiary,
  role: credit.role,
  standing: "own",
  records: [],
  credit,
  first: grouping.first.credits.get(credit.key) ?? null,
  isClaimed: grouping.claimed.has(cause),
  most: grouping.least.credits.get(credit.key) ?? null,
  isEnrolmentUnknown: grouping.isEnrolmentUnknown,
  isAtCheckout: false,
})

/** `cause role` for which somebody was paid of whom it cannot be told whether rightly. */
export const contestedBy = (groups: ReadonlyArray<Group>): ReadonlySet<string> =>
  new Set(groups.flatMap(({ order, role, standing }) => (standing === "other" ? [`${order.cause} ${role ?? ""}`] : [])))

/** The keys of credits that have records. */
export const answeredBy = (groups: ReadonlyArray<Group>): ReadonlySet<CreditKey> =>
  new Set(groups.flatMap(({ credit, standing }) => (credit !== null && standing === "own" ? [credit.key] : [])))
