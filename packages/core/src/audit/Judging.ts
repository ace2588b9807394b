/**
 * The records of one purchase, side and person beside the credit that the rules grant for it: a line, or two where it was paid twice.
 *
 * Promises: pure; every record lands in one line and the credit in one; the reasons are the engine's own.
 */
import { failed, noted, type Because } from "../because/Because.ts"
import type { RewardPaid } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso } from "../id/Instant.ts"
import type { Credit, Unit } from "../ledger/Credit.ts"
import { amountIn } from "../program/Draft.ts"
import type { AuditLine, AuditedOrder, Doubt, Kind, MatchedBy } from "./AuditLine.ts"

/** A record with its amount in the unit in which it is compared. */
export interface Valued {
  readonly record: RewardPaid
  readonly unit: Unit
  readonly paidMinor: bigint
  readonly by: MatchedBy
}

/** How the person who was paid stands to the credit. */
export type Standing =
  /** The credit is for this person. */
  | "own"
  /** The person bought it themselves, and was paid as the advocate. */
  | "buyer"
  /** Another advocate's code is shown at the purchase, which decides by the rules. */
  | "other-proven"
  /** Another advocate claimed the purchase before. */
  | "other-claimed"
  /** Somebody else brought it by what the files show, and the other product may know more. */
  | "other"

export interface Group {
  readonly order: AuditedOrder
  readonly beneficiary: Handle
  readonly role: AuditLine["role"]
  readonly standing: Standing
  /** In the order in which they were granted; of one unit. */
  readonly records: ReadonlyArray<Valued>
  /** What the rules say of this purchase and side; null where they say nothing. */
  readonly credit: Credit | null
  /** The same as if nothing had been refunded or cancelled. */
  readonly first: Credit | null
  readonly isClaimed: boolean
  /** The same as if no more had gone back than is certain: a file knows a sum, in which tax and shipping may lie. */
  readonly most: Credit | null
  /** The rules depend on enrolment, and no file tells of any. */
  readonly isEnrolmentUnknown: boolean
  /** What a side gets at the checkout is no reward of the product. */
  readonly isAtCheckout: boolean
}

/** A difference of one minor unit is how the other product rounds. */
const roundingMinor = 1n

export const isPending = ({ legs }: Credit): boolean => legs.some(({ account }) => account.endsWith("#pending"))

/** What a credit asks for now: nothing while its hold runs, while a human is asked, or where it was refused. */
export const dueOf = (credit: Credit | null): bigint =>
  credit !== null && credit.outcome === "credited" && credit.review === "clear" && !isPending(credit)
    ? credit.amountMinor
    : 0n

interface Finding {
  readonly kind: Kind
  readonly doubt: Doubt | null
  readonly reason: string | null
  readonly because: Because
}

const doubtful = (doubt: Doubt, credit: Credit | null): Finding => ({
  kind: "cannot-tell",
  doubt,
  reason: credit?.reason ?? null,
  because: credit?.because ?? [],
})

const found = (kind: Kind, credit: Credit | null): Finding => ({
  kind,
  doubt: null,
  reason: credit?.reason ?? null,
  because: credit?.because ?? [],
})

/** Reasons that hold whoever brought the buyer. */
const ofPurchase: ReadonlySet<string | null> = new Set([
  "test-order",
  "cancelled",
  "refunded",
  "existing-customer",
  "other-currency",
  "unknown-buyer",
  "below-minimum",
  "other-products",
  "other-channel",
])

const isRefused = (credit: Credit | null): credit is Credit => credit !== null && credit.outcome === "refused"

/** Why what was paid is not due; of a credit that asks for nothing. */
const whyNotDue = (group: Group): Finding => {
  const { credit, standing } = group
  if (group.isAtCheckout) return doubtful("at-checkout", credit)
  if (credit === null && standing !== "buyer") return doubtful("no-rule", null)
  if (credit === null || (standing === "buyer" && !(isRefused(credit) && ofPurchase.has(credit.reason))))
    return {
      ...found("self-referral", credit),
      reason: "self-referral",
      ...(credit?.reason === "self-referral" ? {} : { because: [failed("not a self-referral")] }),
    }
  if (standing.startsWith("other") && !(isRefused(credit) && ofPurchase.has(credit.reason)))
    return byOther(group, credit)
  if (credit.outcome === "held" || credit.review === "held") return doubtful("needs-human", credit)
  if (credit.outcome === "credited") return found("too-early", credit)
  return byReason(group, credit)
}

const byOther = ({ standing }: Group, credit: Credit): Finding => {
  if (standing === "other") return doubtful("other-person", credit)
  const because: Because = [failed("brought by who was paid", { broughtBy: credit.beneficiary }), ...credit.because]
  return { kind: standing === "other-claimed" ? "twice" : "not-due", doubt: null, reason: "other-advocate", because }
}

/** Reasons that more of the purchase would take away. */
const ofAmounts: ReadonlySet<string | null> = new Set(["refunded", "below-minimum", "other-products"])

const byReason = ({ first, isEnrolmentUnknown, most }: Group, credit: Credit): Finding => {
  if (ofAmounts.has(credit.reason) && most?.outcome === "credited") return doubtful("refund-estimated", credit)
  switch (credit.reason) {
    case "self-referral":
      return found("self-referral", credit)
    case "limit-reached":
      return found("above-limit", credit)
    case "refunded":
    case "cancelled":
      return found("after-refund", credit)
    case "below-minimum":
    case "other-products":
      return found(first?.outcome === "credited" ? "after-refund" : "not-due", credit)
    case "other-currency":
    case "unknown-buyer":
    case "outside-window":
      return doubtful(credit.reason, credit)
    case "other-channel":
      return credit.because.some(({ saw }) => saw.channel === "none")
        ? doubtful("no-rule", credit)
        : found("not-due", credit)
    case "not-enrolled":
      return isEnrolmentUnknown ? doubtful("unknown-enrolment", credit) : found("not-due", credit)
    default:
      return found("not-due", credit)
  }
}

