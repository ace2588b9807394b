/**
 * A database full of trouble, and all that it holds, to compare two of them.
 */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { digestAt } from "@advocacy-kit/core/flow/Digesting"
import { email } from "@advocacy-kit/core/id/Handle"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Chance, TroubledHistory, TroubledPrograms } from "@advocacy-kit/testing"
import { Effect, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { revision, reward } from "./Examples.ts"
import { tenantNamed } from "./Tenants.ts"

/** Stored nowhere but in the vault. */
export const address = "rosalind.franklin@example.com"

const shop = { platform: "shopify", account: "acme.myshopify.com" }
/** The same as the address: it must not be in a dump. */
const tokens = { access: Redacted.make(address), accessExpiresAt: 5, refresh: null, refreshExpiresAt: null }

/** By tenant, the seed of a history in which credits are granted, refused, held, recorded and reversed. */
const seeds: Readonly<Record<string, number>> = { "brand-a": 179, "brand-b": 210 }
export const tenants = Object.keys(seeds)

export const handleOf = (tenant: string) => email(tenantNamed(tenant).handleKey, address)

export const history = (tenant: string) => TroubledHistory.draw(Chance.make(seeds[tenant] ?? 0))

export const as = <A, E, R>(tenant: string, effect: Effect.Effect<A, E, R>) =>
  Effect.provideService(effect, CurrentTenant, tenantNamed(tenant))

const fillOne = Effect.fnUntraced(function* (tenant: string) {
  const { asOf, facts } = history(tenant)
  const [log, ledger, inbox] = [yield* FactLog, yield* Ledger, yield* Inbox]
  yield* log.append({ facts, personal: [{ handle: handleOf(tenant), value: address }], checkpoint })
  yield* credit(TroubledPrograms.name, asOf)
  // Beyond 64 bits, a note, an effect that was begun, and a revision that only changes the decision.
  const huge = revision("other", "o1", 10n ** 30n)
  yield* ledger.commit({
    revisions: [huge, { ...huge, revision: 2, legs: [] }],
    effects: [reward("other", "o1", 5n), reward("other", "o2", 5n)],
    undo: [],
  })
  yield* ledger.move({
    changes: [{ key: reward("other", "o1", 5n).key, attempt: 0, to: "sending", dueAt: 0, note: "CODE-1" }],
    from: ["planned"],
    outage: { platform: "shopify", until: 5, times: 1 },
  })
  yield* (yield* Installations).change(shop, (now) =>
    Effect.succeed(Installation.granted(now, shop, { at: 1, scopes: ["read_orders", "write_discounts"], tokens })),
  )
  yield* inbox.accept([1, 2, 3].map(message))
  yield* inbox.settle("shopify", ["e1"])
  yield* inbox.park("shopify", new Map([["e2", "cannot be understood"]]))
})

/** Two tenants with facts, personal values, credits, effects, messages and checkpoints. */
export const fill = Effect.forEach(tenants, (tenant) => as(tenant, fillOne(tenant)), { discard: true })

/** What a tenant's messages are; the first is settled, the second parked, the third open. */
export const message = (n: number) => ({
  source: "shopify",
  eventKey: `e${n}`,
  topic: "t",
  receivedAt: n,
  body: Uint8Array.from({ length: 200 + n }, (_, index) => (index * 7 + n) % 256),
})
export const checkpoint = { job: "orders", cursor: { after: "7", text: 'a "quoted"\n\\ line, ünïcödé 😀' } }
export const programs = [TroubledPrograms.name, "other"]
const states = ["planned", "sending", "confirmed", "unknown", "failed", "undone"] as const

const observe = Effect.fnUntraced(function* (tenant: string) {
  const [log, ledger, inbox] = [yield* FactLog, yield* Ledger, yield* Inbox]
  const posted = (yield* Effect.forEach(programs, ledger.posted)).flatMap((of) => [...of])
  return {
    facts: yield* Stream.runCollect(log.newest({ asOf: 9e15 })),
    personal: yield* log.personal([handleOf(tenant)]),
    cursor: yield* log.checkpoint(checkpoint.job),
    posted: posted.sort(([left], [right]) => ByteOrder.compare(left, right)),
    // How far a log had got is its own word for it.
    histories: yield* Effect.forEach(posted, ([key]) =>
      Effect.map(ledger.history(key), (stored) => stored.map(({ mark: _mark, ...stated }) => stated)),
    ),
    balances: yield* ledger.balances,
    effects: yield* ledger.effects({ states }),
    installations: (yield* (yield* Installations).all).map((one) => ({
      ...one,
      access: one.tokens && Redacted.value(one.tokens.access),
    })),
    messages: yield* inbox.counts,
    parked: yield* inbox.parked,
    open: (yield* inbox.claim("shopify", 10)).map(({ body, eventKey }) => [
      eventKey,
      Buffer.from(body).toString("hex"),
    ]),
  }
})

/** All that the ports say of each tenant. Claims the open messages. */
export const observed = Effect.forEach(tenants, (tenant) => as(tenant, observe(tenant)))

/** One digest for each tenant. */
export const digests = Effect.forEach(tenants, (tenant) =>
  Effect.map(as(tenant, digestAt(history(tenant).asOf)), ({ digest }) => digest),
)

/** Every row of every table as the database writes it, by table, sorted. */
export const contents = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ readonly name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace('advocacy') AND relkind = 'r' ORDER BY relname`
  const rows: Record<string, ReadonlyArray<string>> = {}
  for (const { name } of tables) {
    // Steps are taken when they are taken.
    const text = name === "migration" ? "one.migration_id::text" : "one::text"
    const found = yield* sql.unsafe<{ readonly row: string }>(
      `SELECT ${text} AS row FROM advocacy."${name}" AS one ORDER BY ${text} COLLATE "C"`,
    )
    rows[name] = found.map((one) => one.row)
  }
  return rows
})
