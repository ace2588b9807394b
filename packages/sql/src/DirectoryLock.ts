/**
 * An exclusive lock on the directory of an embedded database, because two processes can open one and corrupt it.
 *
 * Promises: at most one live process of this machine holds a directory; the lock of a process that was killed, or whose
 * number now belongs to another process, is taken over. The holder is whoever made the file with the highest number;
 * the highest is never removed before a higher one exists, so two processes cannot both take over the same stale lock.
 * It does not guard a directory that two machines share: there it refuses and names the file to delete.
 */
import { Effect, Option, Schema } from "effect"
import type { Scope } from "effect"
import { execFileSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join, resolve } from "node:path"
import process from "node:process"

const Holder = Schema.Struct({
  pid: Schema.Int,
  host: Schema.String,
  /** What tells this process from another with the same number; empty where the system does not say. */
  started: Schema.String,
  released: Schema.Boolean,
})
type Holder = typeof Holder.Type
const decodeHolder = Schema.decodeUnknownOption(Schema.fromJsonString(Holder))

/** Somebody else has the directory open. */
export class DirectoryInUse extends Schema.TaggedError<DirectoryInUse>()("DirectoryInUse", {
  directory: Schema.String,
  pid: Schema.Int,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `the database directory ${this.directory} is in use by process ${this.pid}: ${this.remedy}`
  }
}

/** The directory cannot be created or written. */
export class DirectoryUnusable extends Schema.TaggedError<DirectoryUnusable>()("DirectoryUnusable", {
  directory: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message(): string {
    const why = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `the database directory ${this.directory} cannot be used (${why}): name one that this user can write`
  }
}

const readOr = <A>(read: () => A, otherwise: A): A => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** When a process started, in its system's own words; "" where that is unknown, undefined where it does not run. */
const startOf = (pid: number): string | undefined => {
  if (process.platform === "linux") {
    const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, "utf8"), undefined)
    if (stat !== undefined) {
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
      if (fields[0] === "Z" || fields[0] === "X") return undefined
      return `${readOr(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), "")}/${fields[19] ?? ""}`
    }
  }
  if (!isRunning(pid)) return undefined
  if (process.platform === "win32") return ""
  return readOr(() => execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim(), "")
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

const isLive = (holder: Holder): boolean => {
  if (holder.released) return false
  if (holder.host !== hostname()) return true
  const started = startOf(holder.pid)
  if (started === undefined) return false
  return started === "" || holder.started === "" || started === holder.started
}

const numberOf = (name: string): number => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)
const newest = (directory: string): number => Math.max(0, ...readdirSync(directory).map(numberOf))
const fileOf = (directory: string, number: number): string => join(directory, `lock.${number}`)

const refusal = (directory: string, file: string, holder: Holder): DirectoryInUse =>
  new DirectoryInUse({
    directory,
    pid: holder.pid,
    remedy:
      holder.host === hostname()
        ? "stop that process, or choose another directory, or use a server by DATABASE_URL"
        : `it ran on ${holder.host}; if nothing there uses the directory any more, delete ${file}`,
  })

/** Makes the next lock file whole in one step. False when somebody else was faster. */
const claim = (directory: string, number: number, content: string): boolean => {
  const draft = join(directory, `draft.${randomUUID()}`)
  writeFileSync(draft, content, { flag: "wx", mode: 0o600 })
  try {
    linkSync(draft, fileOf(directory, number))
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  } finally {
    rmSync(draft)
  }
  if (newest(directory) === number) return true
  rmSync(fileOf(directory, number))
  return false
}

/** The file stays and says so: numbers must never go back. */
const release = (directory: string, number: number, mine: Holder): void => {
  const draft = join(directory, `draft.${randomUUID()}`)
  writeFileSync(draft, JSON.stringify({ ...mine, released: true }), { flag: "wx", mode: 0o600 })
  renameSync(draft, fileOf(directory, number))
}

const take = (directory: string, mine: Holder): number => {
  mkdirSync(directory, { recursive: true })
  for (;;) {
    const number = newest(directory)
    const text = number === 0 ? undefined : readOr(() => readFileSync(fileOf(directory, number), "utf8"), undefined)
    // A higher file appeared between the two reads.
    if (number > 0 && text === undefined) continue
    // Lock files appear whole, so one that cannot be read is what a crash of the machine left.
    const holder = text === undefined ? undefined : Option.getOrUndefined(decodeHolder(text))
    if (holder !== undefined && isLive(holder)) throw refusal(directory, fileOf(directory, number), holder)
    if (!claim(directory, number + 1, JSON.stringify(mine))) continue
    for (const name of readdirSync(directory)) {
      const older = numberOf(name)
      if (older > 0 && older <= number) rmSync(join(directory, name), { force: true })
    }
    return number + 1
  }
}

/** Holds `directory` for as long as the scope is open. Creates it where it does not exist. */
export const acquire = (directory: string): Effect.Effect<void, DirectoryInUse | DirectoryUnusable, Scope.Scope> => {
  const place = resolve(directory)
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? "", released: false }
  return Effect.acquireRelease(
    Effect.try({
      try: () => take(place, mine),
      catch: (cause) => (cause instanceof DirectoryInUse ? cause : new DirectoryUnusable({ directory: place, cause })),
    }),
    (number) => Effect.sync(() => release(place, number, mine)),
  ).pipe(Effect.asVoid)
}
