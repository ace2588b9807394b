/**
 * The shop as a platform that rewards are handed over on: a table of kinds, each for its own effects.
 *
 * Promises: what one kind cannot do (a missing scope, a setting) holds up no other; an error of the whole means that nothing at all
 * was sent. No code, token or personal value appears in an error.
 */
import { Fulfiller, type Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { EffectKey, OutboundEffect, TakeBack } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Result } from "effect"
import * as DiscountKind from "./DiscountKind.ts"
import * as GiftCardKind from "./GiftCardKind.ts"
import type { Handed, RewardKind, Shop } from "./RewardKind.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import { ShopifyConfig } from "./ShopifyConfig.ts"
import { Invalid, ShopifyError, toSourceError } from "./ShopifyError.ts"
import * as StoreCreditKind from "./StoreCreditKind.ts"
import { shopInfo } from "./wire/Discounts.ts"

const kinds: ReadonlyArray<(shop: Shop) => RewardKind> = [StoreCreditKind.make, GiftCardKind.make, DiscountKind.make]

/** What the client's own budget lets through in any case; a limit of ours keeps a flood of codes out of a shop. */
const platforms = new Map([["shopify", { perMinute: 5_000, perSend: DiscountKind.codesPerCall }]])

type Job<A> = readonly [own: ReadonlyArray<EffectKey>, run: Effect.Effect<A, ShopifyError, CurrentTenant>]

const keysOf = (effects: ReadonlyArray<OutboundEffect>): ReadonlyArray<EffectKey> => effects.map(({ key }) => key)

/** What each kind has to do: with what is handed over, and with what is taken back. The first that serves an effect has it. */
const jobsOf = <A>(
  table: ReadonlyArray<RewardKind>,
  effects: ReadonlyArray<OutboundEffect>,
  hand: (kind: RewardKind, own: ReadonlyArray<Handed>) => Job<A>[1],
  takeBack: (kind: RewardKind, own: ReadonlyArray<TakeBack>) => Job<A>[1],
): ReadonlyArray<Job<A>> =>
  table.flatMap((kind) => {
    const isOwn = (effect: Handed): boolean => table.find((one) => one.serves(effect)) === kind
    const handed = effects.flatMap((effect) => (effect._tag !== "TakeBack" && isOwn(effect) ? [effect] : []))
    const back = effects.flatMap((effect) => (effect._tag === "TakeBack" && isOwn(effect.reward) ? [effect] : []))
    return [
      ...(handed.length === 0 ? [] : [[keysOf(handed), hand(kind, handed)] as const]),
      ...(back.length === 0 ? [] : [[keysOf(back), takeBack(kind, back)] as const]),
    ]
  })

const issueBy =
  (table: ReadonlyArray<RewardKind>): Fulfiller["Service"]["issue"] =>
  (effects) =>
    Effect.gen(function* () {
      const jobs = jobsOf(
        table,
        effects,
        (kind, own) => kind.issue(own),
        (kind, own) => kind.takeBack(own),
      )
      const results = yield* Effect.forEach(jobs, ([own, run]) =>
        Effect.map(Effect.result(run), (result) => ({ own, result })),
      )
      const failed = results.flatMap(({ result }) => (Result.isFailure(result) ? [result.failure] : []))
      const [first] = failed
      if (first !== undefined && failed.length === results.length) return yield* toSourceError(first)
      return new Map(
        results.flatMap(({ own, result }): ReadonlyArray<readonly [EffectKey, Outcome]> =>
          Result.isSuccess(result)
            ? [...result.success]
            : own.map((key) => [key, { state: "unknown", reason: `not sent: ${result.failure.message}` }]),
        ),
      )
    })

const findBy =
  (table: ReadonlyArray<RewardKind>): Fulfiller["Service"]["find"] =>
  (effects) => {
    const jobs = jobsOf(
      table,
      effects,
      (kind, own) => kind.find(own),
      (kind, own) => kind.findTakenBack(own),
    )
    return Effect.map(
      Effect.forEach(jobs, ([, run]) => run),
      (found) => new Map(found.flatMap((one) => [...one])),
    ).pipe(Effect.mapError(toSourceError))
  }

export const layer: Layer.Layer<Fulfiller, never, ShopifyClient | ShopifyConfig> = Layer.effect(
  Fulfiller,
  Effect.gen(function* () {
    const client = yield* ShopifyClient
    const config = yield* ShopifyConfig
    let shopCurrency: string | undefined
    /** A failure is not remembered. */
    const currency = Effect.gen(function* () {
      if (shopCurrency !== undefined) return shopCurrency
      const { data } = yield* client.query(shopInfo, {}, { priority: "reward" })
      if (data.shop.myshopifyDomain !== config.shop) {
        const detail = `the access token belongs to ${data.shop.myshopifyDomain}, not to ${config.shop}`
        return yield* new ShopifyError({ operation: shopInfo.name, reason: new Invalid({ detail }) })
      }
      shopCurrency = data.shop.currencyCode
      return shopCurrency
    })
    const shop: Shop = { client, currency, program: config.program, notify: config.notifyCustomers }
    const table = kinds.map((make) => make(shop))
    return Fulfiller.of({ platforms, issue: issueBy(table), find: findBy(table) })
  }),
)
