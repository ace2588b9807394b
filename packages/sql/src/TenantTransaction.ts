/**
 * Every access to the tables: one transaction, as the role that owns nothing, for one tenant.
 *
 * Promises: inside, row-level security holds on every engine, also where the connection's own user would bypass it;
 * a transaction that lost against another (40001, 40P01) runs again from its beginning; errors carry no values. Inside a
 * transaction of the same tenant it joins, without a savepoint: an operation that fails there spoils the whole, which
 * then cannot be committed, even by a body that catches the failure. Inside one of another tenant it dies.
 */
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import { Cause, Context, Effect, Schedule } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { texts } from "./ColumnArray.ts"

/** Owns nothing, cannot log in, is subject to every policy. */
export const role = "advocacy_app"

/** What an open transaction, or a part of one, knows of itself. */
interface Open {
  readonly tenant: TenantId
  /** A statement lost against another transaction: all of it has to run again. */
  lost: boolean
  /** The operation that failed somewhere in the middle of its statements: they must not stay. */
  spoiled: string | undefined
  /** How often people of the tenant were erased, those erased here too; undefined where it only reads. */
  readonly erasures: { count: number } | undefined
}

const Within = Context.Reference<Open | undefined>("@advocacy-kit/sql/TenantTransaction/Within", {
  defaultValue: () => undefined,
})

/**
 * How often people of the tenant were erased. A transaction that writes keeps erasures out from its beginning to its end, so
 * what it stores names nobody who was erased meanwhile.
 */
export const erasures: Effect.Effect<number> = Effect.map(Within, (open) => open?.erasures?.count ?? 0)

/** The same, for whoever may be inside no transaction that writes for this tenant: undefined there. */
export const erasuresOf = (tenant: TenantId): Effect.Effect<number | undefined> =>
  Effect.map(Within, (open) => (open?.tenant === tenant ? open.erasures?.count : undefined))

/** Counts one more, by this transaction. */
export const countErasure: Effect.Effect<void> = Effect.map(Within, (open) => {
  if (open?.erasures !== undefined) open.erasures.count++
})

