/**
 * `advocacy advocates`: whom to ask in private and whom to save, by the default score with its reasons; and whether the score holds.
 *
 * It writes nothing and enrols nobody. Public reviews are asked for blind to it.
 */
import { componentWords, sentence } from "@advocacy-kit/core/advocate/CandidateWords"
import type { Candidate } from "@advocacy-kit/core/advocate/Identification"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { survey } from "@advocacy-kit/core/flow/Identifying"
import { validateScore } from "@advocacy-kit/core/flow/ValidatingScore"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as CandidateEntry from "../CandidateEntry.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"
import * as ValidationText from "../ValidationText.ts"

const top = Flag.Int("top").pipe(
  Flag.withDescription("How many of the best to print"),
  Flag.filter(
    (value) => value >= 0,
    (value) => `${value}: give 0 or more`,
  ),
  Flag.withDefault(50),
)
const list = Flag.Literals("list", ["ask", "save"]).pipe(
  Flag.withDescription("Only who is loyal but silent (ask), or influential but unhappy (save)"),
  Flag.optional,
)
const explained = Flag.Boolean("explain").pipe(
  Flag.withDescription("Show the four components with the raw inputs behind them"),
  Flag.withDefault(false),
)
const validating = Flag.Boolean("validate").pipe(
  Flag.withDescription("Hold the score of an earlier time against what came since, and against single signals"),
  Flag.withDefault(false),
)
const horizon = Flag.Int("horizon-days").pipe(
  Flag.withDescription("With --validate: how many days back people are scored"),
  Flag.withDefault(180),
)

type Entry = CandidateEntry.Entry &
  Pick<Candidate, "willing" | "influential" | "list" | "barrier" | "components"> & {
    readonly says: string
    /** Each component with its inputs, in words. */
    readonly because: ReturnType<typeof componentWords>
  }

interface Result {
  readonly asOf: string
  readonly candidates: number
  readonly eligible: number
  readonly ask: number
  readonly save: number
  readonly top: ReadonlyArray<Entry>
}

const right = { align: "right" } as const

const because = (terminal: Terminal.Terminal, entry: Entry): ReadonlyArray<string> => [
  `  ${terminal.style("bold", entry.record)}  ${entry.score}  ${entry.says}`,
  `    sentiment        ${entry.because.sentiment}`,
  `    proven advocacy  ${entry.because.provenAdvocacy}`,
  `    live loyalty     ${entry.because.liveLoyalty}`,
  `    reach            ${entry.because.reach}`,
]

const text = (terminal: Terminal.Terminal, result: Result, isExplained: boolean): string =>
  [
    Terminal.heading(terminal, `Advocates as of ${result.asOf}`),
    `  ${Terminal.count(result.candidates)} customers scored, ${Terminal.count(result.eligible)} may be asked; ${Terminal.count(result.ask)} loyal but silent (ask), ${Terminal.count(result.save)} influential but unhappy (save)`,
    "",
    ...(isExplained
      ? result.top.flatMap((entry) => because(terminal, entry))
      : [
          Terminal.table(
            terminal,
            [
              { title: "score", ...right },
              { title: "willing", ...right },
              { title: "influential", ...right },
              { title: "list" },
              { title: "person" },
              { title: "may be asked" },
            ],
            result.top.map(({ barrier, influential, list: of, record, score, willing }) => [
              String(score),
              willing.toFixed(2),
              influential.toFixed(2),
              of ?? "-",
              record,
              barrier !== null ? `no: ${barrier}` : of === "save" ? "once it is known what went wrong" : "yes",
            ]),
          ),
        ]),
  ].join("\n")

const ranking = Effect.fn("advocates.ranking")(function* (
  count: number,
  only: Option.Option<"ask" | "save">,
  isExplained: boolean,
  json: boolean,
) {
  const { asOf, program } = yield* Session.Session
  const { candidates, enrolments, evaluation } = yield* survey(program, asOf)
  const { people } = evaluation.history
  const listed = (name: "ask" | "save") => candidates.filter((one) => one.list === name)
  const wanted = Option.match(only, { onNone: () => candidates, onSome: listed })
  const result: Result = {
    asOf: toIso(asOf),
    candidates: candidates.length,
    eligible: candidates.filter(({ eligible }) => eligible).length,
    ask: listed("ask").length,
    save: listed("save").length,
    top: wanted.slice(0, Math.max(0, count)).map((candidate) => {
      const { barrier, components, influential, list: of, willing } = candidate
      return {
        ...CandidateEntry.entryOf(people, enrolments, candidate),
        willing,
        influential,
        list: of,
        barrier,
        components,
        says: sentence(candidate),
        because: componentWords(candidate, asOf),
      }
    }),
  }
  yield* Output.print(json, result, (terminal) => text(terminal, result, isExplained))
})

const validation = Effect.fn("advocates.validation")(function* (days: number, json: boolean) {
  if (days < 1) return yield* Failure.usage("--horizon-days must be 1 or more", "leave it out for 180 days")
  const { asOf, program } = yield* Session.Session
  const found = validateScore(yield* factsAt(asOf), program, asOf, days)
  yield* Output.print(json, ValidationText.toJson(found), (terminal) => ValidationText.text(terminal, found))
})

export const command = Command.make(
  "advocates",
  {
    top,
    list,
    explain: explained,
    validate: validating,
    horizonDays: horizon,
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ explain, horizonDays, json, list: only, top: count, validate, ...options }) =>
    (validate ? validation(horizonDays, json) : ranking(count, only, explain, json)).pipe(
      Effect.provide(Session.layer(options)),
      Effect.scoped,
      Failure.coded,
    ),
).pipe(
  Command.withDescription(
    "Whom to ask in private and whom to save, with the reasons; nothing is written, nobody enrolled",
  ),
  Command.withExamples([
    { command: "advocacy advocates --list ask --explain", description: "Loyal but silent customers, and why" },
    { command: "advocacy advocates --validate", description: "Whether the score finds who then brings friends, here" },
  ]),
)
