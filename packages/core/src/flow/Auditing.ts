/**
 * Which rewards of another product should have been paid under its stated rules, and what was paid instead.
 *
 * Promises: the rules are those of the same `evaluate` that credits live, as if they had been in force from the beginning; each record
 * and each credit lands in one line; over all lines what was paid less what is due is the sum of their differences; where files cannot
 * prove something it says "cannot tell" and why. Nothing is called missing by the other product's word alone. It reads no clock.
 *
 * It does not know what no file holds: clicks, agreements with single people, rewards handed over outside the product.
 */
import { caveatsOf } from "../audit/AuditCaveats.ts"
import * as AuditLine from "../audit/AuditLine.ts"
import { asFirstMade, claim } from "../audit/Claims.ts"
import { countOf, doubtOf, unplacedName, type RecordsKnown } from "../audit/Doubting.ts"
import * as Grouping from "../audit/Grouping.ts"
import { dueOf, isPending, linesOf, ofCredit, ofUnmatched, type Group, type Valued } from "../audit/Judging.ts"
import { matchAll, shelve, spanOf, type Match, type OrderShelf } from "../audit/RewardMatching.ts"
import { statedHistory, sumsIn, unconfirmedIn, withLeastRefunds, type StatedHistory } from "../audit/StatedHistory.ts"
import * as Facts from "../fact/Fact.ts"
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import type * as UnitSum from "../ledger/UnitSum.ts"
import type { PersonId } from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import type { Program } from "../program/Program.ts"
import { beginningOf, underCandidate } from "../program/ReplayHistory.ts"

export interface AuditOptions {
  readonly facts: ReadonlyArray<Fact>
  /** The other product's rules, as it states them. */
  readonly program: Program
  readonly asOf: Instant
  /** What points are worth where rules give money and records are in points; null: it cannot be told. */
  readonly pointsWorth: Grouping.PointsWorth | null
  /** Codes count whatever program they were issued in. */
  readonly everyCode: boolean
}

export interface Audit {
  readonly program: Program
  readonly asOf: Instant
  readonly orders: number
  readonly records: { readonly paid: number; readonly pending: number; readonly reversed: number }
  /** In the order of kinds, the largest differences first. */
  readonly lines: ReadonlyArray<AuditLine.AuditLine>
  readonly totals: ReadonlyArray<AuditLine.KindTotal>
  readonly doubts: ReadonlyArray<AuditLine.DoubtTotal>
  readonly paid: ReadonlyArray<UnitSum.UnitSum>
  readonly due: ReadonlyArray<UnitSum.UnitSum>
  /** Credits whose hold still runs, or whose purchase is not paid. */
  readonly notYetDue: number
  readonly caveats: ReadonlyArray<string>
}

/**
 * The whole report. The history is judged three times: by its own evidence, with the claims of records, and as before any refund; a
 * fourth time where a file does not know what of a refund went back on goods.
 */
export const audit = (options: AuditOptions): Audit => {
  const { asOf, program } = options
  const stated = statedHistory(options.facts, program, options)
  const own = evaluate(underCandidate(stated.facts, program).facts, program.name, asOf)
  const shelf = shelve(stated.facts, own.history.conversions)
  const matches = matchAll(matchingOf(program, own, shelf), stated.records)
  const judged = judge(stated, program, own, matches)
  const grouping: Grouping.Grouping = {
    ...judged,
    program,
    people: own.history.people,
    shelf,
    unconfirmed: unconfirmedIn(stated.facts),
    // A list of referrals knows who took part by when, and not who did not.
    isEnrolmentUnknown: !stated.facts.some(
      (fact) => fact._tag === "Enrolled" && fact.program === program.name && fact.estimated === undefined,
    ),
  }
  const lines = linesOfAll(grouping, matches, Grouping.valuing(program, options.pointsWorth)).toSorted(
    AuditLine.inOrder,
  )
  const credits = [...Grouping.creditsByCause(judged.now).values()].flat()
  const notYetDue = credits.filter((credit) => credit.outcome === "credited" && isPending(credit)).length
  const statusOf = (status: string): number => stated.records.filter((record) => record.status === status).length
  return {
    program,
    asOf,
    orders: own.history.conversions.length,
    records: { paid: statusOf("paid"), pending: statusOf("pending"), reversed: statusOf("reversed") },
    lines,
    totals: AuditLine.totalsOf(lines),
    doubts: AuditLine.doubtsOf(lines),
    ...AuditLine.sums(lines),
    notYetDue,
    caveats: caveatsOf({
      program,
      asOf,
      firstOrderAt: own.history.conversions[0]?.at ?? null,
      records: spanOf(stated.records),
      claimed: judged.claimed.size,
      estimated: sumsIn(stated.facts),
      isOfFiles: stated.facts.some(({ _tag, rank }) => _tag === "OrderPlaced" && rank === Facts.rank.file),
      notYetDue,
    }),
  }
}

const holdOf = ({ definition }: Program, rule: string): number => {
  const mechanic = definition.mechanics.find((one) => one.rule === rule)
  return mechanic === undefined || mechanic.kind === "tiers" ? 0 : mechanic.holdDays
}

