/**
 * For every promise, what is stored with that promise broken, and little else: proof that its check can fail.
 */
import type { Stored } from "@advocacy-kit/core/flow/PromiseCheck"
import { key as factKey, type Fact, type FactOf } from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { handleAccount, type Credit, type CreditKey, type Unit } from "@advocacy-kit/core/ledger/Credit"
import type { EffectRow } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { Posted } from "@advocacy-kit/core/ledger/Ledger"

export interface Breach {
  readonly promise: number
  readonly breach: string
  readonly broken: Stored
}

const found = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined) throw new Error(`the demo's brand has no ${what}`)
  return value
}

/** `stored` with one posted credit changed. */
const repost = (stored: Stored, key: CreditKey, change: (posted: Posted) => Posted): Stored => {
  const posted = new Map(stored.posted)
  return { ...stored, posted: posted.set(key, change(found(posted.get(key), "such credit"))) }
}

const withFact = (stored: Stored, fact: Fact): Stored => ({ ...stored, facts: [...stored.facts, fact] })

const ofLedger = (stored: Stored): ReadonlyArray<Breach> => {
  const credited = [...stored.posted.values()].filter(
    ({ credit }) => credit.role === "advocate" && credit.outcome === "credited",
  )
  const { credit: pending } = found(
    credited.find(({ revision }) => revision === 1),
    "pending credit",
  )
  const { credit: settled } = found(
    credited.find(({ revision }) => revision > 1),
    "settled credit",
  )
  const without = new Map(stored.posted)
  without.delete(pending.key)
  const [balance] = stored.balances
  const effect = found(
    stored.effects.find((row) => row.effect._tag === "IssueReward"),
    "reward",
  )
  return [
    {
      promise: 1,
      breach: "a transaction does not sum to zero",
      broken: repost(stored, pending.key, (posted) => ({ ...posted, legs: posted.legs.slice(1) })),
    },
    {
      promise: 1,
      breach: "a balance is not the sum of its postings",
      broken: {
        ...stored,
        balances: stored.balances.map((one) => (one === balance ? { ...one, amountMinor: one.amountMinor + 1n } : one)),
      },
    },
    { promise: 2, breach: "a credit was not posted", broken: { ...stored, posted: without } },
    {
      promise: 2,
      breach: "a revision is missing",
      broken: { ...stored, histories: new Map([...stored.histories].map(([key, history]) => [key, history.slice(1)])) },
    },
    { promise: 2, breach: "an effect lives twice", broken: { ...stored, effects: [...stored.effects, effect] } },
    {
      promise: 2,
      breach: "an effect is neither settled nor ever due",
      broken: {
        ...stored,
        effects: stored.effects.map((row) => (row === effect ? { ...row, state: "sending", dueAt: null } : row)),
      },
    },
    {
      promise: 2,
      breach: "an effect whose successor is there is lost",
      broken: { ...stored, effects: stored.effects.map((row) => (row === effect ? renumbered(row) : row)) },
    },
    {
      promise: 2,
      breach: "an effect is lost",
      broken: { ...stored, effects: stored.effects.filter((row) => row !== effect) },
    },
    {
      promise: 4,
      breach: "an amount is not its rule's",
      broken: repost(stored, pending.key, (posted) => ({
        ...posted,
        credit: { ...posted.credit, amountMinor: posted.credit.amountMinor + 1n },
      })),
    },
    {
      promise: 4,
      breach: "what was handed over is not on record as settled",
      broken: repost(stored, settled.key, (posted) => ({
        ...posted,
        legs: posted.legs.map((leg) =>
          leg.amountMinor > 0n ? { ...leg, account: handleAccount(posted.credit.beneficiary, "available") } : leg,
        ),
      })),
    },
    {
      promise: 4,
      breach: "more was clawed back than credited",
      broken: {
        ...stored,
        histories: new Map(
          [...stored.histories].map(([key, history]) => [
            key,
            history
              .toReversed()
              .map((one) => ({ ...one, legs: one.legs.map((leg) => ({ ...leg, amountMinor: -leg.amountMinor })) })),
          ]),
        ),
      },
    },
    {
      promise: 5,
      breach: "a balance is in no currency",
      broken: { ...stored, balances: stored.balances.map((one) => ({ ...one, unit: "EURO" as Unit })) },
    },
    {
      promise: 8,
      breach: "a buyer is credited for themselves",
      broken: repost(stored, pending.key, (posted) => ({
        ...posted,
        credit: { ...posted.credit, beneficiary: buyerOf(stored, posted.credit) },
      })),
    },
  ]
}

