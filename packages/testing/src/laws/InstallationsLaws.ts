/**
 * What every store of installations must keep, as laws.
 *
 * Each promise of `Installations`' header and members has at least one law here, and each law a store in
 * `broken/InstallationsBroken.ts` that breaks it and no other. That a change that lost against another asks the platform once
 * only is not among them: a store in memory loses against nobody.
 */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { Deferred, Effect, Fiber, Redacted, Schema } from "effect"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"

const shop: Installation.InstallationKey = { platform: "shopify", account: "acme.myshopify.com" }

const tokens = (number: number): Installation.Tokens => ({
  access: Redacted.make(`access-${number}`),
  accessExpiresAt: Scenario.at({ hour: number }),
  refresh: Redacted.make(`refresh-${number}`),
  refreshExpiresAt: Scenario.at({ day: 90, hour: number }),
})

const grant = (number: number): Installation.Grant => ({
  at: Scenario.at({ hour: number }),
  scopes: ["read_orders", "write_discounts"],
  tokens: tokens(number),
})

/** With tokens as plain text, so that it can be compared. */
const shown = (installation: Installation.Installation | null) =>
  installation === null
    ? null
    : {
        ...installation,
        tokens:
          installation.tokens === null
            ? null
            : {
                ...installation.tokens,
                access: Redacted.value(installation.tokens.access),
                refresh: installation.tokens.refresh === null ? null : Redacted.value(installation.tokens.refresh),
              },
      }

const change = <E, R>(
  next: (now: Installation.Installation | null) => Effect.Effect<Installation.Installation | null, E, R>,
  key = shop,
) => Effect.flatMap(Installations, (installations) => installations.change(key, next))
const install = (number: number, key = shop) =>
  change((now) => Effect.succeed(Installation.granted(now, key, grant(number))), key)
const all = Effect.flatMap(Installations, (installations) => Effect.map(installations.all, (found) => found.map(shown)))

/** Reads which renewal stands, lets others in, and makes the next one, as an exchange of tokens does. */
const renew = change((now) =>
  Effect.gen(function* () {
    yield* Effect.yieldNow
    if (now?.tokens === null || now === null) return now
    const number = Number(Redacted.value(now.tokens.access).slice("access-".length))
    return Installation.renewed(now, tokens(number + 1))
  }),
)

class Refused extends Schema.TaggedError<Refused>()("Refused", { by: Schema.String }) {}
const refuse = Effect.fail(new Refused({ by: "the platform" }))

