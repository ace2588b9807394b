/** Visits that Shopify tells only after the order, without counting that as a change. */
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { ShopifySandbox, Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { stillWaiting } from "../src/IncrementPull.ts"
import { idOf } from "../src/Reading.ts"
import { cursorOf, factsOf, inSandbox, pages, source } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 13, customers: 400, orders: 800 })
const job = "shopify:orders"

describe("the journey of an order", () => {
  it("is read again until it is ready, and takes the place of the order without it whatever comes last", () =>
    inSandbox(world, ({ url }) =>
      Effect.gen(function* () {
        const shop = yield* source
        const control = ShopifySandbox.control(url)
        const history = yield* pages(shop, job, null)
        const bought = yield* Effect.promise(() =>
          control.checkout({
            email: "friend@example.org",
            landingPage: `https://${world.brand.shopDomain}/?ref=ADA`,
            lines: [{ unitPrice: "50.00" }],
            journeyAfterSeconds: 7_200,
          }),
        )
        const key = `shopify:order/${bought.id.slice(bought.id.lastIndexOf("/") + 1)}`
        const visitsIn = (found: Parameters<typeof factsOf>[0]) =>
          factsOf(found).flatMap((fact) =>
            fact._tag === "OrderPlaced" && fact.key === key ? [fact.visits.length] : [],
          )
        const early = yield* pages(shop, job, cursorOf(history))
        expect(visitsIn(early)).toEqual([0])
        // Two hours later nothing has changed by the shop's word, and the window of the search has passed.
        yield* Effect.promise(() => control.advance({ hours: 2 }))
        const ready = yield* pages(shop, job, cursorOf(early))
        expect(visitsIn(ready)).toContain(1)
        expect(cursorOf(ready)).toMatchObject({ waiting: [] })
        const [one, other] = [factsOf(early), factsOf(ready)]
        for (const order of [
          [...one, ...other],
          [...other, ...one],
        ])
          expect(newest(order).get(other.find((fact) => fact.key === key)!.key)).toMatchObject({
            visits: [{ code: "ADA" }],
          })
      }),
    ))

  it("is waited for a day and no longer, the newest first where there are too many", () => {
    const hour = 3_600_000
    const raw = (id: number) => ({ record: { id: `${id}` }, children: [], withheld: [] })
    const at = new Map(Array.from({ length: 6_000 }, (_, id) => [`${id}`, id]))
    const since = (record: Parameters<typeof idOf>[0]) => ({ id: idOf(record), at: at.get(idOf(record)) ?? 0 })
    const many = Array.from({ length: 6_000 }, (_, id) => raw(id))
    const kept = stillWaiting([], many, since, 0)
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([5_000, "5999", "1000"])
    expect(stillWaiting([{ id: "a", at: 0 }], [], () => null, 25 * hour)).toHaveLength(1)
    expect(stillWaiting([{ id: "a", at: 0 }], [], () => null, 27 * hour)).toEqual([])
    expect(stillWaiting([{ id: "7", at: 0 }], [raw(7)], () => null, hour)).toEqual([])
  })
})
