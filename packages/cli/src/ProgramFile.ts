/**
 * A program named on the command line: a TypeScript or JSON file, `current`, or the hash of a version that is stored.
 *
 * A TypeScript file is imported by Node itself, and its default export is a program or its definition. Whatever is loaded is checked
 * as data, so a file that was written against another version of the library is judged by this one.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { inForceAt } from "@advocacy-kit/core/flow/Publishing"
import { toIso, type Instant } from "@advocacy-kit/core/id/Instant"
import { parse, stored, type InvalidProgram, type Program } from "@advocacy-kit/core/program/Program"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { extname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as Failure from "./Failure.ts"

/** Whether a name means a stored version: `current`, or a hash where no file is called so. */
export const isStored = (name: string): boolean =>
  name === "current" || (/^[0-9a-f]{6,64}$/.test(name) && !existsSync(name))

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const scripts = new Set([".ts", ".mts", ".js", ".mjs"])

const read = (path: string): Effect.Effect<unknown, Failure.Failure> => {
  const extension = extname(path)
  if (extension === ".json") {
    return Effect.try({
      try: (): unknown => JSON.parse(readFileSync(path, "utf8")),
      catch: (error) => Failure.usage(`${path} cannot be read as JSON: ${messageOf(error)}`, "correct the file"),
    })
  }
  if (!scripts.has(extension))
    return Effect.fail(Failure.usage(`${path} is neither TypeScript nor JSON`, "name a .ts, .js or .json file"))
  return Effect.tryPromise({
    try: async (): Promise<unknown> => {
      const module = (await import(/* @vite-ignore */ pathToFileURL(resolve(path)).href)) as {
        readonly default?: unknown
      }
      return module.default
    },
    catch: (error) =>
      Failure.usage(`${path} cannot be loaded: ${messageOf(error)}`, "see that `node` can run the file by itself"),
  })
}

/** A `Program`, or its definition. */
const definitionOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "definition" in value && "hash" in value ? value.definition : value

/** Loads and checks a file. */
export const fromFile = (path: string): Effect.Effect<Program, Failure.Failure | InvalidProgram> =>
  Effect.gen(function* () {
    if (!existsSync(path))
      return yield* Failure.usage(
        `there is no file ${path}`,
        "name a program file, `current`, or the hash of a stored version",
      )
    const value = yield* read(path)
    if (value === undefined)
      return yield* Failure.usage(`${path} has no default export`, "write `export default Program.make(…)`")
    return yield* Effect.fromResult(parse(definitionOf(value)))
  })

/** Every version of every program that was published or corrected to. */
export const storedVersions = (facts: ReadonlyArray<Fact>): ReadonlyArray<Program> => [
  ...new Map(
    facts.flatMap((fact): ReadonlyArray<readonly [string, Program]> =>
      fact._tag === "ProgramPublished" || fact._tag === "ProgramCorrected" ? [[fact.hash, stored(fact)]] : [],
    ),
  ).values(),
]

/** A stored version by what `isStored` accepts; `name` is the program that `current` is of. */
export const fromStore = (
  text: string,
  facts: ReadonlyArray<Fact>,
  { asOf, name }: { readonly asOf: Instant; readonly name: string },
): Effect.Effect<Program, Failure.Failure> =>
  Effect.suspend(() => {
    if (text === "current") {
      const version = inForceAt(facts, name, asOf)
      return version === null
        ? Effect.fail(
            Failure.usage(
              `no version of "${name}" is in force at ${toIso(asOf)}`,
              "publish one with `advocacy program publish FILE`",
            ),
          )
        : Effect.succeed(version.program)
    }
    const [found, ...others] = storedVersions(facts).filter(({ hash }) => hash.startsWith(text))
    if (found === undefined)
      return Effect.fail(Failure.usage(`no stored version begins with ${text}`, "`advocacy program list` shows them"))
    if (others.length > 0)
      return Effect.fail(Failure.usage(`${others.length + 1} stored versions begin with ${text}`, "give more digits"))
    return Effect.succeed(found)
  })

/** Either of the two. */
export const load = (
  text: string,
  facts: ReadonlyArray<Fact>,
  options: { readonly asOf: Instant; readonly name: string },
): Effect.Effect<Program, Failure.Failure | InvalidProgram> =>
  isStored(text) ? fromStore(text, facts, options) : fromFile(text)

/** The first digits of a hash, as lists show it. */
export const short = ({ hash }: { readonly hash: string }): string => hash.slice(0, 12)
