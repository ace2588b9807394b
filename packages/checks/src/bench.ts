/**
 * Benchmarks: `pnpm bench`, `pnpm bench --events 500000`.
 *
 * Promises: every figure is a ratio of two things measured one after the other in this run, on a throw-away PostgreSQL of its own;
 * absolute times are shown to be read, not to be compared. It measures and tells; it never fails because something was slow.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { withPostgres } from "./PostgresServer.ts"
import * as CreditingBench from "./bench/CreditingBench.ts"

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: { events: { type: "string", default: "50000" }, referrals: { type: "string", default: "100000" } },
})

const sizes = { events: Number.parseInt(values.events, 10), referrals: Number.parseInt(values.referrals, 10) }
if (!(sizes.events >= 1_000) || !(sizes.referrals >= 100)) {
  process.stderr.write("--events takes a number from 1000, --referrals one from 100\n")
  process.exit(2)
}

process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores, ${sizes.events} events\n`)
await withPostgres((url) => CreditingBench.run(url, sizes, (line) => process.stdout.write(`${line}\n`)))
