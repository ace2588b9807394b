/**
 * What an audit finds: one line for each thing that was paid or should have been, in money, with the purchases behind it.
 *
 * Promises: each record of the other product and each credit that the rules grant lies in exactly one line, so that over all lines what
 * was paid less what is due is the sum of their differences, in every unit.
 */
import type { Because } from "../because/Because.ts"
import type { FactKey } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CreditKey, Unit } from "../ledger/Credit.ts"
import * as UnitSum from "../ledger/UnitSum.ts"

/** In the order in which a report lists them: what went out too much, what is owed, what cannot be told, what is right. */
export const kinds = [
  "twice",
  "after-refund",
  "self-referral",
  "above-limit",
  "not-due",
  "wrong-amount",
  "too-early",
  "missing",
  "cannot-tell",
  "right",
] as const
export type Kind = (typeof kinds)[number]

/** Why files cannot prove it. */
export const doubts = [
  /** Of a record: what it was paid for is not found. */
  "order-not-in-file",
  "ambiguous-name",
  "no-purchase",
  "several-purchases",
  "names-nothing",
  /** Of a record: it is found, and cannot be judged. */
  "other-unit",
  "other-currency",
  "unknown-buyer",
  "unknown-enrolment",
  "outside-window",
  "needs-human",
  "other-person",
  "refund-estimated",
  "at-checkout",
  "no-rule",
  "still-pending",
  "only-claimed",
  /** Of a credit without a record. */
  "before-records",
  "role-not-in-file",
  "unconfirmed",
  "contested",
  "maybe-paid",
  "slot-freed",
  "limit-unknown",
] as const
export type Doubt = (typeof doubts)[number]

/** How a record was matched to a purchase. */
export type MatchedBy = "order" | "order-name" | "friend" | "nothing"

export interface AuditedOrder {
  readonly cause: FactKey
  /** What people call it, where a file says. */
  readonly name: string | null
  readonly at: Instant
}

export interface AuditLine {
  readonly kind: Kind
  /** Set where the kind is `cannot-tell`, and nowhere else. */
  readonly doubt: Doubt | null
  readonly beneficiary: Handle
  readonly role: "advocate" | "friend" | "member" | null
  readonly unit: Unit
  readonly orders: ReadonlyArray<AuditedOrder>
  /** The records of the other product, in key order. */
  readonly records: ReadonlyArray<FactKey>
  /** The credit that the rules grant and that is counted here; null where none is. */
  readonly credit: CreditKey | null
  readonly dueMinor: bigint
  /** Of records that were paid; pending and reversed ones are worth nothing. */
  readonly paidMinor: bigint
  readonly differenceMinor: bigint
  /** The rule that refused it, or by which it fell, where one did. */
  readonly reason: string | null
  readonly because: Because
  /** null where there is no record. */
  readonly matchedBy: MatchedBy | null
  /** Who brought the buyer is known by the other product's own word alone. */
  readonly isClaimed: boolean
  /** When the purchase was made, else when the record says that it was granted. */
  readonly at: Instant
}

/** What went out too much, what is owed, what is not known, what is neither. */
export type Side = "too-much" | "too-little" | "unknown" | "even"

export const sideOf = ({ differenceMinor, kind }: Pick<AuditLine, "kind" | "differenceMinor">): Side => {
  if (kind === "cannot-tell") return "unknown"
  if (kind === "right" || differenceMinor === 0n) return "even"
  return differenceMinor > 0n ? "too-much" : "too-little"
}

/** Whether a line says that something went wrong. */
export const isFinding = ({ kind }: Pick<AuditLine, "kind">): boolean => kind !== "right" && kind !== "cannot-tell"

export interface KindTotal {
  readonly kind: Kind
  readonly unit: Unit
  readonly lines: number
  readonly dueMinor: bigint
  readonly paidMinor: bigint
  readonly differenceMinor: bigint
}

export interface DoubtTotal {
  readonly doubt: Doubt
  readonly unit: Unit
  readonly lines: number
  readonly dueMinor: bigint
  readonly paidMinor: bigint
}

const sumOf = (lines: ReadonlyArray<AuditLine>) => ({
  lines: lines.length,
  dueMinor: lines.reduce((total, { dueMinor }) => total + dueMinor, 0n),
  paidMinor: lines.reduce((total, { paidMinor }) => total + paidMinor, 0n),
})

/** Per kind and unit, in the order of `kinds`. */
export const totalsOf = (lines: ReadonlyArray<AuditLine>): ReadonlyArray<KindTotal> =>
  [...Map.groupBy(lines, ({ kind, unit }) => `${kinds.indexOf(kind).toString().padStart(2, "0")} ${unit}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, of]) => {
      const [first] = of
      if (first === undefined) return []
      const sums = sumOf(of)
      return [{ kind: first.kind, unit: first.unit, ...sums, differenceMinor: sums.paidMinor - sums.dueMinor }]
    })

/** Why it cannot be told, most lines first. */
export const doubtsOf = (lines: ReadonlyArray<AuditLine>): ReadonlyArray<DoubtTotal> =>
  [...Map.groupBy(lines, ({ doubt, unit }) => (doubt === null ? "" : `${doubt} ${unit}`))]
    .flatMap(([name, of]) => {
      const [first] = of
      return name === "" || first === undefined || first.doubt === null
        ? []
        : [{ doubt: first.doubt, unit: first.unit, ...sumOf(of) }]
    })
    .sort((a, b) => b.lines - a.lines || (a.doubt + a.unit < b.doubt + b.unit ? -1 : 1))

/** What was paid, and what is due, over all lines. */
export const sums = (lines: ReadonlyArray<AuditLine>) => ({
  paid: UnitSum.sum(lines.map(({ paidMinor, unit }) => ({ unit, amountMinor: paidMinor }))),
  due: UnitSum.sum(lines.map(({ dueMinor, unit }) => ({ unit, amountMinor: dueMinor }))),
})

/** Kind, then largest difference, then time, then what it is about. */
export const inOrder = (left: AuditLine, right: AuditLine): number => {
  const byKind = kinds.indexOf(left.kind) - kinds.indexOf(right.kind)
  if (byKind !== 0) return byKind
  const [a, b] = [left, right].map(({ differenceMinor }) => (differenceMinor < 0n ? -differenceMinor : differenceMinor))
  if (a !== b && a !== undefined && b !== undefined) return a > b ? -1 : 1
  if (left.at !== right.at) return left.at - right.at
  const [one, other] = [left, right].map(({ credit, records, unit }) => [unit, credit ?? "", ...records].join(" "))
  return (one ?? "") < (other ?? "") ? -1 : (one ?? "") > (other ?? "") ? 1 : 0
}
