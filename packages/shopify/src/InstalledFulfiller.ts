/**
 * Hands rewards over only while the app is installed.
 *
 * Promises: without a token that opens the shop nothing is sent and nothing is tried, whatever the form of a reward; the failure is the
 * platform's, so that effects stay planned and are sent when the app is installed again.
 */
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { Effect, Layer } from "effect"
import { AccessTokens } from "./AccessTokens.ts"
import { ShopifyError, toSourceError } from "./ShopifyError.ts"

export const layer: Layer.Layer<Fulfiller, never, Fulfiller | AccessTokens> = Layer.effect(
  Fulfiller,
  Effect.gen(function* () {
    const inner = yield* Fulfiller
    const { current } = yield* AccessTokens
    const isOpen = Effect.mapError(current, (reason) =>
      toSourceError(new ShopifyError({ operation: "HandOver", reason })),
    )
    return Fulfiller.of({
      platforms: inner.platforms,
      issue: (effects) => Effect.andThen(isOpen, inner.issue(effects)),
      find: (effects) => Effect.andThen(isOpen, inner.find(effects)),
    })
  }),
)
