/**
 * `advocacy backtest`: a candidate program tried on everything that is stored, beside the version in force.
 */
import { backtest, type Backtest } from "@advocacy-kit/core/flow/Backtesting"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { engineCheck, type EngineCheck } from "@advocacy-kit/core/flow/EngineCheck"
import { inForceAt } from "@advocacy-kit/core/flow/Publishing"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as BacktestMarkdown from "../BacktestMarkdown.ts"
import * as BacktestText from "../BacktestText.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as ProgramFile from "../ProgramFile.ts"
import * as Session from "../Session.ts"

const program = Flag.String("program").pipe(
  Flag.withDescription("The candidate: a .ts, .js or .json file, or a stored version's hash"),
)
const against = Flag.String("against").pipe(
  Flag.withDescription("What it is compared with: `current`, a stored version's hash, or a file"),
  Flag.withDefault("current"),
)
const since = Flag.String("since").pipe(
  Flag.withDescription("Count conversions made from then on; the replay is from the beginning all the same"),
  Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
  Flag.optional,
)
const months = Flag.Int("months").pipe(
  Flag.withDescription("Months of the liability curve, at most"),
  Flag.withDefault(12),
  Flag.filter(
    (value) => value >= 1 && value <= 120,
    (value) => `${value} is not 1 to 120 months`,
  ),
)
const markdown = Flag.Boolean("markdown").pipe(
  Flag.withDescription("Print Markdown, as a comment on a pull request"),
  Flag.withDefault(false),
)

export interface Report extends Backtest {
  /** null where nothing was ever credited. */
  readonly engine: EngineCheck | null
}

const run = Effect.fn("backtest")(function* (options: {
  readonly program: string
  readonly against: string
  readonly since: Option.Option<number>
  readonly months: number
}) {
  const { asOf, program: name } = yield* Session.Session
  const facts = yield* factsAt(asOf)
  const candidate = yield* ProgramFile.load(options.program, facts, { asOf, name })
  const isFirst = options.against === "current" && inForceAt(facts, candidate.name, asOf) === null
  const other = isFirst ? null : yield* ProgramFile.load(options.against, facts, { asOf, name: candidate.name })
  const report = backtest({
    facts,
    candidate,
    against: other,
    asOf,
    since: Option.getOrNull(options.since),
    months: options.months,
  })
  const engine = isFirst ? null : yield* engineCheck(facts, candidate.name, asOf)
  return { ...report, engine } satisfies Report
})

export const command = Command.make(
  "backtest",
  { program, against, since, months, markdown, store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ against: other, asOf, json, markdown: asMarkdown, months: count, program: file, since: from, store }) =>
    Effect.gen(function* () {
      if (json && asMarkdown) return yield* Failure.usage("--json and --markdown exclude each other", "choose one")
      const report = yield* run({ program: file, against: other, since: from, months: count })
      if (asMarkdown) return yield* Console.log(BacktestMarkdown.render(report))
      yield* Output.print(json, BacktestText.view(report), (terminal) => BacktestText.render(report, terminal))
    }).pipe(Effect.provide(Session.layer({ store, asOf })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Try a candidate program on stored history, beside the version in force"),
  Command.withExamples([
    { command: "advocacy backtest --program candidate.ts", description: "What it would have cost, and for whom" },
    {
      command: "advocacy backtest --program candidate.ts --against current --markdown",
      description: "As a comment on a pull request",
    },
  ]),
)
