/**
 * A database full of trouble, and all that it holds, to compare two of them.
 */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { digestAt } from "@advocacy-kit/core/flow/Digesting"
import { email } from "@advocacy-kit/core/id/Handle"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Chance, TroubledHistory, TroubledPrograms } from "@advocacy-kit/testing"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { revision, reward } from "./Examples.ts"
import { tenantNamed } from "./Tenants.ts"

/** Stored nowhere but in the vault. */
export const address = "rosalind.franklin@example.com"

export const tenants = ["brand-a", "brand-b"]

const history = (tenant: string) => TroubledHistory.draw(Chance.make(tenants.indexOf(tenant) + 11))

const as = <A, E, R>(tenant: string, effect: Effect.Effect<A, E, R>) =>
  Effect.provideService(effect, CurrentTenant, tenantNamed(tenant))

const fillOne = Effect.fnUntraced(function* (tenant: string) {
  const { asOf, facts } = history(tenant)
  const [log, ledger, inbox] = [yield* FactLog, yield* Ledger, yield* Inbox]
  const handle = email(tenantNamed(tenant).handleKey, address)
  yield* log.append({
    facts,
    personal: [{ handle, value: address }],
    checkpoint: { job: "orders", cursor: { after: "7", text: 'a "quoted"\n\\ line, ünïcödé 😀' } },
  })
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
  const body = (n: number): Uint8Array => Uint8Array.from({ length: 200 + n }, (_, index) => (index * 7 + n) % 256)
  yield* inbox.accept(
    [1, 2, 3].map((n) => ({ source: "shopify", eventKey: `e${n}`, topic: "t", receivedAt: n, body: body(n) })),
  )
  yield* inbox.settle("shopify", ["e1"])
  yield* inbox.park("shopify", "e2", "cannot be understood")
})

/** Two tenants with facts, personal values, credits, effects, messages and checkpoints. */
export const fill = Effect.forEach(tenants, (tenant) => as(tenant, fillOne(tenant)), { discard: true })

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