/** A failure of the caller's own body, kept apart from those of the store. */
class OfBody<E> {
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

const lostToAnother = (error: unknown): boolean => {
  if (error instanceof OfBody) return lostToAnother(error.error)
  return (
    SqlError.isSqlError(error) && (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")
  )
}

const wasLost = <E>(cause: Cause.Cause<E>): boolean =>
  cause.reasons.some((reason) => Cause.isFailReason(reason) && lostToAnother(reason.error))

const stateOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : ""

/** What went wrong without what it went wrong with: PostgreSQL's own messages quote values. */
export const described = (error: SqlError.SqlError): Error => {
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

/** Keeps the body's failures as they are; `failed` names those of the store. */
export type Exclusively = <A, E, R, F>(
  operation: string,
  body: Effect.Effect<A, E, R>,
  failed: (reason: StoreUnavailable) => F,
) => Effect.Effect<A, E | F, R | CurrentTenant>

export interface TenantTransaction {
  readonly write: Run
  /** Writes while nobody else of the tenant holds one of the names, from the beginning, or from here where it joins. */
  readonly inTurn: (names: ReadonlyArray<string>) => Run
  /** One snapshot for all statements; writing fails. Where it joins, it sees what its transaction sees. */
  readonly read: Run
  /**
   * While nobody else of the tenant runs one with a shared name; the names are free again when the outermost transaction
   * ends. What stands in the tables is read anew by every statement, so it is as it was left when the turn came.
   * Inside another transaction it is a part that can fail alone. `body` runs again where the transaction lost, so what it
   * does elsewhere must bear repetition.
   */
  readonly exclusively: (names: ReadonlyArray<string>) => Exclusively
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

/** The transaction lost against another; `cause` is what is said when it has lost too often. */
class Lost<E> {
  readonly cause: Cause.Cause<E>
  constructor(cause: Cause.Cause<E>) {
    this.cause = cause
  }
}

const patience = {
  times: 30,
  schedule: Schedule.jittered(Schedule.min([Schedule.exponential("5 millis"), Schedule.spaced("250 millis")])),
}

const begins = { write: "BEGIN", read: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" } as const

const lockName = (tenant: TenantId, name: string): string => `advocacy ${tenant} ${name}`

/** All in one statement, in byte order, so that two who want the same names wait for each other and do not deadlock. */
const locks = (sql: SqlClient.SqlClient, tenant: TenantId, names: ReadonlyArray<string>) => {
  const sorted = [...new Set(names)].sort(ByteOrder.compare).map((name) => lockName(tenant, name))
  return sql`(SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))) FROM unnest(${texts(sorted)}) AS row (name))`
}

/** Takes further names in a transaction that is open. */
export const lock = (sql: SqlClient.SqlClient, tenant: TenantId, names: ReadonlyArray<string>) =>
  names.length === 0 ? Effect.void : Effect.asVoid(sql`SELECT ${locks(sql, tenant, names)}`)

/**
 * Role, tenant, names, and who writes waits for an erasure that is under way: in this order, in one statement. Nothing is
 * compiled: the planner takes sets of thousands for costly, and compiling takes longer than all of the rest. Plans are made
 * for each statement: one that was made while a table was empty stays bad when it is full.
 */
const enter = (sql: SqlClient.SqlClient, tenant: TenantId, isWriting: boolean, names: ReadonlyArray<string>) => {
  const settings = sql`set_config('role', ${role}, true), set_config('advocacy.tenant', ${tenant}, true), set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_custom_plan', true)`
  const named = names.length === 0 ? settings : sql`${settings}, ${locks(sql, tenant, names)}`
  return isWriting
    ? sql<{ readonly erasures?: bigint }>`SELECT ${named}, advocacy.erasures() AS erasures`
    : sql<{ readonly erasures?: bigint }>`SELECT ${named}`
}

/** Runs `body` as `open`; one that ends well over an operation that failed within is not let through. */
const guarded = <A, E, R>(open: Open, body: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.provideService(body, Within, open), (value) =>
    open.spoiled === undefined
      ? Effect.succeed(value)
      : Effect.die(new Error(`"${open.spoiled}" failed inside this transaction, which therefore cannot be committed`)),
  )

/** A transaction of its own, again and again while it loses. */
const outermost = <A, E, R>(
  sql: SqlClient.SqlClient,
  tenant: TenantId,
  mode: "write" | "read",
  names: ReadonlyArray<string>,
  body: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | SqlError.SqlError, R> =>
  Effect.suspend(() => {
    const isWriting = mode === "write"
    const open: Open = { tenant, lost: false, spoiled: undefined, erasures: isWriting ? { count: 0 } : undefined }
    const entered = Effect.map(enter(sql, tenant, isWriting, names), ([row]) => {
      if (open.erasures !== undefined) open.erasures.count = Number(row?.erasures ?? 0)
    })
    return sql.withTransaction(Effect.andThen(entered, guarded(open, body))).pipe(
      Effect.provideService(SqlClient.BeginTransaction, begins[mode]),
      Effect.catchCause((cause): Effect.Effect<never, E | SqlError.SqlError | Lost<E | SqlError.SqlError>> =>
        (open.lost || wasLost(cause)) && !Cause.hasInterrupts(cause)
          ? Effect.fail(new Lost(cause))
          : Effect.failCause(cause),
      ),
    )
  }).pipe(
    Effect.retry({ ...patience, while: (error) => error instanceof Lost }),
    Effect.catch((error): Effect.Effect<never, E | SqlError.SqlError> =>
      error instanceof Lost ? Effect.failCause(error.cause) : Effect.fail(error),
    ),
  )

/** Part of a transaction that is open; any failure spoils it. */
const joined = <A, E, R>(open: Open, operation: string, body: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapCause(body, (cause) =>
    Effect.sync(() => {
      open.spoiled ??= operation
      if (wasLost(cause)) open.lost = true
    }),
  )

/** Part of a transaction that is open, which can fail without the rest, unless the whole has lost. */
const apart = <A, E, R>(
  sql: SqlClient.SqlClient,
  around: Open,
  names: ReadonlyArray<string>,
  body: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | SqlError.SqlError, R> =>
  Effect.suspend(() => {
    const open: Open = { tenant: around.tenant, lost: false, spoiled: undefined, erasures: around.erasures }
    const part = Effect.andThen(lock(sql, around.tenant, names), guarded(open, body))
    return Effect.tapCause(sql.withTransaction(part), (cause) =>
      Effect.sync(() => {
        if (!open.lost && !wasLost(cause)) return
        around.lost = true
        around.spoiled ??= "exclusively"
      }),
    )
  })

/** A transaction of its own, or part of the one that is open, as `joining` says. */
const entering = <A, E, R, F>(
  operation: string,
  alone: (tenant: TenantId) => Effect.Effect<A, E, R>,
  joining: (open: Open) => Effect.Effect<A, F, R>,
): Effect.Effect<A, E | F, R | CurrentTenant> =>
  Effect.gen(function* () {
    const { id } = yield* CurrentTenant
    const open = yield* Within
    if (open === undefined) return yield* alone(id)
    if (open.tenant === id) return yield* joining(open)
    return yield* Effect.die(new Error(`"${operation}" for one tenant inside a transaction of another: end that first`))
  })

export const make = (sql: SqlClient.SqlClient): TenantTransaction => {
  const run =
    (mode: "write" | "read", names: ReadonlyArray<string> = []): Run =>
    (operation, body) =>
      entering(
        operation,
        (tenant) => outermost(sql, tenant, mode, names, body),
        (open) => joined(open, operation, Effect.andThen(lock(sql, open.tenant, names), body)),
      ).pipe(Effect.catch((error) => translated(operation, error)))
  const exclusively =
    (names: ReadonlyArray<string>): Exclusively =>
    <A, E, R, F>(operation: string, body: Effect.Effect<A, E, R>, failed: (reason: StoreUnavailable) => F) => {
      const own = Effect.mapError(body, (error) => new OfBody(error))
      return entering(
        operation,
        // Not REPEATABLE READ: its snapshot would be from before the wait for the names.
        (tenant) => outermost(sql, tenant, "write", names, own),
        (open) => apart(sql, open, names, own),
      ).pipe(
        Effect.catch((error): Effect.Effect<never, E | F> =>
          error instanceof OfBody
            ? Effect.fail(error.error)
            : Effect.mapError(translated<never>(operation, error), failed),
        ),
      )
    }
  return { write: run("write"), read: run("read"), inTurn: (names) => run("write", names), exclusively }
}
