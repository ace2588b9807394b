/**
 * The embedded store: a PostgreSQL in a directory, without a server. It is there again after a restart, and it belongs to
 * one process at a time.
 *
 *     node examples/05-embedded-store.ts
 */
import { CreditingStage, FactLog, Flow, Ledger, Money, Program, Referral, Reward, Tenant } from "@advocacy-kit/core"
import { SqlStores } from "@advocacy-kit/sql"
import { Scenario } from "@advocacy-kit/testing"
import { Console, Effect, Layer } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: null,
    }),
  ],
})

const facts = [
  Scenario.asset({ code: "ADA-7", owner: "ada" }),
  Scenario.order({ order: 1, customer: "ben", code: "ADA-7", total: "90.00", day: 2 }),
]

/** What a process does: tell the facts, credit, and look at the ledger. */
const work = Effect.gen(function* () {
  const [log, ledger] = [yield* FactLog.FactLog, yield* Ledger.Ledger]
  yield* Flow.publish(program, Scenario.start)
  const { duplicates, recorded } = yield* log.append({ facts, personal: [] })
  const { revisions } = yield* CreditingStage.credit(program.name, Scenario.at({ day: 3 }))
  yield* Console.log(`  ${recorded} facts are new, ${duplicates} were there; revisions posted: ${revisions}`)
  for (const { account, amountMinor } of yield* ledger.balances) {
    yield* Console.log(`  ${account}  ${Money.format({ currency: program.currency, amountMinor })}`)
  }
})

const tenant = Layer.succeed(Tenant.CurrentTenant, { id: Tenant.TenantIdOf("acme"), handleKey: Scenario.handleKey })
const directory = await mkdtemp(join(tmpdir(), "advocacy-"))
// Another layer value for each opening: the same one would be the same open store.
const opened = () => Layer.merge(SqlStores.layerEmbedded({ directory }), tenant)

const main = Effect.gen(function* () {
  yield* Console.log("A first run:")
  yield* work.pipe(Effect.provide(opened()))
  yield* Console.log("The same again, after a restart:")
  yield* work.pipe(
    Effect.andThen(Console.log("While it is open, somebody else tries:")),
    Effect.andThen(Effect.flip(work.pipe(Effect.provide(opened())))),
    Effect.flatMap((error) => Console.log(`  refused: ${error._tag}`)),
    Effect.provide(opened()),
  )
})

await Effect.runPromise(main).finally(() => rm(directory, { recursive: true }))
