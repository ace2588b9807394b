/**
 * `advocacy sandbox exports`: the simulated brand as the files that the real products would export, in a directory.
 *
 * Promises: each file is whole or is not there, and none takes the place of another. Beside them stands what was planted
 * in the records of the referral product, so that an audit can be held against it.
 */
import { Dialect, ExportSet } from "@advocacy-kit/sandbox"
import type { ExportTable } from "@advocacy-kit/sandbox"
import type { World } from "@advocacy-kit/sandbox/world/World"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Failure from "../../Failure.ts"
import * as Installation from "../../Installation.ts"
import * as NewFile from "../../NewFile.ts"
import * as Output from "../../Output.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const out = Flag.String("out").pipe(Flag.withDescription("The directory to write to; it is made where it is missing"))
const faults = Flag.Int("faults").pipe(
  Flag.withDescription(
    "Faults of each kind in the product's records; the default is what the brand has room for, 25 at most",
  ),
  Flag.filter(
    (value) => value >= 0,
    (value) => `${value} faults cannot be planted: use 0 or more`,
  ),
  Flag.optional,
)
const dialects = { english: Dialect.plain, continental: Dialect.continental } as const
const dialect = Flag.Literals("dialect", ["english", "continental"]).pipe(
  Flag.withDescription("english: commas and decimal points; continental: semicolons, decimal commas, CRLF"),
  Flag.withDefault("english" as const),
)

interface Written {
  readonly file: string
  readonly rows: number
  readonly bytes: number
}

const linesAtOnce = 500

/** One file, piece by piece. */
const write = (directory: string, table: ExportTable, how: Dialect.Dialect) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* NewFile.make(join(directory, table.fileName))
      let rows = -1
      let waiting: Array<string> = []
      for (const line of Dialect.lines(table, { ...how, finalLineEnd: false })) {
        rows++
        waiting.push(line)
        if (waiting.length < linesAtOnce) continue
        yield* file.write(waiting.join(""))
        waiting = []
      }
      yield* file.write([...waiting, how.lineEnd ?? "\n"].join(""))
      const bytes = yield* file.end
      return { file: table.fileName, rows, bytes } satisfies Written
    }),
  )

const makeDirectory = (directory: string) =>
  Effect.try({
    try: () => mkdirSync(directory, { recursive: true }),
    catch: () => Failure.usage(`${directory} cannot be made`, "name a directory that this user can make"),
  })

const worldOf = (store: string) =>
  Effect.gen(function* () {
    yield* Installation.load(store)
    const file = Installation.worldFile(store)
    if (!existsSync(file))
      return yield* Failure.usage(
        `${store} is a real installation: it has no simulated brand`,
        "name the directory of a demo with --store",
      )
    return JSON.parse(readFileSync(file, "utf8")) as World
  })

const text = (terminal: Terminal.Terminal, directory: string, files: ReadonlyArray<Written>, planted: number): string =>
  [
    Terminal.heading(terminal, `Export files in ${directory}`),
    Terminal.table(
      terminal,
      [{ title: "file" }, { title: "rows", align: "right" }, { title: "bytes", align: "right" }],
      files.map(({ bytes, file, rows }) => [file, Terminal.count(rows), Terminal.count(bytes)]),
    ),
    `  ${Terminal.count(planted)} faults are planted in what the referral product paid: planted-faults.csv tells them`,
  ].join("\n")

export const command = Command.make(
  "exports",
  { out, faults, dialect, store: Session.store, json: Output.json },
  ({ dialect: how, faults: wanted, json, out: directory, store }) =>
    Effect.gen(function* () {
      const world = yield* worldOf(store)
      const { files, incumbent } = yield* Effect.try({
        try: () => ExportSet.of(world, Option.isSome(wanted) ? { faultsPerKind: wanted.value } : {}),
        catch: (error) =>
          Failure.usage(
            error instanceof RangeError ? error.message : String(error),
            "ask for fewer --faults, or leave that out",
          ),
      })
      yield* makeDirectory(directory)
      const written = yield* Effect.forEach(files, (table) => write(directory, table, dialects[how]))
      yield* Output.print(json, { directory, files: written, faults: incumbent.faults.length }, (terminal) =>
        text(terminal, directory, written, incumbent.faults.length),
      )
    }).pipe(Failure.coded),
).pipe(
  Command.withDescription("Write the simulated brand as the export files of Shopify, HubSpot and referral products"),
  Command.withExamples([
    { command: "advocacy sandbox exports --out exports", description: "The demo's brand as files" },
    {
      command: "advocacy sandbox exports --out exports --faults 0 --dialect continental",
      description: "As a spreadsheet in Germany saves them, of a product that paid everybody right",
    },
  ]),
)