const keepingLaws: ReadonlyArray<Law.Law<Installations>> = [
  Law.make(
    "an installation is found as it was stored",
    Effect.gen(function* () {
      const made = Installation.granted(null, shop, grant(1))
      yield* change(() => Effect.succeed(made))
      yield* Law.same(yield* all, [shown(made)], "the installations")
    }),
  ),
  Law.make(
    "tokens that do not expire, and one alone, are found as they were stored",
    Effect.gen(function* () {
      const lasting = {
        access: Redacted.make("é".repeat(300)),
        accessExpiresAt: null,
        refresh: null,
        refreshExpiresAt: null,
      }
      const made = Installation.granted(null, shop, { at: 5, scopes: [], tokens: lasting })
      yield* change(() => Effect.succeed(made))
      yield* Law.same(yield* all, [shown(made)], "the installations")
    }),
  ),
  Law.make(
    "an installation that was removed is found without tokens",
    Effect.gen(function* () {
      yield* install(1)
      const removed = yield* change((now) => Effect.succeed(Installation.removed(now, shop, Scenario.at({ hour: 2 }))))
      yield* Law.same([removed?.tokens, yield* all], [null, [shown(removed)]], "the tokens, and the installations")
    }),
  ),
  Law.make(
    "a change sees what is there, and answers what then is",
    Effect.gen(function* () {
      const seen: Array<Installation.Installation | null> = []
      const look = (now: Installation.Installation | null) => {
        seen.push(now)
        return Effect.succeed(Installation.granted(now, shop, grant(seen.length)))
      }
      const first = yield* change(look)
      yield* change(look)
      yield* Law.same(seen.map(shown), [null, shown(first)], "what the changes saw")
    }),
  ),
  Law.make(
    "a change that answers what it was given changes nothing",
    Effect.gen(function* () {
      yield* Law.same(yield* change(Effect.succeed), null, "what is not there")
      yield* Law.same(yield* all, [], "the installations")
      yield* install(1)
      const before = yield* all
      yield* change(Effect.succeed)
      yield* Law.same(yield* all, before, "the installations")
    }),
  ),
  Law.make(
    "installations are kept by platform and account, and told in their order",
    Effect.gen(function* () {
      const keys = [
        { platform: "shopify", account: "b.myshopify.com" },
        { platform: "shopify", account: "a.myshopify.com" },
        { platform: "hubspot", account: "b.myshopify.com" },
      ]
      yield* Effect.forEach(keys, (key, number) => install(number, key))
      const told = (yield* all).map((one) => [one?.platform, one?.account, one?.tokens?.access])
      const expected = [
        ["hubspot", "b.myshopify.com", "access-2"],
        ["shopify", "a.myshopify.com", "access-1"],
        ["shopify", "b.myshopify.com", "access-0"],
      ]
      yield* Law.same(told, expected, "the installations with their tokens")
    }),
  ),
  Law.make(
    "no tenant sees or changes another's installation",
    Effect.gen(function* () {
      yield* install(1)
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          yield* Law.same(yield* all, [], "the installations of another tenant")
          yield* install(2)
        }),
      )
      yield* Law.same(
        (yield* all).map((one) => one?.tokens?.access),
        ["access-1"],
        "the token of the first tenant",
      )
    }),
  ),
]

const turnLaws: ReadonlyArray<Law.Law<Installations>> = [
  Law.make(
    "of several that renew at once each sees what the one before stored",
    Effect.gen(function* () {
      yield* install(0)
      yield* Effect.all(
        Array.from({ length: 8 }, () => renew),
        { concurrency: "unbounded" },
      )
      yield* Law.same(
        (yield* all).map((one) => one?.tokens?.access),
        ["access-8"],
        "the token after eight renewals",
      )
    }),
  ),
  Law.make(
    "of several that install at once the second sees the first",
    Effect.gen(function* () {
      const seen: Array<boolean> = []
      const once = change((now) =>
        Effect.gen(function* () {
          yield* Effect.yieldNow
          seen.push(now === null)
          return now ?? Installation.granted(now, shop, grant(1))
        }),
      )
      yield* Effect.all([once, once, once], { concurrency: "unbounded" })
      yield* Law.same(seen, [true, false, false], "who found nothing installed")
    }),
  ),
  Law.make(
    "a change that fails stores nothing and fails with its own error",
    Effect.gen(function* () {
      yield* install(1)
      const before = yield* all
      const error = yield* Law.refused(
        change(() => refuse),
        "a change that fails",
      )
      yield* Law.same(error._tag === "Refused" ? error.by : error, "the platform", "what the failure says")
      yield* Law.same(yield* all, before, "the installations")
    }),
  ),
  Law.make(
    "a change that failed holds nobody up",
    Effect.gen(function* () {
      yield* Law.refused(
        change(() => refuse),
        "a change that fails",
      )
      yield* install(1)
      yield* Law.same((yield* all).length, 1, "the number of installations")
    }),
  ),
  Law.make(
    "a change that was interrupted holds nobody up and stores nothing",
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const endless = change(() => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
      const fiber = yield* Effect.forkChild(endless)
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      yield* Law.same(yield* all, [], "the installations")
      yield* install(1)
      yield* Law.same((yield* all).length, 1, "the number of installations")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Installations>> = [...keepingLaws, ...turnLaws]
