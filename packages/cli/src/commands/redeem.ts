/**
 * `advocacy redeem PERSON OFFER --key K`: turns a person's points into what the program offers for them.
 */
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { redeem } from "@advocacy-kit/core/flow/Redeeming"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import * as CommandOutput from "../CommandOutput.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as PersonArgument from "../PersonArgument.ts"
import * as Session from "../Session.ts"

const offer = Argument.String("offer").pipe(Argument.withDescription("The offer's name in the program, such as 5-off"))

export const command = Command.make(
  "redeem",
  {
    person: PersonArgument.person("person", "Whose points"),
    offer,
    key: CommandOutput.key,
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ json, key, offer: named, person, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { people } = yield* PersonArgument.resolve([person])
      for (const handle of people) {
        const done = yield* redeem({ program, person: handle, offer: named, key, asOf })
        const { gives, label } = done.fact
        const what = gives === null ? label : `${label}, worth ${amountIn(gives.unit, gives.amountMinor)}`
        yield* CommandOutput.print(json, done, `redeemed ${what}`, people)
      }
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Turn a person's points into an offer of the program; what it gives is handed over by the next credit",
  ),
  Command.withExamples([
    {
      command: "advocacy redeem ada@example.com 5-off --key shop-session-81",
      description: "Once, however often it is run with this key",
    },
    { command: "advocacy redeem customer/7 early-access --key 2026-11-ada --json", description: "For a program" },
  ]),
)
