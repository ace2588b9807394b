import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { FactSources, type Page, type Source } from "../src/connector/FactSource.ts"
import type { Fact } from "../src/fact/Fact.ts"
import { Erasure } from "../src/fact/Erasure.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { fulfil } from "../src/flow/Fulfilling.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { reconcile } from "../src/flow/Reconciling.ts"
import { pullAll } from "../src/flow/Sync.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import type { CreditKey } from "../src/ledger/Credit.ts"
import { rewardKey, State, type IssueReward } from "../src/ledger/OutboundEffect.ts"
import { shareCode } from "../src/reward/Fulfilment.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { Platform } from "./Platform.ts"
import { customer, day, order, person } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })

/** A shop whose facts can be changed behind our back; its pull brings everything, two facts a page. */
const shop = (initial: ReadonlyArray<Fact>) => {
  const facts = new Map(initial.map((fact) => [fact.key, fact]))
  const rejected: Array<Page["rejected"][number]> = []
  const began: Array<unknown> = []
  const source: Source = {
    name: "shopify",
    pulls: [
      {
        job: "shopify:orders",
        label: "orders",
        pages: (cursor) => {
          began.push(cursor)
          const all = [...facts.values()]
          const pages = Array.from({ length: Math.ceil(all.length / 2) }, (_, at): Page => ({
            facts: all.slice(at * 2, at * 2 + 2),
            personal: [],
            rejected: at === 0 ? rejected : [],
            checkpoint: { job: "shopify:orders", cursor: `page ${at}` },
          }))
          return cursor === null ? Stream.fromIterable(pages) : Stream.empty
        },
      },
    ],
    read: () => Effect.die("this shop sends no messages"),
  }
  return { facts, rejected, began, source }
}

const on = <A, E>(
  platform: Platform,
  source: Source,
  story: Effect.Effect<A, E, Effect.Services<ReturnType<typeof reconcile>> | Erasure>,
) =>
  story.pipe(Effect.provide([MemoryStores.layerMemory, platform.layer, tenant, Layer.succeed(FactSources, [source])]))

const held = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: day(999) })))

describe("reconciling facts", () => {
  it.effect("finds nothing where both sides agree, and leaves the checkpoints alone", () => {
    const { began, source } = shop([person(1), order(1), order(2)])
    return on(
      new Platform(),
      source,
      Effect.gen(function* () {
        yield* pullAll(source)
        expect(yield* reconcile()).toMatchObject({
          drift: 0,
          facts: [{ source: "shopify", shown: 3, same: 3, missing: {}, outdated: {}, newerHere: {}, vanished: {} }],
        })
        const log = yield* FactLog
        expect([yield* log.checkpoint("shopify:orders"), began]).toEqual(["page 1", [null, null]])
      }),
    )
  })

  it.effect("stores what is missing or outdated, reports what has vanished, and finds nothing the second time", () => {
    const { facts, source } = shop([person(1), order(1), order(2), order(3)])
    return on(
      new Platform(),
      source,
      Effect.gen(function* () {
        yield* pullAll(source)
        const changed = order(1, { version: 5, paid: false })
        facts.set(changed.key, changed)
        facts.delete(order(2).key)
        facts.set(order(9).key, order(9))
        const log = yield* FactLog
        yield* log.append({ facts: [order(3, { version: 7, channel: "pos" })], personal: [] })
        const found = {
          missing: { OrderPlaced: { count: 1, examples: [order(9).key] } },
          outdated: { OrderPlaced: { count: 1, examples: [order(1).key] } },
          newerHere: { OrderPlaced: { count: 1, examples: [order(3).key] } },
          vanished: { OrderPlaced: { count: 1, examples: [order(2).key] } },
        }
        const before = yield* held
        expect(yield* reconcile({ dryRun: true })).toMatchObject({ drift: 2, facts: [found] })
        expect(yield* held).toEqual(before)
        expect(yield* reconcile()).toMatchObject({ drift: 2, facts: [found] })
        expect((yield* held).filter(({ key }) => key === order(1).key)).toEqual([changed])
        expect(yield* reconcile()).toMatchObject({
          drift: 0,
          facts: [{ same: 3, missing: {}, outdated: {}, newerHere: found.newerHere, vanished: found.vanished }],
        })
      }),
    )
  })

  it.effect("takes a later version that says the same for no drift, and keeps it all the same", () => {
    const { facts, source } = shop([order(1)])
    return on(
      new Platform(),
      source,
      Effect.gen(function* () {
        yield* pullAll(source)
        facts.set(order(1).key, order(1, { version: 8 }))
        expect(yield* reconcile()).toMatchObject({ drift: 0, facts: [{ same: 1 }] })
        expect((yield* held).map(({ version }) => version)).toEqual([8])
      }),
    )
  })

  it.effect("finds no erased person again, and nothing of theirs, however often it looks", () => {
    const { source } = shop([person(1), person(2), order(1), order(2, { customer: customer(1) })])
    return on(
      new Platform(),
      source,
      Effect.gen(function* () {
        yield* pullAll(source)
        const erasure = yield* Erasure
        yield* erasure.erase({ handles: [customer(2)], at: day(500), by: "sam", reason: "asked for it" })
        const before = yield* held
        expect(before.some(({ key }) => key === person(2).key)).toBe(false)
        for (let pass = 0; pass < 2; pass++)
          expect(yield* reconcile()).toMatchObject({ drift: 0, facts: [{ shown: 4, same: 4, vanished: {} }] })
        expect(yield* held).toEqual(before)
      }),
    )
  })

  it.effect("does not take a record that cannot be understood now for one that has vanished", () => {
    const { facts, rejected, source } = shop([order(1), order(2)])
    return on(
      new Platform(),
      source,
      Effect.gen(function* () {
        yield* pullAll(source)
        facts.delete(order(2).key)
        rejected.push({ place: order(2).key, reason: "total is not a number" })
        expect(yield* reconcile()).toMatchObject({
          drift: 0,
          facts: [{ vanished: {}, rejected: { count: 1, examples: [order(2).key] } }],
        })
      }),
    )
  })
})

