/**
 * After an erasure nothing of the person is left: every table, a dump and a backup are searched for their bytes. And nobody who
 * imports or credits at the same moment brings them back.
 */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { digestAt } from "@advocacy-kit/core/flow/Digesting"
import { erase } from "@advocacy-kit/core/flow/Erasing"
import { exportPerson } from "@advocacy-kit/core/flow/Exporting"
import { email, soft, type Handle } from "@advocacy-kit/core/id/Handle"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { publication, make as programOf } from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Backup, SqlStores, Vault } from "@advocacy-kit/sql"
import { Scenario } from "@advocacy-kit/testing"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { gunzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { errorOf, onEachEngine, type Services, withServerDatabase } from "./Engines.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

const name = "Ada Lovelace-Byron"
const address = "ada.lovelace@example.com"
const phone = "+49 30 1234567"
const customer = Scenario.customerOf("70010020031")
const contact = Scenario.contactOf("61000009001")
const asOf = Scenario.at({ day: 60 })

/** Handles as the tenant of the test hashes them. */
const hashed = (tenant: string) => {
  const { handleKey } = tenantNamed(tenant)
  return { email: email(handleKey, address), phone: soft(handleKey, "phone", "+49301234567") }
}

const program = programOf("refer-a-friend", {
  currency: currencyOf("EUR"),
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      rule: "referral",
      conversions: ["order"],
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "5 days",
      advocate: Reward.discount({ amount: "20" }),
      friend: null,
      limits: [],
      review: { shared: ["phone"], leakedPer24Hours: null },
    }),
  ],
})

const record = (tenant: string, version = 1): Fact => ({
  ...Scenario.person({ customer: "70010020031", version }),
  aliases: [hashed(tenant).email],
  soft: [hashed(tenant).phone],
})

/** Ada brings Zoe and Max; Max and Ada share a telephone; Ada buys too. */
const factsOf = (tenant: string): ReadonlyArray<Fact> => [
  publication(program, Scenario.at({ day: -10 })),
  record(tenant),
  {
    ...Scenario.person({ customer: "70010020031" }),
    person: contact,
    key: contact as never,
    aliases: [hashed(tenant).email],
  },
  Scenario.asset({ code: "SHARE1", owner: "70010020031" }),
  Scenario.person({ customer: 2, email: "zoe@example.com" }),
  { ...Scenario.person({ customer: 3, email: "max@example.com" }), soft: [hashed(tenant).phone] },
  Scenario.order({ order: 1, customer: "70010020031", day: 1 }),
  { ...Scenario.order({ order: 2, customer: 2, code: "SHARE1", day: 2 }) },
  { ...Scenario.order({ order: 3, customer: 3, code: "SHARE1", day: 3 }) },
  { ...Scenario.order({ order: 4, customer: 4, code: "SHARE1", day: 58 }) },
  { ...Scenario.answer({ customer: 5, score: 9, day: 1 }), person: contact },
]

const fill = (tenant: string) =>
  Effect.gen(function* () {
    const [log, inbox] = [yield* FactLog, yield* Inbox]
    const { email: hash, phone: line } = hashed(tenant)
    yield* log.append({
      facts: factsOf(tenant),
      personal: [
        { handle: hash, value: address },
        { handle: customer, value: name },
        { handle: contact, value: name },
        { handle: line, value: phone },
      ],
      checkpoint: { job: "customers", cursor: { after: customer } },
    })
    const body = (text: string) => new TextEncoder().encode(text)
    const message = (eventKey: string, text: string) => ({
      source: "shopify",
      eventKey,
      topic: "customers/update",
      receivedAt: 1,
      body: body(text),
    })
    yield* inbox.accept([
      message("open", JSON.stringify({ id: 70010020031, email: address.toUpperCase(), first_name: "Ada" })),
      message("parked", `not JSON: ${address}`),
      message(`record ${customer}`, ""),
    ])
    yield* inbox.park("shopify", new Map([["parked", "cannot be read"]]))
    yield* inbox.park("shopify", new Map([[`record ${customer}`, "cannot be read"]]))
    yield* credit(program.name, asOf)
  })

