/**
 * The shop as a platform that rewards are handed over on: a table of kinds, each for its own effects.
 *
 * Promises: what one kind cannot do (a missing scope, a setting) holds up no other; an error of the whole means that nothing at all
 * was sent. No code, token or personal value appears in an error.
 */
import { Fulfiller, type Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { EffectKey, OutboundEffect } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect, Layer, Result } from "effect"
import * as DiscountKind from "./DiscountKind.ts"
import * as GiftCardKind from "./GiftCardKind.ts"
import type { RewardKind, Shop } from "./RewardKind.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import { ShopifyConfig } from "./ShopifyConfig.ts"
import { Invalid, ShopifyError, toSourceError } from "./ShopifyError.ts"
import * as StoreCreditKind from "./StoreCreditKind.ts"
import { shopInfo } from "./wire/Discounts.ts"

const kinds: ReadonlyArray<(shop: Shop) => RewardKind> = [StoreCreditKind.make, GiftCardKind.make, DiscountKind.make]

/** What the client's own budget lets through in any case; a limit of ours keeps a flood of codes out of a shop. */
const platforms = new Map([["shopify", { perMinute: 5_000, perSend: DiscountKind.codesPerCall }]])

/** Each kind with the effects that are its own; the first that serves an effect has it. */
const shared = (
  table: ReadonlyArray<RewardKind>,
  effects: ReadonlyArray<OutboundEffect>,
): ReadonlyArray<readonly [RewardKind, ReadonlyArray<OutboundEffect>]> => {
  const owned = Map.groupBy(effects, (effect) => table.find((kind) => kind.serves(effect)))
  return table.flatMap((kind) => {
    const own = owned.get(kind)
    return own === undefined ? [] : [[kind, own] as const]
  })
}

const issueBy =
  (table: ReadonlyArray<RewardKind>): Fulfiller["Service"]["issue"] =>
  (effects) =>
    Effect.gen(function* () {
      const results = yield* Effect.forEach(shared(table, effects), ([kind, own]) =>
        Effect.map(Effect.result(kind.issue(own)), (result) => ({ own, result })),
      )
      const failed = results.flatMap(({ result }) => (Result.isFailure(result) ? [result.failure] : []))
      const [first] = failed
      if (first !== undefined && failed.length === results.length) return yield* toSourceError(first)
      return new Map(
        results.flatMap(({ own, result }): ReadonlyArray<readonly [EffectKey, Outcome]> =>
          Result.isSuccess(result)
            ? [...result.success]
            : own.map(({ key }) => [key, { state: "unknown", reason: `not sent: ${result.failure.message}` }]),
        ),
      )
    })

const findBy =
  (table: ReadonlyArray<RewardKind>): Fulfiller["Service"]["find"] =>
  (effects) =>
    Effect.map(
      Effect.forEach(shared(table, effects), ([kind, own]) => kind.find(own)),
      (found) => new Map(found.flatMap((one) => [...one])),
    ).pipe(Effect.mapError(toSourceError))

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
