/**
 * `advocacy transfer FROM TO AMOUNT`: gives a part of what one person has to another.
 */
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { transfer } from "@advocacy-kit/core/flow/Transferring"
import { Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import * as AmountArgument from "../AmountArgument.ts"
import * as CommandOutput from "../CommandOutput.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as PersonArgument from "../PersonArgument.ts"
import * as Session from "../Session.ts"

const amount = Argument.String("amount").pipe(
  Argument.withDescription("Whole points, or an amount of the program's currency such as 5.00"),
)

export const command = Command.make(
  "transfer",
  {
    from: PersonArgument.person("from", "Who gives"),
    to: PersonArgument.person("to", "Who gets it"),
    amount,
    unit: CommandOutput.unit,
    reason: CommandOutput.reason,
    by: CommandOutput.by,
    key: CommandOutput.key,
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ amount: text, by, from, json, key, reason, to, unit: named, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { people, trail } = yield* PersonArgument.resolve([from, to])
      const unit = Option.getOrUndefined(named)
      const amountMinor = yield* AmountArgument.read(text, unit, trail.evaluation.terms)
      const [giver, taker] = people
      if (giver === undefined || taker === undefined) return
      const done = yield* transfer({
        program,
        from: giver,
        to: taker,
        amountMinor,
        ...(unit === undefined ? {} : { unit }),
        by,
        reason,
        key,
        asOf,
      })
      const said = `${amountIn(done.fact.unit, amountMinor)} went from ${giver} to ${taker}`
      yield* CommandOutput.print(json, done, said, people)
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Give points, or money, of one person to another; it expires when the first of it would have",
  ),
  Command.withExamples([
    {
      command:
        "advocacy transfer ada@example.com ben@example.com 120 --reason 'shared account' --by sam --key ticket-81",
      description: "120 points, the oldest first",
    },
  ]),
)
