import { existsSync } from "node:fs"
import { connect } from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import { withPostgres } from "../src/PostgresServer.ts"

afterEach(() => {
  vi.unstubAllEnvs()
})

const message = (type: string, body: string): Buffer => {
  const bytes = Buffer.from(`${body}\0`)
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length + 4)
  return Buffer.concat([Buffer.from(type), length, bytes])
}

/** Asks one question by the simple query protocol and returns what came back, as text. */
const ask = (url: string, query: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let answer = ""
    socket.on("error", reject)
    socket.on("connect", () => socket.write(message("", "\0\u0003\0\0user\0postgres\0database\0postgres\0")))
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1")
      if (answer.includes("Z\0\0\0\u0005I")) {
        if (answer.includes("SELECT 1")) {
          socket.destroy()
          resolve(answer)
        } else {
          socket.write(message("Q", query))
        }
      }
    })
    socket.on("close", () => reject(new Error(`The server hung up: ${answer}`)))
  })

const folderOf = (answer: string): string => /\/[^\0]*advocacy-postgres-[^/]*/.exec(answer)?.[0] ?? ""

describe("a server for tests", { timeout: 90_000 }, () => {
  it("comes up, answers, and is gone afterwards", async () => {
    const used = await withPostgres(async (url) => ({
      url,
      answer: await ask(url, "select version(), current_setting('data_directory')"),
    }))
    expect(used.answer).toMatch(/PostgreSQL 1[5-9]|PostgreSQL [2-9]\d/)
    expect(folderOf(used.answer)).not.toBe("")
    expect(existsSync(folderOf(used.answer))).toBe(false)
    await expect(ask(used.url, "select 1")).rejects.toThrow("ECONNREFUSED")
  })

  it("comes from the embedded package where asked", async () => {
    vi.stubEnv("ADVOCACY_POSTGRES", "embedded")
    const answer = await withPostgres(async (url, { origin }) => `${origin} ${await ask(url, "select version()")}`)
    expect(answer).toMatch(/^embedded [\s\S]*PostgreSQL 18\./)
  })

  it("is gone as well when its user fails", async () => {
    let url = ""
    const failing = withPostgres((given) => {
      url = given
      return Promise.reject(new Error("a failing law"))
    })
    await expect(failing).rejects.toThrow("a failing law")
    await expect(ask(url, "select 1")).rejects.toThrow("ECONNREFUSED")
  })

  it("says what it does not understand", async () => {
    vi.stubEnv("ADVOCACY_POSTGRES", "docker")
    await expect(withPostgres(() => Promise.resolve())).rejects.toThrow('ADVOCACY_POSTGRES is "docker"')
  })
})
