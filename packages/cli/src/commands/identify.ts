/**
 * `advocacy identify`: score every customer, enrol whom the program asks for, and show the best with the inputs behind it.
 */
import { fold } from "@advocacy-kit/core/advocate/Enrolment"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { identifyAndEnrol } from "@advocacy-kit/core/flow/Identifying"
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as People from "@advocacy-kit/core/person/People"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as CandidateEntry from "../CandidateEntry.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const top = Flag.Int("top").pipe(
  Flag.withDescription("How many of the best to print"),
  Flag.filter(
    (value) => value >= 0,
    (value) => `${value}: give 0 or more`,
  ),
  Flag.withDefault(10),
)

interface Result {
  readonly asOf: string
  readonly candidates: number
  readonly eligible: number
  readonly enrolledNow: number
  readonly enrolled: number
  readonly top: ReadonlyArray<CandidateEntry.Entry>
}

const shown = ["orders", "daysSinceLastOrder", "friendsBrought", "nps", "refundedShare", "marketing"] as const

const text = (terminal: Terminal.Terminal, result: Result): string =>
  [
    Terminal.heading(terminal, `Advocates as of ${result.asOf}`),
    `  ${Terminal.count(result.candidates)} customers scored, ${Terminal.count(result.eligible)} may be asked, ${Terminal.count(result.enrolled)} enrolled (${Terminal.count(result.enrolledNow)} by this run)`,
    "",
    Terminal.table(
      terminal,
      [
        { title: "score", align: "right" },
        { title: "person" },
        { title: "code" },
        { title: "orders", align: "right" },
        { title: "days since", align: "right" },
        { title: "friends", align: "right" },
        { title: "nps", align: "right" },
        { title: "refunded", align: "right" },
        { title: "marketing" },
        { title: "barrier" },
      ],
      result.top.map(({ code, inputs, record, score }) => [
        String(score),
        record,
        code ?? "-",
        ...shown.map((name) => inputs[name] ?? "-"),
        inputs.barrier ?? "",
      ]),
    ),
  ].join("\n")

export const command = Command.make(
  "identify",
  { store: Session.store, asOf: Session.asOf, top, json: Output.json },
  ({ json, top: count, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { candidates, enrolled } = yield* identifyAndEnrol(program, asOf)
      const facts = yield* factsAt(asOf)
      const people = People.resolve(facts)
      const enrolments = fold(facts, people, program)
      const result: Result = {
        asOf: toIso(asOf),
        candidates: candidates.length,
        eligible: candidates.filter(({ eligible }) => eligible).length,
        enrolledNow: enrolled,
        enrolled: enrolments.enrolled.size,
        top: candidates
          .slice(0, Math.max(0, count))
          .map((candidate) => CandidateEntry.entryOf(people, enrolments, candidate)),
      }
      yield* Output.print(json, result, (terminal) => text(terminal, result))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Score every customer and enrol whom the program asks for"),
  Command.withExamples([
    { command: "advocacy identify --top 20", description: "The twenty best, with the inputs behind their scores" },
    { command: "advocacy identify --as-of 2026-10-01T00:00:00Z", description: "Identify as at an earlier time" },
  ]),
)