const matchingOf = (program: Program, own: Evaluation, shelf: OrderShelf) => {
  const { mechanics } = program.definition
  const byCause = Grouping.creditsByCause(own)
  const { personOf } = own.history.people
  const of = (cause: string, person: PersonId): ReadonlyArray<Credit> =>
    (byCause.get(cause) ?? []).filter(({ beneficiary }) => personOf(beneficiary) === person)
  return {
    history: own.history,
    shelf,
    holdDays: Math.max(0, ...mechanics.map(({ rule }) => holdOf(program, rule))),
    firstOnly: mechanics.every(
      (mechanic) =>
        mechanic.kind !== "referral" ||
        (mechanic.recurring === null && mechanic.qualifies.some(({ rule }) => rule === "new-customer")),
    ),
    isGranted: ({ cause }: { readonly cause: string }, person: PersonId, role: string | null): boolean =>
      of(cause, person).some((credit) => credit.outcome === "credited" && (role === null || credit.role === role)),
    isShown: ({ cause }: { readonly cause: string }, person: PersonId): boolean =>
      of(cause, person).some(({ reason, role }) => role === "advocate" && reason !== "outside-window"),
  }
}

/** By the files' own evidence and the claims of records: as things are, as before any refund, and with the least that went back. */
const judge = (
  stated: StatedHistory,
  program: Program,
  own: Evaluation,
  matches: ReadonlyArray<Match>,
): Pick<Grouping.Grouping, "now" | "first" | "least" | "claimed"> => {
  const claims = claim(stated.facts, program, own, matches, beginningOf(stated.facts))
  const asOf = own.asOf
  const under = (facts: ReadonlyArray<Fact>): Evaluation =>
    evaluate(underCandidate(facts, claims.program).facts, program.name, asOf)
  const now = under(claims.facts)
  const least = withLeastRefunds(claims.facts)
  return {
    now,
    first: under(asFirstMade(claims.facts)),
    least: least === null ? now : under(least),
    claimed: claims.causes,
  }
}

const linesOfAll = (
  grouping: Grouping.Grouping,
  matches: ReadonlyArray<Match>,
  valueOf: (match: Match) => Valued,
): ReadonlyArray<AuditLine.AuditLine> => {
  const valued = matches.map((match) => ({ match, valued: valueOf(match), conversion: match.conversion }))
  const found = valued.flatMap((one) => (one.conversion === null ? [] : [{ ...one, conversion: one.conversion }]))
  const unmatched = valued.filter(({ conversion }) => conversion === null)
  const groups = Grouping.groupsOf(grouping, found)
  const judged = groups.flatMap(linesOf)
  return [
    ...judged,
    ...unmatched.map((one) => ofUnmatched(one.valued, one.match.doubt ?? "names-nothing")),
    ...unanswered(grouping, groups, judged, knownOf(grouping, groups, unmatched)),
  ]
}

const knownOf = (
  { people, unconfirmed }: Grouping.Grouping,
  groups: ReadonlyArray<Group>,
  unmatched: ReadonlyArray<{ readonly match: Match; readonly valued: Valued }>,
): RecordsKnown => {
  const { personOf } = people
  const paid = unmatched.filter(({ match }) => match.record.status === "paid")
  const all = [...groups.flatMap(({ records }) => records), ...unmatched.map(({ valued }) => valued)]
  return {
    from: spanOf(all.map(({ record }) => record))?.from ?? null,
    roles: new Set([...groups.map(({ role }) => role ?? ""), ...unmatched.map(({ match }) => match.record.role ?? "")]),
    unplaced: countOf(
      paid
        // What names an order that is not there is for no other.
        .filter(({ match }) => match.doubt !== "order-not-in-file")
        .map(({ valued }) => unplacedName(personOf(valued.record.beneficiary), valued.unit)),
    ),
    unseen: countOf(paid.map(({ valued }) => personOf(valued.record.beneficiary))),
    personOf,
    unconfirmed,
    contested: Grouping.contestedBy(groups),
  }
}

/** Credits that are due by the files' own evidence, and that no line counts yet. */
const unanswered = (
  grouping: Grouping.Grouping,
  groups: ReadonlyArray<Group>,
  lines: ReadonlyArray<AuditLine.AuditLine>,
  known: RecordsKnown,
): ReadonlyArray<AuditLine.AuditLine> => {
  const { claimed, first, now, people, program } = grouping
  const counted = new Set(lines.map(({ credit }) => credit))
  const answered = Grouping.answeredBy(groups)
  const isOpen = (credit: Credit): boolean =>
    dueOf(credit) > 0n && !counted.has(credit.key) && !claimed.has(Facts.key(credit.cause))
  return [...Grouping.creditsByCause(now).values()]
    .flat()
    .filter(isOpen)
    .map((credit) => {
      const group = Grouping.groupOfCredit(grouping, credit, Facts.key(credit.cause))
      // It has records, and they are in another unit.
      if (answered.has(credit.key)) return ofCredit(group, "other-unit")
      const owed = {
        credit,
        first: first.credits.get(credit.key),
        holdDays: holdOf(program, credit.rule),
        person: people.personOf(credit.beneficiary),
      }
      return ofCredit(group, doubtOf(known, owed))
    })
}
