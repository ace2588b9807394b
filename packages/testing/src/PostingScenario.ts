/**
 * Revisions, commits and effects for stories about the ledger.
 *
 * Promises: credits and rewards of orders that `Scenario` tells of; legs that balance unless the story brings its own. What
 * a real engine would post for these orders is not decided here.
 */
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { passed } from "@advocacy-kit/core/because/Because"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import { type Commit, Ledger, type LedgerError, type Revision } from "@advocacy-kit/core/ledger/Ledger"
import * as Outbound from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect } from "effect"
import * as Scenario from "./Scenario.ts"

export const program = "refer-a-friend"

export const unitOf = (text: string): Credit.Unit => text as Credit.Unit

/** The key of the advocate's credit for an order. */
export const keyOf = (order: string | number, of = program): Credit.CreditKey =>
  Credit.keyOf({ program: of, rule: "referral", cause: Scenario.orderOf(order), role: "advocate" })

/** From the program to one maturity of a customer. */
export const legs = (
  amountMinor: bigint,
  to: { readonly customer?: string | number; readonly maturity?: Credit.Maturity; readonly program?: string } = {},
): ReadonlyArray<Credit.Leg> => [
  { account: Credit.programAccount(to.program ?? program), amountMinor: -amountMinor },
  { account: Credit.handleAccount(Scenario.customerOf(to.customer ?? 1), to.maturity ?? "pending"), amountMinor },
]

/** One revision of the credit for an order, worth 20.00 EUR to customer 1 unless told. */
export const revision = (told: {
  readonly order: string | number
  readonly revision?: number
  readonly amountMinor?: bigint
  readonly legs?: ReadonlyArray<Credit.Leg>
  readonly program?: string
  readonly unit?: string
}): Revision => {
  const of = told.program ?? program
  const amountMinor = told.amountMinor ?? 2_000n
  const [key, unit] = [keyOf(told.order, of), unitOf(told.unit ?? "EUR")]
  const own = told.legs ?? legs(amountMinor, { program: of })
  const effectiveAt = Scenario.at({ day: told.revision ?? 1 })
  return {
    key,
    revision: told.revision ?? 1,
    unit,
    effectiveAt,
    legs: own,
    asOf: Scenario.at({ day: 30 + (told.revision ?? 1) }),
    inputs: `inputs of revision ${told.revision ?? 1}`,
    credit: {
      key,
      program: of,
      rule: "referral",
      cause: Scenario.orderOf(told.order),
      role: "advocate",
      part: "",
      beneficiary: Scenario.customerOf(1),
      code: "ANNA",
      unit,
      at: Scenario.at({ day: 0 }),
      amountMinor,
      outcome: own.length === 0 ? "refused" : "credited",
      reason: own.length === 0 ? "newCustomer" : null,
      review: "clear",
      legs: own,
      effectiveAt,
      expiresAt: null,
      nextDueAt: null,
      terms: "0".repeat(64),
      because: [passed("window", { age: "3 days", limit: "30 days" })],
    },
  }
}

/** The reward for the credit of an order, to be handed to customer 2 unless told. */
export const reward = (told: {
  readonly order: string | number
  readonly ordinal?: number
  readonly amountMinor?: bigint
  readonly recipient?: Handle
}): Outbound.IssueReward => ({
  _tag: "IssueReward",
  key: Outbound.rewardKey(keyOf(told.order), told.ordinal ?? 1),
  beneficiary: Scenario.customerOf(1),
  terms: "0".repeat(64),
  plannedAt: Scenario.at({ day: 14 }),
  credit: keyOf(told.order),
  ordinal: told.ordinal ?? 1,
  recipient: told.recipient ?? Scenario.customerOf(2),
  unit: unitOf("EUR"),
  amountMinor: told.amountMinor ?? 2_000n,
})

/** What takes that reward back. */
export const takeBack = (order: string | number): Outbound.TakeBack => {
  const given = reward({ order })
  const { beneficiary, credit, ordinal, plannedAt, recipient, terms } = given
  const head = { key: Outbound.takeBackKey(given.key), beneficiary, terms, plannedAt, credit, ordinal, recipient }
  return { _tag: "TakeBack", ...head, reward: given, reference: "CODE", attempt: 1 }
}

/** Commits what is named and nothing else. */
export const commit = (told: Partial<Commit>): Effect.Effect<void, LedgerError, Ledger | CurrentTenant> =>
  Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects: [], undo: [], ...told }))
