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

/** What one cause took of one limit. */
interface Take {
  readonly name: string
  readonly granted: string
  readonly reserved: string
}

const takesOf = (taking: Tally.Taking): ReadonlyArray<Take> =>
  [...Tally.sumsOf(taking)].map(([name, sum]) => ({ name, granted: `${sum.granted}`, reserved: `${sum.reserved}` }))

/** By way of a conflict that is certain, because a join with days of which nothing is known might read all of them. */
const moveDays = (sql: Sql, tenant: TenantId, program: string, rows: string, sign: "+" | "-") =>
  sql`
    INSERT INTO advocacy.taking_day AS known (tenant, program, name, day, granted, reserved)
    SELECT ${tenant}, ${program}, name, day, ${sql.literal(sign)} sum(granted), ${sql.literal(sign)} sum(reserved)
    FROM ${sql.literal(rows)} GROUP BY name, day HAVING sum(granted) <> 0 OR sum(reserved) <> 0
    ON CONFLICT (tenant, program, name, day) DO UPDATE
    SET granted = known.granted + excluded.granted, reserved = known.reserved + excluded.reserved`

/** Removes what was kept for these causes, and takes it out of the sums of the days. Each row is looked up by its whole key. */
const remove = (sql: Sql, tenant: TenantId, program: string, causes: ReadonlyArray<string>) =>
  sql`
    WITH taken AS (
      DELETE FROM advocacy.taken WHERE tenant = ${tenant} AND program = ${program} AND cause = ANY(${texts(causes)})
      RETURNING cause, at, takes
    ), found AS (
      SELECT row.place, take.name, ${dayOf(sql, "taken.at")} AS day, row.granted, row.reserved
      FROM taken CROSS JOIN LATERAL json_to_recordset(taken.takes) AS take (name text)
      CROSS JOIN LATERAL (
        SELECT ctid AS place, granted, reserved FROM advocacy.taking
        WHERE tenant = ${tenant} AND program = ${program} AND name = take.name AND at = taken.at AND cause = taken.cause
        OFFSET 0
      ) AS row
    ), gone AS (
      DELETE FROM advocacy.taking WHERE ctid = ANY(ARRAY(SELECT place FROM found))
    )
    ${moveDays(sql, tenant, program, "found", "-")}`

const add = (sql: Sql, tenant: TenantId, program: string, takings: ReadonlyArray<Tally.Taking>) =>
  sql`
    WITH come AS (
      INSERT INTO advocacy.taken (tenant, program, cause, at, takes)
      SELECT ${tenant}, ${program}, cause, at, takes::json
      FROM unnest(
        ${texts(takings.map(({ cause }) => cause))}, ${integers(takings.map(({ at }) => at))},
        ${texts(takings.map((taking) => JSON.stringify(takesOf(taking))))}
      ) AS row (cause, at, takes)
      RETURNING cause, at, takes
    ), named AS (
      INSERT INTO advocacy.taking (tenant, program, name, at, cause, granted, reserved)
      SELECT ${tenant}, ${program}, take.name, at, cause, take.granted, take.reserved
      FROM come CROSS JOIN LATERAL json_to_recordset(takes) AS take (name text, granted numeric, reserved numeric)
      RETURNING name, ${dayOf(sql, "at")} AS day, granted, reserved
    )
    ${moveDays(sql, tenant, program, "named", "+")}`

const keep = (sql: Sql, tenant: TenantId, program: string, takings: ReadonlyArray<Tally.Taking>) =>
  Effect.gen(function* () {
    for (const some of chunks(takings, rowsPerStatement)) {
      const causes = some.map(({ cause }) => cause)
      yield* remove(sql, tenant, program, causes)
      yield* add(
        sql,
        tenant,
        program,
        some.filter((taking) => Tally.sumsOf(taking).size > 0),
      )
    }
  })

interface Stored {
  readonly cause: string
  readonly at: bigint
  readonly takes: ReadonlyArray<Take>
}

const takingOf = ({ at, cause, takes }: Stored): Tally.Taking => {
  const column = (which: "granted" | "reserved"): ReadonlyArray<Tally.Take> =>
    takes.filter((take) => take[which] !== "0").map((take) => ({ name: take.name, amount: BigInt(take[which]) }))
  return {
    cause,
    at: Number(at),
    granted: column("granted"),
    reserved: column("reserved"),
    asked: takes.map(({ name }) => name),
  }
}

const kept = (sql: Sql, tenant: TenantId, program: string, causes: ReadonlyArray<string> | undefined) =>
  sql<Stored>`
    SELECT cause, at, takes FROM advocacy.taken
    WHERE tenant = ${tenant} AND program = ${program} ${causes === undefined ? sql`` : sql`AND cause = ANY(${texts(causes)})`}
    ORDER BY cause`.pipe(Effect.map((rows) => new Map(rows.map((row) => [row.cause, takingOf(row)]))))

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
      OFFSET 0
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
