/**
 * The HubSpot sandbox as a process of its own:
 * `node main.ts --world FILE --state DIR --port 0 --token T --secret S`.
 *
 * Prints `{"ready":true,"port":N}` when it serves. Ends when its standard input closes, so that it never
 * outlives the process that started it, or on SIGTERM; both are a clean end, with exit code 0.
 */
import * as fs from "node:fs"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Data, Effect, Exit } from "effect"
import * as HubSpotSandbox from "./HubSpotSandbox.ts"
import type { World } from "../world/World.ts"

class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

const usage = "Usage: node main.ts --world FILE --state DIR [--port N] --token TOKEN --secret SECRET"

const readOptions = (): HubSpotSandbox.Options => {
  const text = { type: "string" } as const
  const { values } = parseArgs({ options: { world: text, state: text, port: text, token: text, secret: text } })
  const { world, state, port = "0", token, secret } = values
  if (world === undefined || state === undefined || token === undefined || secret === undefined) throw new Error(usage)
  if (!/^\d{1,5}$/.test(port)) throw new Error(`--port must be a port number, not ${port}. ${usage}`)
  const { brand, portal, live } = JSON.parse(fs.readFileSync(world, "utf8")) as World
  return {
    world: { brand, portal, live },
    directory: state,
    port: Number(port),
    token,
    secret,
  }
}

const inputClosed = Effect.callback<void>((resume) => {
  process.stdin.once("end", () => resume(Effect.void))
  process.stdin.once("close", () => resume(Effect.void))
  process.stdin.once("error", () => resume(Effect.void))
  process.stdin.resume()
})

const program = Effect.gen(function* () {
  const options = yield* Effect.try({
    try: readOptions,
    catch: (cause) => new UsageError({ message: cause instanceof Error ? cause.message : String(cause) }),
  })
  const { port } = yield* HubSpotSandbox.serve(options)
  yield* Effect.sync(() => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`))
  yield* inputClosed
})

const reported = Effect.scoped(program).pipe(
  Effect.tapError((error) => Effect.sync(() => process.stderr.write(`${error.message}\n`))),
)

// A signal interrupts the program, which closes the sandbox: an end as clean as any.
NodeRuntime.runMain(reported, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1),
})
