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
import { Share } from "../money/Share.ts"
import { HandOver } from "./HandOver.ts"

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

/** The parts of a credit key; null for a text that is none. A cause may hold the separator; the others never do. */
export const partsOf = (
  key: string,
): {
  readonly program: string
  readonly rule: string
  readonly cause: string
  readonly role: string
  readonly part: string
} | null => {
  const [program, rule, ...rest] = key.split("|")
  const [role, part] = rest.slice(-2)
  if (program === undefined || rule === undefined || rest.length < 3 || role === undefined || part === undefined)
    return null
  return { program, rule, cause: rest.slice(0, -2).join("|"), role, part }
}

/**
 * Where value lies: not yet due, ours to hand over, handed over, owed back to us; or gone from the beneficiary: expired, given to
 * somebody else, forfeited by erasure. `repaid` is where one credit of a person pays the debt of another; over a person it is zero.
 */
export const Maturity = Schema.Literals([
  "pending",
  "available",
  "settled",
  "debt",
  "repaid",
  "expired",
  "transferred",
  "forfeited",
])
export type Maturity = typeof Maturity.Type

/** A ledger account: one handle's, or the program's own, which all value comes from. */
export const Account = Schema.String.pipe(Schema.brand("Account"))
export type Account = typeof Account.Type

export const handleAccount = (handle: Handle, maturity: Maturity): Account => `${handle}#${maturity}` as Account
export const programAccount = (program: string): Account => `program:${program}#granted` as Account

/** What amounts are counted in: `EUR` for money in minor units, `points:<program>` for points, `tier:<program>` for tiers. */
export const Unit = Schema.String.pipe(Schema.brand("Unit"))
export type Unit = typeof Unit.Type

export const pointsUnit = (program: string): Unit => `points:${program}` as Unit
export const tierUnit = (program: string): Unit => `tier:${program}` as Unit

export const Leg = Schema.Struct({ account: Account, amountMinor: AmountMinor })
export type Leg = typeof Leg.Type

export const Review = Schema.Literals(["clear", "held", "rejected"])
export type Review = typeof Review.Type

/** A credit as it should be by facts and rules at a time. */
export const Credit = Schema.Struct({
  key: CreditKey,
  program: Schema.String,
  rule: Schema.String,
  cause: Schema.String,
  /** `member`: a person in their own right, for what they bought, exchanged, were given, or reached. */
  role: Schema.Literals(["advocate", "friend", "member"]),
  /** The evidence's own name where a role has several beneficiaries, else empty. */
  part: Schema.String,
  beneficiary: Handle,
  /** The share code whose evidence decided; null where several compete, or none is left. */
  code: Schema.NullOr(Schema.String),
  unit: Unit,
  /** When its cause happened: lots are taken and limits filled in this order. */
  at: Instant,
  /** What it is worth now, after refunds; 0 when it was refused. Of a tier: the number of the tier, from 1. */
  amountMinor: AmountMinor,
  /**
   * `reversed`: it was handed over and has to come back; `recorded`: the shop gave it at the checkout; `withdrawn`: the
   * evidence is gone, as if there never had been a credit; `lapsed`: a tier whose time is over.
   */
  outcome: Schema.Literals(["credited", "refused", "held", "reversed", "recorded", "withdrawn", "lapsed"]),
  /** The rule that refused, held or reversed it. */
  reason: Schema.NullOr(Schema.String),
  review: Review,
  legs: Schema.Array(Leg),
  /** When the state of this credit last changed by rule (placed, matured, refunded); postings carry it. */
  effectiveAt: Instant,
  /** When what nobody took of it expires, or a tier ends; null: never. */
  expiresAt: Schema.NullOr(Instant),
  /** When time alone will change it next. */
  nextDueAt: Schema.NullOr(Instant),
  /** Hash of the program version whose terms it was granted under. */
  terms: Schema.String,
  /** Where several advocates share and it is credited: the share that a commitment to it keeps. */
  share: Schema.optionalKey(Share),
  /** The form in which it is handed over; absent: a discount code. */
  handOver: Schema.optionalKey(HandOver),
  because: Because,
})
export type Credit = typeof Credit.Type

export const encode = Schema.encodeSync(Credit)
export const decode = Schema.decodeUnknownEffect(Credit)
