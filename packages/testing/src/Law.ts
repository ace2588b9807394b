/**
 * A contract as data: sentences that every implementation of a port must keep, each with its own check.
 *
 * Promises: a law stands alone; it brings its own fresh tenant, so that it can run on a database others use, in any
 * order and at the same time. A check fails with `LawBroken` and says what it saw. Nothing in here knows a test runner.
 */
import { canonical } from "@advocacy-kit/core/id/Digest"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Schema } from "effect"

export interface Law<R> {
  /** The promise, as a sentence. */
  readonly law: string
  readonly check: Effect.Effect<void, unknown, R>
}

/** What a check saw in place of what the law says. */
export class LawBroken extends Schema.TaggedError<LawBroken>()("LawBroken", {
  expected: Schema.String,
  saw: Schema.String,
}) {
  override get message(): string {
    return `expected ${this.expected}, saw ${this.saw}`
  }
}

/** A tenant nobody has used before. */
export const freshTenant: Effect.Effect<CurrentTenant["Service"]> = Effect.sync(() => ({
  id: TenantIdOf(`law-${globalThis.crypto.randomUUID()}`),
  handleKey: globalThis.crypto.getRandomValues(new Uint8Array(32)),
}))

/** Runs `effect` as a fresh tenant. */
export const asFreshTenant = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, Exclude<R, CurrentTenant>> =>
  Effect.flatMap(freshTenant, (tenant) => Effect.provideService(effect, CurrentTenant, tenant))

/** A law whose check runs as a fresh tenant. */
export const make = <E, R>(law: string, check: Effect.Effect<void, E, R>): Law<Exclude<R, CurrentTenant>> => ({
  law,
  check: asFreshTenant(check),
})

/** Bigints told apart from the text of the same digits. */
const exact = (value: unknown): unknown => {
  if (typeof value === "bigint") return { bigint: `${value}` }
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, exact(member)]))
}

const written = (value: unknown): string => (value === undefined ? "nothing" : canonical(exact(value)))

const shortened = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text)

/** Demands that two values say the same, whatever the order of their members. */
export const same = (saw: unknown, expected: unknown, what: string): Effect.Effect<void, LawBroken> =>
  Effect.suspend(() => {
    const [left, right] = [written(saw), written(expected)]
    if (left === right) return Effect.void
    return Effect.fail(new LawBroken({ expected: `${what} to be ${shortened(right)}`, saw: shortened(left) }))
  })

/** Demands that `effect` fails, and answers the error. */
export const refused = <A, E, R>(effect: Effect.Effect<A, E, R>, what: string): Effect.Effect<E, LawBroken, R> =>
  Effect.matchEffect(effect, {
    onFailure: Effect.succeed,
    onSuccess: () => Effect.fail(new LawBroken({ expected: `${what} to be refused`, saw: "that it was accepted" })),
  })

/** Names the laws that `layer` breaks; each is checked against a build of its own. */
export const violations = <R, E>(
  laws: ReadonlyArray<Law<R>>,
  layer: Layer.Layer<R, E>,
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.forEach(laws, ({ check, law }) =>
      Effect.map(Effect.exit(Effect.provide(check, Layer.fresh(layer))), (exit) =>
        exit._tag === "Failure" ? [law] : [],
      ),
    ),
    (broken) => broken.flat(),
  )
