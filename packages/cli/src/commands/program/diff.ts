/**
 * `advocacy program diff A B`: what changes between two versions, in words. It ends like `diff`: 0 the same, 1 different.
 */
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import type { Program } from "@advocacy-kit/core/program/Program"
import { diff, type Change } from "@advocacy-kit/core/program/ProgramDiff"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as ProgramFile from "../../ProgramFile.ts"
import * as Session from "../../Session.ts"

const what = "A .ts, .js or .json file, `current`, or the hash of a stored version"
const before = Argument.String("before").pipe(Argument.withDescription(what))
const after = Argument.String("after").pipe(Argument.withDescription(what))

/** The store is opened only where a stored version is named. */
const loadBoth = (names: readonly [string, string], store: string) => {
  const files = Effect.forEach(names, ProgramFile.fromFile)
  if (!names.some(ProgramFile.isStored)) return files
  return Effect.gen(function* () {
    const { asOf, program: name } = yield* Session.Session
    const facts = yield* factsAt(Number.MAX_SAFE_INTEGER)
    return yield* Effect.forEach(names, (one) => ProgramFile.load(one, facts, { asOf, name }))
  }).pipe(Effect.provide(Session.layer({ store })))
}

const text = (changes: ReadonlyArray<Change>, [old, now]: readonly [Program, Program]): string =>
  changes.length === 0
    ? `${ProgramFile.short(old)} and ${ProgramFile.short(now)} say the same`
    : [`${ProgramFile.short(old)} to ${ProgramFile.short(now)}:`, ...changes.map((change) => `  ${change.text}`)].join(
        "\n",
      )

export const command = Command.make(
  "diff",
  { before, after, store: Session.store, json: Output.json },
  ({ after: second, before: first, json, store }) =>
    Effect.gen(function* () {
      const [old, now] = yield* loadBoth([first, second], store)
      if (old === undefined || now === undefined) return yield* Effect.die(new Error("two programs are two"))
      const changes = diff(old, now)
      const result = { before: old.hash, after: now.hash, same: changes.length === 0, changes }
      yield* Output.print(json, result, () => text(changes, [old, now]))
      if (changes.length > 0)
        return yield* Failure.check(`${changes.length} ${changes.length === 1 ? "difference" : "differences"}`, "")
    }).pipe(Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Say in words what changes between two versions; exit code 0 the same, 1 different"),
  Command.withExamples([
    { command: "advocacy program diff current candidate.ts", description: "What a candidate would change" },
    {
      command: "advocacy program diff 3f9a1c 77b02e --json",
      description: "Two stored versions, for a program to read",
    },
  ]),
)