const codes = ["ADA", "BEN", "CAM", "DEE", "EVA"].map((code) =>
  shareCode({ code, owner: customer(1), percent: 10, terms: "t", at: day(0) }),
)
const plan = Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects: codes, undo: [] }))
const states = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals })),
  (rows) => Object.fromEntries(rows.map(({ effect, goneAt, state }) => [effect.key, goneAt === null ? state : "gone"])),
)

describe("reconciling effects", () => {
  it.effect("records what exists, sends again what was in doubt and does not, and marks what is gone", () => {
    const platform = new Platform()
    const [ada, ben, cam, dee, eva] = codes.map(({ key }) => key)
    return on(
      platform,
      shop([]).source,
      Effect.gen(function* () {
        yield* plan
        const ledger = yield* Ledger
        platform.mood = "loses the answer"
        platform.lost = new Set([ben ?? ""])
        yield* fulfil
        platform.mood = "answers"
        // The others are in doubt too; one is confirmed by hand, one a dead letter, one planned as by an old backup.
        const change = (key: string | undefined, told: object) =>
          Effect.flatMap(ledger.effects({ states: ["unknown"] }), (rows) =>
            ledger.move({
              changes: rows
                .filter(({ effect }) => effect.key === key)
                .map(({ attempts, effect }) => ({
                  key: effect.key,
                  attempt: attempts,
                  to: "unknown",
                  dueAt: null,
                  ...told,
                })),
              from: ["unknown"],
            }),
          )
        yield* change(cam, { to: "confirmed", note: "CAM" })
        yield* change(dee, {})
        yield* change(eva, { to: "planned", dueAt: 0 })
        for (const { key } of codes.filter((one) => one.key === cam || one.key === dee)) platform.there.delete(key)
        const dry = yield* reconcile({ dryRun: true })
        expect(yield* states).toEqual({
          [`${ada}`]: "unknown",
          [`${ben}`]: "unknown",
          [`${cam}`]: "confirmed",
          [`${dee}`]: "unknown",
          [`${eva}`]: "planned",
        })
        const { drift, effects } = yield* reconcile()
        expect({ drift, effects: { ...effects, resolved: null } }).toEqual({ drift: dry.drift, effects: dry.effects })
        expect(effects).toMatchObject({
          lookedUp: 5,
          same: 0,
          recorded: { unknown: { examples: [ada] }, planned: { examples: [eva] } },
          missing: { examples: [ben] },
          gone: { examples: [cam] },
          waiting: { "dead letter": { examples: [dee] } },
          resolved: { confirmed: 1 },
        })
        expect(yield* states).toEqual({
          [`${ada}`]: "confirmed",
          [`${ben}`]: "confirmed",
          [`${cam}`]: "gone",
          [`${dee}`]: "unknown",
          [`${eva}`]: "confirmed",
        })
        expect(yield* reconcile()).toMatchObject({
          drift: 0,
          effects: {
            same: 3,
            recorded: {},
            missing: { count: 0 },
            gone: { count: 0 },
            waiting: { gone: { examples: [cam] }, "dead letter": { examples: [dee] } },
            resolved: null,
          },
        })
        // Somebody put it back.
        const [, , code] = codes
        if (code !== undefined) platform.there.set(code.key, code)
        expect(yield* reconcile()).toMatchObject({ drift: 1, effects: { back: { examples: [cam] } } })
        expect((yield* reconcile()).drift).toBe(0)
        expect(platform.twice).toEqual([])
      }),
    )
  })

  it.effect("does not take for gone what an erasure has renamed, and cannot be asked for any more", () => {
    const credit = "refer|referral|shopify:order/1|advocate|advocacy:invitation/ADA/erased:ab12" as CreditKey
    const renamed: IssueReward = {
      _tag: "IssueReward",
      key: rewardKey(credit, 1),
      beneficiary: customer(1),
      terms: "t",
      plannedAt: day(0),
      credit,
      ordinal: 1,
      recipient: customer(1),
      unit: "EUR" as IssueReward["unit"],
      amountMinor: 1_000n,
    }
    const platform = new Platform()
    return on(
      platform,
      shop([]).source,
      Effect.gen(function* () {
        const ledger = yield* Ledger
        yield* ledger.commit({ revisions: [], effects: [renamed], undo: [] })
        yield* fulfil
        platform.there.clear()
        expect(yield* reconcile()).toMatchObject({ drift: 0, effects: { lookedUp: 0, gone: { count: 0 } } })
        expect(yield* states).toEqual({ [renamed.key]: "confirmed" })
      }),
    )
  })
})
