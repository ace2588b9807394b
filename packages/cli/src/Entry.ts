/**
 * How the command starts and ends: wrong usage goes to standard error, every failure is told once and has its exit code.
 *
 * Standard output holds results and help that was asked for, nothing else, so that `--json` can be piped.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag } from "effect/cli"
import { readFileSync } from "node:fs"
import * as Completing from "./Completing.ts"
import * as Failure from "./Failure.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string
}

const presenter = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.gen(function* () {
          const formatter = CliOutput.defaultFormatter({
            colors: process.stderr.isTTY === true && !process.env.NO_COLOR,
          })
          yield* Console.error(formatter.formatHelpDoc(event.helpDoc))
          yield* Console.error(formatter.formatErrors(event.errors))
        })
      : CliOutput.defaultPresenter.present(event),
})

const config = CliConfig.layer({
  builtIns: GlobalFlag.BuiltIns.map((flag) => (flag === GlobalFlag.Completions ? Completing.flag : flag)),
})

/** The command with some arguments; fails with what `main` exits with. */
export const run = <const Name extends string, Input, E, ContextInput>(
  root: Command.Command<Name, Input, ContextInput, E, Command.Environment>,
  input: ReadonlyArray<string>,
): Effect.Effect<void, Failure.Failure> =>
  Command.runWith(root, { version })(input).pipe(
    Failure.report,
    Effect.provide(Layer.mergeAll(NodeServices.layer, presenter, config)),
  )

/** Runs the process: its arguments in, its exit code out. */
export const main = <const Name extends string, Input, E, ContextInput>(
  root: Command.Command<Name, Input, ContextInput, E, Command.Environment>,
): void => NodeRuntime.runMain(run(root, process.argv.slice(2)), { disableErrorReporting: true })
