/**
 * Runs one program and keeps what it printed.
 *
 * Promises: the whole output, in the order it came, and the exit code; a program that cannot start, or that passes its
 * time limit, is a failure with a sentence saying so. A `DATABASE_URL` of the environment is never handed on, so that no
 * check can touch a real database. Does not interpret the output.
 */
import { spawn } from "node:child_process"

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
}

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  /** Standard output and standard error as they came. */
  readonly output: string
}

const defaultTimeoutSeconds = 600

export const run = (program: string, args: ReadonlyArray<string>, options: CommandOptions): Promise<CommandResult> =>
  new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    const stdoutChunks: Array<Buffer> = []
    const timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds
    let complaint = ""
    const { DATABASE_URL: _kept, ...inherited } = process.env
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...inherited, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    })
    const timer = setTimeout(() => {
      complaint = `\nStopped after its limit of ${timeoutSeconds} seconds.`
      child.kill("SIGKILL")
    }, timeoutSeconds * 1000)
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk)
      stdoutChunks.push(chunk)
    })
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", (error) => {
      complaint = `\n${program} could not be started: ${error.message}`
    })
    child.on("close", (code) => {
      clearTimeout(timer)
      resolve({
        exitCode: code === null || complaint !== "" ? 1 : code,
        stdout: Buffer.concat(stdoutChunks).toString("utf8"),
        output: Buffer.concat(chunks).toString("utf8") + complaint,
      })
    })
  })
