/**
 * The demo as a child process, as a person would start it.
 *
 * Promises: it leads a process group of its own, so that it can be killed alone and its children looked for afterwards;
 * a demo that passes its time limit is killed with its whole group. A `DATABASE_URL` of the environment is not handed on.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"

export interface DemoSize {
  readonly seed: number
  readonly customers: number
  readonly orders: number
}

/** A brand that is large enough for every class of the truth, and small enough for the test command. */
export const small = (seed: number): DemoSize => ({ seed, customers: 500, orders: 2_000 })
export const fullSize = (seed: number): DemoSize => ({ seed, customers: 5_000, orders: 20_000 })

export interface DemoRequest extends DemoSize {
  readonly root: string
  readonly store: string
  readonly journal?: string
  readonly resume?: boolean
}

export interface DemoEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly millis: number
}

export interface DemoProcess {
  readonly pid: number
  /** The stages that have begun so far. */
  readonly stages: () => ReadonlyArray<string>
  readonly ended: Promise<DemoEnd>
}

const limitMillis = 300_000

export const mainFile = (root: string): string => join(root, "packages/cli/src/main.ts")

const argsOf = ({ customers, journal, orders, resume, root, seed, store }: DemoRequest): ReadonlyArray<string> => [
  mainFile(root),
  "demo",
  "--json",
  "--seed",
  String(seed),
  "--customers",
  String(customers),
  "--orders",
  String(orders),
  "--store",
  store,
  ...(journal === undefined ? [] : ["--journal", journal]),
  ...(resume === true ? ["--resume"] : []),
]

/** Whether any process of the group is left; a process that cannot be asked is not there. */
export const isGroupAlive = (leader: number): boolean => {
  try {
    process.kill(-leader, 0)
    return true
  } catch {
    return false
  }
}

export const killGroup = (leader: number): void => {
  if (isGroupAlive(leader)) {
    process.kill(-leader, "SIGKILL")
  }
}

/** Starts the demo. Its group is killed when this process ends before it does. */
export const start = (request: DemoRequest): DemoProcess => {
  const startedAt = performance.now()
  const { DATABASE_URL: _kept, ...env } = process.env
  const child = spawn(process.execPath, argsOf(request), {
    cwd: request.root,
    env: { ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const { pid } = child
  if (pid === undefined) {
    throw new Error(`${process.execPath} could not be started.`)
  }
  const abandon = (): void => killGroup(pid)
  process.once("exit", abandon)
  const timer = setTimeout(abandon, limitMillis)
  const [stdout, stderr]: [Array<Buffer>, Array<Buffer>] = [[], []]
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk))
  const ended = new Promise<DemoEnd>((resolve) => {
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer)
      process.off("exit", abandon)
      resolve({
        exitCode,
        signal,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        millis: performance.now() - startedAt,
      })
    })
  })
  // Each stage writes its name on a line of standard error when it begins.
  const stages = (): ReadonlyArray<string> => Buffer.concat(stderr).toString("utf8").split("\n").slice(0, -1)
  return { pid, stages, ended }
}