const granted = (credit: Credit | null, otherwise: bigint): bigint =>
  credit?.outcome === "credited" ? credit.amountMinor : otherwise

/** What one payment of something that is due comes to. */
const ofAmount = ({ credit, first, most }: Group, dueMinor: bigint, paidMinor: bigint): Finding => {
  const excess = paidMinor - dueMinor
  if (excess <= roundingMinor && excess >= -roundingMinor) return found("right", credit)
  if (excess > 0n && paidMinor <= granted(most, dueMinor) + roundingMinor) return doubtful("refund-estimated", credit)
  const beyondFirst = paidMinor - granted(first, dueMinor)
  const isOfFirst = granted(first, dueMinor) > dueMinor && beyondFirst <= roundingMinor && beyondFirst >= -roundingMinor
  return found(isOfFirst ? "after-refund" : "wrong-amount", credit)
}

const sum = (records: ReadonlyArray<Valued>): bigint => records.reduce((total, { paidMinor }) => total + paidMinor, 0n)

const told = ({ by, paidMinor, record, unit }: Valued) =>
  noted("record", {
    record: record.key,
    status: record.status,
    granted: toIso(record.occurredAt),
    amount: amountIn(unit, paidMinor),
    matchedBy: by,
  })

const lineOf = (
  group: Group,
  { because, doubt, kind, reason }: Finding,
  records: ReadonlyArray<Valued>,
  dueMinor: bigint,
): AuditLine => {
  const paidMinor = sum(records)
  return {
    kind,
    doubt,
    beneficiary: group.beneficiary,
    role: group.role,
    unit: records[0]?.unit ?? group.credit?.unit ?? ("" as Unit),
    orders: [group.order],
    records: records.map(({ record }) => record.key).sort(),
    credit: dueMinor === 0n ? null : (group.credit?.key ?? null),
    dueMinor,
    paidMinor,
    differenceMinor: paidMinor - dueMinor,
    reason,
    because: [...because, ...records.map(told)],
    matchedBy: records[0]?.by ?? null,
    isClaimed: group.isClaimed,
    at: group.order.at,
  }
}

const isPaid = ({ record }: Valued): boolean => record.status === "paid"

/** The payments that answer the credit, and those that are beyond it. */
const split = (
  paid: ReadonlyArray<Valued>,
  dueMinor: bigint,
): readonly [ReadonlyArray<Valued>, ReadonlyArray<Valued>] => {
  // Parts of one sum are no repetition.
  if (paid.length < 2 || (dueMinor > 0n && sum(paid) <= dueMinor + roundingMinor)) return [paid, []]
  const main = paid.find(({ paidMinor }) => paidMinor === dueMinor) ?? paid[0]
  return [paid.filter((one) => one === main), paid.filter((one) => one !== main)]
}

/** The lines of one group. A group without records is a credit that nothing was paid for; see `ofCredit`. */
export const linesOf = (group: Group): ReadonlyArray<AuditLine> => {
  const { credit, isClaimed, records, standing } = group
  const dueMinor = standing === "own" ? dueOf(credit) : 0n
  const paid = records.filter(isPaid)
  const others = records.filter((one) => !isPaid(one))
  if (dueMinor > 0n && credit !== null && records.some(({ unit }) => unit !== credit.unit))
    return [lineOf(group, doubtful("other-unit", credit), records, 0n)]
  const [main, again] = split(paid, dueMinor)
  const repeated =
    again.length === 0
      ? []
      : [
          lineOf(
            group,
            {
              kind: "twice",
              doubt: null,
              reason: "paid-again",
              because: [failed("paid once", { before: main.map(({ record }) => record.key).join(" ") })],
            },
            again,
            0n,
          ),
        ]
  if (main.length > 0) {
    const finding = dueMinor > 0n ? ofAmount(group, dueMinor, sum(main)) : whyNotDue(group)
    return [lineOf(group, finding, [...main, ...others], dueMinor), ...repeated]
  }
  if (dueMinor === 0n) return [lineOf(group, found("right", credit), others, 0n)]
  if (others.some(({ record }) => record.status === "pending"))
    return [lineOf(group, doubtful("still-pending", credit), others, dueMinor)]
  // It was taken back although it is due.
  return [lineOf(group, isClaimed ? doubtful("only-claimed", credit) : found("missing", credit), others, dueMinor)]
}

/** The line of a credit that no record speaks of. */
export const ofCredit = (group: Group, doubt: Doubt | null): AuditLine =>
  lineOf(
    group,
    doubt === null ? found("missing", group.credit) : doubtful(doubt, group.credit),
    [],
    dueOf(group.credit),
  )

/** The line of a record that no purchase was found for. */
export const ofUnmatched = (one: Valued, doubt: Doubt): AuditLine => ({
  kind: "cannot-tell",
  doubt,
  beneficiary: one.record.beneficiary,
  role: one.record.role,
  unit: one.unit,
  orders: [],
  records: [one.record.key],
  credit: null,
  dueMinor: 0n,
  paidMinor: one.paidMinor,
  differenceMinor: one.paidMinor,
  reason: null,
  because: [told(one)],
  matchedBy: "nothing",
  isClaimed: false,
  at: one.record.occurredAt,
})
