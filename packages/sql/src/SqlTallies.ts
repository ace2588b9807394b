/**
 * Tallies over PostgreSQL.
 *
 * Promises: what `Tallies` promises. What is kept is summed by day in the statement that keeps it, so a question costs as many
 * rows as the limit's period has days, and one day's conversions, however many there were in all.
 */
import type { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import { Tallies, type Question } from "@advocacy-kit/core/ledger/Tallies"
import * as Tally from "@advocacy-kit/core/ledger/Tally"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { chunks, integers, texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"

type Sql = SqlClient.SqlClient

const rowsPerStatement = 10_000
/** Days are numbered from long before any instant, so that whole division rounds down. Integers alone: an index knows nothing else. */
const dayMs = 86_400_000n
const epoch = 8_640_000_000_000_000n
const dayOf = (sql: Sql, at: string) => sql`((${sql.literal(at)} + ${epoch}::bigint) / ${dayMs}::bigint)`

interface Row {
  readonly cause: string
  readonly name: string
  readonly at: number
  readonly granted: bigint
  readonly reserved: bigint
}

const rowsOf = (taking: Tally.Taking): ReadonlyArray<Row> =>
  [...Tally.sumsOf(taking)].map(([name, sum]) => ({ cause: taking.cause, name, at: taking.at, ...sum }))

/** Removes what was kept for these causes, and takes it out of the sums of the days. */
const remove = (sql: Sql, tenant: TenantId, program: string, causes: ReadonlyArray<string>) =>
  sql`
    WITH gone AS (
      DELETE FROM advocacy.taking WHERE tenant = ${tenant} AND program = ${program} AND cause = ANY(${texts(causes)})
      RETURNING name, ${dayOf(sql, "at")} AS day, granted, reserved
    ), sums AS (
      SELECT name, day, sum(granted) AS granted, sum(reserved) AS reserved FROM gone GROUP BY name, day
      HAVING sum(granted) <> 0 OR sum(reserved) <> 0
    )
    UPDATE advocacy.taking_day AS known
    SET granted = known.granted - sums.granted, reserved = known.reserved - sums.reserved
    FROM sums WHERE known.tenant = ${tenant} AND known.program = ${program} AND known.name = sums.name AND known.day = sums.day`

const add = (sql: Sql, tenant: TenantId, program: string, rows: ReadonlyArray<Row>) =>
  sql`
    WITH come AS (
      INSERT INTO advocacy.taking (tenant, program, name, at, cause, granted, reserved)
      SELECT ${tenant}, ${program}, name, at, cause, granted::numeric, reserved::numeric
      FROM unnest(
        ${texts(rows.map(({ name }) => name))}, ${integers(rows.map(({ at }) => at))}, ${texts(rows.map(({ cause }) => cause))},
        ${texts(rows.map(({ granted }) => `${granted}`))}, ${texts(rows.map(({ reserved }) => `${reserved}`))}
      ) AS row (name, at, cause, granted, reserved)
      RETURNING name, ${dayOf(sql, "at")} AS day, granted, reserved
    )
    INSERT INTO advocacy.taking_day AS known (tenant, program, name, day, granted, reserved)
    SELECT ${tenant}, ${program}, name, day, sum(granted), sum(reserved) FROM come GROUP BY name, day
    HAVING sum(granted) <> 0 OR sum(reserved) <> 0
    ON CONFLICT (tenant, program, name, day) DO UPDATE
    SET granted = known.granted + excluded.granted, reserved = known.reserved + excluded.reserved`

const keep = (sql: Sql, tenant: TenantId, program: string, takings: ReadonlyArray<Tally.Taking>) =>
  Effect.gen(function* () {
    for (const some of chunks(takings, rowsPerStatement))
      yield* remove(
        sql,
        tenant,
        program,
        some.map(({ cause }) => cause),
      )
    for (const some of chunks(takings.flatMap(rowsOf), rowsPerStatement)) yield* add(sql, tenant, program, some)
  })

interface Stored {
  readonly cause: string
  readonly name: string
  readonly at: bigint
  readonly granted: string
  readonly reserved: string
}

const takingOf = (cause: string, rows: ReadonlyArray<Stored>): Tally.Taking => {
  const column = (which: "granted" | "reserved"): ReadonlyArray<Tally.Take> =>
    rows.filter((row) => row[which] !== "0").map((row) => ({ name: row.name, amount: BigInt(row[which]) }))
  return {
    cause,
    at: Number(rows[0]?.at ?? 0n),
    granted: column("granted"),
    reserved: column("reserved"),
    asked: rows.map(({ name }) => name),
  }
}

const kept = (sql: Sql, tenant: TenantId, program: string, causes: ReadonlyArray<string> | undefined) =>
  sql<Stored>`
    SELECT cause, name, at, granted::text, reserved::text FROM advocacy.taking
    WHERE tenant = ${tenant} AND program = ${program} AND (${causes === undefined} OR cause = ANY(${texts(causes ?? [])}))
    ORDER BY cause, name`.pipe(
    Effect.map((rows) => {
      const byCause = Map.groupBy(rows, ({ cause }) => cause)
      return new Map([...byCause].map(([cause, of]) => [cause, takingOf(cause, of)]))
    }),
  )

interface Answer {
  readonly name: string
  readonly at: bigint
  readonly cause: string
  readonly granted: string
  readonly reserved: string
  readonly all: string
}

const seen = (sql: Sql, tenant: TenantId, program: string, questions: ReadonlyArray<Question>) =>
  sql<Answer>`
    SELECT asked.name, asked.at, asked.cause, (days.granted + hours.granted)::text AS granted,
      (days.reserved + hours.reserved)::text AS reserved, days.all_reserved::text AS all
    FROM unnest(
      ${texts(questions.map(({ name }) => name))}, ${integers(questions.map(({ place }) => place.at))},
      ${texts(questions.map(({ place }) => place.cause))}
    ) AS asked (name, at, cause)
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(granted) FILTER (WHERE day < ${dayOf(sql, "asked.at")}), 0) AS granted,
        coalesce(sum(reserved) FILTER (WHERE day < ${dayOf(sql, "asked.at")}), 0) AS reserved,
        coalesce(sum(reserved), 0) AS all_reserved
      FROM advocacy.taking_day WHERE tenant = ${tenant} AND program = ${program} AND name = asked.name
    ) AS days
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(granted), 0) AS granted, coalesce(sum(reserved), 0) AS reserved FROM advocacy.taking
      WHERE tenant = ${tenant} AND program = ${program} AND name = asked.name
        AND at >= ${dayOf(sql, "asked.at")} * ${dayMs}::bigint - ${epoch}::bigint
        AND (at, cause) < (asked.at, asked.cause COLLATE "C")
    ) AS hours`.pipe(
    Effect.map(
      (rows): ReadonlyMap<string, Tally.Seen> =>
        new Map(
          rows.map(({ all, at, cause, granted, name, reserved }) => [
            Tally.questionOf({ at: Number(at), cause }, name),
            { before: BigInt(granted) + BigInt(reserved), taken: BigInt(granted) + BigInt(all) },
          ]),
        ),
    ),
  )

type Names = Parameters<Tallies["Service"]["concerned"]>[1]

const concerned = (sql: Sql, tenant: TenantId, program: string, names: Names) =>
  sql<{ readonly at: bigint; readonly cause: string }>`
    SELECT DISTINCT found.at, found.cause
    FROM unnest(
      ${texts(names.map(({ name }) => name))}, ${integers(names.map(({ after }) => after?.at ?? Number.MIN_SAFE_INTEGER))},
      ${texts(names.map(({ after }) => after?.cause ?? ""))}
    ) AS asked (name, at, cause)
    CROSS JOIN LATERAL (
      SELECT at, cause FROM advocacy.taking
      WHERE tenant = ${tenant} AND program = ${program} AND name = asked.name AND (at, cause) > (asked.at, asked.cause COLLATE "C")
    ) AS found
    ORDER BY found.at, found.cause`.pipe(
    Effect.map((rows) => rows.map(({ at, cause }): Tally.Place => ({ at: Number(at), cause }))),
  )

const refused = (reason: StoreUnavailable): LedgerError => new LedgerError({ reason })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const transaction = TenantTransaction.make(sql)
  const tenantId = Effect.map(CurrentTenant, ({ id }) => id)
  return Tallies.of({
    keep: Effect.fn("Tallies.keep")(function* (program, takings) {
      if (takings.length === 0) return
      yield* transaction.write("keep takings", keep(sql, yield* tenantId, program, takings))
    }, Effect.mapError(refused)),
    kept: Effect.fn("Tallies.kept")(function* (program, causes) {
      return yield* transaction.read("read takings", kept(sql, yield* tenantId, program, causes))
    }, Effect.mapError(refused)),
    seen: Effect.fn("Tallies.seen")(function* (program, questions) {
      if (questions.length === 0) return new Map()
      return yield* transaction.read("read what was taken", seen(sql, yield* tenantId, program, questions))
    }, Effect.mapError(refused)),
    concerned: Effect.fn("Tallies.concerned")(function* (program, names) {
      if (names.length === 0) return []
      return yield* transaction.read("read who took", concerned(sql, yield* tenantId, program, names))
    }, Effect.mapError(refused)),
  })
})

export const layer: Layer.Layer<Tallies, never, SqlClient.SqlClient> = Layer.effect(Tallies, make)
