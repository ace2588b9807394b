/**
 * What crediting costs on PostgreSQL, against what the database needs for the same rows alone.
 *
 * Four questions: how fast a whole history is credited, with and without a hot advocate; whether one more order costs the same
 * for an advocate with many referrals; what it costs to look again when nothing has changed; how memory grows. How often one
 * order waits for the server is counted by a test of the stores.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import { days } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, ManagedRuntime, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as History from "./History.ts"

export interface Sizes {
  readonly events: number
  readonly referrals: number
}

type Say = (line: string) => void
type Needs = SqlStores.Stores | SqlClient.SqlClient | CurrentTenant

const perAppend = 5_000

const seconds = (millis: number): string => `${(millis / 1000).toFixed(2)} s`

/** How long an effect takes, in milliseconds. */
const timed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.gen(function* () {
    const begun = performance.now()
    yield* effect
    return performance.now() - begun
  })

const append = (facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))

const fill = (count: number, hot: boolean) =>
  Effect.gen(function* () {
    yield* append(History.cast())
    for (let from = 0; from < count; from += perAppend)
      yield* append(History.orders(from, Math.min(count, from + perAppend), hot))
  })

const horizon = (count: number): number => History.at(count) + days(1)

/** What postings are, in the order in which they refer to each other. */
const ledger = ["credit", "revision", "posting"] as const
/** What crediting writes besides: the outbox, where each credit stands, and what was taken of limits. */
const beside = ["effect", "credit_now", "taken", "taking", "taking_day"] as const
const parents: Readonly<Record<string, ReadonlyArray<string>>> = {
  revision: ["(tenant, key) REFERENCES advocacy.bench_credit"],
  posting: ["(tenant, key, revision) REFERENCES advocacy.bench_revision"],
}

/**
 * The same rows again, by `INSERT … SELECT` into tables of the same shape with the same indexes and checks: what the database
 * needs for them without anybody deciding anything.
 */
const raw = (tenant: string, copies: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    for (const name of copies.toReversed()) yield* sql.unsafe(`DROP TABLE IF EXISTS advocacy.bench_${name}`)
    for (const name of copies) {
      yield* sql.unsafe(`CREATE TABLE advocacy.bench_${name} (LIKE advocacy.${name} INCLUDING ALL EXCLUDING GENERATED)`)
      for (const parent of parents[name] ?? [])
        yield* sql.unsafe(`ALTER TABLE advocacy.bench_${name} ADD FOREIGN KEY ${parent}`)
    }
    const copy = (name: string) =>
      sql.unsafe(`INSERT INTO advocacy.bench_${name} SELECT * FROM advocacy.${name} WHERE tenant = '${tenant}'`)
    return yield* timed(sql.withTransaction(Effect.forEach(copies, copy)))
  })

const megabytes = (): number => Math.round(process.memoryUsage().rss / 1_048_576)

interface Whole {
  readonly first: number
  readonly again: number
  readonly raw: number
  readonly rawOfAll: number
  readonly peak: number
}

/** Credits a history from nothing, looks again, and inserts the same rows raw. */
const creditHistory = (tenant: string, count: number, hot: boolean): Effect.Effect<Whole, unknown, Needs> =>
  Effect.gen(function* () {
    yield* fill(count, hot)
    let peak = megabytes()
    const watch = setInterval(() => (peak = Math.max(peak, megabytes())), 50)
    const asOf = horizon(count)
    const first = yield* timed(creditChanges(asOf))
    clearInterval(watch)
    const again = yield* timed(creditChanges(asOf))
    const rawMillis = yield* raw(tenant, ledger)
    const rawOfAll = yield* raw(tenant, [...ledger, ...beside])
    return { first, again, raw: rawMillis, rawOfAll, peak }
  })

/** The whole evaluation holds all facts, so that it takes part last, where it spoils no figure of memory, and not in large runs. */
const mostEvaluatedWhole = 100_000

/** The median time of one more order for an advocate with `referrals` referrals. */
const oneMore = (referrals: number): Effect.Effect<number, unknown, Needs> =>
  Effect.gen(function* () {
    yield* append(History.cast())
    for (let from = 0; from < referrals; from += perAppend)
      yield* append(
        Array.from({ length: Math.min(perAppend, referrals - from) }, (_, index) => History.order(from + index, 0)),
      )
    yield* creditChanges(horizon(referrals))
    const times: Array<number> = []
    for (let more = 0; more < 15; more++) {
      const index = referrals + more
      yield* append([History.order(index, 0)])
      times.push(yield* timed(creditChanges(horizon(referrals + 20))))
    }
    return times.sort((a, b) => a - b)[7] ?? 0
  })

export const run = async (url: string, { events, referrals }: Sizes, say: Say): Promise<void> => {
  const vaultKey = Redacted.make(new Uint8Array(32).fill(7))
  const runtime = ManagedRuntime.make(SqlStores.layerServer({ url: Redacted.make(url), vaultKey, maxConnections: 2 }))
  const as = <A>(tenant: string, effect: Effect.Effect<A, unknown, Needs>): Promise<A> =>
    runtime.runPromise(
      Effect.provideService(effect, CurrentTenant, {
        id: TenantIdOf(tenant),
        handleKey: new Uint8Array(32).fill(1),
      }),
    )
  try {
    const firsts: Array<number> = []
    for (const hot of [false, true]) {
      const tenant = hot ? "hot" : "even"
      const told = await as(tenant, creditHistory(tenant, events, hot))
      firsts.push(told.first)
      const label = hot ? "with one hot advocate" : "without a hot advocate"
      say(`Crediting ${label}: ${seconds(told.first)}, raw insert of the same postings ${seconds(told.raw)}:`)
      say(`  rate ${((100 * told.raw) / told.first).toFixed(0)} % of raw`)
      say(
        `  ${((100 * told.rawOfAll) / told.first).toFixed(0)} % of a raw insert of all rows that it wrote, ${seconds(told.rawOfAll)}`,
      )
      say(`  nothing changed: ${(told.first / told.again).toFixed(0)} times faster than the first`)
      say(`  memory at most ${told.peak} MB`)
    }
    const few = await as("few", oneMore(10))
    const many = await as("many", oneMore(referrals))
    say(
      `One more order: ${few.toFixed(1)} ms for an advocate with 10 referrals, ${many.toFixed(1)} ms with ${referrals}:`,
    )
    say(`  ${(many / few).toFixed(2)} times`)
    if (events > mostEvaluatedWhole) return
    const whole = await as("even", timed(credit(History.program.name, horizon(events))))
    say(`Evaluated whole again: ${((firsts[0] ?? 0) / whole).toFixed(1)} times faster than credited from nothing`)
  } finally {
    await runtime.dispose()
  }
}
