/**
 * A long command that is interrupted ends at once and cleanly, leaves no lock behind, and goes on when it is run again.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it, vi } from "vitest"
import { ended, runProcess, start } from "./Running.ts"

vi.setConfig({ testTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-interrupt-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("an interrupted demo ends with 130, and the same command goes on", async () => {
  const store = join(folder, "demo")
  const demo = ["demo", "--customers", "400", "--orders", "800", "--store", store, "--json"]
  const child = start(...demo)
  let err = ""
  await new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      err += chunk.toString()
      if (err.includes("import history")) resolve()
    })
    child.once("close", () => resolve())
  })
  child.kill("SIGINT")
  expect([await ended(child), err.includes("a mistake of ours")]).toEqual([130, false])
  const [lock] = readdirSync(store).filter((name) => name.startsWith("lock."))
  expect(JSON.parse(readFileSync(join(store, lock ?? "no lock"), "utf8"))).toMatchObject({
    pid: child.pid,
    released: true,
  })

  const again = await runProcess(...demo, "--resume", "--quiet")
  expect([again.code, again.err]).toEqual([0, ""])
  expect(JSON.parse(again.out)).toMatchObject({ secondRun: { postings: 0, effects: 0 } })
})
