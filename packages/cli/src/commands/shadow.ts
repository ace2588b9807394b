/**
 * `advocacy shadow`: a candidate beside the live version, on the conversions since a time; and the candidates that stand.
 */
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { shadow, sideText, type ShadowReport } from "@advocacy-kit/core/flow/Shadowing"
import { days, fromIso, toIso } from "@advocacy-kit/core/id/Instant"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Amount from "../Amount.ts"
import * as ComparisonText from "../ComparisonText.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as ProgramFile from "../ProgramFile.ts"
import * as Session from "../Session.ts"
import * as Shadows from "../Shadows.ts"
import * as Terminal from "../Terminal.ts"

const program = Flag.String("program").pipe(
  Flag.withDescription("The candidate: a .ts, .js or .json file, or a stored version's hash"),
)
const since = Flag.String("since").pipe(
  Flag.withDescription("Conversions made from then on, such as 2026-10-01T00:00:00Z; the default is 30 days ago"),
  Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
  Flag.optional,
)

const shown = 20

const text = (terminal: Terminal.Terminal, report: ShadowReport): string => {
  const { comparison, conversions, differing } = report
  const causes = [...Map.groupBy(comparison.changes, ({ cause }) => cause)]
  return [
    Terminal.heading(
      terminal,
      `${report.program.name}: ${ProgramFile.short(report.program)} beside what is in force, since ${toIso(report.since)}`,
    ),
    `  ${Terminal.count(differing)} of ${Terminal.count(conversions)} conversions come out otherwise: ${Amount.formatDifference(comparison.difference)}`,
    ...causes
      .slice(0, shown)
      .flatMap(([cause, changes]) => [
        `  ${cause}`,
        ...changes.flatMap(({ after, before }) => [
          `    ${(after ?? before)?.role ?? ""} live       ${sideText(before)}${before === null ? "" : `, ${Amount.format(before.unit, before.amountMinor)}`}`,
          `    ${(after ?? before)?.role ?? ""} candidate  ${sideText(after)}${after === null ? "" : `, ${Amount.format(after.unit, after.amountMinor)}`}`,
        ]),
      ]),
    ...(causes.length > shown ? [`  and ${Terminal.count(causes.length - shown)} more: --json shows all`] : []),
  ].join("\n")
}

const view = (report: ShadowReport) => ({
  program: report.program.name,
  hash: report.program.hash,
  since: toIso(report.since),
  asOf: toIso(report.asOf),
  conversions: report.conversions,
  differing: report.differing,
  ...ComparisonText.view(report.comparison),
})

const name = Argument.String("name").pipe(Argument.withDescription("What the shadow is called, such as spring-offer"))
const file = Argument.String("file").pipe(
  Argument.withDescription("A .ts, .js or .json file, or a stored version's hash"),
)

const list = Command.make("list", { store: Session.store, json: Output.json }, ({ json, store }) =>
  Effect.gen(function* () {
    const { installation } = yield* Session.Session
    const shadows = yield* Shadows.read(installation.directory)
    const told = shadows.map((one) => ({ name: one.name, hash: one.hash, since: toIso(one.since) }))
    yield* Output.print(json, { shadows: told }, () =>
      told.length === 0
        ? "no candidate stands beside the live version"
        : told.map((one) => `${one.name}  ${ProgramFile.short(one)}  since ${one.since}`).join("\n"),
    )
  }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("List the candidates that `advocacy credit` looks at"),
  Command.withExamples([{ command: "advocacy shadow list", description: "Which candidates stand" }]),
)

const add = Command.make(
  "add",
  { name, file, since, store: Session.store, json: Output.json },
  ({ file: reference, json, name: called, since: given, store }) =>
    Effect.gen(function* () {
      const { asOf, installation, program: own } = yield* Session.Session
      const facts = yield* factsAt(asOf)
      const candidate = yield* ProgramFile.load(reference, facts, { asOf, name: own })
      const shadows = yield* Shadows.read(installation.directory)
      if (shadows.some((one) => one.name === called))
        return yield* Failure.usage(
          `a shadow called "${called}" stands already`,
          "remove it first, or choose another name",
        )
      const added = Shadows.standing(
        called,
        candidate,
        Option.getOrElse(given, () => asOf - days(30)),
      )
      yield* Shadows.write(installation.directory, [...shadows, added])
      yield* Output.print(
        json,
        { name: called, hash: candidate.hash, since: toIso(added.since) },
        () => `${called} stands beside the live version: \`advocacy credit\` says when it differs`,
      )
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Keep a candidate beside the live version; `advocacy credit` says when it differs"),
  Command.withExamples([
    { command: "advocacy shadow add spring-offer candidate.ts", description: "From the last 30 days on" },
  ]),
)

const remove = Command.make(
  "remove",
  { name, store: Session.store, json: Output.json },
  ({ json, name: called, store }) =>
    Effect.gen(function* () {
      const { installation } = yield* Session.Session
      const shadows = yield* Shadows.read(installation.directory)
      const left = shadows.filter((one) => one.name !== called)
      if (left.length === shadows.length)
        return yield* Failure.usage(`no shadow is called "${called}"`, "`advocacy shadow list` shows them")
      yield* Shadows.write(installation.directory, left)
      yield* Output.print(json, { removed: called }, () => `${called} was removed`)
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Take a candidate away"),
  Command.withExamples([{ command: "advocacy shadow remove spring-offer", description: "No more lines about it" }]),
)

export const command = Command.make(
  "shadow",
  { program: Flag.optional(program), since, store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ json, program: given, since: from, ...options }) =>
    Effect.gen(function* () {
      if (Option.isNone(given))
        return yield* Failure.usage("no candidate is named", "give --program FILE, or use add, list or remove")
      const { asOf, program: own } = yield* Session.Session
      const facts = yield* factsAt(asOf)
      const candidate = yield* ProgramFile.load(given.value, facts, { asOf, name: own })
      const report = shadow(facts, candidate, { asOf, since: Option.getOrElse(from, () => asOf - days(30)) })
      yield* Output.print(json, view(report), (terminal) => text(terminal, report))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Judge the conversions since a time by a candidate too, and show where it differs"),
  Command.withExamples([
    {
      command: "advocacy shadow --program candidate.ts --since 2026-10-01T00:00:00Z",
      description: "Where a candidate comes to another decision, with both reasons",
    },
  ]),
  Command.withSubcommands([add, list, remove]),
)
