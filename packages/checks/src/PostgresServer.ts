/**
 * A throw-away PostgreSQL server for tests.
 *
 * Promises: a fresh cluster in a temporary folder, on a free loopback port, gone afterwards, also when this process is
 * interrupted. Where this process is root the server runs as another user, since PostgreSQL refuses root. A server that
 * cannot be had is an error, never a reason to skip. Not durable: it does not sync to disk.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { rmSync } from "node:fs"
import { chmod, chown, mkdir, mkdtemp } from "node:fs/promises"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { find, type PostgresBinaries } from "./PostgresBinaries.ts"

interface User {
  readonly uid: number
  readonly gid: number
}

const startLimitMillis = 60_000
const stopLimitMillis = 10_000
const nobody: User = { uid: 65_534, gid: 65_534 }

/** The user the server runs as: undefined for the present one. */
const serverUser = (): User | undefined => {
  if (process.getuid?.() !== 0) {
    return undefined
  }
  const id = (flag: string): number => {
    const { status, stdout } = spawnSync("id", [flag, "postgres"], { encoding: "utf8" })
    return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN
  }
  const [uid, gid] = [id("-u"), id("-g")]
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0 ? { uid, gid } : nobody
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("No free port on the loopback interface.")),
      )
    })
  })

const initialise = (binaries: PostgresBinaries, folder: string, data: string, user: User | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    const child = spawn(binaries.initdb, args, { cwd: folder, ...user, env: { ...process.env, LC_ALL: "C" } })
    let output = ""
    const keep = (chunk: Buffer): void => {
      output += chunk.toString("utf8")
    }
    child.stdout.on("data", keep)
    child.stderr.on("data", keep)
    child.on("error", (error) => reject(new Error(`initdb could not be started: ${error.message}`)))
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${binaries.initdb} ended with code ${code}:\n${output}`)),
    )
  })

/** A start of version 3.0 of the protocol, as the user and to the database `postgres`. */
const login = Buffer.from("\0\0\0\u0029\0\u0003\0\0user\0postgres\0database\0postgres\0\0", "latin1")
/** `R`, the kind of the first message to whoever is let in. */
const authentication = 0x52

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    // A server that is still starting up answers an SSLRequest too: only who may log in has been let in.
    socket.on("connect", () => socket.write(login))
    socket.on("data", (bytes) => end(bytes[0] === authentication))
    socket.on("error", () => end(false))
    socket.on("close", () => end(false))
  })

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

const serve = async (
  binaries: PostgresBinaries,
  data: string,
  user: User | undefined,
): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
  const port = await freePort()
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "200",
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const child = spawn(binaries.postgres, ["-D", data, "-p", String(port), ...flags], {
    cwd: data,
    ...user,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  })
  let log = ""
  let ended = false
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString("utf8")).slice(-20_000)
  })
  child.on("error", (error) => {
    log += error.message
    ended = true
  })
  child.on("exit", () => {
    ended = true
  })
  const deadline = Date.now() + startLimitMillis
  while (!(await answers(port))) {
    if (ended || Date.now() > deadline) {
      child.kill("SIGKILL")
      throw new Error(`${binaries.postgres} did not come up:\n${log}`)
    }
    await pause(50)
  }
  return { child, port }
}

const stop = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  if (child.exitCode !== null || child.signalCode !== null) {
    return
  }
  // SIGINT asks PostgreSQL for a fast shutdown: it does not wait for clients.
  child.kill("SIGINT")
  await Promise.race([ended, pause(stopLimitMillis)])
  child.kill("SIGKILL")
}

/** Runs `use` with the URL of a fresh server's `postgres` database, whose user is a superuser. */
export const withPostgres = async <T>(use: (url: string, binaries: PostgresBinaries) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), "advocacy-postgres-"))
  let child: ChildProcess | undefined
  const cleanUp = async (): Promise<void> => {
    if (child !== undefined) {
      await stop(child)
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  // Where this process ends without being asked, there is no time to wait.
  const abandon = (): boolean | undefined => child?.kill("SIGQUIT")
  const interrupted = (): void => {
    void cleanUp().finally(() => process.exit(130))
  }
  process.once("exit", abandon).once("SIGINT", interrupted).once("SIGTERM", interrupted)
  try {
    const user = serverUser()
    await chmod(folder, 0o755)
    const binaries = await find(folder)
    const data = join(folder, "data")
    await mkdir(data, { mode: 0o700 })
    if (user !== undefined) {
      await chown(data, user.uid, user.gid)
    }
    await initialise(binaries, folder, data, user)
    const server = await serve(binaries, data, user)
    child = server.child
    return await use(`postgres://postgres@127.0.0.1:${server.port}/postgres`, binaries)
  } finally {
    process.off("exit", abandon).off("SIGINT", interrupted).off("SIGTERM", interrupted)
    await cleanUp()
  }
}
