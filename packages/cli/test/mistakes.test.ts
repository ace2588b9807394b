/**
 * What commands say of input that cannot be used: exit code 2, nothing on standard output, what is wrong and what to do.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { run } from "./Running.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-mistakes-"))
const store = join(folder, "store")

beforeAll(async () => {
  await run("init", store, "--sources", "files", "--currency", "EUR", "--time-zone", "UTC", "--yes")
  mkdirSync(join(folder, "folder"))
  writeFileSync(join(folder, "empty.json"), "{}")
  writeFileSync(join(folder, "thrower.mts"), 'throw new Error("boom")')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const time = ["--from", "2026-10-05T00:00:00Z"]

describe("a mistake", () => {
  it.each([
    [["balance", "nobody"], /nobody here is called "nobody"/],
    [["explain", "nobody@example.com"], /nothing here is called/],
    [["metrics", "no-such-metric"], /no-such-metric.*Expected/],
    [["metrics", ...time, "--to", "2026-10-01T00:00:00Z"], /--from must be before the end of the window/],
    [["metrics", "--from", "2999-01-01T00:00:00Z"], /--from must be before the end of the window/],
    [["state", "--as-of", "2026-13-45T00:00:00Z"], /Expected: a time with its zone/],
    [["identify", "--top", "-3"], /-3: give 0 or more/],
    [["program", "publish", "FOLDER/folder"], /is neither TypeScript nor JSON/],
    [["program", "publish", "FOLDER/nothing.ts"], /there is no file/],
    [["program", "publish", "FOLDER/thrower.mts"], /cannot be loaded: boom/],
    [["program", "publish", "FOLDER/empty.json"], /at currency: [^]*next: correct it there/],
    [["report", "--html", "FOLDER/folder"], /cannot be written/],
    [["backup", "FOLDER/folder"], /is there already/],
    [["restore", "FOLDER/folder"], /cannot be read/],
    [["import", "facts", "FOLDER/folder"], /cannot be read/],
  ])("is told: %j", async (words, problem) => {
    const args = words.map((word) => word.replace("FOLDER", folder))
    const { code, err, out } = await run(...args, "--store", store)
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(problem)
    expect(err).toMatch(/\n {2}next: |Expected: /)
  })

  it("in a method's file is told without a store", async () => {
    const { code, err } = await run("analyze", "nps", "--input", join(folder, "folder"))
    expect([code, err]).toEqual([2, expect.stringContaining("is a folder")])
  })

  it("in the size of a demo does not cost the demo that is there", async () => {
    const at = join(folder, "demo")
    mkdirSync(at)
    writeFileSync(
      join(at, "advocacy.json"),
      JSON.stringify({
        tenant: "demo",
        handleKey: "00".repeat(32),
        program: "refer-a-friend",
        now: 0,
        shareUrl: "https://demo.example/?ref=",
        brand: { seed: 1, customers: 400, orders: 800, shopDomain: "demo.example", portalId: 1 },
      }),
    )
    const { code, err } = await run("demo", "--customers", "3", "--store", at)
    expect(code).toBe(2)
    expect(err).toMatch(/customers: 3 is not[^]*next: correct --customers/)
    expect(existsSync(join(at, "advocacy.json"))).toBe(true)
  })
})
