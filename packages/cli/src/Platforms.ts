/**
 * The platforms of a session: the sandboxes of its simulated brand, started for as long as they are needed, or the real
 * ones from the environment.
 *
 * Sandboxes have their own lock: two processes must not write the state of one sandbox.
 */
import { DirectoryLock } from "@advocacy-kit/sql"
import { Context, Effect, Layer } from "effect"
import * as Connections from "./Connections.ts"
import * as Installation from "./Installation.ts"
import * as Sandboxes from "./Sandboxes.ts"
import { Session } from "./Session.ts"

export class Platforms extends Context.Service<
  Platforms,
  {
    /** null when the platforms are real. */
    readonly sandboxes: Sandboxes.Sandboxes | null
  }
>()("@advocacy-kit/cli/Platforms") {}

export interface PlatformsOptions {
  /** Where HubSpot's webhooks arrive; its signatures cover the address. */
  readonly webhookUrl?: string
}

/** Starts both sandboxes of an installation, and refuses when another process has started them. */
export const startSandboxes = Effect.fn("Platforms.startSandboxes")(function* (
  installation: Installation.Installation,
  ports: { readonly shopify?: number; readonly hubspot?: number } = {},
) {
  yield* DirectoryLock.acquire(Installation.sandboxDirectory(installation.directory))
  return yield* Sandboxes.startBoth(installation.directory, ports)
})

/** Both connectors for the current session. */
export const layer = (options: PlatformsOptions = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { installation } = yield* Session
      if (installation.settings.brand === null) {
        return Layer.merge(Connections.fromEnvironment, Layer.succeed(Platforms, { sandboxes: null }))
      }
      const sandboxes = yield* startSandboxes(installation)
      return Layer.merge(
        Connections.sandboxed(installation.settings, sandboxes, options.webhookUrl),
        Layer.succeed(Platforms, { sandboxes }),
      )
    }),
  )
