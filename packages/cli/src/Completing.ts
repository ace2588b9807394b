/**
 * Completion in shells: `advocacy --completions bash` prints a script with every command, option and choice.
 *
 * The script is made by the library of the command line; added to it is what that leaves out: the options of all commands, and
 * which values are files or directories. It asks nothing of the command while one types.
 */
import { Console, Effect, Option } from "effect"
import { Command, Completions, type Flag, GlobalFlag } from "effect/cli"
import * as Watching from "./Watching.ts"

/** Options and arguments that name a place on the disk. */
const paths: Readonly<Record<string, "file" | "directory">> = {
  store: "directory",
  directory: "directory",
  file: "file",
  input: "file",
  html: "file",
  journal: "file",
  program: "file",
  before: "file",
  after: "file",
  against: "file",
}

const typed = <A extends Completions.FlagDescriptor | Completions.ArgumentDescriptor>(one: A): A => {
  const pathType = one.type._tag === "String" ? paths[one.name] : undefined
  return pathType === undefined ? one : { ...one, type: { _tag: "Path", pathType } }
}

/** Of every command, whatever it is. */
const everywhere = (builtIns: GlobalFlag.HandlerContext["builtIns"]): ReadonlyArray<Completions.FlagDescriptor> => {
  const flags: ReadonlyArray<Flag.Flag<unknown>> = [...builtIns, Watching.quiet].map(({ flag }) => flag)
  const named = Object.fromEntries(flags.map((flag, index) => [String(index), flag]))
  return Completions.fromCommand(Command.make("all", named)).flags.map((flag) => ({ ...flag, negation: false }))
}

const completed = (
  command: Completions.CommandDescriptor,
  global: ReadonlyArray<Completions.FlagDescriptor>,
): Completions.CommandDescriptor => ({
  ...command,
  flags: [...command.flags.map(typed), ...global],
  arguments: command.arguments.map(typed),
  subcommands: command.subcommands.map((one) => completed(one, global)),
})

/** The script for a shell. */
export const scriptOf = (
  command: Command.Command.Any,
  shell: Completions.Shell,
  builtIns: GlobalFlag.HandlerContext["builtIns"],
): string =>
  Completions.generate(command.name, shell, completed(Completions.fromCommand(command), everywhere(builtIns)))

/** In place of the library's own `--completions`. */
export const flag = GlobalFlag.Action({
  flag: GlobalFlag.Completions.flag,
  run: (shell, { builtIns, command }) =>
    Option.match(shell, {
      onNone: () => Effect.void,
      onSome: (name) => Console.log(scriptOf(command, name, builtIns)),
    }),
})
