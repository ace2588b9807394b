/**
 * A database connection on which transactions that write lose against others, by chance.
 *
 * Promises: a fault is PostgreSQL's own: the statement that raises it runs inside the transaction and aborts it, in place of the
 * statement that was asked for. Beginning, ending and savepoints are left alone, and so is everything outside
 * transactions and in those that only read, which cannot lose. The same seed draws the same choices.
 * Chance is drawn once for each attempt, not for each statement: crediting of changes has up to 200 statements in one
 * transaction (median 10), which would lose practically every attempt at one in twenty.
 */
import { Chance } from "@advocacy-kit/testing"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Stream } from "effect"
import { SqlClient, type SqlConnection, SqlError } from "effect/sql"

/** How the faults are going; `percent`, of the attempts that lose where they are long enough, can be changed while the connection is in use. */
export interface Faults {
  percent: number
  /** How many were raised, by SQLSTATE. */
  readonly raised: Record<"40001" | "40P01", number>
  readonly chance: Chance.Chance
}

export const make = (seed: number, percent: number): Faults => ({
  percent,
  raised: { "40001": 0, "40P01": 0 },
  chance: Chance.make(seed),
})

type Connection = SqlConnection.Connection

const control = /^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/

/** One connection for as long as it is borrowed, which for a transaction is its whole length. */
const faulty = (faults: Faults, inner: Connection): Connection => {
  /** Statements until this attempt loses; null: it does not. Early places are as likely as all others, for most are short. */
  let left: number | null = null
  const drawn = (): number | null =>
    faults.chance.percent(faults.percent) ? faults.chance.between(1, faults.chance.pick(5, 60)) : null
  const draw = <A>(sql: string, statement: Effect.Effect<A, SqlError.SqlError>): Effect.Effect<A, SqlError.SqlError> =>
    Effect.suspend(() => {
      if (sql.startsWith("BEGIN")) left = sql.includes("READ ONLY") ? null : drawn()
      if (left === null || control.test(sql)) return statement
      left -= 1
      if (left > 0) return statement
      left = null
      const state = faults.chance.pick<"40001" | "40P01">("40001", "40P01")
      faults.raised[state] += 1
      const raising = inner.executeUnprepared(
        `DO $$ BEGIN RAISE EXCEPTION 'lost by chance' USING ERRCODE = '${state}'; END $$`,
        [],
        undefined,
      )
      return Effect.andThen(raising, Effect.die(new Error("a raised exception did not come back as one")))
    })
  return {
    execute: (sql, params, rows) => draw(sql, inner.execute(sql, params, rows)),
    executeRaw: (sql, params) => draw(sql, inner.executeRaw(sql, params)),
    executeStream: (sql, params, rows) =>
      Stream.unwrap(
        draw(
          sql,
          Effect.sync(() => inner.executeStream(sql, params, rows)),
        ),
      ),
    executeValues: (sql, params) => draw(sql, inner.executeValues(sql, params)),
    executeValuesUnprepared: (sql, params) => draw(sql, inner.executeValuesUnprepared(sql, params)),
    executeUnprepared: (sql, params, rows) => draw(sql, inner.executeUnprepared(sql, params, rows)),
  }
}

/** As the driver does it: a transaction that was aborted is not committed, and says so. */
const commit = (connection: Connection): Effect.Effect<void, SqlError.SqlError> =>
  Effect.flatMap(connection.executeRaw("COMMIT", []), (result) =>
    typeof result === "object" && result !== null && "command" in result && result.command === "ROLLBACK"
      ? Effect.fail(
          new SqlError.SqlError({
            reason: new SqlError.UnknownError({
              cause: new Error("rolled back"),
              message: "rolled back",
              operation: "commit",
            }),
          }),
        )
      : Effect.void,
  )

/** `database` with faults. */
export const layer = <E>(
  faults: Faults,
  database: Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, E>,
): Layer.Layer<SqlClient.SqlClient, E> => {
  const wrapped = Effect.gen(function* () {
    const inner = yield* PgClient.PgClient
    const acquirer = Effect.map(inner.reserve, (connection) => faulty(faults, connection))
    const client = yield* SqlClient.make({
      acquirer,
      transactionAcquirer: acquirer,
      compiler: PgClient.makeCompiler(),
      driver: inner.driver,
      spanAttributes: [],
      prepareTransactionControls: true,
      commit,
      releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    })
    const { config, json, listen, notify } = inner
    return Object.assign(client, {
      "~@effect/sql-pg/PgClient": inner["~@effect/sql-pg/PgClient"],
      config,
      json,
      listen,
      notify,
    })
  })
  return PgClient.layerFrom(wrapped).pipe(Layer.provide(database))
}
