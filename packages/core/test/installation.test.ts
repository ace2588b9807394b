/**
 * An installation is the same in whatever order, how often and how late it is told what happened to it.
 */
import { assert, expect, it } from "@effect/vitest"
import { Arbitrary, Redacted } from "effect"
import * as Installation from "../src/connector/Installation.ts"
import { integer, permutation, runs } from "./Runs.ts"

const key: Installation.InstallationKey = { platform: "shopify", account: "acme.myshopify.com" }

const grantAt = (at: number): Installation.Grant => ({
  at,
  scopes: [`scope-of-${at}`, "read_orders"],
  tokens: {
    access: Redacted.make(`access-${at}`),
    accessExpiresAt: at + 60,
    refresh: Redacted.make(`refresh-${at}`),
    refreshExpiresAt: at + 90,
  },
})

interface Told {
  readonly kind: "granted" | "removed" | "rescoped"
  readonly at: number
}

const tell = (now: Installation.Installation | null, { at, kind }: Told): Installation.Installation => {
  switch (kind) {
    case "granted":
      return Installation.granted(now, key, grantAt(at))
    case "removed":
      return Installation.removed(now, key, at)
    case "rescoped":
      return Installation.rescoped(now, key, at, [`later-${at}`])
  }
}
const after = (told: ReadonlyArray<Told>): Installation.Installation | null =>
  told.reduce<Installation.Installation | null>(tell, null)

/** With the token as plain text, so that two can be compared. */
const shown = (one: Installation.Installation | null) => ({
  ...one,
  tokens: one?.tokens && Redacted.value(one.tokens.access),
})

const kinds = ["granted", "removed", "rescoped"] as const
/** Up to twelve things that happened, one after the other, and an order in which they are told, each of them twice. */
const told = Arbitrary.flatMap(Arbitrary.array(integer(0, 2), { minLength: 1, maxLength: 12 }), (happened) =>
  Arbitrary.map(permutation(happened.length * 2), (order) => ({ happened, order })),
)
const { arbitrary, timeout } = runs(1_000)

it.prop(
  "shuffled, repeated and late tellings end in the same installation",
  { told },
  ({ told: { happened, order } }) => {
    const history = happened.map((kind, at): Told => ({ kind: kinds[kind] ?? "granted", at: at + 1 }))
    const shuffled = order.flatMap((place) => history[place % history.length] ?? [])
    assert.deepStrictEqual(shown(after(shuffled)), shown(after(history)))
    const removed = history.findLast(({ kind }) => kind === "removed")?.at ?? 0
    const granted = history.findLast(({ kind }) => kind === "granted")?.at ?? 0
    assert.strictEqual(shown(after(shuffled)).tokens, granted > removed ? `access-${granted}` : null)
  },
  { arbitrary, timeout },
)

it("is installed from a grant until a removal that comes after it", () => {
  const installed = after([{ kind: "granted", at: 5 }])
  expect(installed && Installation.isActive(installed)).toBe(true)
  expect(Installation.isStale(installed, 4)).toBe(true)
  expect(Installation.isStale(installed, 5)).toBe(false)
  expect(Installation.isStale(null, 0)).toBe(false)
  const removed = after([
    { kind: "granted", at: 5 },
    { kind: "removed", at: 5 },
  ])
  expect(removed && Installation.isActive(removed)).toBe(false)
})

it("tokens that the platform refuses are kept and taken for expired; renewed ones of what was removed are not kept", () => {
  const installed = Installation.granted(null, key, grantAt(1))
  const refused = Installation.expired(installed, 9)
  expect(refused.tokens).toMatchObject({ access: installed.tokens?.access, accessExpiresAt: 9 })
  expect(Installation.expired(Installation.removed(installed, key, 2), 9).tokens).toBeNull()
  expect(Installation.renewed(Installation.removed(installed, key, 2), grantAt(3).tokens).tokens).toBeNull()
})

it("scopes are told once each, in order", () => {
  expect(Installation.scopesOf(["write_a", " read_b", "", "write_a"])).toEqual(["read_b", "write_a"])
})
