/**
 * What a command prints: a text for people, or with `--json` one JSON object and nothing else on standard output.
 *
 * Amounts in JSON are strings of minor units, times are ISO 8601 where a member says so and milliseconds where it ends
 * in `At` of a stored value. Notes for whoever watches go to standard error.
 */
import { Console, Effect } from "effect"
import { Flag } from "effect/cli"
import * as Terminal from "./Terminal.ts"
import * as Watching from "./Watching.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one JSON object on standard output, and nothing else"),
  Flag.withDefault(false),
)

/** JSON with bigints as strings of digits, and maps and sets as arrays. */
export const toJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, member: unknown) =>
      typeof member === "bigint"
        ? member.toString()
        : member instanceof Map || member instanceof Set
          ? [...member]
          : member,
    2,
  )

/** Prints a result either way; `text` is made only when it is wanted. */
export const print = (
  asJson: boolean,
  value: unknown,
  text: (terminal: Terminal.Terminal) => string,
): Effect.Effect<void> =>
  Effect.andThen(
    Watching.clear,
    Effect.suspend(() => Console.log(asJson ? toJson(value) : text(Terminal.of(process.stdout)))),
  )

/** A line for whoever watches, on standard error; none with `--quiet`. */
export const note = Watching.note
