/**
 * Answers every question: by its flag, by somebody at a terminal, or by what is suggested where that was agreed to.
 *
 * Promises: nobody is asked where nobody can answer; then everything that is missing is named at once, with its flag.
 */
import { Effect, type FileSystem, type Path, Result, type Terminal } from "effect"
import { Prompt } from "effect/cli"
import * as Failure from "../Failure.ts"
import { type FlagName, kinds, type Place, type Question, questions, sources, type Typed } from "./Question.ts"

export interface How {
  readonly place: Place
  /** Whether somebody sits at a terminal. */
  readonly canAsk: boolean
  /** Take what is suggested for whatever has no flag, and ask nothing. */
  readonly isAgreed: boolean
}

const listed = (names: ReadonlyArray<FlagName>): string => names.map((name) => `--${name}`).join(", ")

const checked = (question: Question, text: string, typed: Typed): Effect.Effect<string, Failure.Failure> =>
  Result.match(question.check(text, typed), {
    onFailure: (problem) => Effect.fail(Failure.usage(`--${question.flag}: ${problem}`, "correct the flag")),
    onSuccess: () => Effect.succeed(text),
  })

const promptOf = (question: Question, suggestion: string | null, typed: Typed): Prompt.Prompt<string> => {
  const choices = (all: ReadonlyArray<{ readonly name: string; readonly title: string; readonly what: string }>) =>
    all.map(({ name, title, what }) => ({ title, value: name, description: what }))
  if (question.flag === "sources")
    return Prompt.MultiSelect({ message: question.ask, choices: choices(sources), min: 1 }).pipe(
      Prompt.map((chosen) => chosen.join(",")),
    )
  if (question.flag === "program") return Prompt.Select({ message: question.ask, choices: choices(kinds) })
  return Prompt.String({
    message: question.ask,
    ...(suggestion === null ? {} : { default: suggestion }),
    validate: (text) =>
      Result.match(question.check(text.trim(), typed), {
        onFailure: (problem) => Effect.fail(problem),
        onSuccess: () => Effect.succeed(text.trim()),
      }),
  })
}

/** What has no answer where nobody can be asked: the flags that are needed, and those that `--yes` would answer. */
const missing = (typed: Typed, { isAgreed }: How): Effect.Effect<void, Failure.Failure> => {
  const open = questions.filter(({ applies, flag }) => typed[flag] === undefined && applies(typed))
  const needed = open.filter(({ isRequired }) => isRequired).map(({ flag }) => flag)
  const suggested = open.filter(({ isRequired }) => !isRequired).map(({ flag }) => flag)
  if (needed.length === 0 && (isAgreed || suggested.length === 0)) return Effect.void
  const problem =
    needed.length > 0
      ? `nobody can be asked here, and there is no ${listed(needed)}`
      : `nobody can be asked here about ${listed(suggested)}`
  const remedy = [
    ...(needed.length > 0 ? [`add ${listed(needed)}`] : []),
    ...(isAgreed || suggested.length === 0 ? [] : [`add --yes to take what is suggested for ${listed(suggested)}`]),
  ].join(", and ")
  return Effect.fail(Failure.usage(problem, `${remedy}; \`advocacy init --help\` says what each means`))
}

/** Every question that applies, answered; ends the command when somebody leaves the questions. */
export const answer: (
  given: Typed,
  how: How,
) => Effect.Effect<Typed, Failure.Failure, FileSystem.FileSystem | Path.Path | Terminal.Terminal> = Effect.fn(
  "init.answer",
)(function* (given, how) {
  const isAsking = how.canAsk && !how.isAgreed
  // Which questions there are depends on the kind of program, so that is known before anything is said to be missing.
  if (!isAsking) yield* missing({ program: given.program ?? "refer-a-friend", ...given }, how)
  let typed: Typed = {}
  for (const question of questions) {
    const text = given[question.flag]
    if (!question.applies(typed)) {
      if (text === undefined) continue
      return yield* Failure.usage(
        `--${question.flag} says nothing about ${typed.program}`,
        `leave it out, or choose another --program`,
      )
    }
    const suggestion = question.suggestion(typed, how.place)
    const found =
      text !== undefined
        ? yield* checked(question, text, typed)
        : isAsking
          ? yield* Prompt.run(promptOf(question, suggestion, typed)).pipe(
              Effect.catchTag("QuitError", () => Effect.interrupt),
            )
          : (suggestion ?? "")
    typed = { ...typed, [question.flag]: found }
  }
  return typed
})
