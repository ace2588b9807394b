/**
 * The whole trail of a decision: what the source said, who is whom and by which facts, what was looked for and found, every
 * rule tried, what was posted and handed over.
 *
 * Refusals are explained like credits, and so is an order that nobody referred. Everything here is data for a person or a
 * program to read; nothing is written, and personal values are not in it.
 */
import { Effect } from "effect"
import type { Because } from "../because/Because.ts"
import type { Fact, FactOf, ReviewDecided } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type Balance, type LedgerError, type Posted, type Recorded } from "../ledger/Ledger.ts"
import { State, type EffectRow } from "../ledger/OutboundEffect.ts"
import type { PersonId } from "../person/People.ts"
import type { Commitment } from "../program/Commitment.ts"
import { headline } from "../program/DecisionTexts.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import { versions } from "../program/Program.ts"
import { termsOf } from "../program/Terms.ts"
import type { ReferralMechanic } from "../program/Referral.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { touchesOf, type Touch } from "../referral/Touch.ts"
import type { FactLog, FactLogError } from "../fact/FactLog.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"

/** One human and the statements that join their handles. */
export interface Identity {
  readonly person: PersonId
  readonly handles: ReadonlyArray<Handle>
  readonly joinedBy: ReadonlyArray<{
    readonly fact: string
    readonly at: Instant
    readonly joins: ReadonlyArray<Handle>
  }>
}

/** What a mechanic looked for on a conversion, and what of it was there. */
export interface Evidence {
  readonly rule: string
  readonly kinds: ReferralMechanic["evidence"]
  readonly attributeKeys: ReadonlyArray<string>
  readonly model: string
  readonly windowDays: number
  readonly touches: ReadonlyArray<Touch & { readonly ownerPerson: PersonId | null }>
  /** Codes on the conversion that nobody was ever issued: ordinary discounts. */
  readonly otherCodes: ReadonlyArray<string>
}

export interface Decision {
  readonly key: CreditKey
  readonly rule: string
  readonly cause: string
  readonly part: string
  readonly role: Credit["role"]
  /** In one sentence or two. */
  readonly says: string
  /** When its cause happened. */
  readonly at: Instant
  readonly effectiveAt: Instant
  readonly expiresAt: Instant | null
  /** When time alone changes it next. */
  readonly nextDueAt: Instant | null
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly review: Credit["review"]
  readonly beneficiary: Identity
  readonly beneficiaryHandle: Handle
  readonly unit: string
  readonly amountMinor: bigint
  readonly terms: { readonly hash: string; readonly inForceSince: Instant | null }
  /** Where its amount lies, as it should be. */
  readonly legs: Credit["legs"]
  /** The program's, for dates. */
  readonly timeZone: string
  readonly because: Because
  readonly commitments: ReadonlyArray<Commitment>
  readonly humanDecision: ReviewDecided | null
  readonly postings: ReadonlyArray<Recorded>
  readonly effects: ReadonlyArray<EffectRow>
  /** Whether the ledger says the same already. */
  readonly isPosted: boolean
}

export interface ConversionExplained {
  readonly kind: "conversion"
  readonly cause: string
  /** The source's own statement: the order or the deal. */
  readonly said: FactOf<"OrderPlaced"> | FactOf<"DealChanged">
  readonly refunds: ReadonlyArray<FactOf<"RefundMade">>
  /** null where it does not count as one: a deal that is not won. */
  readonly conversion: Conversion | null
  readonly buyers: ReadonlyArray<Identity>
  /** Empty when no version of the program was in force. */
  readonly evidence: ReadonlyArray<Evidence>
  readonly decisions: ReadonlyArray<Decision>
}

/** What is read once for any explanation. */
export interface Trail {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
  readonly posted: ReadonlyMap<CreditKey, Posted>
  readonly effects: ReadonlyArray<EffectRow>
  readonly balances: ReadonlyArray<Balance>
}

/** Reads the trail of one program at a time. */
export const read = Effect.fn("Explaining.read")(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<Trail, FactLogError | LedgerError, FactLog | Ledger | CurrentTenant> {
  const ledger = yield* Ledger
  const facts = yield* factsAt(asOf)
  return {
    facts,
    evaluation: evaluate(facts, program, asOf),
    posted: yield* ledger.posted(program),
    effects: yield* ledger.effects({ states: State.literals }),
    balances: yield* ledger.balances,
  }
})

export const identityOf = ({ evaluation, facts }: Trail, handle: Handle): Identity => {
  const { people } = evaluation.history
  const person = people.personOf(handle)
  const joinedBy = facts.flatMap((fact): Identity["joinedBy"] => {
    if (fact._tag === "PersonSeen" && people.personOf(fact.person) === person) {
      const joins = [...fact.aliases, ...fact.mergedFrom]
      return joins.length === 0 ? [] : [{ fact: fact.key, at: fact.occurredAt, joins: [fact.person, ...joins] }]
    }
    if (fact._tag === "PeopleMerged" && people.personOf(fact.into) === person)
      return [{ fact: fact.key, at: fact.occurredAt, joins: [fact.into, ...fact.from] }]
    return []
  })
  return { person, handles: people.handlesOf(person), joinedBy }
}

