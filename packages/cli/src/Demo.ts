/**
 * The main job, end to end: a simulated brand's Shopify and HubSpot in, credited referrals, rewards and standings out.
 *
 * The stages are those of `Flow`; here they are timed, shown, compared with the simulator's ground truth, and run a second
 * time to show that nothing is posted twice. `--resume` goes on after a crash, at whatever point that was.
 */
import * as Crediting from "@advocacy-kit/core/flow/Crediting"
import * as Fulfilling from "@advocacy-kit/core/flow/Fulfilling"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import * as Identifying from "@advocacy-kit/core/flow/Identifying"
import * as Showing from "@advocacy-kit/core/flow/Showing"
import * as Sync from "@advocacy-kit/core/flow/Sync"
import type { WriteBackReport } from "@advocacy-kit/core/connector/WriteBack"
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type Balance } from "@advocacy-kit/core/ledger/Ledger"
import type { EffectRow } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { World } from "@advocacy-kit/sandbox/world/World"
import { Server } from "@advocacy-kit/server"
import * as HubSpotConnector from "@advocacy-kit/server/hubspot"
import * as ShopifyConnector from "@advocacy-kit/server/shopify"
import { DirectoryLock, SqlStores } from "@advocacy-kit/sql"
import type { HubSpotConfigInvalid } from "@advocacy-kit/hubspot"
import type { ShopifyConfigInvalid } from "@advocacy-kit/shopify"
import { type Config, Effect, Layer, type Scope } from "effect"
import type { HttpServerError } from "effect/http"
import { createServer, type AddressInfo } from "node:net"
import * as Connections from "./Connections.ts"
import { program } from "./DemoProgram.ts"
import * as DemoWorld from "./DemoWorld.ts"
import type * as Failure from "./Failure.ts"
import * as Installation from "./Installation.ts"
import * as Journal from "./Journal.ts"
import * as Sandboxes from "./Sandboxes.ts"
import * as Stopwatch from "./Stopwatch.ts"

export interface DemoOptions extends DemoWorld.Options {
  /** Where every exchange with the sandboxes is written, if anywhere. */
  readonly journal: string | null
}

/** What a sandbox says of the calls that it was sent. */
export interface Usage {
  readonly shopify: Readonly<Record<string, unknown>>
  readonly hubspot: Readonly<Record<string, unknown>>
}

export interface ClawBack {
  readonly credit: Credit
  /** What was posted at most, and what stands now. */
  readonly beforeMinor: bigint
  readonly nowMinor: bigint
}

export interface Played {
  readonly applied: number
  readonly delivered: number
  readonly failed: number
}

/** Everything that happened, for the report. */
export interface DemoRun {
  readonly world: World
  readonly resumed: boolean
  readonly imported: ReadonlyArray<Sync.Synced>
  readonly played: { readonly shopify: Played; readonly hubspot: Played }
  readonly received: ReadonlyArray<Sync.Received>
  readonly reconciled: ReadonlyArray<Sync.Synced>
  readonly inbox: { readonly open: number; readonly done: number; readonly parked: number }
  readonly identified: Identifying.IdentifiedPeople
  readonly credited: Crediting.Credited
  /** Ledger revisions of all creditings. */
  readonly revisions: number
  readonly balances: ReadonlyArray<Balance>
  readonly effects: ReadonlyArray<EffectRow>
  /** Advocates' credits that were posted and then taken back, in whole or in part. */
  readonly clawedBack: ReadonlyArray<ClawBack>
  readonly fulfilled: Fulfilling.Fulfilled
  readonly shown: WriteBackReport
  readonly metrics: ReturnType<typeof Flow.measure>
  readonly secondRun: { readonly postings: number; readonly effects: number; readonly written: number }
  readonly usage: Usage
  readonly timings: ReadonlyArray<Stopwatch.Timing>
}

/** A port that was free a moment ago: HubSpot signs the address, so it must be known before the server starts. */
const freePort = Effect.promise(
  () =>
    new Promise<number>((resolve) => {
      const probe = createServer()
      probe.listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as AddressInfo
        probe.close(() => resolve(port))
      })
    }),
)

/** Reads back from the ledger which credits lost value after they had been posted. */
const clawBacks = ({ evaluation }: Crediting.Credited) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const lost = [...evaluation.credits.values()].filter(
      ({ outcome, role }) => role === "advocate" && outcome !== "credited" && outcome !== "held",
    )
    const found = yield* Effect.forEach(lost, (credit) =>
      Effect.map(ledger.history(credit.key), (revisions): ClawBack => ({
        credit,
        beforeMinor: revisions.reduce(
          (most, revision) => (revision.credit.amountMinor > most ? revision.credit.amountMinor : most),
          0n,
        ),
        nowMinor: credit.amountMinor,
      })),
    )
    return found.filter(({ beforeMinor, nowMinor }) => beforeMinor > nowMinor)
  })

/** One pass after the import: find, credit, hand over, book, show. */
const pass = (stage: Stopwatch.Stopwatch["stage"], asOf: number, showing: Showing.ShowingOptions) =>
  Effect.gen(function* () {
    const identified = yield* stage("identify advocates", Identifying.identifyAndEnrol(program.name, asOf))
    const first = yield* stage("credit referrals", Crediting.credit(program.name, asOf))
    const fulfilled = yield* stage("hand over rewards", Fulfilling.fulfil)
    const credited = yield* stage("book what was handed over", Crediting.credit(program.name, asOf))
    const shown = yield* stage("write back to HubSpot", Showing.show(credited.facts, credited.evaluation, showing))
    return { identified, first, fulfilled, credited, shown, revisions: first.revisions + credited.revisions }
  })

const historyPaid = "demo:history-paid"

