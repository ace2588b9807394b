/**
 * `advocacy adjust PERSON AMOUNT`: gives a person something by hand, or takes it back.
 */
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { adjust } from "@advocacy-kit/core/flow/Adjusting"
import { Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import * as AmountArgument from "../AmountArgument.ts"
import * as CommandOutput from "../CommandOutput.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as PersonArgument from "../PersonArgument.ts"
import * as Session from "../Session.ts"

const amount = Argument.String("amount").pipe(
  Argument.withDescription(
    "What to give, such as +50 or 5.00; with a minus what to take back, behind two dashes: -- -50",
  ),
)

export const command = Command.make(
  "adjust",
  {
    person: PersonArgument.person("person", "Who"),
    amount,
    unit: CommandOutput.unit,
    reason: CommandOutput.reason,
    by: CommandOutput.by,
    key: CommandOutput.key,
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ amount: text, by, json, key, person, reason, unit: named, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { people, trail } = yield* PersonArgument.resolve([person])
      const unit = Option.getOrUndefined(named)
      const amountMinor = yield* AmountArgument.read(text, unit, trail.evaluation.terms)
      for (const handle of people) {
        const done = yield* adjust({
          program,
          person: handle,
          amountMinor,
          ...(unit === undefined ? {} : { unit }),
          by,
          reason,
          key,
          asOf,
        })
        const said =
          amountMinor < 0n
            ? `took ${amountIn(done.fact.unit, -amountMinor)} back`
            : `gave ${amountIn(done.fact.unit, amountMinor)}`
        yield* CommandOutput.print(json, done, said, people)
      }
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Give a person points or money by hand, or take back what is available; with who and why"),
  Command.withExamples([
    {
      command: "advocacy adjust ada@example.com +50 --reason 'late parcel' --by sam --key ticket-82",
      description: "50 points more",
    },
    {
      command: "advocacy adjust --unit EUR --reason 'paid twice' --by sam --key ticket-83 -- customer/7 -5.00",
      description: "5.00 back, of what was not handed over",
    },
  ]),
)
