/**
 * One reading of a file of orders in a process of its own, so that its memory is its own: `bare`, the library alone; `facts`, each record
 * understood; `stored`, in PostgreSQL. Prints rows, milliseconds and the most memory it held, as one JSON object.
 */
import * as Currency from "@advocacy-kit/core/money/Currency"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { CsvRows, FileImport, FileText, type Format, Formats } from "@advocacy-kit/files"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Redacted, Stream } from "effect"

export interface FileReading {
  readonly rows: number
  readonly millis: number
  readonly megabytes: number
}

const [how = "", path = "", tenant = "bench"] = process.argv.slice(2)

const handleKey = new Uint8Array(32).fill(1)
const lens: Format.Lens = {
  handleKey,
  asOf: Date.UTC(2026, 10, 1),
  program: "refer-a-friend",
  currency: Currency.make("EUR"),
  timeZone: "Europe/Berlin",
  dateOrder: null,
  decimalMark: null,
  referralAttributes: ["ref"],
  deviceAttribute: "_device",
}

const bare = (file: FileText.FileText): Effect.Effect<number> =>
  Effect.promise(async () => {
    let rows = -1
    for await (const batch of CsvRows.batchesOf(file, ",")) rows += batch.rows.length
    return rows
  })

const optionsOf = (file: FileText.FileText): FileImport.Options => {
  const format = Formats.named("shopify-orders")
  if (format === undefined) throw new Error("no format of orders")
  return { file, format, lens, mapping: {} }
}

const facts = (file: FileText.FileText) =>
  Effect.gen(function* () {
    const found = yield* FileImport.opened(optionsOf(file))
    return yield* Stream.runFold(
      FileImport.pages(file, found, 0),
      () => 0,
      (rows, page) => rows + page.rows,
    )
  })

const stored = (file: FileText.FileText) =>
  Effect.map(FileImport.run(optionsOf(file)), ({ rows }) => rows).pipe(
    Effect.provide(SqlStores.layerServer({ url: Redacted.make(process.env.DATABASE_URL ?? "") })),
    Effect.provideService(CurrentTenant, { id: TenantIdOf(tenant), handleKey }),
  )

const reading = Effect.gen(function* () {
  const file = yield* FileText.look(path)
  const begun = performance.now()
  const rows = yield* how === "bare" ? bare(file) : how === "facts" ? facts(file) : stored(file)
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  return { rows, millis: performance.now() - begun, megabytes } satisfies FileReading
})

process.stdout.write(`${JSON.stringify(await Effect.runPromise(reading))}\n`)
