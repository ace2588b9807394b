/**
 * The ledger and the outbox over PostgreSQL.
 *
 * Promises: what `Ledger` promises, by primary keys, by a check that postings sum to zero, and by rights that the role
 * does not have. Commits of one program take turns. Work is set-based: a few statements per thousand revisions.
 */
import type { FactBatch, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import {
  type Balance,
  type Commit,
  Ledger,
  LedgerError,
  Overtaken,
  type Recorded,
  type Revision,
  Unbalanced,
} from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { chunks, integers, texts } from "./ColumnArray.ts"
import * as CreditsNow from "./CreditsNow.ts"
import { appendWithin, markOf } from "./SqlFactLog.ts"
import * as SqlOutbox from "./SqlOutbox.ts"
import * as TenantTransaction from "./TenantTransaction.ts"
import { AdvocacyKeys, vaultOf } from "./Vault.ts"

const revisionsPerStatement = 2_500
const decodeCredit = Schema.decodeUnknownSync(Credit.Credit)

const unbalanced = ({ legs }: Revision): boolean => legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) !== 0n

const byKey = (left: { readonly key: string }, right: { readonly key: string }): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : 0

/** Two workers that post for one program take turns, until the end of the transaction. */
const programsOf = ({ revisions }: Commit): ReadonlyArray<string> => revisions.map(({ credit }) => credit.program)

const nameOf = ({ key, revision }: { readonly key: string; readonly revision: number }): string => `${revision} ${key}`

/** The first revision that is in one commit twice: the second would find the first. */
const repeated = (revisions: ReadonlyArray<Revision>): Revision | undefined => {
  const seen = new Set<string>()
  return revisions.find((revision) => seen.size === seen.add(nameOf(revision)).size)
}

/** Credits, revisions and postings in one statement; postings only of revisions that were new. */
const addRevisions = (sql: SqlClient.SqlClient, tenant: TenantId, revisions: ReadonlyArray<Revision>) =>
  Effect.gen(function* () {
    const keys = texts(revisions.map(({ key }) => key))
    const legs = revisions.flatMap((of) => of.legs.map((leg, position) => ({ of, leg, position })))
    const added = yield* sql<{ readonly key: string; readonly revision: number }>`
      WITH credit AS (
        INSERT INTO advocacy.credit (tenant, key, program)
        SELECT ${tenant}, key, program
        FROM unnest(${keys}, ${texts(revisions.map(({ credit }) => credit.program))}) AS row (key, program)
        ON CONFLICT DO NOTHING
      ), added AS (
        INSERT INTO advocacy.revision (tenant, key, revision, unit, effective_at, as_of, inputs, credit)
        SELECT ${tenant}, key, revision, unit, effective_at, as_of, inputs, credit::json
        FROM unnest(
          ${keys}, ${integers(revisions.map(({ revision }) => revision))}, ${texts(revisions.map(({ unit }) => unit))},
          ${integers(revisions.map(({ effectiveAt }) => effectiveAt))}, ${integers(revisions.map(({ asOf }) => asOf))},
          ${texts(revisions.map(({ inputs }) => inputs))},
          ${texts(revisions.map(({ credit }) => JSON.stringify(Credit.encode(credit))))}
        ) AS row (key, revision, unit, effective_at, as_of, inputs, credit)
        ON CONFLICT DO NOTHING
        RETURNING key, revision
      ), posted AS (
        INSERT INTO advocacy.posting (tenant, key, revision, leg, account, unit, amount)
        SELECT ${tenant}, row.key, row.revision, leg, account, unit, amount::numeric
        FROM unnest(
          ${texts(legs.map(({ of }) => of.key))}, ${integers(legs.map(({ of }) => of.revision))},
          ${integers(legs.map(({ position }) => position))}, ${texts(legs.map(({ leg }) => leg.account))},
          ${texts(legs.map(({ of }) => of.unit))}, ${texts(legs.map(({ leg }) => `${leg.amountMinor}`))}
        ) AS row (key, revision, leg, account, unit, amount)
        JOIN added ON added.key = row.key AND added.revision = row.revision
      )
      SELECT key, revision FROM added`
    if (added.length === revisions.length) return
    const mine = new Set(added.map(nameOf))
    const lost = revisions.find((revision) => !mine.has(nameOf(revision)))
    yield* new Overtaken({ credit: lost?.key ?? "", revision: lost?.revision ?? 0 })
  })

const commit = (sql: SqlClient.SqlClient, { effects, erasures, revisions, undo }: Commit) =>
  Effect.gen(function* () {
    const { id: tenant } = yield* CurrentTenant
    const wrong = revisions.find(unbalanced)
    if (wrong !== undefined) return yield* new Unbalanced({ credit: wrong.key })
    const twice = repeated(revisions)
    if (twice !== undefined) return yield* new Overtaken({ credit: twice.key, revision: twice.revision })
    if (erasures !== undefined && (yield* TenantTransaction.erasures) > erasures)
      return yield* new Overtaken({ credit: revisions[0]?.key ?? "", revision: 0 })
    for (const some of chunks([...revisions].sort(byKey), revisionsPerStatement)) yield* addRevisions(sql, tenant, some)
    yield* CreditsNow.keep(sql, tenant, revisions)
    if (undo.length > 0) yield* SqlOutbox.undo(sql, tenant, undo)
    for (const some of chunks(effects, revisionsPerStatement)) yield* SqlOutbox.plan(sql, tenant, some)
  })

