/**
 * What the import of a shop's history costs, against reading the same files and `JSON.parse` alone on one thread: for 100,000
 * orders and for as many as are asked for; stored, and stored again unchanged.
 */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run as start } from "../Command.ts"
import * as ShopifyHistory from "./ShopifyHistory.ts"
import type { ShopifyReading } from "./ShopifyReading.ts"

type Say = (line: string) => void

const few = 100_000
const child = fileURLToPath(new URL("./ShopifyReading.ts", import.meta.url))
/** What one database seals personal values with, from one reading to the next. */
const vaultKey = randomBytes(32).toString("base64")

const read = async (how: string, folder: string, url: string, tenant: string): Promise<ShopifyReading> => {
  const ran = await start(process.execPath, [child, how, folder, tenant], {
    cwd: process.cwd(),
    env: { DATABASE_URL: url, ADVOCACY_VAULT_KEY: vaultKey },
    timeoutSeconds: 3_600,
  })
  if (ran.exitCode !== 0) throw new Error(`reading the history ended with ${ran.exitCode}: ${ran.output}`)
  return JSON.parse(ran.stdout)
}

/** Orders a second. */
const rateOf = ({ millis, orders }: ShopifyReading): number => (orders / millis) * 1000

export const run = async (url: string, rows: number, say: Say): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-bench-"))
  const before = new Map<string, ShopifyReading>()
  try {
    for (const count of new Set([Math.min(few, rows), rows])) {
      await ShopifyHistory.write(folder, count)
      const bare = await read("bare", folder, url, "bare")
      say(`${count} orders of a shop: files and JSON.parse alone ${(bare.millis / 1000).toFixed(1)} s`)
      for (const how of ["facts", "stored", "stored again"] as const) {
        const told = await read(how === "facts" ? how : "stored", folder, url, `shop-${count}`)
        const first = before.get(how)
        if (first === undefined) before.set(how, told)
        const against =
          first === undefined
            ? ""
            : `; ${((rateOf(told) / rateOf(first)) * 100).toFixed(0)} % of its rate and ${(told.megabytes / first.megabytes).toFixed(2)} times its memory at ${first.orders}`
        say(
          `  ${how}: ${(told.millis / 1000).toFixed(1)} s, ${((bare.millis / told.millis) * 100).toFixed(0)} % of that rate; memory at most ${told.megabytes} MB${against}`,
        )
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
