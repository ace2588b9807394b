/**
 * `advocacy program correct FILE`: judges a span of the past by other terms, once its effect was shown and somebody stands for it.
 */
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { correct, proposeCorrection, type CorrectionProposal } from "@advocacy-kit/core/flow/Publishing"
import { fromIso, toIso } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
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
const time = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withDescription(description),
    Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
  )
const from = time("from", "The first moment that is corrected, such as 2026-10-01T00:00:00Z")
const until = time("until", "The first moment that is not corrected any more; not after now")
const by = Flag.String("by").pipe(Flag.withDescription("Who reviewed it: a name in your company, no e-mail address"))
const reason = Flag.String("reason").pipe(Flag.withDescription("Why the past is corrected"))

const text = (terminal: Terminal.Terminal, proposal: CorrectionProposal): string => {
  const { comparison, kept, open, program, replaces, reviewed } = proposal
  const heading = (title: string): string => Terminal.heading(terminal, title)
  return [
    heading(
      `${program.name}: conversions from ${toIso(reviewed.from)} until ${toIso(reviewed.until)} by version ${ProgramFile.short(program)}`,
    ),
    ...(replaces.length === 0
      ? ["  no version was in force then: what was bought in that span is judged for the first time"]
      : replaces.flatMap(({ changes, version }) => [
          `  instead of ${ProgramFile.short(version.program)}, in force since ${toIso(version.from)}:`,
          ...(changes.length === 0 ? ["    no difference"] : changes.map((change) => `    ${change.text}`)),
        ])),
    heading("Decisions that change"),
    ...(comparison.changes.length === 0
      ? ["  none"]
      : [
          ComparisonText.transitions(terminal, comparison),
          `  granted: ${Amount.formatDifference(comparison.difference)}`,
          ...ComparisonText.people(terminal, comparison),
          ...ComparisonText.tiers(comparison.tiers).map((line) => `  ${line}`),
        ]),
    ...(kept === 0 ? [] : [`  ${Terminal.count(kept)} conversions were committed to and keep their terms`]),
    ComparisonText.open(terminal, open),
  ].join("\n")
}

const view = ({ comparison, kept, open, program, replaces, reviewed }: CorrectionProposal) => ({
  program: program.name,
  hash: program.hash,
  from: toIso(reviewed.from),
  until: toIso(reviewed.until),
  by: reviewed.by,
  reason: reviewed.reason,
  replaces: replaces.map(({ changes, version }) => ({
    hash: version.program.hash,
    from: toIso(version.from),
    changes,
  })),
  ...ComparisonText.view(comparison),
  open,
  kept,
})

export const command = Command.make(
  "correct",
  { file, from, until, by, reason, yes: Confirmation.yes, store: Session.store, json: Output.json },
  ({ file: name, json, store, yes, ...told }) =>
    Effect.gen(function* () {
      const { asOf, program: own } = yield* Session.Session
      const facts = yield* factsAt(asOf)
      const program = yield* ProgramFile.load(name, facts, { asOf, name: own })
      const reviewed = { ...told, at: asOf }
      const proposal = yield* proposeCorrection(facts, program, reviewed)
      if (!json) yield* Output.print(false, null, (terminal) => text(terminal, proposal))
      const wanted = yes || (!json && (yield* Confirmation.ask("Correct the past?")))
      if (wanted) yield* correct(program, reviewed)
      yield* Output.print(json, { ...view(proposal), corrected: wanted }, () =>
        wanted
          ? "\n  corrected: run `advocacy credit` to post it"
          : "\n  nothing was corrected: run it again with --yes",
      )
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Show what judging a span of the past by other terms would do; with --yes, record it"),
  Command.withExamples([
    {
      command:
        "advocacy program correct fixed.ts --from 2026-10-01T00:00:00Z --until 2026-10-08T00:00:00Z --by sam --reason 'the reward was published as 2.00 instead of 20.00'",
      description: "What the correction would change",
    },
  ]),
)