const history = (sql: SqlClient.SqlClient, tenant: TenantId, key: Credit.CreditKey) =>
  Effect.gen(function* () {
    const rows = yield* sql<{
      revision: number
      unit: Credit.Unit
      effectiveAt: bigint
      asOf: bigint
      inputs: string
      mark: bigint
      credit: unknown
    }>`
      SELECT revision, unit, effective_at AS "effectiveAt", as_of AS "asOf", inputs,
        ${markOf(sql, "recorded_at")} AS mark, credit FROM advocacy.revision
      WHERE tenant = ${tenant} AND key = ${key} ORDER BY revision`
    const postings = yield* sql<{ revision: number; account: Credit.Account; amount: string }>`
      SELECT revision, account, amount::text AS amount FROM advocacy.posting
      WHERE tenant = ${tenant} AND key = ${key} ORDER BY revision, leg`
    return rows.map(({ revision, unit, effectiveAt, asOf, inputs, mark, credit }): Recorded => ({
      key,
      revision,
      unit,
      effectiveAt: Number(effectiveAt),
      legs: postings
        .filter((posting) => posting.revision === revision)
        .map(({ account, amount }) => ({ account, amountMinor: BigInt(amount) })),
      credit: decodeCredit(credit),
      asOf: Number(asOf),
      inputs,
      mark: Number(mark),
    }))
  })

const balances = (sql: SqlClient.SqlClient, tenant: TenantId) =>
  sql<{ account: Credit.Account; unit: Credit.Unit; amount: string }>`
    SELECT account, unit, sum(amount)::text AS amount FROM advocacy.posting WHERE tenant = ${tenant}
    GROUP BY account, unit HAVING sum(amount) <> 0 ORDER BY account, unit`.pipe(
    Effect.map((rows) =>
      rows.map(({ account, unit, amount }): Balance => ({ account, unit, amountMinor: BigInt(amount) })),
    ),
  )

const refused = (reason: StoreUnavailable | Overtaken | Unbalanced): LedgerError => new LedgerError({ reason })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const vault = vaultOf((yield* AdvocacyKeys).vault)
  const transaction = TenantTransaction.make(sql)
  const tenantId = Effect.map(CurrentTenant, ({ id }) => id)
  /** Facts about effects are our own; one that cannot be stored is a defect. */
  const storeOwn = (batch: FactBatch) => appendWithin(sql, vault, batch).pipe(Effect.catchTag("Unstorable", Effect.die))
  return Ledger.of({
    posted: Effect.fn("Ledger.posted")(function* (program) {
      return yield* transaction.read("read posted credits", CreditsNow.posted(sql, yield* tenantId, program))
    }, Effect.mapError(refused)),
    postedFor: Effect.fn("Ledger.postedFor")(function* ({ causes, program }) {
      return yield* transaction.read("read credits", CreditsNow.postedFor(sql, yield* tenantId, program, causes))
    }, Effect.mapError(refused)),
    due: Effect.fn("Ledger.due")(function* ({ asOf, limit, program }) {
      return yield* transaction.read("read what is due", CreditsNow.due(sql, yield* tenantId, program, asOf, limit))
    }, Effect.mapError(refused)),
    creditedTo: Effect.fn("Ledger.creditedTo")(function* ({ beneficiaries, program, which }) {
      return yield* transaction.read(
        "read whose credits there are",
        CreditsNow.creditedTo(sql, yield* tenantId, program, beneficiaries, which),
      )
    }, Effect.mapError(refused)),
    commit: Effect.fn("Ledger.commit")(function* (wanted) {
      yield* transaction.inTurn(programsOf(wanted))("commit revisions", commit(sql, wanted))
    }, Effect.mapError(refused)),
    balances: Effect.flatMap(tenantId, (tenant) => transaction.read("read balances", balances(sql, tenant))).pipe(
      Effect.mapError(refused),
    ),
    history: Effect.fn("Ledger.history")(function* (credit) {
      return yield* transaction.read("read a credit", history(sql, yield* tenantId, credit))
    }, Effect.mapError(refused)),
    effects: Effect.fn("Ledger.effects")(function* (options) {
      return yield* transaction.read("read effects", SqlOutbox.list(sql, yield* tenantId, options))
    }, Effect.mapError(refused)),
    take: Effect.fn("Ledger.take")(function* (taking) {
      const taken = Effect.tap(SqlOutbox.take(sql, yield* tenantId, taking), ({ rows }) =>
        taking.facts === undefined || rows.length === 0
          ? Effect.void
          : storeOwn(taking.facts(rows.map(({ effect }) => effect))),
      )
      return yield* transaction.write("take effects", taken)
    }, Effect.mapError(refused)),
    move: Effect.fn("Ledger.move")(function* (options) {
      const moving = Effect.tap(SqlOutbox.move(sql, yield* tenantId, options), (moved) =>
        options.facts === undefined || moved.size === 0 ? Effect.void : storeOwn(options.facts(moved)),
      )
      return yield* transaction.write("move effects", moving)
    }, Effect.mapError(refused)),
    exclusively: (names, body) => transaction.exclusively(names)("exclusively", body, refused),
  })
})

export const layer: Layer.Layer<Ledger, never, SqlClient.SqlClient | AdvocacyKeys> = Layer.effect(Ledger, make)
