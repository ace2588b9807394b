/**
 * The simulated brand of a demo directory: made from its seed, or read again when a run is resumed.
 */
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import type { World } from "@advocacy-kit/sandbox/world/World"
import { DirectoryLock } from "@advocacy-kit/sql"
import { Effect } from "effect"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { program } from "./DemoProgram.ts"
import * as Failure from "./Failure.ts"
import * as Installation from "./Installation.ts"

export interface Options {
  readonly directory: string
  readonly seed: number
  readonly customers: number
  readonly orders: number
  /** Go on with the world that is there. */
  readonly resume: boolean
}

/** Another command may have the store open, or keep the sandboxes running: then nothing is wiped. */
const notInUse = (directory: string) =>
  Effect.forEach(
    [Installation.storeDirectory(directory), Installation.sandboxDirectory(directory)].filter((one) => existsSync(one)),
    (one) => Effect.scoped(DirectoryLock.acquire(one)),
    { discard: true },
  )

/** Wipes the directory and fills it anew, unless the run is resumed. */
export const prepare = (
  options: Options,
): Effect.Effect<
  World,
  Failure.Failure | Installation.InstallationError | DirectoryLock.DirectoryInUse | DirectoryLock.DirectoryUnusable
> =>
  Effect.gen(function* () {
    const file = Installation.worldFile(options.directory)
    if (options.resume && existsSync(file) && Installation.exists(options.directory)) {
      return JSON.parse(readFileSync(file, "utf8")) as World
    }
    // A size that cannot be simulated must not cost the demo that is there.
    const world = yield* Effect.try({
      try: () => Simulator.simulate({ seed: options.seed, customers: options.customers, orders: options.orders }),
      catch: (error) =>
        Failure.usage(
          error instanceof Error ? error.message : String(error),
          "correct --customers, --orders or --seed",
        ),
    })
    yield* notInUse(options.directory)
    yield* Installation.wipe(options.directory)
    Installation.save({
      directory: options.directory,
      settings: {
        tenant: "demo",
        handleKey: Installation.demoHandleKey(options.seed),
        program: program.name,
        now: Date.parse(world.brand.now),
        shareUrl: `https://${world.brand.shopDomain}/?ref=`,
        brand: {
          seed: options.seed,
          customers: options.customers,
          orders: options.orders,
          shopDomain: world.brand.shopDomain,
          portalId: world.brand.portalId,
        },
      },
    })
    writeFileSync(`${file}.new`, JSON.stringify(world))
    renameSync(`${file}.new`, file)
    return world
  })
