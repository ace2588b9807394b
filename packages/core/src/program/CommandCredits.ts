/**
 * Credits that commands bring: what was redeemed for, transferred, and given by hand.
 *
 * They are facts, so nothing decides about them again. What was transferred comes out of the giver's account, not out of the
 * program; it expires when the first of the lots it was made of would have.
 */
import { listed, noted } from "../because/Because.ts"
import type { Fact, FactOf } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import { handleAccount, type CreditKey, type Leg, type Unit } from "../ledger/Credit.ts"
import * as Arithmetic from "./Arithmetic.ts"
import { creditKey } from "./Case.ts"
import { inOtherUnits, inUnit } from "./Commitment.ts"
import { restOf } from "./ConversionCredits.ts"
import { amountIn, type Draft } from "./Draft.ts"
import type { History } from "./History.ts"
import type { Terms } from "./Terms.ts"

type Command = FactOf<"ValueRedeemed"> | FactOf<"ValueTransferred"> | FactOf<"ValueAdjusted">

const isCommand = (fact: Fact): fact is Command =>
  fact._tag === "ValueRedeemed" || fact._tag === "ValueTransferred" || fact._tag === "ValueAdjusted"

interface Given {
  readonly rule: "redeem" | "transfer" | "adjust"
  readonly beneficiary: Handle
  readonly unit: string
  readonly amountMinor: bigint
  readonly because: Readonly<Record<string, string>>
  readonly sources?: ReadonlyArray<Leg>
}

/** What a command gives somebody; null where it only takes. */
const givenBy = (fact: Command): Given | null => {
  switch (fact._tag) {
    case "ValueRedeemed":
      return fact.gives === null
        ? null
        : { rule: "redeem", beneficiary: fact.person, ...fact.gives, because: { label: fact.label } }
    case "ValueTransferred":
      return {
        rule: "transfer",
        beneficiary: fact.to,
        unit: fact.unit,
        amountMinor: fact.lots.reduce((total, lot) => total + lot.amountMinor, 0n),
        because: { from: fact.from, by: fact.by, reason: fact.reason },
        sources: fact.lots.map((lot) => ({
          account: handleAccount(lot.beneficiary, "transferred"),
          amountMinor: lot.amountMinor,
        })),
      }
    case "ValueAdjusted":
      return fact.amountMinor <= 0n
        ? null
        : {
            rule: "adjust",
            beneficiary: fact.person,
            unit: fact.unit,
            amountMinor: fact.amountMinor,
            because: { by: fact.by, reason: fact.reason },
          }
  }
}

/** The credits of the commands of one program, in the order in which they were given; `known` are those of conversions. */
export const commandDrafts = (
  history: History,
  facts: ReadonlyArray<Fact>,
  program: string,
  known: ReadonlyMap<CreditKey, Draft>,
  terms: Terms,
): ReadonlyArray<Draft> => {
  const drafts = new Map(known)
  const made: Array<Draft> = []
  const commands = facts
    .filter(isCommand)
    .filter((fact) => fact.program === program && fact.occurredAt <= history.asOf)
    .sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1))
  for (const fact of commands) {
    const given = givenBy(fact)
    if (given === null) continue
    const expiresAt = earliest(fact.lots.map(({ credit }) => drafts.get(credit as CreditKey)?.credit.expiresAt ?? null))
    const draft = draftOf(
      history,
      fact,
      given,
      fact._tag === "ValueTransferred" ? expiresAt : null,
      termsOf(fact, terms),
    )
    drafts.set(draft.credit.key, draft)
    made.push(draft)
  }
  return made
}

/** What a command gives stands under the terms of its lots, else under those of its time. */
const termsOf = ({ lots, occurredAt }: Command, terms: Terms): string =>
  lots[0]?.terms ?? terms.inForce(occurredAt)?.hash ?? ""

const earliest = (times: ReadonlyArray<Instant | null>): Instant | null => {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

const draftOf = (history: History, fact: Command, given: Given, expiresAt: Instant | null, terms: string): Draft => {
  const key = creditKey(fact.program, given, fact.key, "member")
  const all = history.commitments.of(key)
  const committed = inUnit(all, given.unit)
  const back = history.commitments.takenBack(key, given.unit)
  const amountMinor = given.amountMinor - (back?.amountMinor ?? 0n)
  const at = fact.occurredAt
  const isExpired = expiresAt !== null && expiresAt <= history.asOf
  const committedAt = Math.max(0, ...committed.map(({ occurredAt }) => occurredAt))
  return {
    credit: {
      key,
      program: fact.program,
      rule: given.rule,
      cause: fact.key,
      role: "member",
      part: "",
      beneficiary: given.beneficiary,
      code: null,
      unit: given.unit as Unit,
      at,
      amountMinor: amountMinor > 0n ? amountMinor : 0n,
      outcome: "credited",
      reason: null,
      review: "clear",
      effectiveAt: Math.max(at, committedAt, back?.at ?? 0, isExpired ? expiresAt : 0),
      expiresAt,
      nextDueAt: isExpired ? null : expiresAt,
      terms,
      because: [
        noted(given.rule, {
          amount: amountIn(given.unit, given.amountMinor),
          ...given.because,
          ...listed(fact.lots.map((lot) => [`from ${lot.credit}`, amountIn(fact.unit, lot.amountMinor)])),
        }),
        ...(back === null ? [] : [noted("taken back by hand", { amount: amountIn(given.unit, back.amountMinor) })]),
        ...(expiresAt === null ? [] : [noted("expires", { at: toIso(expiresAt) })]),
        ...Arithmetic.balance(given.unit, amountMinor > 0n ? amountMinor : 0n, committed),
        ...inOtherUnits(all, given.unit),
      ],
    },
    sheet: {
      program: fact.program,
      beneficiary: given.beneficiary,
      amountMinor: amountMinor > 0n ? amountMinor : 0n,
      committed,
      rest: restOf(history.asOf, { paid: true, maturesAt: at, expiresAt }),
      ...(given.sources === undefined ? {} : { sources: given.sources }),
    },
    maturesAt: at,
    fellAt: Math.max(at, back?.at ?? 0),
  }
}
