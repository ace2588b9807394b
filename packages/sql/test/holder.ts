/** A process of its own that opens a directory: `node holder.ts lock|store <directory>`. Says what came of it, then waits to be ended. */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import process from "node:process"
import * as DirectoryLock from "../src/DirectoryLock.ts"
import * as SqlStores from "../src/SqlStores.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"
import { order } from "./Examples.ts"

const [, , kind, directory] = process.argv
if (directory === undefined) throw new Error("usage: node holder.ts lock|store <directory>")

const say = (text: string) => Effect.sync(() => void process.stdout.write(`${text}\n`))

const lock = Effect.scoped(Effect.andThen(DirectoryLock.acquire(directory), Effect.andThen(say("held"), Effect.never)))

const store = Effect.gen(function* () {
  const log = yield* FactLog
  yield* log.append({ facts: [order(1), order(2)], personal: [], checkpoint: { job: "j", cursor: 7 } })
  yield* say("held")
  return yield* Effect.never
}).pipe(
  Effect.provide(SqlStores.layerEmbedded({ directory, vaultKey })),
  Effect.provideService(CurrentTenant, tenantNamed("a")),
)

// Keeps the process alive: a fiber that waits for ever holds nothing open.
setInterval(() => undefined, 60_000)
await Effect.runPromise(
  Effect.catch(kind === "lock" ? lock : store, (error) =>
    say(error instanceof Error ? `refused: ${error.message}` : "failed"),
  ),
)
process.exit(0)
