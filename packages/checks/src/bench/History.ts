/**
 * The history that benchmarks credit: advocates with codes, and orders by new customers with these codes, one a minute.
 *
 * Promises: the same numbers give the same facts; every order is a referral that earns, so that nothing is measured by being
 * refused. With `hot` set, every other order carries one and the same code.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { days } from "@advocacy-kit/core/id/Instant"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { Scenario } from "@advocacy-kit/testing"

export const program = Program.make("bench", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer, Referral.Qualify.minimum("20.00")],
      hold: "14 days",
      advocate: Reward.discount({ percentOfOrder: 10 }),
      friend: null,
      limits: [Referral.Limits.perAdvocate({ count: 1_000_000, per: "year" })],
      review: { shared: ["device"], leakedPer24Hours: null },
    }),
  ],
})

const advocates = 1_000
const minute = 60_000

/** The program, advocates and their codes. */
export const cast = (): ReadonlyArray<Fact> => [
  Program.publication(program, Scenario.start - days(400)),
  ...Array.from({ length: advocates }, (_, index) => [
    Scenario.person({ customer: `a${index}`, email: `a${index}@example.com`, day: -399 }),
    Scenario.asset({ code: `CODE${index}`, owner: `a${index}`, program: program.name, day: -399 }),
  ]).flat(),
]

/** When order `index` was placed. */
export const at = (index: number): number => Scenario.start + index * minute

export const order = (index: number, advocate: number): Fact => ({
  ...Scenario.order({
    order: index,
    customer: index,
    email: `friend${index}@example.com`,
    total: `${40 + (index % 100)}.${String(index % 100).padStart(2, "0")}`,
    code: `CODE${advocate}`,
    discount: "4.00",
  }),
  occurredAt: at(index),
})

/** Orders `from` to before `until`. */
export const orders = (from: number, until: number, hot: boolean): ReadonlyArray<Fact> =>
  Array.from({ length: until - from }, (_, offset) => {
    const index = from + offset
    return order(index, hot && index % 2 === 0 ? 0 : 1 + (index % (advocates - 1)))
  })
