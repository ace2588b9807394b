/**
 * A first referral: Ada shares her code, her friends buy, and every decision says why.
 *
 *     node examples/01-first-referral.ts
 */
import {
  Because,
  CreditingStage,
  FactLog,
  Flow,
  Ledger,
  MemoryStores,
  Money,
  Program,
  Referral,
  Reward,
  Tenant,
} from "@advocacy-kit/core"
import { Scenario } from "@advocacy-kit/testing"
import { Console, Effect, Layer } from "effect"

// The rules, as a value: it can be stored, compared, hashed and published.
const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code, Referral.Evidence.invitation],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: Referral.Qualify.all(Referral.Qualify.newCustomer, Referral.Qualify.minimum("40.00")),
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
    }),
  ],
})

// What happened. A connector brings such facts from Shopify or HubSpot; a scenario tells them in a few words.
const facts = [
  Scenario.person({ customer: "ada", email: "ada@example.com" }),
  Scenario.asset({ code: "ADA-7", owner: "ada" }),
  Scenario.order({ order: 1, customer: "cleo", total: "50.00", day: 1 }),
  // Ben is new and spends enough.
  Scenario.order({ order: 2, customer: "ben", code: "ADA-7", total: "90.00", discount: "10.00", day: 2 }),
  // Cleo has bought before.
  Scenario.order({ order: 3, customer: "cleo", code: "ADA-7", total: "60.00", day: 3 }),
  // Dan spends too little.
  Scenario.order({ order: 4, customer: "dan", code: "ADA-7", total: "25.00", day: 4 }),
  // Ada orders as a guest, with her own e-mail address and her own code.
  Scenario.order({ order: 5, email: "ada@example.com", code: "ADA-7", total: "80.00", day: 5 }),
]

const tenant = Layer.succeed(Tenant.CurrentTenant, { id: Tenant.TenantIdOf("acme"), handleKey: Scenario.handleKey })

const main = Effect.gen(function* () {
  const [log, ledger] = [yield* FactLog.FactLog, yield* Ledger.Ledger]
  yield* Flow.publish(program, Scenario.start)
  yield* log.append({ facts, personal: [] })

  const { evaluation } = yield* CreditingStage.credit(program.name, Scenario.at({ day: 6 }))
  for (const credit of evaluation.credits.values()) {
    if (credit.role !== "advocate") continue
    yield* Console.log(`${credit.cause}: ${credit.outcome}${credit.reason === null ? "" : `, ${credit.reason}`}`)
    yield* Console.log(`${Because.render(credit.because)}\n`)
  }

  // Day 6: the reward is pending. Day 16: Ben's order is 14 days old, and it can be handed over.
  for (const day of [6, 16]) {
    yield* CreditingStage.credit(program.name, Scenario.at({ day }))
    yield* Console.log(`Day ${day}:`)
    for (const { account, amountMinor } of yield* ledger.balances) {
      yield* Console.log(`  ${account}  ${Money.format({ currency: program.currency, amountMinor })}`)
    }
  }
})

await Effect.runPromise(main.pipe(Effect.provide(Layer.merge(MemoryStores.layerMemory, tenant))))
