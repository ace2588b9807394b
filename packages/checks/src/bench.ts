/**
 * Benchmarks: `pnpm bench`, `pnpm bench --only crediting --events 500000`.
 *
 * Promises: every figure is a ratio of two things measured one after the other in this run, on a throw-away PostgreSQL of its own;
 * absolute times are shown to be read, not to be compared. It measures and tells; it never fails because something was slow.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { withPostgres } from "./PostgresServer.ts"
import * as CreditingBench from "./bench/CreditingBench.ts"
import * as FilesBench from "./bench/FilesBench.ts"
import * as ShopifyBench from "./bench/ShopifyBench.ts"
import * as StatisticsBench from "./bench/StatisticsBench.ts"

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    events: { type: "string", default: "50000" },
    only: { type: "string", default: "statistics,files,shopify,crediting" },
    referrals: { type: "string", default: "100000" },
    rows: { type: "string", default: "100000" },
  },
})

const sizes = { events: Number.parseInt(values.events, 10), referrals: Number.parseInt(values.referrals, 10) }
const rows = Number.parseInt(values.rows, 10)
if (!(sizes.events >= 1_000) || !(sizes.referrals >= 100) || !(rows >= 1_000)) {
  process.stderr.write("--events and --rows take a number from 1000, --referrals one from 100\n")
  process.exit(2)
}

const parts = new Set(values.only.split(","))
if (![...parts].every((part) => ["statistics", "files", "shopify", "crediting"].includes(part))) {
  process.stderr.write("--only takes statistics, files, shopify, crediting, or several with commas between them\n")
  process.exit(2)
}

const say = (line: string) => process.stdout.write(`${line}\n`)

say(`Node ${process.version}, ${availableParallelism()} cores, ${sizes.events} events`)
// First, while nothing else has taken memory.
if (parts.has("statistics")) StatisticsBench.run(say)
if (parts.has("files")) await withPostgres((url) => FilesBench.run(url, rows, say))
if (parts.has("shopify")) await withPostgres((url) => ShopifyBench.run(url, rows, say))
if (parts.has("crediting")) await withPostgres((url) => CreditingBench.run(url, sizes, say))
