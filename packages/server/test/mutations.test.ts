/** Signed requests of both platforms after something has changed them on the way: refused, and nothing is kept. */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import * as RandomSource from "@advocacy-kit/sandbox/world/RandomSource"
import { Runs } from "@advocacy-kit/testing"
import { Effect } from "effect"
import { describe, expect, it, vi } from "vitest"
import { actionsUrl, bodyOf, signedV2, signedV3, withActions } from "./actionAddress.ts"
import { type Header, hubspotHeaders, portalId, shopifyHeaders, withAddress, world } from "./webhookAddress.ts"

const runs = Runs.asked(process.env, 100)
vi.setConfig({ testTimeout: 60_000 * Math.max(1, runs.seeds.length / 100) })

interface Sent {
  readonly path: string
  readonly body: string
  readonly headers: Header
}

/** Another character in its place, so that the text is a different one. */
const flipped = (text: string, random: RandomSource.RandomSource): string => {
  const at = random.int(0, text.length - 1)
  const other = text.charCodeAt(at) === 0x61 ? "b" : "a"
  return text.slice(0, at) + other + text.slice(at + 1)
}

const changedId = (body: string, random: RandomSource.RandomSource): string => {
  const ids = [...body.matchAll(/\d+/g)]
  const one = ids[random.int(0, ids.length - 1)]
  if (one === undefined) return flipped(body, random)
  return `${body.slice(0, one.index)}${one[0]}7${body.slice(one.index + one[0].length)}`
}

/** Whatever is covered by the signature, or is the signature. */
const mutated = (sent: Sent, signed: ReadonlyArray<string>, random: RandomSource.RandomSource): Sent => {
  const name = signed[random.int(0, signed.length - 1)] ?? ""
  const value = sent.headers[name] ?? ""
  const headers = (text: string): Sent => ({ ...sent, headers: { ...sent.headers, [name]: text } })
  switch (random.int(0, 6)) {
    case 0:
      return { ...sent, body: flipped(sent.body, random) }
    case 1:
      return { ...sent, body: changedId(sent.body, random) }
    case 2:
      return { ...sent, body: sent.body.slice(0, random.int(0, sent.body.length - 1)) }
    case 3:
      return { ...sent, body: sent.body + sent.body }
    case 4:
      return headers(value.slice(0, random.int(0, value.length - 1)))
    case 5:
      return headers("")
    default:
      return headers(flipped(value, random))
  }
}

const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)
const nothing = { open: 0, done: 0, parked: 0 }

type Post = (path: string, body: string, headers: Header) => Effect.Effect<Response>

const refusesAll = (post: Post, sent: Sent, signed: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const right = yield* post(sent.path, sent.body, sent.headers)
    const before = yield* counts
    expect(right.status).toBe(200)
    for (const seed of runs.seeds) {
      const { body, headers, path } = mutated(sent, signed, RandomSource.make(seed, "mutation"))
      const answer = yield* post(path, body, headers)
      expect([400, 401], `seed ${seed}`).toContain(answer.status)
    }
    expect(yield* counts).toEqual(before)
    return before
  })

describe(`requests that were changed on the way, ${runs.text}`, () => {
  it("of Shopify's webhooks are refused, and nothing is kept", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const order = world.shop.orders[0]?.id ?? ""
        const body = JSON.stringify({ id: 1, admin_graphql_api_id: `gid://shopify/Order/${order}` })
        const sent = { path: "/shopify/webhooks", body, headers: shopifyHeaders(body) }
        expect(yield* refusesAll(post, sent, ["x-shopify-hmac-sha256"])).toEqual({ ...nothing, open: 1 })
      }),
    ))

  it("of HubSpot's webhooks are refused, and nothing is kept", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const event = { portalId: Number(portalId), subscriptionId: 7, eventId: 1, objectId: 12, occurredAt: 1 }
        const body = JSON.stringify([{ ...event, subscriptionType: "object.creation", objectTypeId: "0-1" }])
        const sent = { path: "/hubspot/webhooks", body, headers: hubspotHeaders(body) }
        const signed = ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"]
        expect(yield* refusesAll(post, sent, signed)).toEqual({ ...nothing, open: 1 })
      }),
    ))

  it.each([
    ["version 3", signedV3, ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"]],
    ["version 2", signedV2, ["x-hubspot-signature"]],
  ] as const)("of workflow actions signed by %s are refused, and nothing is done", (_, sign, signed) =>
    withActions(({ post }) =>
      Effect.gen(function* () {
        const path = "adv_check_tier"
        const body = bodyOf({})
        expect(actionsUrl).not.toBe("")
        expect(yield* refusesAll(post, { path, body, headers: sign(path, body) }, signed)).toEqual(nothing)
      }),
    ),
  )
})
