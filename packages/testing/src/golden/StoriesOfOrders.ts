/**
 * Golden stories about orders: who is behind one, what is refunded, whose it is, and in which order and currency they count.
 */
import * as Facts from "@advocacy-kit/core/fact/Fact"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import {
  ben,
  zoe,
  people,
  cast,
  plain,
  plainRules,
  customer,
  email,
  invited,
  order,
  person,
  program,
  published,
  refund,
} from "./GoldenCast.ts"
import type { GoldenStory } from "./GoldenStory.ts"

export const guestCheckout: GoldenStory = {
  title: "Guest checkout with a code",
  moral: "Who buys as a guest is a person too: the same address buying again is no new customer.",
  program: plain,
  rules: plainRules,
  people: { ...people, [email("zoe")]: "Zoe" },
  steps: [
    {
      at: "2026-05-04T10:00:00Z",
      says: "Zoe buys as a guest for 80.00 EUR with Ada's code",
      facts: [...cast, order(1, "2026-05-04T10:00:00Z", 8_000n, { email: email("zoe") }, ["ADA"])],
    },
    {
      at: "2026-05-05T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR"],
      balances: ["Ada: 20.00 EUR pending"],
    },
    {
      at: "2026-05-20T10:00:00Z",
      says: "Zoe buys again as a guest, with Ben's code",
      facts: [order(2, "2026-05-20T10:00:00Z", 5_000n, { email: email("zoe") }, ["BEN"])],
    },
    {
      at: "2026-05-21T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR", "order/2: Ben, refused (existing-customer), 0.00 EUR"],
      balances: ["Ada: 20.00 EUR available"],
    },
  ],
}

const share = program({ advocate: Reward.discount({ percentOfOrder: 10 }) })
export const refundAfterwards: GoldenStory = {
  title: "A refund after the reward was spent",
  moral: "What was handed over and is no longer due is a debt; what is earned later pays it first.",
  program: share,
  rules: "10 % of what a new customer keeps, 14 days after the purchase",
  people,
  steps: [
    {
      at: "2026-05-04T10:00:00Z",
      says: "Zoe buys for 150.00 EUR with Ada's code",
      facts: [
        published(share, "2026-01-01T00:00:00Z"),
        ...cast.slice(1),
        order(1, "2026-05-04T10:00:00Z", 15_000n, { customer: zoe }, ["ADA"]),
      ],
    },
    { at: "2026-05-19T00:00:00Z", handOver: "Ada is given a voucher of 15.00 EUR, and spends it" },
    {
      at: "2026-05-25T10:00:00Z",
      says: "Zoe sends goods for 100.00 EUR back",
      facts: [refund(1, 1, "2026-05-25T10:00:00Z", 10_000n)],
    },
    {
      at: "2026-05-26T00:00:00Z",
      decisions: ["order/1: Ada, credited, 5.00 EUR"],
      balances: ["Ada: -10.00 EUR debt", "Ada: 15.00 EUR settled"],
    },
    {
      at: "2026-06-01T10:00:00Z",
      says: "Yara, who is new, buys for 120.00 EUR with Ada's code",
      facts: [order(2, "2026-06-01T10:00:00Z", 12_000n, { customer: customer(4) }, ["ADA"])],
    },
    {
      at: "2026-06-20T00:00:00Z",
      decisions: ["order/1: Ada, credited, 5.00 EUR", "order/2: Ada, credited, 12.00 EUR"],
      balances: ["Ada: 15.00 EUR settled", "Ada: 2.00 EUR available"],
    },
  ],
}

export const twoAdvocates: GoldenStory = {
  title: "Two advocates, one order",
  moral: "The last touch decides; where one moment names two people nobody guesses, and a human says who.",
  program: plain,
  rules: plainRules,
  people,
  steps: [
    {
      at: "2026-05-01T10:00:00Z",
      says: "Ben invites Zoe; three days later she types Ada's code into her order",
      facts: [
        ...cast,
        person(zoe, email("zoe")),
        invited("BEN", email("zoe"), "2026-05-01T10:00:00Z"),
        order(1, "2026-05-04T10:00:00Z", 8_000n, { customer: zoe }, ["ADA"]),
      ],
    },
    {
      at: "2026-05-04T12:00:00Z",
      says: "Yara, who is new, types both codes into one order",
      facts: [order(2, "2026-05-04T12:00:00Z", 8_000n, { customer: customer(4) }, ["ADA", "BEN"])],
    },
    {
      at: "2026-05-05T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR", "order/2: nobody yet, held (ambiguous), 0.00 EUR"],
      balances: ["Ada: 20.00 EUR pending"],
    },
    {
      at: "2026-05-06T10:00:00Z",
      says: "Sam looks at it, and gives it to Ben",
      facts: [
        {
          _tag: "ReviewDecided",
          key: Facts.key("advocacy:review/1"),
          version: 0,
          rank: Facts.rank.own,
          occurredAt: fromIso("2026-05-06T10:00:00Z"),
          credit: "refer-a-friend|referral|shopify:order/2|advocate|",
          verdict: "release",
          beneficiary: ben,
          by: "sam",
          reason: "Yara names Ben",
        },
      ],
    },
    {
      at: "2026-05-07T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR", "order/2: Ben, credited, 20.00 EUR"],
      balances: ["Ada: 20.00 EUR pending", "Ben: 20.00 EUR pending"],
    },
  ],
}

