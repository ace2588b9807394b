/**
 * Refunds: the reward follows what the friend keeps, and what was handed over too much becomes a debt.
 *
 *     node examples/02-refund-and-debt.ts
 */
import {
  CreditingStage,
  type Fact,
  FactLog,
  Flow,
  Fulfiller,
  FulfillingStage,
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

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "14 days",
      advocate: Reward.discount({ percentOfOrder: 10 }),
      friend: null,
    }),
  ],
})

// A fulfiller of one's own: here the reward is a voucher that the office writes. The connector for Shopify brings another.
const vouchers = Layer.succeed(Fulfiller.Fulfiller, {
  platforms: new Map([["shopify", { perMinute: 100, perSend: 100 }]]),
  issue: (effects) =>
    Effect.succeed(new Map(effects.map(({ key }) => [key, { state: "confirmed", reference: "voucher 1" }]))),
  find: () => Effect.succeed(new Map()),
})

const tenant = Layer.succeed(Tenant.CurrentTenant, { id: Tenant.TenantIdOf("acme"), handleKey: Scenario.handleKey })

/** Tells what happened on a day, credits, and prints Ada's accounts. */
const tell = Effect.fn(function* (day: number, story: string, facts: ReadonlyArray<Fact.Fact>) {
  const [log, ledger] = [yield* FactLog.FactLog, yield* Ledger.Ledger]
  yield* log.append({ facts, personal: [] })
  yield* CreditingStage.credit(program.name, Scenario.at({ day }))
  yield* Console.log(`Day ${day}: ${story}`)
  const own = (yield* ledger.balances).filter(({ account }) => account.startsWith(Scenario.customerOf("ada")))
  for (const { account, amountMinor } of own) {
    yield* Console.log(`  ${account.split("#")[1]}: ${Money.format({ currency: program.currency, amountMinor })}`)
  }
  if (own.length === 0) yield* Console.log("  nothing")
})

const main = Effect.gen(function* () {
  yield* Flow.publish(program, Scenario.start)
  yield* tell(1, "Ben buys for 100.00 with Ada's code; 10 % are hers, after 14 days", [
    Scenario.person({ customer: "ada" }),
    Scenario.asset({ code: "ADA-7", owner: "ada" }),
    Scenario.order({ order: 1, customer: "ben", code: "ADA-7", total: "100.00", day: 1 }),
  ])
  yield* tell(5, "Ben gets 40.00 back for a scratch; he keeps goods for 60.00", [
    Scenario.refund({ refund: 1, order: 1, amount: "40.00", day: 5 }),
  ])
  yield* tell(16, "the hold is over", [])
  yield* FulfillingStage.fulfil
  yield* tell(17, "Ada has her voucher", [])
  yield* tell(30, "Ben sends everything back: the voucher is out, so Ada owes it", [
    Scenario.refund({ refund: 2, order: 1, amount: "60.00", day: 30 }),
  ])
  yield* tell(31, "the shop sends the same refund once more", [
    Scenario.refund({ refund: 2, order: 1, amount: "60.00", day: 30 }),
  ])
})

await Effect.runPromise(main.pipe(Effect.provide(Layer.mergeAll(MemoryStores.layerMemory, vouchers, tenant))))
