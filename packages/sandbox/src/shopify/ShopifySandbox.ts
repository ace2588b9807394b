/**
 * A local Shopify: the Admin GraphQL API of one shop on a loopback port, filled from a world. `serve` gives the running
 * sandbox for as long as its scope lives. It answers like the real API, only its clock is the world's and stands still
 * until `control` moves it, and the webhooks of the live phase go where `POST /__sandbox/play` says. Not for the open
 * network.
 */

import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { Data, Effect } from "effect"
import type { Scope } from "effect"
import * as RandomSource from "../world/RandomSource.ts"
import type { World } from "../world/World.ts"
import * as AdminSchema from "./AdminSchema.ts"
import * as BulkRunner from "./BulkRunner.ts"
import { personalFields } from "./CustomerDataAccess.ts"
import type { CustomerDataApproval } from "./CustomerDataAccess.ts"
import { importCodes } from "./DiscountMutations.ts"
import type { Execution } from "./Execution.ts"
import { Faults } from "./Faults.ts"
import type { FaultProfile } from "./Faults.ts"
import { requestListener } from "./HttpSurface.ts"
import * as ShopControl from "./ShopControl.ts"
import * as ShopLog from "./ShopLog.ts"
import { ShopState } from "./ShopState.ts"
import { plans, ThrottleBucket } from "./ThrottleBucket.ts"
import type { Plan, PlanName } from "./ThrottleBucket.ts"
import * as WebhookQueue from "./WebhookQueue.ts"

export interface Options {
  readonly world: World
  /** Where the log and bulk results live; without it the shop is forgotten on closing. */
  readonly stateDirectory?: string
  /** 0 or absent takes a free port. */
  readonly port?: number
  /** A permanent token that opens the shop from the beginning. */
  readonly accessToken: string
  readonly clientId?: string
  /** Signs webhooks, callbacks and session tokens. */
  readonly clientSecret: string
  /** Granted when the app is installed. */
  readonly scopes?: ReadonlyArray<string>
  /** The approval for protected customer data; without this for all of it, as custom apps have. */
  readonly customerData?: CustomerDataApproval
  /** Whether the merchant has turned store credit on. Default true. */
  readonly storeCredit?: boolean
  /** Handles of the app's Flow triggers; without it every handle is one. */
  readonly flowTriggers?: ReadonlyArray<string>
  /** What the app may ask for later. */
  readonly optionalScopes?: ReadonlyArray<string>
  /** Addresses that OAuth may go back to; without them any. */
  readonly redirectUrls?: ReadonlyArray<string>
  /** Whether the app is installed from the beginning, as it is unless this says no. */
  readonly installed?: boolean
  /** Milliseconds of the app's clock, for callbacks and session tokens; this computer's when absent. */
  readonly appClock?: () => number
  /** The shop's plan, or a bucket of one's own; Plus when absent. */
  readonly plan?: PlanName | Plan
  /** Faults that happen now and then all the time; `control.faults` asks for single ones. */
  readonly faults?: ReadonlyArray<FaultProfile>
  /** How long a receiver of webhooks may take; five seconds as in the real one when absent. */
  readonly webhookTimeoutMs?: number
  readonly bulkDelayMs?: number
  readonly codeImportMs?: number
  /** Milliseconds that only go forward; for tests of the bucket. */
  readonly steadyClock?: () => number
}

export interface Running {
  readonly port: number
  readonly url: string
  readonly control: ShopControl.ShopControl
}

export class ShopifySandboxError extends Data.TaggedError("ShopifySandboxError")<{
  readonly message: string
  readonly cause: unknown
}> {}

export const defaultClientId = "sandbox-client-id"

export const defaultScopes: ReadonlyArray<string> = [
  "read_orders",
  "read_all_orders",
  "read_customers",
  "write_customers",
  "read_discounts",
  "write_discounts",
  "read_products",
  "read_store_credit_accounts",
  "write_store_credit_account_transactions",
  "write_gift_cards",
  "write_gift_card_transactions",
]