/** Explains an order or a deal that is among the facts. */
export const explainConversion = Effect.fn("Explaining.conversion")(function* (
  trail: Trail,
  cause: string,
): Effect.fn.Return<ConversionExplained | null, LedgerError, Ledger | CurrentTenant> {
  const { evaluation, facts, posted } = trail
  const said = facts.find((fact) => (fact._tag === "OrderPlaced" || fact._tag === "DealChanged") && fact.key === cause)
  if (said?._tag !== "OrderPlaced" && said?._tag !== "DealChanged") return null
  const conversion = evaluation.history.conversions.find((one) => one.cause === cause) ?? null
  const { people } = evaluation.history
  const friends =
    said._tag === "OrderPlaced" ? [said.customer, said.email].filter((handle) => handle !== null) : said.contacts
  const buyers = [...new Map(friends.map((friend) => [people.personOf(friend), friend])).values()]
  const keys = new Set<CreditKey>()
  for (const credit of evaluation.credits.values()) if (credit.cause === cause) keys.add(credit.key)
  for (const [key, { credit }] of posted) if (credit.cause === cause) keys.add(key)
  return {
    kind: "conversion",
    cause,
    said,
    refunds:
      said._tag === "OrderPlaced"
        ? facts.filter((fact) => fact._tag === "RefundMade").filter(({ order }) => order === said.order)
        : [],
    conversion,
    buyers: buyers.map((buyer) => identityOf(trail, buyer)),
    evidence: conversion === null ? [] : evidenceOf(trail, conversion),
    decisions: yield* Effect.forEach([...keys].sort(), (key) => explainCredit(trail, key)),
  }
})

const evidenceOf = ({ evaluation, facts }: Trail, conversion: Conversion): ReadonlyArray<Evidence> => {
  const { people, touches } = evaluation.history
  const inForce = termsOf(facts, evaluation.program, evaluation.asOf).at(conversion.at)
  const referrals = (inForce?.definition.mechanics ?? []).filter((mechanic) => mechanic.kind === "referral")
  return referrals.map((mechanic) => {
    const found = touchesOf(conversion, touches, people, {
      kinds: mechanic.evidence,
      attributeKeys: mechanic.attributeKeys,
    })
    return {
      rule: mechanic.rule,
      kinds: mechanic.evidence,
      attributeKeys: mechanic.attributeKeys,
      model: mechanic.attribution.model,
      windowDays: mechanic.attribution.windowDays,
      touches: found.map((touch) => ({
        ...touch,
        ownerPerson: touch.owner === null ? null : people.personOf(touch.owner),
      })),
      otherCodes: conversion.codes
        .map(({ code }) => code)
        .filter((code) => !touches.assets.has(code.trim().toUpperCase())),
    }
  })
}

/** Explains one credit, refused and withdrawn ones too. Its key must be among those evaluated or posted. */
export const explainCredit = Effect.fn("Explaining.credit")(function* (
  trail: Trail,
  key: CreditKey,
): Effect.fn.Return<Decision, LedgerError, Ledger | CurrentTenant> {
  const { evaluation, facts, posted } = trail
  const before = posted.get(key)
  const desired = evaluation.credits.get(key)
  const credit = desired ?? before?.credit
  if (credit === undefined) return yield* Effect.die(new Error(`the credit ${key} is neither evaluated nor posted`))
  const history = yield* Effect.flatMap(Ledger, (ledger) => ledger.history(key))
  const terms = termsOf(facts, evaluation.program, evaluation.asOf).byHash(credit.terms) ?? evaluation.terms
  const since = versions(facts, evaluation.program).find(({ program }) => program.hash === credit.terms)?.from ?? null
  const one = <Value>(value: Value | undefined): ReadonlyMap<CreditKey, Value> =>
    new Map(value === undefined ? [] : [[key, value]])
  return {
    key,
    rule: credit.rule,
    cause: credit.cause,
    part: credit.part,
    role: credit.role,
    says: headline(credit),
    at: credit.at,
    effectiveAt: credit.effectiveAt,
    expiresAt: credit.expiresAt,
    nextDueAt: credit.nextDueAt,
    outcome: credit.outcome,
    reason: credit.reason,
    review: credit.review,
    beneficiary: identityOf(trail, credit.beneficiary),
    beneficiaryHandle: credit.beneficiary,
    unit: credit.unit,
    amountMinor: credit.amountMinor,
    terms: { hash: credit.terms, inForceSince: since },
    legs: credit.legs,
    timeZone: terms?.definition.timeZone ?? "UTC",
    because: credit.because,
    commitments: evaluation.history.commitments.of(key),
    humanDecision: evaluation.history.reviews.get(key) ?? null,
    postings: history,
    effects: trail.effects.filter(({ effect }) => effect._tag === "IssueReward" && effect.credit === key),
    isPosted: difference(one(desired), one(before)).length === 0,
  }
})