const capped = program({ limits: [Referral.Limits.perAdvocate({ count: 1, per: "month" })] })
export const lateAtCap: GoldenStory = {
  title: "A late, earlier order at a cap",
  moral: "A limit goes by when people bought, not by when we heard of it; what was handed over keeps its place.",
  program: capped,
  rules: `${plainRules}; at most one a month`,
  people,
  steps: [
    {
      at: "2026-05-10T10:00:00Z",
      says: "Zoe buys on the 10th with Ada's code",
      facts: [
        published(capped, "2026-01-01T00:00:00Z"),
        ...cast.slice(1),
        order(1, "2026-05-10T10:00:00Z", 8_000n, { customer: zoe }, ["ADA"]),
      ],
    },
    {
      at: "2026-05-11T00:00:00Z",
      decisions: ["order/1: Ada, credited, 20.00 EUR"],
      balances: ["Ada: 20.00 EUR pending"],
    },
    {
      at: "2026-05-12T10:00:00Z",
      says: "The market stall's order of the 8th comes in: Yara, with Ada's code",
      facts: [order(2, "2026-05-08T10:00:00Z", 8_000n, { customer: customer(4) }, ["ADA"])],
    },
    {
      at: "2026-05-13T00:00:00Z",
      decisions: ["order/2: Ada, credited, 20.00 EUR", "order/1: Ada, refused (limit-reached), 0.00 EUR"],
      balances: ["Ada: 20.00 EUR pending"],
    },
    { at: "2026-05-25T00:00:00Z", handOver: "Ada is given 20.00 EUR for Yara's order" },
    {
      at: "2026-05-26T10:00:00Z",
      says: "One more comes in, of the 7th: Uma, with Ada's code",
      facts: [order(3, "2026-05-07T10:00:00Z", 8_000n, { customer: customer(5) }, ["ADA"])],
    },
    {
      at: "2026-05-27T00:00:00Z",
      decisions: [
        "order/3: Ada, refused (limit-reached), 0.00 EUR",
        "order/2: Ada, credited, 20.00 EUR",
        "order/1: Ada, refused (limit-reached), 0.00 EUR",
      ],
      balances: ["Ada: 20.00 EUR settled"],
    },
  ],
}

const dollars = program({ advocate: Reward.discount({ amount: "25.00" }) }, { currency: "USD" })
export const currencyChange: GoldenStory = {
  title: "The currency changes",
  moral: "A purchase keeps the terms it was made under; currencies never add.",
  program: plain,
  rules: `${plainRules}; from 1 June 25.00 USD`,
  people,
  steps: [
    {
      at: "2026-05-30T10:00:00Z",
      says: "Zoe buys for 80.00 EUR with Ada's code; the program changes to dollars on 1 June",
      facts: [
        ...cast,
        published(dollars, "2026-06-01T00:00:00Z"),
        order(1, "2026-05-30T10:00:00Z", 8_000n, { customer: zoe }, ["ADA"]),
      ],
    },
    {
      at: "2026-06-02T10:00:00Z",
      says: "Yara buys for 90.00 USD, Uma for 70.00 EUR, both with Ada's code",
      facts: [
        order(2, "2026-06-02T10:00:00Z", 9_000n, { customer: customer(4) }, ["ADA"], { currency: currencyOf("USD") }),
        order(3, "2026-06-02T11:00:00Z", 7_000n, { customer: customer(5) }, ["ADA"]),
      ],
    },
    {
      at: "2026-06-20T00:00:00Z",
      decisions: [
        "order/1: Ada, credited, 20.00 EUR",
        "order/2: Ada, credited, 25.00 USD",
        "order/3: Ada, refused (other-currency), 0.00 USD",
      ],
      balances: ["Ada: 20.00 EUR available", "Ada: 25.00 USD available"],
    },
  ],
}

const daily = program({ limits: [Referral.Limits.budget({ amount: "40.00", per: "day" })] })
export const budgetOverDst: GoldenStory = {
  title: "A budget exhausted in the middle of a day on which the clocks change",
  moral: "A day has the hours that it has where the program is: 25 October 2026 has 25 in Berlin.",
  program: daily,
  rules: `${plainRules}; at most 40.00 EUR a day in Berlin`,
  people,
  steps: [
    {
      at: "2026-10-25T23:30:00Z",
      says: "Five new customers buy with Ada's code: at 0:30 on the 25th, at 2:30 in summer time, at 2:30 again in winter time, at 23:30, and at midnight",
      facts: [
        published(daily, "2026-01-01T00:00:00Z"),
        ...cast.slice(1),
        order(1, "2026-10-24T22:30:00Z", 8_000n, { customer: customer(11) }, ["ADA"]),
        order(2, "2026-10-25T00:30:00Z", 8_000n, { customer: customer(12) }, ["ADA"]),
        order(3, "2026-10-25T01:30:00Z", 8_000n, { customer: customer(13) }, ["ADA"]),
        order(4, "2026-10-25T22:30:00Z", 8_000n, { customer: customer(14) }, ["ADA"]),
        order(5, "2026-10-25T23:00:00Z", 8_000n, { customer: customer(15) }, ["ADA"]),
      ],
    },
    {
      at: "2026-10-25T23:45:00Z",
      decisions: [
        "order/1: Ada, credited, 20.00 EUR",
        "order/2: Ada, credited, 20.00 EUR",
        "order/3: Ada, refused (limit-reached), 0.00 EUR",
        "order/4: Ada, refused (limit-reached), 0.00 EUR",
        "order/5: Ada, credited, 20.00 EUR",
      ],
      balances: ["Ada: 60.00 EUR pending"],
    },
  ],
}
