/**
 * How the command fails: an exit code that means something, what went wrong, where, and what to do next.
 *
 * Every error of the libraries has its code in one table here. Failures are told on standard error, without a stack; a
 * defect of ours asks to be reported, and shows its stack when `ADVOCACY_DEBUG` is set.
 */
import { Cause, Console, Effect, Runtime, Schema } from "effect"

/** The exit codes of every command; `--help` prints them. */
export const exitCodes = [
  { code: 0, name: "ok", meaning: "it worked" },
  { code: 1, name: "check", meaning: "a check or a promise does not hold" },
  { code: 2, name: "usage", meaning: "wrong usage or input" },
  { code: 3, name: "store", meaning: "the store is in use, missing or unusable" },
  { code: 4, name: "platform", meaning: "a platform could not be reached, or refused" },
  { code: 70, name: "defect", meaning: "a mistake of ours" },
] as const

export type Kind = Exclude<(typeof exitCodes)[number]["name"], "ok">

export const codeOf = (kind: Kind): number => exitCodes.find(({ name }) => name === kind)?.code ?? 70

/** For the help of the root command. */
export const help = `Exit codes: ${exitCodes.map(({ code, meaning }) => `${code} ${meaning}`).join("; ")}.`

export class Failure extends Schema.TaggedError<Failure>()("Failure", {
  kind: Schema.Literals(["check", "usage", "store", "platform", "defect"]),
  problem: Schema.String,
  /** Empty where the problem says it already. */
  remedy: Schema.String,
}) {
  override readonly [Runtime.errorExitCode] = codeOf(this.kind)
  override readonly [Runtime.errorReported] = false
  override get message(): string {
    return this.remedy === "" ? this.problem : `${this.problem}\n  next: ${this.remedy}`
  }
}

/** A check does not hold. */
export const check = (problem: string, remedy: string): Failure => new Failure({ kind: "check", problem, remedy })

/** The user gave something that cannot be used. */
export const usage = (problem: string, remedy: string): Failure => new Failure({ kind: "usage", problem, remedy })

const kinds: Readonly<Record<string, Kind>> = {
  InstallationError: "store",
  DirectoryInUse: "store",
  DirectoryUnusable: "store",
  DatabaseUnusable: "store",
  MigrationError: "store",
  SqlError: "store",
  VaultKeyUnusable: "store",
  BackupUnusable: "usage",
  FactFileError: "usage",
  ErasedMeanwhile: "store",
  FileError: "usage",
  FactLogError: "store",
  LedgerError: "store",
  InboxError: "store",
  ConfigError: "usage",
  ShopifyConfigInvalid: "usage",
  HubSpotConfigInvalid: "usage",
  InvalidProgram: "usage",
  PublishingError: "usage",
  UserError: "usage",
  CommandError: "usage",
  SourceError: "platform",
  SandboxError: "platform",
  ServeError: "usage",
}

const remedies: Readonly<Record<string, string>> = {
  InstallationError: "",
  FactLogError: "see that the database runs and can be written, then run this again",
  LedgerError: "see that the database runs and can be written, then run this again",
  InboxError: "see that the database runs and can be written, then run this again",
  SqlError: "see that the database runs and that its user may create tables",
  MigrationError: "use the version of this command that last wrote the database, or a newer one",
  InvalidProgram: "correct it there; `advocacy schema program` says what a program may hold",
  ConfigError: "set it, then run this again",
  ShopifyConfigInvalid: "correct the SHOPIFY_… variable, then run this again",
  HubSpotConfigInvalid: "correct the HUBSPOT_… variable, then run this again",
  SandboxError: "see that no other process uses the port, or run `advocacy demo` to make the sandboxes anew",
  ServeError: "choose another port with --port",
}

interface Tagged {
  readonly _tag: string
  readonly message: string
}

const isTagged = (error: unknown): error is Tagged =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  typeof error._tag === "string" &&
  "message" in error &&
  typeof error.message === "string"

/** The stores keep what went wrong in a `reason`. */
const problemOf = (error: Tagged): string => {
  const variable = error._tag === "ConfigError" ? /\["(\w+)"\]/.exec(error.message)?.[1] : undefined
  if (variable !== undefined) return `the environment variable ${variable} is missing or cannot be read`
  const cause = "cause" in error && error.cause instanceof Error ? error.cause.message : ""
  if (error._tag === "PublishingError" || error._tag === "FactFileError") return error.message
  if (error._tag === "ServeError") return `the server could not start: ${cause}`
  if (error._tag === "CommandError" || !("reason" in error) || !isTagged(error.reason)) return error.message.trim()
  const { reason } = error
  if ("key" in reason && typeof reason.key === "string") return `the store cannot hold ${reason.key}`
  const operation =
    "operation" in reason && typeof reason.operation === "string" ? `could not ${reason.operation}` : reason._tag
  const why = "cause" in reason && reason.cause instanceof Error ? `: ${reason.cause.message}` : ""
  return `the store ${operation}${why}`
}

/** The error's own remedy, or its reason's, unless the message says it already; else the one for its kind. */
const remedyOf = (error: Tagged): string => {
  const own = [error, "reason" in error ? error.reason : null].find((one) => isTagged(one) && "remedy" in one)
  const remedy = isTagged(own) && "remedy" in own && typeof own.remedy === "string" ? own.remedy : ""
  return remedy !== "" && !error.message.includes(remedy) ? remedy : (remedies[error._tag] ?? "")
}

/** What any error of the libraries means for whoever typed the command. */
export const of = (error: unknown): Failure => {
  if (error instanceof Failure) return error
  if (!isTagged(error)) return defect(error)
  const kind = kinds[error._tag]
  return kind === undefined ? defect(error) : new Failure({ kind, problem: problemOf(error), remedy: remedyOf(error) })
}

const defect = (error: unknown): Failure => {
  const shown =
    error instanceof Error
      ? process.env.ADVOCACY_DEBUG
        ? (error.stack ?? error.message)
        : error.message
      : String(error)
  return new Failure({
    kind: "defect",
    problem: `this is a mistake of ours: ${shown}`,
    remedy: "run it again with ADVOCACY_DEBUG=1 and report what it prints",
  })
}

/** Gives whatever a command fails with its exit code. */
export const coded = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, Failure, R> =>
  Effect.mapError(program, of)

/** Wrong usage that was told with the help of the command already. */
const isShowHelp = (error: unknown): error is Tagged & { readonly errors: ReadonlyArray<unknown> } =>
  isTagged(error) && error._tag === "ShowHelp" && "errors" in error && Array.isArray(error.errors)

/** Tells a failure once, on standard error, and turns it into one with its exit code. */
export const report = <E, R>(program: Effect.Effect<void, E, R>): Effect.Effect<void, Failure, R> =>
  program.pipe(
    Effect.catchCause((cause): Effect.Effect<void, Failure> => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
      const error = Cause.squash(cause)
      if (isShowHelp(error)) {
        return error.errors.length === 0 ? Effect.void : Effect.fail(usage("wrong usage", "see the help above"))
      }
      const failure = of(error)
      return Effect.andThen(Console.error(`advocacy: ${failure.message}`), Effect.fail(failure))
    }),
  )
