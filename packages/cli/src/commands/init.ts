/**
 * `advocacy init [DIRECTORY]`: makes an installation of one's own: a program, settings with a new key, and what connects.
 *
 * It asks at a terminal and takes flags anywhere; it needs no network, opens no database and overwrites nothing.
 */
import { Effect, Option, Result } from "effect"
import { Argument, Command, Flag, TerminalCapabilities } from "effect/cli"
import { basename, relative, resolve } from "node:path"
import * as Failure from "../Failure.ts"
import * as Answering from "../init/Answering.ts"
import * as Definition from "../init/Definition.ts"
import * as Files from "../init/Files.ts"
import { type FlagName, questionOf, sourcesOf, type Typed } from "../init/Question.ts"
import * as Output from "../Output.ts"
import * as Terminal from "../Terminal.ts"

const directory = Argument.String("directory").pipe(
  Argument.withDescription("Where it is made; this directory when it is left out"),
  Argument.withDefault("."),
)
const yes = Flag.Boolean("yes").pipe(
  Flag.withDescription("Ask nothing, and take what is suggested where no flag says otherwise"),
  Flag.withDefault(false),
)
const told = (flag: FlagName) => Flag.String(flag).pipe(Flag.withDescription(questionOf(flag).what), Flag.optional)

interface Step {
  readonly command: string
  readonly why: string
}

const stepsOf = (at: string, program: string, typed: Typed): ReadonlyArray<Step> => {
  const sources = sourcesOf(typed.sources ?? "")
  const isConnected = sources.some((name) => name !== "files")
  return [
    ...(at === "" ? [] : [{ command: `cd ${at}`, why: "commands find the installation of the directory they run in" }]),
    { command: `advocacy program publish ${program} --yes`, why: "brings the program into force from now on" },
    ...(isConnected
      ? [
          { command: "cp .env.example .env", why: "then fill .env in, and load it: set -a; . ./.env; set +a" },
          { command: "advocacy sync", why: "reads everything once, and from then on what is new" },
        ]
      : []),
    ...(sources.includes("files")
      ? [
          {
            command: "advocacy import shopify-orders orders_export.csv",
            why: "stores what a file says; `advocacy import --help` lists the kinds of files",
          },
        ]
      : []),
    { command: `advocacy backtest --program ${program}`, why: "what it would have paid on what has been read" },
  ]
}

const text = (terminal: Terminal.Terminal, { kept, wrote }: Files.Written, steps: ReadonlyArray<Step>): string =>
  [
    Terminal.heading(terminal, "Made"),
    ...wrote.map(({ name, what }) => `  ${terminal.style("green", "+")} ${name.padEnd(14)} ${what}`),
    ...kept.map(
      ({ name, what }) => `  ${terminal.style("yellow", "=")} ${name.padEnd(14)} was there and stays; ours ${what}`,
    ),
    Terminal.heading(terminal, "Next"),
    ...steps.flatMap(({ command, why }) => [`  ${terminal.style("cyan", command)}`, `      ${why}`]),
  ].join("\n")

export const command = Command.make(
  "init",
  {
    directory,
    sources: told("sources"),
    tenant: told("tenant"),
    currency: told("currency"),
    timeZone: told("time-zone"),
    program: told("program"),
    advocateReward: told("advocate-reward"),
    friendReward: told("friend-reward"),
    pointsPerUnit: told("points-per-unit"),
    offer: told("offer"),
    site: told("site"),
    yes,
    json: Output.json,
  },
  ({ advocateReward, directory: where, friendReward, json, pointsPerUnit, timeZone, yes: isAgreed, ...same }) =>
    Effect.gen(function* () {
      const flags: Readonly<Record<FlagName, Option.Option<string>>> = {
        ...same,
        "time-zone": timeZone,
        "advocate-reward": advocateReward,
        "friend-reward": friendReward,
        "points-per-unit": pointsPerUnit,
      }
      const given: Typed = Object.fromEntries(
        Object.entries(flags).flatMap(([flag, value]) => (Option.isSome(value) ? [[flag, value.value]] : [])),
      )
      yield* Files.check(where)
      const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
      const typed = yield* Answering.answer(given, {
        canAsk: canPrompt && !json,
        isAgreed,
        place: {
          directoryName: basename(resolve(where)),
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      })
      const hash = yield* Effect.fromResult(
        Result.mapError(Definition.check(Definition.definitionOf(typed)), ({ message }) =>
          Failure.usage(message, "correct the amounts: they are written with the currency's own decimals"),
        ),
      )
      const files = Files.filesOf(where, typed)
      const written = yield* Files.write(where, files)
      const steps = stepsOf(relative(".", where), files[1]?.name ?? "", typed)
      const result = {
        directory: resolve(where),
        program: typed.program,
        hash,
        wrote: written.wrote.map(({ name }) => name),
        kept: written.kept.map(({ name }) => name),
        next: steps.map(({ command: next }) => next),
      }
      yield* Output.print(json, result, (terminal) => text(terminal, written, steps))
    }).pipe(Failure.coded),
).pipe(
  Command.withDescription(
    "Make an installation of your own: a program, settings with a new key, and what connects your platforms",
  ),
  Command.withExamples([
    { command: "advocacy init acme", description: "Ask what is needed, and make it in acme" },
    {
      command: "advocacy init acme --sources files --currency EUR --time-zone Europe/Berlin --yes",
      description: "Ask nothing: a refer-a-friend program with what is suggested",
    },
    {
      command:
        "advocacy init /srv/advocacy --sources shopify,hubspot --currency USD --time-zone America/New_York --advocate-reward 20.00 --friend-reward 10% --site https://acme.example --yes",
      description: "Both platforms, with rewards of your own",
    },
  ]),
)
