/**
 * `advocacy demo`: the main job, end to end, against local sandboxes.
 */
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as Demo from "../Demo.ts"
import * as DemoReport from "../DemoReport.ts"
import * as DemoText from "../DemoText.ts"
import * as Installation from "../Installation.ts"
import * as Terminal from "../Terminal.ts"

export const command = Command.make(
  "demo",
  {
    seed: Flag.Int("seed").pipe(
      Flag.withDescription("The brand's seed; the same seed is the same brand"),
      Flag.withDefault(Simulator.defaults.seed),
    ),
    customers: Flag.Int("customers").pipe(
      Flag.withDescription("Shop customers, 400 or more"),
      Flag.withDefault(Simulator.defaults.customers),
    ),
    orders: Flag.Int("orders").pipe(
      Flag.withDescription("Orders, at least two per customer"),
      Flag.withDefault(Simulator.defaults.orders),
    ),
    store: Flag.String("store").pipe(
      Flag.withDescription("Directory of the demo"),
      Flag.withDefault(Installation.defaultDirectory),
    ),
    resume: Flag.Boolean("resume").pipe(
      Flag.withDescription("Go on with an interrupted demo instead of starting afresh"),
      Flag.withDefault(false),
    ),
    journal: Flag.String("journal").pipe(
      Flag.withDescription("Write every HTTP exchange with the sandboxes to this file, as NDJSON"),
      Flag.optional,
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print one JSON object and nothing else"),
      Flag.withDefault(false),
    ),
  },
  Effect.fn(function* ({ customers, journal, json, orders, resume, seed, store }) {
    const run = yield* Effect.scoped(
      Demo.run({ directory: store, seed, customers, orders, resume, journal: Option.getOrNull(journal) }),
    )
    const report = DemoReport.make(run)
    yield* Console.log(json ? JSON.stringify(report) : DemoText.render(report, Terminal.of(process.stdout)))
  }),
).pipe(
  Command.withDescription(
    "Run the main job against a simulated brand's Shopify and HubSpot, and check it against the truth",
  ),
  Command.withExamples([
    { command: "advocacy demo", description: "5,000 customers, 20,000 orders" },
    { command: "advocacy demo --customers 500 --orders 2000 --seed 7 --json", description: "A small brand, as JSON" },
    { command: "advocacy demo --resume", description: "Go on after a crash" },
  ]),
)
