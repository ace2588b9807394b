/**
 * The platforms of a session: the sandboxes of its simulated brand, started for as long as they are needed, or the real
 * ones from the environment.
 *
 * Sandboxes have their own lock: two processes must not write the state of one sandbox.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import type { Connector } from "@advocacy-kit/server"
import { DirectoryLock } from "@advocacy-kit/sql"
import { Context, Effect, Layer } from "effect"
import * as Connections from "./Connections.ts"
import * as Failure from "./Failure.ts"
import * as Installation from "./Installation.ts"
import * as Sandboxes from "./Sandboxes.ts"
import { Session } from "./Session.ts"

export class Platforms extends Context.Service<
  Platforms,
  {
    /** null when the platforms are real. */
    readonly sandboxes: Sandboxes.Sandboxes | null
    /** Where their webhooks arrive. */
    readonly routes: Connector.Routes
    /** Does what they wait for, beside facts. */
    readonly workOff: NonNullable<Connector.Connected["workOff"]>
  }
>()("@advocacy-kit/cli/Platforms") {}

/** Starts both sandboxes of an installation, and refuses when another process has started them. */
export const startSandboxes = Effect.fn("Platforms.startSandboxes")(function* (
  installation: Installation.Installation,
  ports: { readonly shopify?: number; readonly hubspot?: number } = {},
) {
  yield* DirectoryLock.acquire(Installation.sandboxDirectory(installation.directory))
  return yield* Sandboxes.startBoth(installation.directory, ports)
})

/** What is connected, for the current session. */
export const layer = (addresses: Connections.PublicAddresses = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { installation } = yield* Session
      if (installation.settings.brand === null) {
        const { ports, ...connected } = yield* Connections.fromEnvironment(installation.settings)
        return Layer.merge(Layer.succeedContext(ports), Layer.succeed(Platforms, { sandboxes: null, ...connected }))
      }
      const sandboxes = yield* startSandboxes(installation)
      const context = yield* Layer.build(Connections.sandboxed(installation.settings, sandboxes, addresses))
      const ports: Context.Context<Connections.Ports> = context
      const routes = Connections.routesOf(context)
      const workOff = Connections.workOffOf(context)
      return Layer.merge(Layer.succeedContext(ports), Layer.succeed(Platforms, { sandboxes, routes, workOff }))
    }),
  )

/** Refuses what makes no sense for an installation that has files only. */
export const needed = Effect.gen(function* () {
  const { installation } = yield* Session
  if ((yield* FactSources).length > 0) return
  return yield* Failure.usage(
    `${installation.directory} has no platform that could be asked`,
    'connect one: name it in advocacy.json, as "platforms": ["shopify"], and set its variables',
  )
})
