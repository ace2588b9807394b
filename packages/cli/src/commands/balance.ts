/**
 * `advocacy balance PERSON`: what a person has by unit and maturity, the lots with their expiry, and what they owe.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as HoldingsText from "../HoldingsText.ts"
import * as Output from "../Output.ts"
import * as PersonArgument from "../PersonArgument.ts"
import * as Session from "../Session.ts"

export const command = Command.make(
  "balance",
  {
    person: PersonArgument.person("person", "Whose balance"),
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ json, person, ...options }) =>
    Effect.gen(function* () {
      const { people, trail } = yield* PersonArgument.resolve([person])
      for (const handle of people) {
        const holdings = HoldingsText.of(trail.evaluation, handle)
        yield* Output.print(json, holdings, (terminal) => HoldingsText.text(terminal, holdings))
      }
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What a person has: by unit and maturity, the lots with their expiry, and what they owe; nothing is written",
  ),
  Command.withExamples([
    { command: "advocacy balance ada@example.com", description: "Points and money, under all handles of Ada" },
    {
      command: "advocacy balance customer/7 --as-of 2027-01-01T00:00:00Z --json",
      description: "What there will be on a day to come, if nothing else happens",
    },
  ]),
)
