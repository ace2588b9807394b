/**
 * What importing a file costs, against the CSV library alone on the same file: 100,000 rows and as many as are asked for.
 */
import { ShopifyOrdersFile, Dialect } from "@advocacy-kit/sandbox"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { randomBytes } from "node:crypto"
import { createWriteStream, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { fileURLToPath } from "node:url"
import { run as start } from "../Command.ts"
import type { FileReading } from "./FileReading.ts"

type Say = (line: string) => void

const few = 100_000
const child = fileURLToPath(new URL("./FileReading.ts", import.meta.url))

/** A simulated shop's orders, written as often as it takes. */
const write = async (path: string, rows: number): Promise<void> => {
  const world = Simulator.simulate({ seed: 1, customers: 5_000, orders: 20_000 })
  const perCopy = [...ShopifyOrdersFile.table(world).rows].length
  const table = ShopifyOrdersFile.table(world, { copies: Math.ceil(rows / perCopy) })
  await pipeline(Readable.from(Dialect.chunks(table)), createWriteStream(path))
}

/** What one database seals personal values with, from one reading to the next. */
const vaultKey = randomBytes(32).toString("base64")

const read = async (how: string, path: string, url: string, tenant: string): Promise<FileReading> => {
  const ran = await start(process.execPath, [child, how, path, tenant], {
    cwd: process.cwd(),
    env: { DATABASE_URL: url, ADVOCACY_VAULT_KEY: vaultKey },
    timeoutSeconds: 3_600,
  })
  if (ran.exitCode !== 0) throw new Error(`reading ${path} ended with ${ran.exitCode}: ${ran.output}`)
  return JSON.parse(ran.stdout)
}

const words = { facts: "understood as facts", stored: "stored in PostgreSQL" } as const

export const run = async (url: string, rows: number, say: Say): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-bench-"))
  try {
    const held = new Map<string, number>()
    for (const count of new Set([few, rows])) {
      const path = join(folder, `${count}.csv`)
      await write(path, count)
      const bare = await read("bare", path, url, "bare")
      say(`${bare.rows} rows of orders: the CSV library alone ${(bare.millis / 1000).toFixed(1)} s`)
      for (const how of ["facts", "stored"] as const) {
        const { megabytes, millis } = await read(how, path, url, `rows-${count}`)
        const more = (megabytes / (held.get(how) ?? megabytes)).toFixed(2)
        held.set(how, held.get(how) ?? megabytes)
        say(
          `  ${words[how]}: ${(millis / 1000).toFixed(1)} s, ${((bare.millis / millis) * 100).toFixed(0)} % of its rate; memory at most ${megabytes} MB, ${more} times that at ${few}`,
        )
      }
      rmSync(path)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
