/**
 * The whole kit for people who do not use Effect: `await Advocacy.open({ … })`, then plain promises.
 *
 * Promises the same as the services below it; every rejection is one of their errors, with a `_tag` and a message that names
 * place and remedy. `open` publishes the program if that version is new. Close it when the process ends: an embedded store
 * has one user at a time.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog, type Appended, type PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Crediting from "@advocacy-kit/core/flow/Crediting"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type Balance } from "@advocacy-kit/core/ledger/Ledger"
import type { Program } from "@advocacy-kit/core/program/Program"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Clock, Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { HttpEffect, HttpRouter } from "effect/http"
import * as Connector from "./Connector.ts"

export interface Options {
  /** Lower-case letters, digits and hyphens: whose data this is. */
  readonly tenant: string
  /** At least 16 secret bytes, hexadecimal; hashes personal values. Keep it: without it nobody is recognised again. */
  readonly handleKey: string
  readonly program: Program
  /** From when the program counts, ISO 8601; conversions before it are not looked at. */
  readonly effectiveFrom: string
  /** Default: `DATABASE_URL`, else an embedded database in `ADVOCACY_DIRECTORY` (`.advocacy`). */
  readonly store?: { readonly directory: string } | { readonly url: string }
  readonly connectors?: ReadonlyArray<Connector.Connector>
  /** A code's share link, for write-back. */
  readonly link?: (code: string) => string
}

export interface Advocacy {
  /** Stores facts of your own (JSON, see the fact schema); bad ones reject with the path that is wrong. */
  readonly record: (facts: ReadonlyArray<unknown>, personal?: ReadonlyArray<PersonalValue>) => Promise<Appended>
  /** Brings the ledger to what the facts say now, or at a time. Answers every credit, refusals and holds included. */
  readonly credit: (options?: { readonly asOf?: string }) => Promise<ReadonlyArray<Credit>>
  /**
   * One whole pass: pull and read webhooks, identify, credit, hand over, write back, measure. A platform that could not be reached
   * for handing over is told in `fulfilled.away`, and the rest goes on.
   */
  readonly run: (options?: { readonly asOf?: string }) => Promise<Flow.FlowReport>
  readonly balances: () => Promise<ReadonlyArray<Balance>>
  /** The webhook routes of the connectors, for any server that speaks `Request` and `Response`. */
  readonly handler: (request: Request) => Promise<Response>
  readonly close: () => Promise<void>
}

const storesOf = ({ store }: Options) =>
  store === undefined
    ? SqlStores.layerConfig
    : "url" in store
      ? SqlStores.layerServer({ url: Redacted.make(store.url) })
      : SqlStores.layerEmbedded({ directory: store.directory })

const tenantOf = ({ handleKey, tenant }: Options): CurrentTenant["Service"] => {
  if (!/^([0-9a-f]{2}){16,}$/i.test(handleKey)) {
    throw new RangeError(
      "handleKey: give at least 16 random bytes as hexadecimal digits, for instance from `openssl rand -hex 32`",
    )
  }
  return {
    id: TenantIdOf(tenant),
    handleKey: Uint8Array.from(handleKey.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  }
}

const servicesOf = (options: Options) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const connected = yield* Effect.forEach(options.connectors ?? [], ({ build }) => build)
      const services = Layer.mergeAll(
        storesOf(options),
        Layer.succeed(CurrentTenant, tenantOf(options)),
        Layer.succeed(
          FactSources,
          connected.map(({ source }) => source),
        ),
        Layer.succeed(
          Fulfiller,
          connected.find(({ fulfiller }) => fulfiller !== undefined)?.fulfiller ?? Connector.noFulfiller,
        ),
        Layer.succeed(
          WriteBack,
          connected.find(({ writeBack }) => writeBack !== undefined)?.writeBack ?? Connector.noWriteBack,
        ),
      )
      const routes = connected.reduce((all: Connector.Routes, { routes: own }) => Layer.merge(all, own), Layer.empty)
      return routes.pipe(Layer.provideMerge(Layer.merge(services, HttpRouter.layer)))
    }),
  )

const asOfFrom = (asOf: string | undefined): Effect.Effect<number> =>
  asOf === undefined ? Clock.currentTimeMillis : Effect.sync(() => Instant.fromIso(asOf))

/** Opens the store, connects the platforms and publishes the program. */
export const open = async (options: Options): Promise<Advocacy> => {
  const { program } = options
  const showing = { record: "hubspot:contact/", link: options.link ?? ((code: string) => code) }
  const runtime = ManagedRuntime.make(servicesOf(options))
  const start = Effect.gen(function* () {
    yield* Flow.publish(program, Instant.fromIso(options.effectiveFrom))
    return yield* HttpRouter.HttpRouter
  })
  const router = await runtime.runPromise(start).catch(async (error: unknown) => {
    await runtime.dispose()
    throw error
  })
  return {
    record: (facts, personal = []) =>
      runtime.runPromise(
        Effect.gen(function* () {
          const log = yield* FactLog
          return yield* log.append({ facts: yield* Effect.forEach(facts, (fact) => Fact.decode(fact)), personal })
        }),
      ),
    credit: (how = {}) =>
      runtime.runPromise(
        Effect.gen(function* () {
          const { evaluation } = yield* Crediting.credit(program.name, yield* asOfFrom(how.asOf))
          return [...evaluation.credits.values()]
        }),
      ),
    run: (how = {}) =>
      runtime.runPromise(
        Effect.flatMap(asOfFrom(how.asOf), (asOf) => Flow.run({ ...showing, program: program.name, asOf })),
      ),
    balances: () => runtime.runPromise(Effect.flatMap(Ledger, (ledger) => ledger.balances)),
    handler: HttpEffect.toWebHandler(router.asHttpEffect()),
    close: () => runtime.dispose(),
  }
}
