/**
 * An audit as the terminal, JSON, the table and the page tell of it: who is called what, and its figures in one place.
 *
 * Names and addresses stand here only where the user's own files gave them in this run; a store is told by handles.
 */
import * as AuditLine from "@advocacy-kit/core/audit/AuditLine"
import { kindTexts } from "@advocacy-kit/core/audit/AuditWords"
import type { Audit } from "@advocacy-kit/core/flow/Auditing"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Unit } from "@advocacy-kit/core/ledger/Credit"
import * as UnitSum from "@advocacy-kit/core/ledger/UnitSum"
import * as Amount from "../Amount.ts"

export interface FileRead {
  readonly name: string
  readonly format: string
  readonly rows: number
  readonly facts: number
  readonly parked: number
}

export interface AuditModel {
  readonly audit: Audit
  /** Empty where a store was audited. */
  readonly files: ReadonlyArray<FileRead>
  /** What a person is called. */
  readonly nameOf: (handle: Handle) => string
}

const positive = (minor: bigint): bigint => (minor < 0n ? -minor : minor)

/** What went out too much, what is owed, and what cannot be told, by unit. */
export const sides = ({ lines }: Audit): Readonly<Record<AuditLine.Side, ReadonlyArray<UnitSum.UnitSum>>> => {
  const of = (side: AuditLine.Side) =>
    UnitSum.sum(
      lines
        .filter((line) => AuditLine.sideOf(line) === side)
        .map(({ differenceMinor, dueMinor, paidMinor, unit }) => ({
          unit,
          // What cannot be told may be either.
          amountMinor:
            side === "unknown" ? positive(paidMinor > dueMinor ? paidMinor : dueMinor) : positive(differenceMinor),
        })),
    )
  return { "too-much": of("too-much"), "too-little": of("too-little"), unknown: of("unknown"), even: of("even") }
}

export const headline = (audit: Audit): string => {
  const found = sides(audit)
  const unknown = audit.lines.filter(({ kind }) => kind === "cannot-tell").length
  return [
    `${Amount.formatSums(found["too-much"])} paid too much`,
    `${Amount.formatSums(found["too-little"])} too little or not at all`,
    unknown === 0 ? "all could be told" : `${unknown} lines (${Amount.formatSums(found.unknown)}) cannot be told`,
  ].join("; ")
}

export const findings = ({ lines }: Audit): ReadonlyArray<AuditLine.AuditLine> => lines.filter(AuditLine.isFinding)

/** `paid 120.00 EUR - due 100.00 EUR = 20.00 EUR`, a line for each unit: what the lines sum to. */
export const identity = ({ due, paid }: Audit): ReadonlyArray<string> =>
  [...new Set<Unit>([...paid, ...due].map(({ unit }) => unit))].sort().map((unit) => {
    const [out, owed] = [UnitSum.of(paid, unit), UnitSum.of(due, unit)]
    return `paid ${Amount.format(unit, out)} - due ${Amount.format(unit, owed)} = ${Amount.format(unit, out - owed)}, which is the sum of all differences`
  })

/** `#1001`, else the platform's own name of it. */
export const orderText = ({ cause, name }: AuditLine.AuditedOrder): string => name ?? cause

export const ordersText = ({ orders }: AuditLine.AuditLine): string => orders.map(orderText).join(" ")

export const titleOf = (kind: AuditLine.Kind): string => kindTexts[kind].title
