/**
 * The Shopify sandbox as a process: `node main.ts --world FILE --state DIR --port 0 --token T --secret S`.
 * Prints one line `{"ready":true,"port":N}` when it takes requests. Ends on SIGTERM, on SIGINT and when standard input
 * closes, so that it never outlives the process that started it.
 */

import * as fs from "node:fs"
import { parseArgs } from "node:util"
import { Effect } from "effect"
import type { World } from "../world/World.ts"
import { isProfile, profiles } from "./Faults.ts"
import * as ShopifySandbox from "./ShopifySandbox.ts"
import { isPlanName, plans } from "./ThrottleBucket.ts"

const readWorld = (file: string): World => {
  const world = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<World>
  if (!world.brand || !world.shop || !Array.isArray(world.live))
    throw new Error(`${file} is not a world: it needs "brand", "shop" and "live"`)
  return world as World
}

const readOptions = (): ShopifySandbox.Options => {
  const { values } = parseArgs({
    options: {
      world: { type: "string" },
      state: { type: "string" },
      port: { type: "string", default: "0" },
      token: { type: "string" },
      secret: { type: "string" },
      "client-id": { type: "string" },
      plan: { type: "string" },
      faults: { type: "string" },
      "bulk-delay-ms": { type: "string" },
    },
  })
  const required = (name: "world" | "token" | "secret"): string => {
    const value = values[name]
    if (value === undefined || value === "") throw new Error(`--${name} is missing`)
    return value
  }
  const whole = (name: string, text: string): number => {
    if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, it is "${text}"`)
    return Number(text)
  }
  const { plan } = values
  if (plan !== undefined && !isPlanName(plan)) throw new Error(`--plan must be one of ${Object.keys(plans).join(", ")}`)
  const names = values.faults === undefined || values.faults === "" ? [] : values.faults.split(",")
  const strange = names.find((name) => !isProfile(name))
  if (strange !== undefined) throw new Error(`--faults has "${strange}"; there are ${Object.keys(profiles).join(", ")}`)
  const delay = values["bulk-delay-ms"]
  return {
    world: readWorld(required("world")),
    ...(values.state === undefined ? {} : { stateDirectory: values.state }),
    ...(delay === undefined ? {} : { bulkDelayMs: whole("bulk-delay-ms", delay) }),
    ...(values["client-id"] === undefined ? {} : { clientId: values["client-id"] }),
    ...(plan === undefined ? {} : { plan }),
    faults: names.filter(isProfile),
    port: whole("port", values.port),
    accessToken: required("token"),
    clientSecret: required("secret"),
  }
}

const ended = Effect.callback<void>((resume) => {
  const end = () => resume(Effect.void)
  process.once("SIGTERM", end)
  process.once("SIGINT", end)
  process.stdin.once("end", end)
  process.stdin.once("close", end)
  process.stdin.once("error", end)
  process.stdin.resume()
})

const program = Effect.gen(function* () {
  const options = yield* Effect.try({
    try: readOptions,
    catch: (cause) => (cause instanceof Error ? cause : new Error(String(cause))),
  })
  const { port } = yield* ShopifySandbox.serve(options)
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
  yield* ended
})

Effect.runPromise(Effect.scoped(program)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`Shopify sandbox: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
