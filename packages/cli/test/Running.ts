/**
 * Runs the command and keeps what it printed: in this process where that is enough, else as a process of its own.
 */
import { ConfigProvider, Console, Effect, Exit, Runtime } from "effect"
import { spawn, type ChildProcess } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { advocacy } from "../src/Advocacy.ts"
import * as Entry from "../src/Entry.ts"

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** In this process. */
export const run = (...args: ReadonlyArray<string>): Promise<Ran> => runIn(null, ...args)

/** In this process, with an environment of its own; null: that of this process. */
export const runIn = async (
  env: Readonly<Record<string, string>> | null,
  ...args: ReadonlyArray<string>
): Promise<Ran> => {
  const out: Array<string> = []
  const err: Array<string> = []
  const console = Object.assign(Object.create(globalThis.console) as Console.Console, {
    log: (...texts: ReadonlyArray<unknown>) => out.push(`${texts.join(" ")}\n`),
    error: (...texts: ReadonlyArray<unknown>) => err.push(`${texts.join(" ")}\n`),
  })
  const command = Entry.run(advocacy, args).pipe(Effect.provideService(Console.Console, console))
  const exit = await Effect.runPromiseExit(
    env === null
      ? command
      : Effect.provideService(command, ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
  )
  let code = 0
  Runtime.defaultTeardown(exit, (found) => {
    code = found
  })
  return { code: Exit.isSuccess(exit) ? 0 : code, out: out.join(""), err: err.join("") }
}

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

export const start = (...args: ReadonlyArray<string>): ChildProcess =>
  spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  })

/** As a process of its own, to its end. */
export const runProcess = async (...args: ReadonlyArray<string>): Promise<Ran> => {
  const child = start(...args)
  let [out, err] = ["", ""]
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()))
  return { code: await ended(child), out, err }
}

export const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) =>
    child.exitCode === null ? child.once("close", (code) => resolve(code ?? -1)) : resolve(child.exitCode),
  )

/** The first JSON object that a process prints, which it ends with a brace alone on its line. */
export const firstJson = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("the process has no standard output"))
    let [text, err] = ["", ""]
    child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()))
    child.once("close", (code) => reject(new Error(`ended with ${code} before it printed anything: ${err}`)))
    createInterface({ input: child.stdout }).on("line", (line) => {
      text += `${line}\n`
      if (line === "}") resolve(JSON.parse(text))
    })
  })
