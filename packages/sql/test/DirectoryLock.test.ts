import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { DirectoryLock, SqlStores } from "@advocacy-kit/sql"
import { Effect, Exit, Stream } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { createInterface } from "node:readline"
import { afterEach, beforeEach, expect, test } from "vitest"
import { errorOf } from "./Engines.ts"
import { order } from "./Examples.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

let directory = ""
const children: Array<ChildProcess> = []

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "advocacy-lock-")), "data")
})
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  rmSync(join(directory, ".."), { recursive: true, force: true })
})

/** Ends a child as a crash would, and waits until it is gone. */
const kill = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once("exit", () => done())
    child.kill("SIGKILL")
  })

/** Starts another process on the directory and waits for what it says. */
const start = async (kind: "lock" | "store"): Promise<{ readonly child: ChildProcess; readonly said: string }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), kind, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const said = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout }).once("line", done)
    child.once("exit", (code) => failed(new Error(`the process ended with ${code}`)))
  })
  return { child, said }
}

const tryLock = (): Promise<Exit.Exit<void, unknown>> =>
  Effect.runPromiseExit(Effect.scoped(DirectoryLock.acquire(directory)))
const lockFiles = () => readdirSync(directory).filter((name) => /^(?:lock|draft)\./.test(name))
const writeLock = (holder: object): void => {
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, "lock.1"),
    JSON.stringify({ host: hostname(), started: "", released: false, ...holder }),
  )
}

test("a second process is refused by directory, process and remedy, until the first is killed", async () => {
  const { child, said } = await start("lock")
  expect(said).toBe("held")
  const refusal = errorOf(await tryLock())
  expect(refusal).toContain("DirectoryInUse")
  expect(refusal).toContain(directory)
  expect(refusal).toContain(String(child.pid))
  expect(refusal).toContain("stop that process")
  await kill(child)
  expect(Exit.isSuccess(await tryLock())).toBe(true)
  expect(lockFiles()).toHaveLength(1)
}, 30_000)

test("of several processes that find the same stale lock exactly one takes it over", async () => {
  writeLock({ pid: 4_194_303, started: "long ago" })
  const answers = await Promise.all([1, 2, 3, 4].map(() => start("lock")))
  expect(answers.filter(({ said }) => said === "held")).toHaveLength(1)
  expect(answers.filter(({ said }) => said.startsWith("refused: the database directory"))).toHaveLength(3)
}, 60_000)

test.skipIf(process.platform === "win32")(
  "a lock whose number now belongs to another process is taken over",
  async () => {
    writeLock({ pid: process.ppid, started: "another time" })
    expect(Exit.isSuccess(await tryLock())).toBe(true)
  },
)

test("one process cannot open a directory twice at once, but again and again", async () => {
  await Effect.runPromise(
    Effect.scoped(
      Effect.andThen(
        DirectoryLock.acquire(directory),
        Effect.promise(async () => {
          expect(errorOf(await tryLock())).toContain(`process ${process.pid}`)
        }),
      ),
    ),
  )
  for (let time = 0; time < 3; time++) expect(Exit.isSuccess(await tryLock())).toBe(true)
  expect(lockFiles()).toHaveLength(1)
  expect(JSON.parse(readFileSync(join(directory, lockFiles()[0] ?? ""), "utf8"))).toMatchObject({ released: true })
})

test("a lock from another machine is not judged: the remedy names the file", async () => {
  writeLock({ pid: 1, host: "another-machine" })
  const refusal = errorOf(await tryLock())
  expect(refusal).toContain("another-machine")
  expect(refusal).toContain(join(directory, "lock.1"))
})

test("a lock file that a crash of the machine left empty is taken over", async () => {
  mkdirSync(directory)
  writeFileSync(join(directory, "lock.1"), "")
  expect(Exit.isSuccess(await tryLock())).toBe(true)
})

test("a directory that cannot be made is named", async () => {
  writeFileSync(directory, "a file")
  const refusal = errorOf(await tryLock())
  expect(refusal).toContain("DirectoryUnusable")
  expect(refusal).toContain(directory)
})

test("what a killed process had stored is there for the next one", async () => {
  const { child, said } = await start("store")
  expect(said).toBe("held")
  const read = Effect.gen(function* () {
    const log = yield* FactLog
    return [yield* Stream.runCollect(log.newest({ asOf: 9e15 })), yield* log.checkpoint("j")] as const
  }).pipe(
    Effect.provide(SqlStores.layerEmbedded({ directory, vaultKey })),
    Effect.provideService(CurrentTenant, tenantNamed("a")),
  )
  expect(errorOf(await Effect.runPromiseExit(read))).toContain("DirectoryInUse")
  await kill(child)
  expect(await Effect.runPromise(read)).toEqual([[order(1), order(2)], 7])
}, 60_000)
