/**
 * Golden stories about people and deals: records that turn out to be one person, and a deal that was not won after all.
 */
import * as Facts from "@advocacy-kit/core/fact/Fact"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import {
  ada,
  zoe,
  people,
  cast,
  plain,
  plainRules,
  code,
  contact,
  customer,
  merged,
  order,
  person,
  program,
  published,
} from "./GoldenCast.ts"
import type { GoldenStory } from "./GoldenStory.ts"

export const mergedContacts: GoldenStory = {
  title: "Merged contacts",
  moral: "A merge moves no value: what two records had, the one person has.",
  program: plain,
  rules: plainRules,
  people: { ...people, [contact(7)]: "A contact" },
  steps: [
    {
      at: "2026-05-04T10:00:00Z",
      says: "Zoe buys with the code ADA; Yara with ADA-B2B, which a CRM contact was given",
      facts: [
        ...cast,
        code("ADA-B2B", contact(7)),
        order(1, "2026-05-04T10:00:00Z", 8_000n, { customer: zoe }, ["ADA"]),
        order(2, "2026-05-05T10:00:00Z", 8_000n, { customer: customer(4) }, ["ADA-B2B"]),
      ],
    },
    {
      at: "2026-05-20T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR", "order/2: A contact, credited, 20.00 EUR"],
      balances: ["A contact: 20.00 EUR available", "Ada: 20.00 EUR available"],
    },
    {
      at: "2026-05-21T10:00:00Z",
      says: "The CRM finds that the contact is Ada",
      facts: [merged(contact(7), ada, "2026-05-21T10:00:00Z")],
    },
    {
      at: "2026-05-22T00:00:00Z",
      decisions: ["order/1: Ada = A contact, credited, 20.00 EUR", "order/2: Ada = A contact, credited, 20.00 EUR"],
      balances: ["Ada = A contact: 40.00 EUR available"],
    },
  ],
}

export const selfReferral: GoldenStory = {
  title: "A self-referral found later",
  moral: "What was not handed over is refused; what was goes to a human, and is never taken back in silence.",
  program: plain,
  rules: plainRules,
  people: { ...people, [customer(4)]: "Second account" },
  steps: [
    {
      at: "2026-05-04T10:00:00Z",
      says: "A second account buys with Ada's code",
      facts: [...cast, order(1, "2026-05-04T10:00:00Z", 8_000n, { customer: customer(4) }, ["ADA"])],
    },
    { at: "2026-05-19T00:00:00Z", handOver: "Ada is given 20.00 EUR" },
    {
      at: "2026-05-20T10:00:00Z",
      says: "A third account buys with Ada's code; then the shop merges both into Ada's",
      facts: [
        order(2, "2026-05-20T10:00:00Z", 8_000n, { customer: customer(5) }, ["ADA"]),
        { ...merged(ada, customer(4), "2026-05-21T10:00:00Z"), key: Facts.key("shopify:merge/4") },
        { ...merged(ada, customer(5), "2026-05-21T10:00:00Z"), key: Facts.key("shopify:merge/5") },
      ],
    },
    {
      at: "2026-05-22T00:00:00Z",
      decisions: [
        "order/1: Ada = Second account, credited (self-referral) held, 20.00 EUR",
        "order/2: Ada = Second account, refused (self-referral), 0.00 EUR",
      ],
      balances: ["Ada = Second account: 20.00 EUR settled"],
    },
    {
      at: "2026-05-23T10:00:00Z",
      says: "Sam rejects the first",
      facts: [
        {
          _tag: "ReviewDecided",
          key: Facts.key("advocacy:review/1"),
          version: 0,
          rank: Facts.rank.own,
          occurredAt: fromIso("2026-05-23T10:00:00Z"),
          credit: "refer-a-friend|referral|shopify:order/1|advocate|",
          verdict: "reject",
          beneficiary: null,
          by: "sam",
          reason: "one person",
        },
      ],
    },
    {
      at: "2026-05-24T00:00:00Z",
      decisions: [
        "order/1: Ada = Second account, reversed (rejected), 0.00 EUR",
        "order/2: Ada = Second account, refused (self-referral), 0.00 EUR",
      ],
      balances: ["Ada = Second account: -20.00 EUR debt", "Ada = Second account: 20.00 EUR settled"],
    },
  ],
}

const deals = program({ conversions: ["deal"] })
const deal = (version: string, outcome: "open" | "won" | "lost"): Fact => ({
  _tag: "DealChanged",
  key: Facts.key("hubspot:deal/1"),
  version: fromIso(version),
  rank: Facts.rank.api,
  occurredAt: fromIso("2026-05-04T10:00:00Z"),
  deal: "hubspot:deal/1" as Handle,
  contacts: [contact(8)],
  companies: [],
  currency: currencyOf("EUR"),
  amountMinor: 900_000n,
  outcome,
  closedAt: outcome === "open" ? null : fromIso("2026-05-04T10:00:00Z"),
  code: "ADA",
})

export const dealReopened: GoldenStory = {
  title: "A deal is reopened",
  moral:
    "What is not won is no conversion: the reward goes, as a debt where it was handed over, and comes back with the deal.",
  program: deals,
  rules: "20.00 EUR for the advocate of a new customer's deal, 14 days after it is won",
  people: { ...people, [contact(8)]: "Zoe" },
  steps: [
    {
      at: "2026-05-04T10:00:00Z",
      says: "Zoe's deal with Ada's code is won",
      facts: [
        published(deals, "2026-01-01T00:00:00Z"),
        ...cast.slice(1),
        person(contact(8)),
        deal("2026-05-04T10:00:00Z", "won"),
      ],
    },
    { at: "2026-05-19T00:00:00Z", handOver: "Ada is given 20.00 EUR" },
    { at: "2026-05-20T10:00:00Z", says: "The deal is reopened", facts: [deal("2026-05-20T10:00:00Z", "open")] },
    {
      at: "2026-05-21T00:00:00Z",
      decisions: ["deal/1: Ada, reversed (cancelled), 0.00 EUR"],
      balances: ["Ada: -20.00 EUR debt", "Ada: 20.00 EUR settled"],
    },
    { at: "2026-06-01T10:00:00Z", says: "It is won after all", facts: [deal("2026-06-01T10:00:00Z", "won")] },
    {
      at: "2026-06-02T00:00:00Z",
      decisions: ["deal/1: Ada, credited, 20.00 EUR"],
      balances: ["Ada: 20.00 EUR settled"],
    },
  ],
}
