/**
 * `advocacy program publish FILE`: shows what a version would do, and with `--yes` brings it into force.
 */
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import {
  proposePublication,
  publish,
  PublishingError,
  ReachesBack,
  type PublicationProposal,
} from "@advocacy-kit/core/flow/Publishing"
import { fromIso, toIso } from "@advocacy-kit/core/id/Instant"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Amount from "../../Amount.ts"
import * as ComparisonText from "../../ComparisonText.ts"
import * as Confirmation from "../../Confirmation.ts"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as ProgramFile from "../../ProgramFile.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const file = Argument.String("file").pipe(
  Argument.withDescription("A .ts, .js or .json file, or a stored version's hash"),
)
const from = Flag.String("from").pipe(
  Flag.withDescription("When it takes effect, such as 2026-10-01T00:00:00Z; the default is the installation's present"),
  Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
  Flag.optional,
)

const text = (terminal: Terminal.Terminal, proposal: PublicationProposal): string => {
  const { changes, inForce, open, program, replayed, standing, warnings } = proposal
  const heading = (title: string): string => Terminal.heading(terminal, title)
  return [
    heading(`${program.name}, version ${ProgramFile.short(program)}, from ${toIso(proposal.from)} on`),
    ...(inForce === null
      ? ["  the first version of this program"]
      : [
          `  instead of ${ProgramFile.short(inForce.program)}, in force since ${toIso(inForce.from)}:`,
          ...changes.map((change) => `    ${change.text}`),
        ]),
    heading("Decisions that stand"),
    standing.changes.length === 0
      ? "  none changes: what was bought before keeps its terms"
      : ComparisonText.transitions(terminal, standing),
    ...ComparisonText.tiers(standing.tiers).map((line) => `  ${line}`),
    ComparisonText.open(terminal, open),
    ...(replayed === null
      ? []
      : [
          heading(`The last ${replayed.days} days, had it been in force instead`),
          `  granted: ${Amount.formatDifference(replayed.comparison.difference)}`,
          ...(replayed.comparison.changes.length === 0
            ? []
            : [ComparisonText.transitions(terminal, replayed.comparison)]),
          ...ComparisonText.people(terminal, replayed.comparison),
          ...ComparisonText.tiers(replayed.comparison.tiers).map((line) => `  ${line}`),
        ]),
    ...(warnings.length === 0
      ? []
      : [heading("Warnings"), ...warnings.map((warning) => `  ${terminal.style("yellow", "!")} ${warning}`)]),
  ].join("\n")
}

const view = (proposal: PublicationProposal) => ({
  program: proposal.program.name,
  hash: proposal.program.hash,
  from: toIso(proposal.from),
  inForce:
    proposal.inForce === null
      ? null
      : { hash: proposal.inForce.program.hash, from: toIso(proposal.inForce.from), isSame: proposal.isInForce },
  changes: proposal.changes,
  standing: ComparisonText.view(proposal.standing),
  open: proposal.open,
  replayed:
    proposal.replayed === null
      ? null
      : { days: proposal.replayed.days, ...ComparisonText.view(proposal.replayed.comparison) },
  warnings: proposal.warnings,
})

const closing = (published: boolean, { from: at, isInForce, program }: PublicationProposal): string =>
  published
    ? `published: ${ProgramFile.short(program)} is in force from ${toIso(at)} on`
    : isInForce
      ? `${ProgramFile.short(program)} is in force already: nothing to do`
      : "nothing was published: run it again with --yes"

export const command = Command.make(
  "publish",
  { file, from, yes: Confirmation.yes, store: Session.store, json: Output.json },
  ({ file: name, from: given, json, store, yes }) =>
    Effect.gen(function* () {
      const { asOf, program: own } = yield* Session.Session
      const facts = yield* factsAt(Number.MAX_SAFE_INTEGER)
      const program = yield* ProgramFile.load(name, facts, { asOf, name: own })
      const at = Option.getOrElse(given, () => asOf)
      if (at < asOf) return yield* new PublishingError({ reason: new ReachesBack({ from: at, now: asOf }) })
      const proposal = proposePublication(facts, program, { asOf, from: at })
      if (!json && !proposal.isInForce) yield* Output.print(false, null, (terminal) => text(terminal, proposal))
      const wanted = yes || (!json && !proposal.isInForce && (yield* Confirmation.ask("Publish it?")))
      const published = wanted && (yield* publish(facts, program, { asOf, from: at }))
      yield* Output.print(json, { ...view(proposal), published }, () => `\n  ${closing(published, proposal)}`)
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Show what a version would do on current data; with --yes, bring it into force"),
  Command.withExamples([
    { command: "advocacy program publish candidate.ts", description: "What it would do, and a question" },
    {
      command: "advocacy program publish candidate.ts --from 2026-12-01T00:00:00+01:00 --yes",
      description: "Publish it ahead of time",
    },
  ]),
)