interface Timers {
  readonly schedule: (delayMs: number, task: () => void) => void
  readonly clear: () => void
}

const makeTimers = (): Timers => {
  const pending = new Set<NodeJS.Timeout>()
  return {
    schedule: (delayMs, task) => {
      const timer = setTimeout(() => {
        pending.delete(timer)
        task()
      }, delayMs)
      pending.add(timer)
    },
    clear: () => {
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    },
  }
}

const listen = (server: http.Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port))
  })

export interface Opened extends Running {
  readonly close: () => Promise<void>
}

const start = async (options: Options): Promise<Opened> => {
  const state = new ShopState(options.world, {
    clientId: options.clientId ?? defaultClientId,
    clientSecret: options.clientSecret,
    accessToken: options.accessToken,
    scopes: options.scopes ?? defaultScopes,
    optionalScopes: options.optionalScopes ?? [],
    redirectUrls: options.redirectUrls ?? [],
    installed: options.installed ?? true,
  })
  const quietLog = ShopLog.open(state, options.stateDirectory)
  const timers = makeTimers()
  const { plan: asked = "plus" } = options
  const plan = typeof asked === "string" ? plans[asked] : asked
  const closing = new AbortController()
  const address = { url: "" }
  const execution: Execution = {
    state,
    commit: (event) => queue.commit(event),
    schedule: timers.schedule,
    codeImportMs: options.codeImportMs ?? 100,
    apiVersion: AdminSchema.versions[0],
    get scopes() {
      return state.access.granted
    },
    plan: typeof asked === "string" ? asked : "plus",
    customerData: options.customerData ?? personalFields,
    storeCreditEnabled: options.storeCredit ?? true,
    flowTriggers: options.flowTriggers,
    bulk: undefined,
    bulkUrl: (id) => `${address.url}/bulk/${BulkRunner.resultName(id)}`,
    startBulk: (query, groupObjects) => bulk.start(AdminSchema.versions[0], query, groupObjects),
  }
  const faults = new Faults(options.faults, RandomSource.make(options.world.brand.seed, "faults").next)
  const queue = WebhookQueue.make(quietLog, execution, {
    apiVersion: AdminSchema.versions[0],
    timeoutMs: options.webhookTimeoutMs ?? 5_000,
    closing: closing.signal,
    faults,
  })
  const log: ShopLog.ShopLog = { ...quietLog, commit: queue.commit }
  const bulk = BulkRunner.make({ delayMs: options.bulkDelayMs ?? 200, faults }, log, execution)
  AdminSchema.load(AdminSchema.versions[0])
  const server = http.createServer(
    requestListener({
      execution,
      startBulk: bulk.start,
      log,
      bucket: new ThrottleBucket(plan, options.steadyClock),
      faults,
      appClock: options.appClock ?? (() => Date.now()),
      queue,
      quietLog,
      closing: closing.signal,
    }),
  )
  const port = await listen(server, options.port ?? 0)
  address.url = `http://127.0.0.1:${port}`
  for (const creation of state.creations.values()) if (creation.results === null) importCodes(creation.id, execution)
  bulk.resume()
  void queue.settled()
  const close = (): Promise<void> => {
    closing.abort()
    timers.clear()
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  return { port, url: address.url, control: ShopControl.at(address.url), close }
}

/** Starts the sandbox; closing the scope stops it, with all that is under way. */
export const serve = (options: Options): Effect.Effect<Running, ShopifySandboxError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => start(options),
      catch: (cause) =>
        new ShopifySandboxError({
          message: `The Shopify sandbox did not start: ${cause instanceof Error ? cause.message : String(cause)}`,
          cause,
        }),
    }),
    (running) => Effect.promise(() => running.close()),
  ).pipe(Effect.map(({ control, port, url }) => ({ control, port, url })))

/** The same for tests without Effect: whoever opens it closes it. */
export const open = start

/** Steers a sandbox that runs elsewhere, such as one of the command line. */
export const control = ShopControl.at
