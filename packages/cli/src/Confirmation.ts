/**
 * Asking before something is written that cannot be taken back: `--yes`, or a typed yes where somebody sits at a terminal.
 *
 * Nothing but the word itself counts; where nobody can be asked, the answer is no.
 */
import { Effect } from "effect"
import { Flag } from "effect/cli"
import { createInterface } from "node:readline"

export const yes = Flag.Boolean("yes").pipe(
  Flag.withDescription("Do it; without it, it is only shown, or asked for at a terminal"),
  Flag.withDefault(false),
)

export interface Asking {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Whether it may be done. The question goes to standard error, so that standard output stays the result. */
export const ask = (
  question: string,
  { input, output }: Asking = { input: process.stdin, output: process.stderr },
): Effect.Effect<boolean> =>
  input.isTTY === true && output.isTTY === true
    ? Effect.callback((resume) => {
        const lines = createInterface({ input, output })
        lines.once("close", () => resume(Effect.succeed(false)))
        lines.question(`${question} Type yes to do it: `, (answer) => {
          resume(Effect.succeed(answer.trim().toLowerCase() === "yes"))
          lines.close()
        })
        return Effect.sync(() => lines.close())
      })
    : Effect.succeed(false)
