/**
 * The local Shopify and HubSpot as child processes of this one, on loopback ports.
 *
 * Promises: they are ready when this returns and gone when the scope closes, also when this process is killed (their
 * standard input ends); what they acknowledged is on disk, so starting them again goes on from there.
 */
import { Effect, Schema, type Scope } from "effect"
import { spawn, type ChildProcess } from "node:child_process"
import { mkdirSync } from "node:fs"
import { request } from "node:http"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { sandboxDirectory, worldFile } from "./Installation.ts"

export class SandboxError extends Schema.TaggedError<SandboxError>()("SandboxError", {
  sandbox: Schema.String,
  problem: Schema.String,
}) {
  override get message(): string {
    return `the ${this.sandbox} sandbox ${this.problem}`
  }
}

export interface Sandbox {
  readonly url: string
  readonly token: string
  readonly secret: string
}

export interface Sandboxes {
  readonly shopify: Sandbox
  readonly hubspot: Sandbox
}

type Platform = keyof Sandboxes

/** Fixed: they protect nothing, and a restarted job must be able to come back. */
const credentials = { token: "sandbox-token", secret: "sandbox-secret" } as const

export const clientId = "sandbox-client-id"

const startMillisMax = 60_000

const ready = (platform: Platform, child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const errors: Array<string> = []
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()))
    const timer = setTimeout(
      () => reject(new SandboxError({ sandbox: platform, problem: `was not ready in ${startMillisMax / 1000} s` })),
      startMillisMax,
    )
    child.once("exit", (code) =>
      reject(new SandboxError({ sandbox: platform, problem: `ended with ${code}: ${errors.join("").slice(0, 500)}` })),
    )
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer)
      const { port } = JSON.parse(line) as { readonly port: number }
      resolve(port)
    })
  })

interface How {
  /** 0 or absent takes a free one. */
  readonly port?: number | undefined
  /** Further arguments of the process. */
  readonly more?: ReadonlyArray<string>
}

/** Starts one of them over the world in `directory`. */
export const startOne = (
  directory: string,
  platform: Platform,
  { more = [], port: wanted = 0 }: How = {},
): Effect.Effect<Sandbox, SandboxError, Scope.Scope> =>
  Effect.gen(function* () {
    const state = sandboxDirectory(directory)
    mkdirSync(state, { recursive: true })
    const main = fileURLToPath(import.meta.resolve(`@advocacy-kit/sandbox/${platform}/main`))
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(
          process.execPath,
          [
            main,
            "--world",
            worldFile(directory),
            "--state",
            state,
            "--port",
            String(wanted),
            "--token",
            credentials.token,
            "--secret",
            credentials.secret,
            ...more,
          ],
          { stdio: ["pipe", "pipe", "pipe"] },
        ),
      ),
      (running) =>
        Effect.promise(
          () =>
            new Promise<void>((resolve) => {
              if (running.exitCode !== null || running.signalCode !== null) return resolve()
              running.once("exit", () => resolve())
              running.stdin?.end()
              running.kill("SIGTERM")
            }),
        ),
    )
    const port = yield* Effect.tryPromise({
      try: () => ready(platform, child),
      catch: (cause) =>
        cause instanceof SandboxError ? cause : new SandboxError({ sandbox: platform, problem: String(cause) }),
    })
    return { url: `http://127.0.0.1:${port}`, ...credentials }
  })

/** Starts both over the world in `directory`; without ports any free ones are taken. */
export const startBoth = (
  directory: string,
  ports: Partial<Record<Platform, number>> = {},
): Effect.Effect<Sandboxes, SandboxError, Scope.Scope> =>
  Effect.all(
    {
      shopify: startOne(directory, "shopify", { port: ports.shopify }),
      hubspot: startOne(directory, "hubspot", { port: ports.hubspot }),
    },
    { concurrency: 2 },
  )

/**
 * A connection of its own for every call: after long work of this process a kept one may have been closed by the sandbox,
 * and a POST on it fails. It waits as long as the sandbox takes.
 */
const call = (url: string, body: unknown): Promise<string> =>
  new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST"
    const outgoing = request(
      url,
      { method, agent: false, headers: { "content-type": "application/json" } },
      (answer) => {
        const chunks: Array<Buffer> = []
        answer.on("data", (chunk: Buffer) => chunks.push(chunk))
        answer.once("error", reject)
        answer.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8")
          if (answer.statusCode === 200) resolve(text)
          else reject(new Error(`answered ${answer.statusCode}: ${text.slice(0, 200)}`))
        })
      },
    )
    outgoing.once("error", reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })

/** Calls a control address of a sandbox. */
export const control = <A>(sandbox: Sandbox, path: string, body?: unknown): Effect.Effect<A, SandboxError> =>
  Effect.tryPromise({
    try: async () => JSON.parse(await call(`${sandbox.url}/__sandbox/${path}`, body)) as A,
    catch: (cause) =>
      new SandboxError({
        sandbox: sandbox.url,
        problem: `did not answer "${path}": ${cause instanceof Error ? cause.message : String(cause)}`,
      }),
  })
