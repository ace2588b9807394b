/**
 * What a decision grants: one credit per key, with the balance sheet that it should have.
 *
 * The key never holds version, amount, person or cluster. `legs` say how much of the credit lies in which ledger
 * account; they sum to zero. A refused or reversed credit has no legs.
 */
import { Schema } from "effect"
import { Because } from "../because/Because.ts"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { AmountMinor } from "../money/Money.ts"

/** (program, rule, cause, role, part) as one text; `part` only where a role has several beneficiaries. */
export const CreditKey = Schema.String.pipe(Schema.brand("CreditKey"))
export type CreditKey = typeof CreditKey.Type

export const keyOf = (parts: {
  readonly program: string
  readonly rule: string
  readonly cause: string
  readonly role: string
  readonly part?: string
}): CreditKey => [parts.program, parts.rule, parts.cause, parts.role, parts.part ?? ""].join("|") as CreditKey

/** Where value lies: not yet due, ours to hand over, handed over, or owed back to us. */
export const Maturity = Schema.Literals(["pending", "available", "settled", "debt"])
export type Maturity = typeof Maturity.Type

/** A ledger account: one handle's, or the program's own, which all value comes from. */
export const Account = Schema.String.pipe(Schema.brand("Account"))
export type Account = typeof Account.Type

export const handleAccount = (handle: Handle, maturity: Maturity): Account => `${handle}#${maturity}` as Account
export const programAccount = (program: string): Account => `program:${program}#granted` as Account

/** What amounts are counted in: `EUR` for money in minor units, `points:<program>` for points. */
export const Unit = Schema.String.pipe(Schema.brand("Unit"))
export type Unit = typeof Unit.Type

export const Leg = Schema.Struct({ account: Account, amountMinor: AmountMinor })
export type Leg = typeof Leg.Type

export const Review = Schema.Literals(["clear", "held", "rejected"])
export type Review = typeof Review.Type

/** A credit as it should be by facts and rules at a time. */
export const Credit = Schema.Struct({
  key: CreditKey,
  program: Schema.String,
  cause: Schema.String,
  role: Schema.Literals(["advocate", "friend"]),
  beneficiary: Handle,
  /** The share code whose evidence decided; null where several compete, or none is left. */
  code: Schema.NullOr(Schema.String),
  unit: Unit,
  /** What it is worth now, after refunds; 0 when it was refused. */
  amountMinor: AmountMinor,
  /**
   * `reversed`: it was handed over and has to come back; `recorded`: the shop gave it at the checkout; `withdrawn`: the
   * evidence is gone, as if there never had been a credit.
   */
  outcome: Schema.Literals(["credited", "refused", "held", "reversed", "recorded", "withdrawn"]),
  /** The rule that refused, held or reversed it. */
  reason: Schema.NullOr(Schema.String),
  review: Review,
  legs: Schema.Array(Leg),
  /** When the state of this credit last changed by rule (placed, matured, refunded); postings carry it. */
  effectiveAt: Instant,
  /** When time alone will change it next. */
  nextDueAt: Schema.NullOr(Instant),
  /** Hash of the program version whose terms it was granted under. */
  terms: Schema.String,
  because: Because,
})
export type Credit = typeof Credit.Type

export const encode = Schema.encodeSync(Credit)
export const decode = Schema.decodeUnknownEffect(Credit)
