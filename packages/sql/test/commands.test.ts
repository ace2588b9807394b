/**
 * Thirty-two at a time on PostgreSQL: redemptions of one balance and of people who are merged meanwhile, and crediting against a
 * cap and a budget while orders arrive. Exactly as many as allowed, nothing below zero, and nobody hears of anything but
 * `NotEnough`.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import * as Facts from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { adjust } from "@advocacy-kit/core/flow/Adjusting"
import type { CommandingError } from "@advocacy-kit/core/flow/Commanding"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { redeem } from "@advocacy-kit/core/flow/Redeeming"
import { platform, type Handle } from "@advocacy-kit/core/id/Handle"
import { days, fromIso, type Instant } from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, ManagedRuntime, Redacted, Result } from "effect"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withServerDatabase } from "./Engines.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

const start = fromIso("2026-03-02T12:00:00Z")
const day = (count: number): Instant => start + days(count)
const customer = (id: number): Handle => platform("shopify", "customer", `${id}`)
const many = 32
const numbers = Array.from({ length: many }, (_, index) => index)

const program = Program.make("refer", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "0 days",
      advocate: Reward.discount({ amount: "10.00" }),
      friend: null,
      limits: [
        Referral.Limits.perAdvocate({ count: 7, per: "month" }),
        Referral.Limits.budget({ amount: "115.00", per: "month" }),
      ],
      review: { shared: [], leakedPer24Hours: null },
    }),
    Points.make({
      perUnit: 1,
      holdDays: 0,
      redeem: [{ name: "off", points: 100, gives: { amount: "1.00" } }],
    }),
  ],
})

const head = (key: string, at: Instant, version = 0) => ({
  key: Facts.key(key),
  version,
  rank: Facts.rank.api,
  occurredAt: at,
})
const order = (id: number, by: number, amountMinor: bigint, at: Instant, code?: string): Fact => ({
  _tag: "OrderPlaced",
  ...head(`shopify:order/${id}`, at, 1),
  order: platform("shopify", "order", `${id}`),
  customer: customer(by),
  email: null,
  currency: currencyOf("EUR"),
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "web",
  lines: [{ line: "1", product: "product/1", quantity: 1, currentQuantity: 1, amountMinor, isGiftCard: false }],
  codes: code === undefined ? [] : [{ code, discountMinor: 0n }],
  attributes: [],
  visits: [],
  soft: [],
})
const code = (text: string, owner: number): Fact => ({
  _tag: "AssetIssued",
  ...head(`advocacy:asset/${text}`, day(-50)),
  code: text,
  owner: customer(owner),
  program: "refer",
})
const merged = (into: number, from: number, at: Instant): Fact => ({
  _tag: "PeopleMerged",
  ...head(`shopify:merge/${into}/${from}`, at),
  into: customer(into),
  from: [customer(from)],
})

const learn = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const begin = learn(Program.publication(program, day(-100)), code("ADA", 900), code("BEN", 901))

/** `done`, or the reason of the refusal; any other error is one. */
const endOf = <A, R>(command: Effect.Effect<A, CommandingError, R>) =>
  Effect.map(Effect.result(command), (result) =>
    Result.isSuccess(result)
      ? "done"
      : result.failure._tag === "CommandError"
        ? result.failure.reason._tag
        : `${result.failure._tag} ${result.failure.reason._tag}`,
  )
const together = <A, E, R>(effects: ReadonlyArray<Effect.Effect<A, E, R>>) =>
  Effect.all(effects, { concurrency: "unbounded" })
const countOf = (ends: ReadonlyArray<string>) =>
  Object.fromEntries([...Map.groupBy(ends, (end) => end)].map(([end, all]) => [end, all.length]))

/** Balances of a unit by maturity, over all handles; and whether any account but debts and the program's is below zero. */
const balances = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.balances),
  (all) => ({
    sum: all.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    negative: all.filter(({ account, amountMinor }) => amountMinor < 0n && !account.startsWith("program:")),
    of: (unit: string, maturity: string) =>
      all
        .filter((one) => one.unit === unit && one.account.endsWith(`#${maturity}`))
        .reduce((total, { amountMinor }) => total + amountMinor, 0n),
  }),
)

