/**
 * Backups: what comes back is what was there, on either engine, and what is not whole does not come back at all.
 */
import { Backup, BackupFile, Database, Migrations, Restore, SqlStores, Vault } from "@advocacy-kit/sql"
import { Effect, Exit, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import * as BackupReader from "../src/BackupReader.ts"
import { errorOf, withServerDatabase } from "./Engines.ts"
import { address, contents, digests, fill } from "./Stored.ts"
import { vaultKey } from "./Tenants.ts"
import { inMemory } from "./InMemory.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-backup-"))
const drops: Array<() => Promise<unknown>> = []

const serverUrl = async (): Promise<Redacted.Redacted> => {
  const { drop, url } = await withServerDatabase()
  drops.push(drop)
  return Redacted.make(url)
}

type Connected = Layer.Layer<SqlClient.SqlClient, unknown>
const embedded: Connected = Database.layerEmbedded(inMemory())

/** The stores over a connection that is there already. */
const withStores = <A, E>(work: Effect.Effect<A, E, SqlStores.Stores | SqlClient.SqlClient>) =>
  Effect.provide(work, SqlStores.layer.pipe(Layer.provide(Vault.layerKey(vaultKey))))
const restore = (file: string, key = vaultKey) => Effect.provide(Restore.from(file), Vault.layerKey(key))

const roundTrip = (name: string, source: Connected, target: Connected) =>
  Effect.gen(function* () {
    const file = join(folder, `${name}.backup`)
    const before = yield* withStores(
      Effect.gen(function* () {
        yield* fill
        const taken = yield* Backup.take(file)
        return { taken, digests: yield* digests, contents: yield* contents }
      }),
    ).pipe(Effect.provide(source))
    const after = yield* Effect.gen(function* () {
      const restored = yield* restore(file)
      return yield* withStores(Effect.all({ restored: Effect.succeed(restored), digests, contents }))
    }).pipe(Effect.provide(target))
    return { after, before }
  })

let made: Effect.Success<ReturnType<typeof roundTrip>>
const original = join(folder, "from-server.backup")

beforeAll(async () => {
  const url = await serverUrl()
  made = await Effect.runPromise(roundTrip("from-server", Database.layerServer({ url }), embedded))
})
afterAll(async () => {
  for (const drop of drops) await drop()
  rmSync(folder, { recursive: true })
})

/** What the stores of today write to. */
const filled = ["inbox", "fact", "personal", "checkpoint", "credit", "revision", "posting", "effect"]

test("a server's data comes back on the embedded engine, row by row", () => {
  const { after, before } = made
  expect(after.digests).toEqual(before.digests)
  expect(after.contents).toEqual(before.contents)
  expect(after.restored.rows).toEqual(before.taken.rows)
  expect(after.restored.tenants).toEqual(["brand-a", "brand-b"])
  expect(before.taken.schema).toBe(Migrations.newest)
  // What was compared is not nothing.
  expect(filled.filter((table) => (before.taken.rows[table] ?? 0) === 0)).toEqual([])
})

test("the embedded engine's data comes back on a server, row by row", async () => {
  const url = await serverUrl()
  const { after, before } = await Effect.runPromise(roundTrip("from-embedded", embedded, Database.layerServer({ url })))
  expect(after.digests).toEqual(before.digests)
  expect(after.digests).toEqual(made.before.digests)
  expect(after.contents).toEqual(before.contents)
})

test("personal values are sealed in the file, and it belongs to its owner alone", () => {
  const text = gunzipSync(readFileSync(original)).toString("latin1")
  const sealed = Buffer.from(address, "utf8")
  for (const form of ["utf8", "base64", "hex"] as const)
    expect(text).not.toContain(sealed.toString(form).replace(/=+$/, ""))
  expect(text).toContain("brand-a")
  expect(statSync(original).mode & 0o077).toBe(0)
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
})

test("a name that is taken is refused", async () => {
  const taking = Effect.provide(Backup.take(original), embedded)
  expect(errorOf(await Effect.runPromiseExit(taking))).toContain("is there already")
})

/** What the file makes of an empty database: the refusal, and whether anything stayed. */
const refusal = async (url: Redacted.Redacted, file: string, key = vaultKey): Promise<string> => {
  const refused = Effect.gen(function* () {
    const exit = yield* Effect.exit(restore(file, key))
    expect(Exit.isFailure(exit)).toBe(true)
    expect(yield* contents).toEqual({})
    return errorOf(exit)
  })
  return Effect.runPromise(Effect.provide(refused, Database.layerServer({ url })))
}

const altered = (change: (bytes: Buffer) => Buffer): string => {
  const file = join(folder, "altered.backup")
  writeFileSync(file, change(readFileSync(original)))
  return file
}

test("a file that was cut off at any tenth is refused with nothing stored", async () => {
  const url = await serverUrl()
  for (let tenth = 0; tenth < 10; tenth++) {
    const cut = altered((bytes) => bytes.subarray(0, Math.floor((bytes.length * tenth) / 10)))
    expect(await refusal(url, cut), `${tenth} tenths`).toContain("altered")
  }
  for (const missing of [1, 4, 8]) {
    const cut = altered((bytes) => bytes.subarray(0, bytes.length - missing))
    expect(await refusal(url, cut), `${missing} bytes less`).toContain("altered")
  }
})