/** Everything that may not be found, as text and as the hexadecimal that dumps show bytes in. */
const needles = (tenant: string): ReadonlyArray<string> => {
  const { email: hash, phone: line } = hashed(tenant)
  const texts = [name, address, address.toUpperCase(), phone, customer, contact, hash, line]
  return [...texts, ...[name, address, address.toUpperCase()].map((text) => Buffer.from(text).toString("hex"))]
}

const foundIn = (text: string, tenant: string): ReadonlyArray<string> =>
  needles(tenant).filter((needle) => text.includes(needle))

/** All rows of the tenant, and of tables that belong to nobody. */
const tables = Effect.gen(function* () {
  const { id } = yield* CurrentTenant
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ readonly name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'advocacy'::regnamespace AND relkind = 'r'`
  const texts = yield* Effect.forEach(rows, ({ name: table }) =>
    sql.unsafe<{ readonly row: string }>(`SELECT row_to_json(one)::text AS row FROM advocacy."${table}" AS one`),
  )
  return texts
    .flat()
    .map(({ row }) => row)
    .filter((row) => [id, undefined].includes(JSON.parse(row).tenant))
    .join("\n")
})

const request = (handle: Handle) => ({ handles: [handle], at: asOf, by: "a test", reason: "asked for it" })

const balances = Effect.flatMap(Ledger, (ledger) => ledger.balances)
const ofOthers = Effect.map(balances, (all) =>
  all.filter(
    ({ account }) => !account.startsWith("erased:") && !account.startsWith(customer) && !account.startsWith("program:"),
  ),
)

const heldOrders = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.posted(program.name)),
  (posted) => [...posted.values()].flatMap(({ credit: { cause, outcome } }) => (outcome === "held" ? [cause] : [])),
)

onEachEngine("erasure", ({ run }) => {
  test("no byte of the person is left in any table, and nobody else's balance moves", async () => {
    await run(fill("bytes"), "bytes")
    expect(foundIn(await run(tables, "bytes"), "bytes").length).toBeGreaterThanOrEqual(6)
    const before = await run(ofOthers, "bytes")
    expect(await run(heldOrders, "bytes")).toEqual(["shopify:order/3"])
    const { forfeited, handles, messages, undone, values } = await run(erase(request(hashed("bytes").email)), "bytes")
    expect({ handles, messages, values }).toEqual({ handles: 4, messages: 3, values: 4 })
    // Order 2 had matured and was planned, order 4 is pending: 40.00. Order 3 is held for the telephone, and what is held is not posted.
    expect([...forfeited]).toEqual([["EUR", 4_000n]])
    expect(undone).toBeGreaterThan(0)
    expect(foundIn(await run(tables, "bytes"), "bytes")).toEqual([])
    expect(await run(ofOthers, "bytes")).toEqual(before)
    const all = await run(balances, "bytes")
    expect(all.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n)
    expect(all.filter(({ account }) => /^erased:.*#(pending|available)$/.test(account))).toEqual([])
    const left = await run(exportPerson(customer, asOf), "bytes")
    expect([left.personal, left.facts, left.credits, left.effects]).toEqual([{}, {}, [], []])
    // What she had in common with Max still speaks against his purchase.
    expect(await run(heldOrders, "bytes")).toEqual(["shopify:order/3"])
    const again = await run(credit(program.name, asOf), "bytes")
    expect([again.revisions, again.planned, again.undone]).toEqual([0, 0, 0])
  })

  test("facts and values that come in late do not bring the person back", async () => {
    await run(fill("late"), "late")
    await run(erase(request(customer)), "late")
    const before = await run(digestAt(asOf), "late")
    const late = Effect.gen(function* () {
      const log = yield* FactLog
      yield* log.append({
        facts: factsOf("late"),
        personal: [
          { handle: customer, value: name },
          { handle: hashed("late").email, value: address },
          { handle: hashed("late").phone, value: phone },
        ],
      })
      yield* credit(program.name, asOf)
    })
    await run(late, "late")
    const found = foundIn(await run(tables, "late"), "late")
    expect(found).toEqual([])
    expect((await run(digestAt(asOf), "late")).digest).toBe(before.digest)
  })

  test("a fact is only replaced by one with a tombstone of the tenant", async () => {
    await run(fill("guard"), "guard")
    const replace = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const enter = sql`SELECT set_config('role', 'advocacy_app', true), set_config('advocacy.tenant', 'guard', true)`
      const [row] = yield* sql<{ version: bigint; rank: number; digest: Uint8Array }>`
        SELECT version, rank, digest FROM advocacy.fact WHERE tenant = 'guard' AND key = 'shopify:order/1'`
      return yield* sql.withTransaction(
        Effect.andThen(
          enter,
          sql`SELECT advocacy.erase_facts(ARRAY['shopify:order/1'], ARRAY[${row?.version ?? 0n}::bigint], ARRAY[${row?.rank ?? 0}::bigint],
            ARRAY[${row?.digest ?? null}::bytea], ARRAY['shopify:order/1'], ARRAY['\\x00'::bytea], ARRAY['{"forged":true}'])`,
        ),
      )
    })
    expect(errorOf(await run(Effect.exit(replace), "guard"))).toContain("23514")
  })
})

/** `pg_dump` where it is installed and as new as the server, else every table by COPY. */
const dumpOf = (url: string): string | null => {
  try {
    return execFileSync("pg_dump", ["--no-owner", url], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    })
  } catch {
    return null
  }
}

const onServer = async (work: (url: string, as: As) => Promise<void>) => {
  const { drop, url } = await withServerDatabase()
  const layer = SqlStores.layerServer({ url: Redacted.make(url), vaultKey, maxConnections: 12 })
  const as: As = (tenant, effect) =>
    Effect.runPromise(effect.pipe(Effect.provideService(CurrentTenant, tenantNamed(tenant)), Effect.provide(layer)))
  try {
    await work(url, as)
  } finally {
    await drop()
  }
}
type As = <A, E>(tenant: string, effect: Effect.Effect<A, E, Services | CurrentTenant>) => Promise<A>

test("no byte of the person is left in a dump of the database, nor in a backup", async () => {
  await onServer(async (url, as) => {
    const folder = mkdtempSync(join(tmpdir(), "advocacy-erasure-"))
    try {
      await as("dump", fill("dump"))
      const before = dumpOf(url)
      if (before !== null) expect(foundIn(before, "dump").length).toBeGreaterThanOrEqual(6)
      const file = join(folder, "after.backup")
      await as("dump", erase(request(customer)))
      const after = dumpOf(url) ?? (await as("dump", tables))
      expect(foundIn(after, "dump")).toEqual([])
      await as("dump", Effect.provide(Backup.take(file), Vault.layerKey(vaultKey)))
      expect(foundIn(gunzipSync(readFileSync(file)).toString("utf8"), "dump")).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}, 120_000)

const rounds = Math.max(1, Math.round(20 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

test(
  `importing, crediting and erasing at the same moment brings nobody back (${rounds} rounds)`,
  async () => {
    await onServer(async (_, as) => {
      for (let round = 0; round < rounds; round++) {
        const tenant = `race-${round}`
        const race = Effect.gen(function* () {
          const [log, erasure] = [yield* FactLog, yield* Erasure]
          const facts = factsOf(tenant)
          yield* log.append({ facts: facts.slice(0, 4), personal: [{ handle: customer, value: name }] })
          const imports = Array.from({ length: 8 }, (_unused, index) =>
            log.append({
              facts: [...facts.slice(index), record(tenant, index + 2)],
              personal: [
                { handle: customer, value: name },
                { handle: hashed(tenant).email, value: address },
              ],
            }),
          )
          const erasing = Effect.delay(erasure.erase(request(customer)), `${(round * 7) % 23} millis`)
          yield* Effect.all(
            [
              ...imports,
              credit(program.name, asOf),
              erasing,
              credit(program.name, asOf),
              ...imports,
              credit(program.name, asOf),
            ],
            { concurrency: 12 },
          )
          yield* credit(program.name, asOf)
          const text = yield* tables
          const all = yield* (yield* Ledger).balances
          return {
            found: foundIn(text, tenant),
            sum: all.reduce((total, { amountMinor }) => total + amountMinor, 0n),
            digest: (yield* digestAt(asOf)).digest,
          }
        })
        const { found, sum } = await as(tenant, race)
        expect({ round, found, sum }).toEqual({ round, found: [], sum: 0n })
      }
    })
  },
  60_000 + rounds * 6_000,
)