/**
 * The program has been running when the live days begin: what had matured by then is paid. Done once, because the past is
 * not evaluated again after the live days brought news.
 */
const payHistory = (liveFrom: number) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    if ((yield* log.checkpoint(historyPaid)) !== undefined) return 0
    const first = yield* Crediting.credit(program.name, liveFrom)
    yield* Fulfilling.fulfil
    const second = yield* Crediting.credit(program.name, liveFrom)
    yield* log.append({ facts: [], personal: [], checkpoint: { job: historyPaid, cursor: true } })
    return first.revisions + second.revisions
  })

const job = (
  options: DemoOptions,
  world: World,
  sandboxes: Sandboxes.Sandboxes,
  webhookPort: number,
  watch: Stopwatch.Stopwatch,
) =>
  Effect.gen(function* (): Effect.fn.Return<DemoRun, Flow.FlowError | Sandboxes.SandboxError, Flow.FlowNeeds> {
    const { stage, timings } = watch
    const sources = yield* FactSources
    const inbox = yield* Inbox
    const ledger = yield* Ledger
    const asOf = Date.parse(world.brand.now)
    const showing: Showing.ShowingOptions = {
      record: "hubspot:contact/",
      link: (code) => `https://${world.brand.shopDomain}/?ref=${code}`,
    }
    const pullAll = Effect.map(Effect.forEach(sources, Sync.pullAll, { concurrency: "unbounded" }), (all) => all.flat())
    const receiveAll = Effect.forEach(sources, Sync.receiveAll)

    yield* Flow.publish(program, Date.parse(world.brand.startsAt))
    const imported = yield* stage("import history", pullAll)
    const before = yield* stage("credit and pay the history", payHistory(Date.parse(world.brand.liveFrom)))
    const webhooks = (platform: "shopify" | "hubspot") => ({
      webhookUrl: `http://127.0.0.1:${webhookPort}/${platform}/webhooks`,
    })
    const played = yield* stage(
      "live days by webhook",
      Effect.all(
        {
          shopify: Sandboxes.control<Played>(sandboxes.shopify, "play", webhooks("shopify")),
          hubspot: Sandboxes.control<Played>(sandboxes.hubspot, "play", webhooks("hubspot")),
        },
        { concurrency: 2 },
      ),
    )
    const received = yield* stage("read what webhooks announced", receiveAll)
    const reconciled = yield* stage("reconcile what webhooks lost", pullAll)
    const { credited, fulfilled, identified, revisions, shown } = yield* pass(stage, asOf, showing)
    const metrics = Flow.measure(credited)
    const usage = yield* Effect.all({
      shopify: Sandboxes.control<Record<string, unknown>>(sandboxes.shopify, "usage"),
      hubspot: Sandboxes.control<Record<string, unknown>>(sandboxes.hubspot, "usage"),
    })
    const balances = yield* ledger.balances
    const effects = yield* ledger.effects({
      states: ["planned", "sending", "confirmed", "unknown", "failed", "undone"],
    })
    const clawedBack = yield* clawBacks(credited)
    const second = yield* stage(
      "second run",
      Effect.gen(function* () {
        yield* pullAll
        yield* receiveAll
        return yield* pass((_, work) => work, asOf, showing)
      }),
    )
    return {
      world,
      resumed: options.resume,
      imported,
      played,
      received,
      reconciled,
      inbox: yield* inbox.counts,
      identified,
      credited,
      revisions: before + revisions,
      balances,
      effects,
      clawedBack,
      fulfilled,
      shown,
      metrics,
      secondRun: {
        postings: second.revisions,
        effects:
          second.first.planned +
          second.credited.planned +
          second.fulfilled.confirmed +
          second.shown.written +
          second.shown.linked,
        written: second.shown.written,
      },
      usage,
      timings,
    }
  })

export type DemoError =
  | Flow.FlowError
  | Sandboxes.SandboxError
  | Installation.InstallationError
  | Failure.Failure
  | SqlStores.OpenError
  | ShopifyConfigInvalid
  | HubSpotConfigInvalid
  | Config.ConfigError
  | HttpServerError.ServeError

/** Runs the demo in `options.directory`. */
export const run = (options: DemoOptions): Effect.Effect<DemoRun, DemoError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* DirectoryLock.acquire(options.directory)
    const watch = yield* Stopwatch.make
    const world = yield* watch.stage("simulate the brand", DemoWorld.prepare(options))
    const installation = yield* Installation.load(options.directory)
    yield* DirectoryLock.acquire(Installation.sandboxDirectory(options.directory))
    const sandboxes = yield* watch.stage("start the sandboxes", Sandboxes.startBoth(options.directory))
    if (options.journal !== null) yield* journal(options.journal, sandboxes)
    const port = yield* freePort
    const connected = Connections.sandboxed(installation.settings, sandboxes, {
      webhookUrl: `http://127.0.0.1:${port}/hubspot/webhooks`,
    })
    const services = Layer.mergeAll(
      connected,
      SqlStores.layerEmbedded({ directory: Installation.storeDirectory(options.directory) }),
      Installation.tenantLayer(installation),
    )
    const served = Server.layer(Layer.merge(ShopifyConnector.routes, HubSpotConnector.routes), { port })
    const context = yield* watch.stage("open the store", Layer.build(served.pipe(Layer.provideMerge(services))))
    return yield* job(options, world, sandboxes, port, watch).pipe(Effect.provideContext(context))
  })

const journal = (file: string, sandboxes: Sandboxes.Sandboxes): Effect.Effect<void, Failure.Failure, Scope.Scope> =>
  Journal.record(file, (url) => {
    if (url.includes("/__sandbox/")) return null
    return url.startsWith(sandboxes.shopify.url) ? "shopify" : url.startsWith(sandboxes.hubspot.url) ? "hubspot" : null
  })