test("a file in which one bit was flipped is refused with nothing stored", async () => {
  const url = await serverUrl()
  const size = statSync(original).size
  for (const at of [
    0,
    9,
    ...Array.from({ length: 10 }, (_, tenth) => Math.floor((size * tenth) / 10) + 10),
    size - 1,
  ]) {
    const flipped = altered((bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytes
    })
    expect(await refusal(url, flipped), `byte ${at}`).toContain("altered")
  }
})

test("no bit of a file can be flipped, and nothing added, without its reader noticing", async () => {
  const file = join(folder, "small.backup")
  const small = Effect.provide(Effect.andThen(withStores(Effect.void), Backup.take(file)), embedded)
  await Effect.runPromise(small)
  const read = (bytes: Buffer) => {
    const copy = join(folder, "copy.backup")
    writeFileSync(copy, bytes)
    const whole = Effect.gen(function* () {
      const reader = yield* BackupReader.make(copy)
      while ((yield* reader.next) !== undefined);
    })
    return Effect.runPromiseExit(Effect.scoped(whole))
  }
  const bytes = readFileSync(file)
  expect(Exit.isSuccess(await read(bytes))).toBe(true)
  for (const at of bytes.keys()) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
    expect(Exit.isFailure(await read(flipped)), `byte ${at}`).toBe(true)
  }
  for (const more of [Buffer.of(0), Buffer.from("x\n"), gzipSync(Buffer.from("x\n")), bytes])
    expect(Exit.isFailure(await read(Buffer.concat([bytes, more])))).toBe(true)
})

/** The same lines with one of them changed, and a trailer that goes with them. */
const forged = (change: (lines: Array<string>) => void): string => {
  const lines = gunzipSync(readFileSync(original)).toString("utf8").split("\n").slice(0, -2)
  const trailer = JSON.parse(gunzipSync(readFileSync(original)).toString("utf8").split("\n").at(-2) ?? "") as object
  change(lines)
  const text = lines.map((line) => `${line}\n`).join("")
  const sha256 = createHash("sha256").update(text).digest("hex")
  const file = join(folder, "forged.backup")
  const zipped = gzipSync(`${text}${JSON.stringify({ ...trailer, sha256 })}\n`)
  const seal = BackupFile.sealOf(createHash("sha256").update(zipped).digest("hex"))
  writeFileSync(file, Buffer.concat([zipped, seal]))
  return file
}

test("a newer version's file, another format, and rows that the database refuses are refused with nothing stored", async () => {
  const url = await serverUrl()
  const header = (change: Record<string, unknown>) => (lines: Array<string>) => {
    lines[0] = JSON.stringify({ ...(JSON.parse(lines[0] ?? "") as object), ...change })
  }
  expect(await refusal(url, forged(header({ schema: Migrations.newest + 1 })))).toContain(
    `was taken at version ${Migrations.newest + 1}`,
  )
  expect(await refusal(url, forged(header({ version: BackupFile.formatVersion + 1 })))).toContain("has format")
  expect(await refusal(url, forged(header({ tables: [] })))).toContain("holds other tables")
  const revision = /^\["brand-a", "other\|.*", "1", "EUR"/
  const orphan = forged((lines) => {
    const at = lines.findIndex((line) => revision.test(line))
    expect(at).toBeGreaterThan(0)
    lines[at] = lines[at]?.replace('"brand-a"', '"nobody-0"') ?? ""
  })
  expect(await refusal(url, orphan)).toMatch(/the table revision does not take: \w+ \(SQLSTATE 23503\)/)
  expect(await refusal(url, orphan)).not.toContain("nobody-0")
})

test("another vault key is refused, with the remedy and without the key", async () => {
  const url = await serverUrl()
  const refused = await refusal(url, original, Redacted.make(new Uint8Array(32).fill(9)))
  expect(refused).toContain("sealed with another key")
  expect(refused).toContain("ADVOCACY_VAULT_KEY")
})

test("a database that holds rows is refused and stays as it is; one with empty tables is not", async () => {
  const url = await serverUrl()
  const twice = Effect.gen(function* () {
    yield* Migrations.run
    yield* restore(original)
    const before = yield* contents
    const exit = yield* Effect.exit(restore(original))
    return { refused: errorOf(exit), same: (yield* contents).fact?.length === before.fact?.length }
  }).pipe(Effect.provide(Database.layerServer({ url })))
  const { refused, same } = await Effect.runPromise(twice)
  expect(refused).toContain("it holds rows in")
  expect(refused).toContain("new database")
  expect(same).toBe(true)
})

test("after a restore the stores go on: new messages get new numbers", async () => {
  const url = await serverUrl()
  const arrivals = Effect.gen(function* () {
    yield* restore(original)
    const sql = yield* SqlClient.SqlClient
    const [largest] = yield* sql<{ n: bigint }>`SELECT max(arrival) AS n FROM advocacy.inbox`
    const [next] = yield* sql<{ n: bigint }>`
      INSERT INTO advocacy.inbox (tenant, source, event_key, topic, received_at, body) VALUES ('brand-a', 's', 'new', 't', 1, '')
      RETURNING arrival AS n`
    return (next?.n ?? 0n) > (largest?.n ?? 0n)
  }).pipe(Effect.provide(Database.layerServer({ url })))
  expect(await Effect.runPromise(arrivals)).toBe(true)
})
