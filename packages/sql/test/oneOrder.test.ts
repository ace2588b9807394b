/**
 * How often one more order waits for the server, from the order to the balance that everybody sees: one to append, one to credit.
 * What is asked depends on the order, not on how many there were.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Scenario } from "@advocacy-kit/testing"
import { Effect } from "effect"
import { expect, test } from "vitest"
import * as RoundTrips from "./RoundTrips.ts"
import { tenantNamed } from "./Tenants.ts"

const program = Program.make("refer", {
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
      limits: [Referral.Limits.perAdvocate({ count: 1_000, per: "year" })],
      review: { shared: ["device"], leakedPer24Hours: null },
    }),
  ],
})

const asOf = Scenario.at({ day: 100 })
const append = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const order = (index: number): Fact => ({
  ...Scenario.order({ order: index, customer: index, email: `f${index}@example.com`, total: "50.00", code: "ADA" }),
  occurredAt: Scenario.at({ minute: index }),
})

test("one more order waits for the server 6 times to be stored and 29 times to be credited, after 1 as after 200", async () => {
  const counts = Effect.gen(function* () {
    const { during } = yield* RoundTrips.RoundTrips
    yield* append(
      Program.publication(program, Scenario.at({ day: -10 })),
      Scenario.person({ customer: 900, email: "ada@example.com", day: -5 }),
      Scenario.asset({ code: "ADA", owner: 900, program: "refer", day: -5 }),
      order(1),
    )
    yield* creditChanges(asOf)
    const one = Effect.fnUntraced(function* (index: number) {
      const [, stored] = yield* during(append(order(index)))
      const [credited, trips] = yield* during(creditChanges(asOf))
      return { stored, trips, revisions: credited.revisions }
    })
    const first = yield* one(2)
    yield* append(...Array.from({ length: 200 }, (_, index) => order(10 + index)))
    yield* creditChanges(asOf)
    const balances = yield* Effect.flatMap(Ledger, (ledger) => ledger.balances)
    return [first, yield* one(1_000), balances.length > 0]
  }).pipe(Effect.provideService(CurrentTenant, tenantNamed("a")), Effect.provide(RoundTrips.layer))
  const told = { stored: 6, trips: 29, revisions: 1 }
  expect(await Effect.runPromise(counts)).toEqual([told, told, true])
})
