/**
 * The whole kit for people who do not use Effect: `await Advocacy.open({ … })`, then plain promises.
 *
 * Promises the same as the services below it; every rejection is one of their errors, with a `_tag` and a message that names
 * place and remedy. `open` publishes the program if that version is new. Close it when the process ends: an embedded store
 * has one user at a time.
 */
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { FactOf } from "@advocacy-kit/core/fact/Fact"
import { FactLog, type Appended, type PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import { adjust, type Adjust } from "@advocacy-kit/core/flow/Adjusting"
import { announce } from "@advocacy-kit/core/flow/Announcing"
import type { Done } from "@advocacy-kit/core/flow/Commanding"
import * as Crediting from "@advocacy-kit/core/flow/Crediting"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import { redeem, type Redeem } from "@advocacy-kit/core/flow/Redeeming"
import { queue, review, type Review } from "@advocacy-kit/core/flow/Reviewing"
import { transfer, type Transfer } from "@advocacy-kit/core/flow/Transferring"
import { Handle } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type Balance } from "@advocacy-kit/core/ledger/Ledger"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import { holdingsOf, type Holding } from "@advocacy-kit/core/program/Holdings"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { Waiting } from "@advocacy-kit/core/program/ReviewQueue"
import type { TierHeld } from "@advocacy-kit/core/program/TierStanding"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Clock, Context, Effect, Layer, ManagedRuntime, Redacted, Schema } from "effect"
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

/** When it happens, ISO 8601; now unless told. */
export interface At {
  readonly asOf?: string
}

/** A command without what the opened program knows by itself; people are named by any handle, as plain text. */
export type Told<Command> = {
  readonly [Name in keyof Command as Exclude<Name, "program" | "asOf">]: Command[Name] extends Handle | undefined
    ? string
    : Command[Name]
}

/** What a command recorded, and what the person it was about has after it. */
export interface Answer<Recorded> {
  readonly fact: Recorded
  /** It was done before, under the same key. */
  readonly isRepeated: boolean
  readonly holdings: ReadonlyArray<Holding>
}
type Redeemed = Answer<FactOf<"ValueRedeemed">>
type Transferred = Answer<FactOf<"ValueTransferred">>
type Adjusted = Answer<FactOf<"ValueAdjusted">>
type Reviewed = Omit<Answer<FactOf<"ReviewDecided">>, "holdings"> & { readonly credit: Credit | null }

export interface Advocacy {
  /** Stores facts of your own (JSON, see the fact schema); bad ones reject with the path that is wrong. */
  readonly record: (facts: ReadonlyArray<unknown>, personal?: ReadonlyArray<PersonalValue>) => Promise<Appended>
  /** Brings the ledger to what the facts say now, or at a time. Answers every credit, refusals and holds included. */
  readonly credit: (options?: { readonly asOf?: string }) => Promise<ReadonlyArray<Credit>>
  /**
   * One whole pass: complete blocked workflow actions, pull and read webhooks, identify, credit, hand over, write back, measure. A platform that could not be reached
   * for handing over is told in `fulfilled.away`, and the rest goes on.
   */
  readonly run: (options?: { readonly asOf?: string }) => Promise<Flow.FlowReport>
  readonly balances: () => Promise<ReadonlyArray<Balance>>
  /** What a person has by unit: available, pending, owed, and the lots with their expiry. */
  readonly holdings: (person: string, options?: At) => Promise<ReadonlyArray<Holding>>
  /** Turns points into an offer of the program. The same key again is the same redemption, done once. */
  readonly redeem: (command: Told<Redeem>, options?: At) => Promise<Redeemed>
  /** Gives a part of what one person has to another. */
  readonly transfer: (command: Told<Transfer>, options?: At) => Promise<Transferred>
  /** Gives by hand, or takes back what is available. */
  readonly adjust: (command: Told<Adjust>, options?: At) => Promise<Adjusted>
  readonly review: {
    /** What is held for a human, the longest waiting first. */
    readonly list: (options?: At) => Promise<ReadonlyArray<Waiting>>
    /** A human's word about one credit. */
    readonly decide: (command: Told<Review>, options?: At) => Promise<Reviewed>
  }
  /** Announces every tier that was reached and not announced; answers the tiers that people hold. */
  readonly announceTiers: (options?: At) => Promise<ReadonlyArray<TierHeld>>
  /** The webhook routes of the connectors, for any server that speaks `Request` and `Response`. */
  readonly handler: (request: Request) => Promise<Response>
  readonly close: () => Promise<void>
}