describe(`${many} at a time on PostgreSQL`, () => {
  let drop: () => Promise<unknown> = async () => undefined
  let runtime: ManagedRuntime.ManagedRuntime<SqlStores.Stores, unknown> | undefined
  beforeAll(async () => {
    const opened = await withServerDatabase()
    drop = opened.drop
    runtime = ManagedRuntime.make(
      SqlStores.layerServer({ url: Redacted.make(opened.url), maxConnections: many, vaultKey }),
    )
    await runtime.runPromise(Effect.void)
  }, 60_000)
  afterAll(async () => {
    await runtime?.dispose()
    await drop()
  })
  const run = <A, E>(tenant: string, effect: Effect.Effect<A, E, SqlStores.Stores | CurrentTenant>): Promise<A> => {
    if (runtime === undefined) throw new Error("the database was not opened")
    return runtime.runPromise(Effect.provideService(effect, CurrentTenant, tenantNamed(tenant)))
  }
  const redeeming = (person: number, key: string, at = day(40)) =>
    endOf(redeem({ program: "refer", person: customer(person), offer: "off", key, asOf: at }))

  test("redemptions of one balance: as many as it holds", async () => {
    const [ends, after] = await run(
      "one",
      Effect.gen(function* () {
        yield* begin
        // 1,050 points in seven lots.
        yield* learn(...[1, 2, 3, 4, 5, 6, 7].map((id) => order(id, 1, 15_000n, day(id))))
        return [yield* together(numbers.map((index) => redeeming(1, `k${index}`, day(40) - index))), yield* balances]
      }),
    )
    expect(countOf(ends)).toEqual({ done: 10, NotEnough: 22 })
    expect(after.negative).toEqual([])
    expect([after.sum, after.of("points:refer", "available"), after.of("EUR", "available")]).toEqual([0n, 50n, 1_000n])
  }, 120_000)

  test("one key, many times: done once, and answered to all", async () => {
    const [ends, after] = await run(
      "key",
      Effect.gen(function* () {
        yield* begin
        yield* learn(order(1, 1, 100_000n, day(1)))
        return [yield* together(numbers.map((index) => redeeming(1, "same", day(40) + index))), yield* balances]
      }),
    )
    expect(countOf(ends)).toEqual({ done: many })
    expect(after.of("points:refer", "available")).toBe(900n)
  }, 120_000)

  test("redemptions of two people who are merged meanwhile", async () => {
    const [ends, after, now] = await run(
      "merged",
      Effect.gen(function* () {
        yield* begin
        yield* learn(
          ...[1, 2, 3].flatMap((id) => [order(id, 1, 25_000n, day(id)), order(10 + id, 2, 25_000n, day(id))]),
        )
        const all = yield* together([
          ...numbers.slice(1).map((index) => redeeming(1 + (index % 2), `k${index}`)),
          Effect.as(Effect.delay(learn(merged(1, 2, day(30))), "100 millis"), "merged"),
        ])
        // Whoever is left can take what is left of both.
        const later = yield* redeeming(2, "late")
        yield* credit("refer", day(41))
        return [all, yield* balances, later] as const
      }),
    )
    const { done = 0, NotEnough = 0 } = countOf(ends)
    expect(countOf(ends)).toEqual({ done, merged: 1, ...(NotEnough === 0 ? {} : { NotEnough }) })
    // 750 points each: seven and seven alone, fifteen as one person.
    expect(done).toBeGreaterThanOrEqual(14)
    expect(done + (now === "done" ? 1 : 0)).toBe(15)
    expect(after.negative).toEqual([])
    expect([after.sum, after.of("points:refer", "available"), after.of("points:refer", "debt")]).toEqual([0n, 0n, 0n])
  }, 120_000)

  test("redemptions, adjustments and crediting of many people at once", async () => {
    const [ends, after] = await run(
      "all",
      Effect.gen(function* () {
        yield* begin
        yield* learn(...numbers.map((index) => order(index, index, 25_000n, day(1))))
        const all = yield* together(
          numbers.flatMap((index) => [
            redeeming(index, `r${index}`),
            endOf(
              adjust({
                program: "refer",
                person: customer(index),
                amountMinor: index % 2 === 0 ? 10n : -10n,
                by: "sam",
                reason: "test",
                key: `a${index}`,
                asOf: day(40),
              }),
            ),
          ]),
        )
        return [all, yield* balances]
      }),
    )
    expect(countOf(ends)).toEqual({ done: 2 * many })
    expect(after.negative).toEqual([])
    expect([after.sum, after.of("points:refer", "available")]).toEqual([0n, BigInt(many) * 150n])
  }, 240_000)

  test("a cap and a budget while orders arrive: exactly as many as allowed", async () => {
    const after = await run(
      "caps",
      Effect.gen(function* () {
        yield* begin
        const arriving = numbers.map((index) =>
          Effect.andThen(
            learn(order(index, 100 + index, 10_000n, day(1) + index, index % 2 === 0 ? "ADA" : "BEN")),
            credit("refer", day(2)),
          ),
        )
        yield* together(arriving)
        yield* credit("refer", day(2))
        const posted = yield* Effect.flatMap(Ledger, (ledger) => ledger.posted("refer"))
        const referrals = [...posted.values()].filter(({ credit: { rule } }) => rule === "referral")
        return {
          ...(yield* balances),
          outcomes: countOf(referrals.map(({ credit: one }) => `${one.beneficiary} ${one.outcome}`)),
        }
      }),
    )
    // 16 orders each; at most 7 each by the cap, and 11 in all by the budget of 115.00.
    const { [`${customer(900)} credited`]: ada = 0, [`${customer(901)} credited`]: ben = 0 } = after.outcomes
    expect([ada, ben]).toEqual([6, 5])
    expect(after.of("EUR", "available")).toBe(11_000n)
    expect([after.sum, after.negative]).toEqual([0n, []])
  }, 240_000)
})
