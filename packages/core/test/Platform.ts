/**
 * A shop that rewards can be issued on, for tests of the flow: it remembers what exists, and can be told to fail.
 *
 * Like a real one it refuses a second reward under the same key by its reference, so a test sees every attempt to issue twice.
 */
import { Effect, Layer } from "effect"
import { SourceError } from "../src/connector/FactSource.ts"
import { Fulfiller, type Outcome } from "../src/connector/Fulfiller.ts"
import type { EffectKey, OutboundEffect } from "../src/ledger/OutboundEffect.ts"

/** What the shop does with the next requests. */
export type Mood =
  | "answers"
  /** Carries it out, and the answer is lost. */
  | "loses the answer"
  /** Never gets the request; nobody knows. */
  | "loses the request"
  | "refuses"
  /** Cannot be reached at all. */
  | "is down"

export class Platform {
  mood: Mood = "answers"
  readonly there = new Map<EffectKey, OutboundEffect>()
  /** Keys in the order in which requests for them were sent. */
  readonly requests: Array<EffectKey> = []
  /** Keys that were issued although they existed. */
  readonly twice: Array<EffectKey> = []
  readonly lookedUp: Array<EffectKey> = []

  readonly #issueOne = (effect: OutboundEffect): Outcome => {
    this.requests.push(effect.key)
    if (this.mood === "loses the request") return { state: "unknown" }
    if (this.mood === "refuses") return { state: "failed", reason: "the discount is not allowed" }
    if (this.there.has(effect.key)) this.twice.push(effect.key)
    this.there.set(effect.key, effect)
    return this.mood === "loses the answer"
      ? { state: "unknown" }
      : { state: "confirmed", reference: `shop ${effect.key}` }
  }

  readonly #reachable = <A>(answer: () => A): Effect.Effect<A, SourceError> =>
    Effect.suspend(() =>
      this.mood === "is down"
        ? Effect.fail(
            new SourceError({
              source: "shop",
              operation: "issue",
              message: "no connection",
              remedy: "try again",
              isRetryable: true,
            }),
          )
        : Effect.succeed(answer()),
    )

  get layer(): Layer.Layer<Fulfiller> {
    return Layer.succeed(Fulfiller, {
      issue: (effects) => this.#reachable(() => new Map(effects.map((effect) => [effect.key, this.#issueOne(effect)]))),
      find: (effects) =>
        this.#reachable(() => {
          this.lookedUp.push(...effects.map(({ key }) => key))
          return new Map(effects.flatMap(({ key }) => (this.there.has(key) ? [[key, `shop ${key}`]] : [])))
        }),
    })
  }
}