/** What connectors work off beside facts. */
class OwnWork extends Context.Service<
  OwnWork,
  Effect.Effect<void, Effect.Error<NonNullable<Connector.Connected["workOff"]>>, Connector.Installed>
>()("@advocacy-kit/server/Advocacy/OwnWork") {}

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

/** Connectors, which may have tokens in the stores. */
const connectedOf = (options: Options) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const connected = yield* Effect.forEach(options.connectors ?? [], ({ build }) => build)
      const workOff = Effect.forEach(connected, (one) => one.workOff ?? Effect.succeed(0), { discard: true })
      const services = Layer.mergeAll(
        Layer.succeed(OwnWork, workOff),
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
      return Layer.merge(routes, services).pipe(Layer.provideMerge(HttpRouter.layer))
    }),
  )

const servicesOf = (options: Options) =>
  Layer.suspend(() =>
    connectedOf(options).pipe(
      Layer.provideMerge(Layer.merge(storesOf(options), Layer.succeed(CurrentTenant, tenantOf(options)))),
    ),
  )

const asOfFrom = (asOf: string | undefined): Effect.Effect<number> =>
  asOf === undefined ? Clock.currentTimeMillis : Effect.sync(() => Instant.fromIso(asOf))

const isHandle = Schema.is(Handle)
const handleOf = (text: string): Handle => {
  if (isHandle(text)) return text
  throw new RangeError(`"${text}" is not a handle of a person such as shopify:customer/7`)
}

type Run = <A, E>(effect: Effect.Effect<A, E, FactLog | Ledger | Tallies | CurrentTenant>) => Promise<A>
type Commands = Pick<Advocacy, "holdings" | "redeem" | "transfer" | "adjust" | "review" | "announceTiers">

/** The commands of people, of one program. */
const commandsOf = (program: string, run: Run): Commands => {
  const at = <A, E, R>(how: At, command: (asOf: number) => Effect.Effect<A, E, R>) =>
    Effect.flatMap(asOfFrom(how.asOf), command)
  const answered = <Recorded extends Fact.Fact>(done: Done<Recorded>, person: Handle): Answer<Recorded> => ({
    fact: done.fact,
    isRepeated: done.isRepeated,
    holdings: holdingsOf(done.evaluation, person),
  })
  return {
    holdings: async (text, how = {}) => {
      const person = handleOf(text)
      return run(
        at(how, (asOf) =>
          Effect.map(Crediting.factsAt(asOf), (facts) => holdingsOf(evaluate(facts, program, asOf), person)),
        ),
      )
    },
    redeem: async (told, how = {}) => {
      const person = handleOf(told.person)
      return answered(await run(at(how, (asOf) => redeem({ ...told, person, program, asOf }))), person)
    },
    transfer: async (told, how = {}) => {
      const [from, to] = [handleOf(told.from), handleOf(told.to)]
      return answered(await run(at(how, (asOf) => transfer({ ...told, from, to, program, asOf }))), from)
    },
    adjust: async (told, how = {}) => {
      const person = handleOf(told.person)
      return answered(await run(at(how, (asOf) => adjust({ ...told, person, program, asOf }))), person)
    },
    review: {
      list: (how = {}) => run(at(how, (asOf) => queue(program, asOf))),
      decide: async (told, how = {}) => {
        const beneficiary = told.beneficiary === undefined ? undefined : handleOf(told.beneficiary)
        const done = await run(at(how, (asOf) => review({ ...told, beneficiary, program, asOf })))
        const credit = [...done.evaluation.credits.values()].find(({ key }) => key === told.credit) ?? null
        return { fact: done.fact, isRepeated: done.isRepeated, credit }
      },
    },
    announceTiers: (how = {}) => run(at(how, (asOf) => Effect.map(announce(program, asOf), ({ tiers }) => tiers))),
  }
}

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
        Effect.gen(function* () {
          yield* yield* OwnWork
          return yield* Flow.run({ ...showing, program: program.name, asOf: yield* asOfFrom(how.asOf) })
        }),
      ),
    ...commandsOf(program.name, (effect) => runtime.runPromise(effect)),
    balances: () => runtime.runPromise(Effect.flatMap(Ledger, (ledger) => ledger.balances)),
    handler: HttpEffect.toWebHandler(router.asHttpEffect()),
    close: () => runtime.dispose(),
  }
}
