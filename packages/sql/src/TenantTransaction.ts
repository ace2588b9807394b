/**
 * Every access to the tables: one transaction, as the role that owns nothing, for one tenant.
 *
 * Promises: inside, row-level security holds on every engine, also where the connection's own user would bypass it;
 * a transaction that lost against another (40001, 40P01) runs again; errors carry no values. Inside a transaction of
 * the same tenant it joins; inside one of another tenant it dies.
 */
import { Context, Effect, Schedule } from "effect"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { SqlClient, SqlError } from "effect/sql"

/** Owns nothing, cannot log in, is subject to every policy. */
export const role = "advocacy_app"

const Within = Context.Reference<string | undefined>("@advocacy-kit/sql/TenantTransaction/Within", {
  defaultValue: () => undefined,
})

const lostToAnother = (error: unknown): boolean =>
  SqlError.isSqlError(error) && (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")

const stateOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : ""

/** What went wrong without what it went wrong with: PostgreSQL's own messages quote values. */
const described = (error: SqlError.SqlError): Error => {
  const state = stateOf(error.reason.cause)
  return new Error(`${error.reason._tag}${state === "" ? "" : ` (SQLSTATE ${state})`}`)
}

/** Wrong SQL, broken constraints, missing rights and impossible values are errors of ours; a retry does not help. */
const isOurFault = (error: SqlError.SqlError): boolean => {
  switch (error.reason._tag) {
    case "SqlSyntaxError":
    case "ConstraintError":
    case "UniqueViolation":
    case "AuthorizationError":
      return true
    case "UnknownError":
      return /^(?:22|25|P0)/.test(stateOf(error.reason.cause))
    default:
      return false
  }
}

/** Runs `body` for the current tenant. SQL errors become `StoreUnavailable` for `operation`, or die where they are ours. */
export type Run = <A, E, R>(
  operation: string,
  body: Effect.Effect<A, E, R>,
) => Effect.Effect<A, Exclude<E, SqlError.SqlError> | StoreUnavailable, R | CurrentTenant>

export interface TenantTransaction {
  readonly write: Run
  /** One snapshot for all statements; writing fails. */
  readonly read: Run
}

/** Leaves errors of the domain as they are. */
const translated = <E>(
  operation: string,
  error: E | SqlError.SqlError,
): Effect.Effect<never, Exclude<E, SqlError.SqlError> | StoreUnavailable> => {
  if (!SqlError.isSqlError(error)) return Effect.fail(error as Exclude<E, SqlError.SqlError>)
  return isOurFault(error)
    ? Effect.die(new Error(`${operation}: ${described(error).message}`))
    : Effect.fail(new StoreUnavailable({ operation, cause: described(error) }))
}

export const make = (sql: SqlClient.SqlClient): TenantTransaction => {
  const run =
    (begin: string): Run =>
    (operation, body) =>
      Effect.gen(function* () {
        const { id } = yield* CurrentTenant
        const within = yield* Within
        if (within === id) return yield* sql.withTransaction(body)
        if (within !== undefined) {
          return yield* Effect.die(
            new Error(`"${operation}" for one tenant inside a transaction of another: end that first`),
          )
        }
        const entered = Effect.andThen(
          sql`SELECT set_config('role', ${role}, true), set_config('advocacy.tenant', ${id}, true)`,
          Effect.provideService(body, Within, id),
        )
        return yield* sql.withTransaction(entered).pipe(
          Effect.provideService(SqlClient.BeginTransaction, begin),
          Effect.retry({
            while: lostToAnother,
            times: 8,
            schedule: Schedule.jittered(Schedule.exponential("5 millis")),
          }),
        )
      }).pipe(Effect.catch((error) => translated(operation, error)))
  return { write: run("BEGIN"), read: run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") }
}
