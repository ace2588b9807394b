/**
 * What is told to whoever watches a command, on standard error: notes, and how far it has come. `--quiet` silences both, for
 * every command; errors are told all the same.
 *
 * Progress is a line that is written over on a terminal. Where nobody sees a line change there is one line for a stage, at most.
 */
import { Progress } from "@advocacy-kit/core/flow/Progress"
import { Console, Context, Effect, Layer, Option } from "effect"
import { Flag, GlobalFlag } from "effect/cli"
import * as Pace from "./Pace.ts"
import * as Terminal from "./Terminal.ts"

export const quiet = GlobalFlag.Setting("quiet")({
  flag: Flag.Boolean("quiet").pipe(
    Flag.withAlias("q"),
    Flag.withDescription("Tell errors only: no progress and no notes on standard error"),
    Flag.withDefault(false),
  ),
})

interface Watched {
  readonly note: (text: string) => Effect.Effect<void>
  readonly line: Terminal.ProgressLine
}

/** Outside of a command nobody is shown progress. */
export const Watching = Context.Reference<Watched>("@advocacy-kit/cli/Watching", {
  defaultValue: () => ({ note: (text) => Console.error(text), line: Terminal.noProgress }),
})

const silent: Watched = { note: () => Effect.void, line: Terminal.noProgress }

const loud = (): Watched => {
  const line = Terminal.progressLine(process.stderr)
  return {
    line,
    note: (text) =>
      Effect.suspend(() => {
        line.clear()
        return Console.error(text)
      }),
  }
}

/** Shows the steps of work on a line; `within` is the stage that they belong to. */
export const steps = (line: Terminal.ProgressLine, within?: string): Context.Service.Shape<typeof Progress> => {
  const pace = Pace.make()
  return (step) =>
    line.update(
      pace.line(within === undefined ? step : { ...step, stage: `${within}, ${step.stage}` }, performance.now()),
    )
}

/** For the root of all commands. The line is gone when a command ends, however it ends. */
export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const isQuiet = Option.getOrElse(yield* Effect.serviceOption(quiet), () => false)
    const watched = isQuiet ? silent : loud()
    yield* Effect.addFinalizer(() => Effect.sync(() => watched.line.clear()))
    return Context.make(Watching, watched).pipe(Context.add(Progress, steps(watched.line)))
  }),
)

/** A line for whoever watches. */
export const note = (text: string): Effect.Effect<void> => Effect.flatMap(Watching, (watched) => watched.note(text))

/** Leaves the terminal to what is printed next. */
export const clear: Effect.Effect<void> = Effect.map(Watching, ({ line }) => line.clear())
