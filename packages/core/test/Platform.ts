/**
 * A shop that rewards can be issued on, for tests of the flow: it remembers what exists, and can be told to fail.
 *
 * Like a real one it refuses a second reward under the same key by its reference, so a test sees every attempt to issue twice.
 */
import { Effect, Layer } from "effect"
import { SourceError } from "../src/connector/FactSource.ts"
import { Fulfiller, type Found, type Outcome } from "../src/connector/Fulfiller.ts"
import { platformOf, type EffectKey, type OutboundEffect } from "../src/ledger/OutboundEffect.ts"

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
  /** Platforms that cannot be reached, while others can. */
  away: ReadonlySet<string> = new Set()
  /** Effects that the connector breaks on. */
  poison: ReadonlySet<EffectKey> = new Set()
  /** Effects of which the shop cannot tell whether it has them. */
  unclear: ReadonlySet<EffectKey> = new Set()
  /** Effects whose requests get lost on the way. */
  lost: ReadonlySet<string> = new Set()
  /** Requests that were tried, whatever came of them. */
  calls = 0
  platforms: Fulfiller["Service"]["platforms"] = new Map([["shopify", { perMinute: 10_000, perSend: 250 }]])

  readonly #issueOne = (effect: OutboundEffect): Outcome => {
    this.requests.push(effect.key)
    if (this.mood === "loses the request" || (this.mood !== "answers" && this.lost.has(effect.key)))
      return { state: "unknown" }
    if (this.mood === "refuses") return { state: "failed", reason: "the discount is not allowed" }
    if (this.there.has(effect.key)) this.twice.push(effect.key)
    this.there.set(effect.key, effect)
    return this.mood === "loses the answer"
      ? { state: "unknown" }
      : { state: "confirmed", reference: `shop ${effect.key}` }
  }

  readonly #show = (key: EffectKey): ReadonlyArray<readonly [EffectKey, Found]> => {
    if (this.unclear.has(key)) return [[key, { unclear: "two look alike" }]]
    return this.there.has(key) ? [[key, { reference: `shop ${key}` }]] : []
  }

  readonly #reachable = <A>(effects: ReadonlyArray<OutboundEffect>, answer: () => A): Effect.Effect<A, SourceError> =>
    Effect.suspend(() =>
      this.mood === "is down" || effects.some((effect) => this.away.has(platformOf(effect)))
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
      platforms: this.platforms,
      issue: (effects) =>
        this.#reachable(effects, () => {
          this.calls++
          const broken = effects.find(({ key }) => this.poison.has(key))
          if (broken !== undefined) throw new TypeError(`undefined is no function, at ${broken.key}`)
          return new Map(effects.map((effect) => [effect.key, this.#issueOne(effect)]))
        }),
      find: (effects) =>
        this.#reachable(effects, () => {
          this.lookedUp.push(...effects.map(({ key }) => key))
          return new Map(effects.flatMap(({ key }) => this.#show(key)))
        }),
    })
  }
}