/** As if an earlier reward of the credit had been there. */
const renumbered = (row: EffectRow): EffectRow =>
  row.effect._tag === "IssueReward" ? { ...row, effect: { ...row.effect, ordinal: row.effect.ordinal + 1 } } : row

const buyerOf = ({ evaluations }: Stored, { cause }: Credit): Handle =>
  found(evaluations[0]?.history.conversions.find((conversion) => conversion.cause === cause)?.friends[0], "buyer")

const ofFacts = (stored: Stored): ReadonlyArray<Breach> => {
  const [evaluation] = stored.evaluations
  const decided = found(evaluation, "program")
  const order = found(
    stored.facts.find(
      (fact) => fact._tag === "OrderPlaced" && fact.lines.some(({ product }) => (product ?? "").length >= 6),
    ),
    "order with a product",
  )
  if (order._tag !== "OrderPlaced") throw new Error("an order is an order")
  const product = found(order.lines.find((line) => (line.product ?? "").length >= 6)?.product ?? undefined, "product")
  return [
    {
      promise: 3,
      breach: "a decision does not follow from the facts",
      broken: { ...stored, evaluations: [{ ...decided, credits: new Map([...decided.credits].slice(1)) }] },
    },
    { promise: 7, breach: "two versions of one fact count", broken: withFact(stored, order) },
    {
      promise: 7,
      breach: "a limit is passed",
      broken: {
        ...stored,
        evaluations: [
          { ...decided, credits: new Map([...decided.credits].map(([key, credit]) => [key, overTheLimit(credit)])) },
        ],
      },
    },
    {
      promise: 9,
      breach: "a fact holds a telephone number",
      broken: withFact(stored, { ...order, channel: "+49 30 1234567" }),
    },
    {
      promise: 9,
      breach: "a fact holds a value of the vault",
      broken: { ...stored, personal: new Map([["address:0" as Handle, product]]) },
    },
    {
      promise: 9,
      breach: "an erased person still has something open",
      broken: {
        ...withFact(stored, erasure),
        balances: [
          ...stored.balances,
          { account: handleAccount(erasure.person, "available"), unit: "EUR" as Unit, amountMinor: 5n },
        ],
      },
    },
  ]
}

const erasure: FactOf<"PersonErased"> = {
  _tag: "PersonErased",
  key: factKey("advocacy:erasure/erased:0/1"),
  version: 0,
  rank: 200,
  occurredAt: 1,
  person: "erased:0" as Handle,
  by: "a test",
  reason: "a breach",
}

/** Everything refused by a limit granted after all, and everything granted by it uncommitted. */
const overTheLimit = (credit: Credit): Credit =>
  credit.reason === "limit-reached" ? { ...credit, outcome: "credited" } : credit

const ofInbox = (stored: Stored): ReadonlyArray<Breach> => [
  {
    promise: 6,
    breach: "a parked message is not listed",
    broken: { ...stored, inbox: { ...stored.inbox, parked: stored.inbox.parked + 1 } },
  },
  {
    promise: 10,
    breach: "a message is parked without a reason",
    broken: { ...stored, parked: [{ source: "shopify", eventKey: "1", topic: "orders/create", reason: " " }] },
  },
]

export const breaches = (stored: Stored): ReadonlyArray<Breach> => [
  ...ofLedger(stored),
  ...ofFacts(stored),
  ...ofInbox(stored),
]
