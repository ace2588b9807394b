/**
 * Every command against one small demo: what it prints, what it changes, and how it fails.
 */
import type { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Decision } from "@advocacy-kit/core/flow/DecisionSchema"
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { checks, read as readStored } from "@advocacy-kit/core/flow/Verifying"
import { normaliseEmail, type Handle } from "@advocacy-kit/core/id/Handle"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { catalogue } from "@advocacy-kit/core/metric/Catalogue"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { createHmac } from "node:crypto"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { advocacy } from "../src/Advocacy.ts"
import * as Demo from "../src/Demo.ts"
import * as Session from "../src/Session.ts"
import { breaches } from "./Breaches.ts"
import { reportPage } from "./ReportPage.ts"
import { ended, firstJson, run, runProcess, start } from "./Running.ts"

// One store for all, one command after the other: a test that is given up while its command runs would break the next.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-cli-"))
const store = join(folder, "demo")

/** Examples that the demo's brand has of everything worth explaining. */
interface Examples {
  readonly credited: string
  readonly creditedCode: string
  readonly refused: string
  readonly held: string
  readonly organic: string
  readonly cancelledRefused: string
  readonly buyer: Handle
  readonly email: string
  readonly emailHandle: Handle
}
let examples: Examples

const findExamples = Effect.gen(function* () {
  const { asOf, program } = yield* Session.Session
  const log = yield* FactLog
  const { evaluation } = yield* Explaining.read(program, asOf)
  const credits = [...evaluation.credits.values()].filter(({ role }) => role === "advocate")
  const byReason = (reason: string | null, outcome: string) =>
    credits.find((credit) => credit.reason === reason && credit.outcome === outcome)
  const credited = byReason(null, "credited")
  const refused = byReason("self-referral", "refused")
  const held = byReason("shared-device", "held")
  const cancelled = byReason("cancelled", "refused")
  const causes = new Set(credits.map(({ cause }) => cause))
  const organic = evaluation.history.conversions.find(
    ({ cause, friends }) => !causes.has(cause) && friends.length === 2,
  )
  if (
    credited === undefined ||
    refused === undefined ||
    held === undefined ||
    cancelled === undefined ||
    organic === undefined
  ) {
    return yield* Effect.die(new Error("the demo's brand lacks an example"))
  }
  const emailHandle = organic.friends.find((friend) => friend.startsWith("email:"))
  const email = emailHandle === undefined ? undefined : (yield* log.personal([emailHandle])).get(emailHandle)
  const [buyer] = organic.friends
  if (buyer === undefined || emailHandle === undefined || email === undefined)
    return yield* Effect.die(new Error("the organic buyer has no address"))
  return {
    credited: credited.cause,
    creditedCode: credited.beneficiary.slice("code:".length),
    refused: refused.cause,
    held: held.cause,
    cancelledRefused: cancelled.cause,
    organic: organic.cause,
    buyer,
    email,
    emailHandle,
  } satisfies Examples
})

type Opened = FactLog | Inbox | Ledger | SqlClient.SqlClient | CurrentTenant | Session.Session

/** Does something with the store of a directory while nobody else has it open. */
const within = <A, E>(directory: string, work: Effect.Effect<A, E, Opened>): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provide(Session.layer({ store: directory })), Effect.scoped, Effect.orDie))

/** Says something to the store's database, past the command. */
const sqlOf = <A, E>(statement: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.orDie(statement(sql)))

const digest = async (): Promise<string> => (await run("state", "--digest", "--store", store)).out.trim()

const json = async (...args: ReadonlyArray<string>) => {
  const ran = await run(...args, "--store", store, "--json")
  return { ...ran, value: JSON.parse(ran.out) as Record<string, unknown> }
}

beforeAll(async () => {
  await Effect.runPromise(
    Effect.scoped(Demo.run({ directory: store, seed: 1, customers: 400, orders: 1_000, resume: false, journal: null })),
  )
  examples = await within(store, findExamples)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Commands that do something themselves. */
const names = advocacy.subcommands
  .flatMap(({ commands }) => commands)
  .flatMap(({ name, subcommands }) => (subcommands.length === 0 ? [name] : []))

describe("help", () => {
  it("is there for every command, with examples", async () => {
    for (const name of names) {
      const { code, err, out } = await run(name, "--help")
      expect([name, code, err]).toEqual([name, 0, ""])
      expect(out).toContain(`advocacy ${name}`)
      expect(out).toContain("EXAMPLES")
      expect(out).toContain("--json")
    }
  })

  it("lists the exit codes and every command", async () => {
    const { out } = await run("--help")
    for (const name of names) expect(out).toContain(name)
    expect(out).toMatch(/Exit codes: 0 .*; 1 .*; 2 .*; 3 .*; 4 .*; 70 /)
  })
})

describe("report --html", () => {
  reportPage(store)
})

describe("exit codes", () => {
  it("2 for an unknown flag, told on standard error alone", async () => {
    const { code, err, out } = await run("report", "--stoer", "x", "--json")
    expect([code, out]).toEqual([2, ""])
    expect(err).toContain("--stoer")
  })

  it("2 for a time without a zone", async () => {
    const { code, err } = await run("state", "--as-of", "yesterday", "--store", store)
    expect(code).toBe(2)
    expect(err).toContain("2026-10-01T12:00:00Z")
  })

  it("3 for a directory without a store, with what to do", async () => {
    const { code, err, out } = await run("report", "--store", join(folder, "nothing"))
    expect([code, out]).toEqual([3, ""])
    expect(err).toContain("advocacy demo")
    expect(readdirSync(folder)).not.toContain("nothing")
  })

  it("3 for settings that cannot be read", async () => {
    const broken = mkdtempSync(join(folder, "broken-"))
    writeFileSync(join(broken, "advocacy.json"), '{"tenant":')
    const { code, err } = await run("report", "--store", broken)
    expect(code).toBe(3)
    expect(err).toContain("advocacy.json")
  })

  it("3 for a second process on the same directory, which names the first", async () => {
    const { code, err, out } = await within(
      store,
      Effect.promise(() => runProcess("report", "--store", store, "--json")),
    )
    expect([code, out]).toEqual([3, ""])
    expect(err).toContain(`in use by process ${process.pid}`)
    expect(err).not.toContain("    at ")
  })

  it("2 for a real installation that is not connected", async () => {
    const real = mkdtempSync(join(folder, "real-"))
    cpSync(join(store, "store"), join(real, "store"), { recursive: true })
    writeFileSync(
      join(real, "advocacy.json"),
      JSON.stringify({
        tenant: "acme",
        handleKey: "00".repeat(32),
        program: "refer-a-friend",
        now: null,
        shareUrl: "https://acme.example/?ref=",
        brand: null,
      }),
    )
    const { code, err } = await run("sync", "--store", real)
    expect(code).toBe(2)
    expect(err).toMatch(/the environment variable (SHOPIFY|HUBSPOT)_\w+ is missing/)
    expect(err).not.toContain("a mistake of ours")
  })
})

describe("explain", () => {
  it("tells how a credit came about, from the source's word to the handing over", async () => {
    const { code, out } = await run("explain", examples.credited, "--store", store)
    expect(code).toBe(0)
    for (const part of [
      "What the source said",
      "The buyer",
      "joined by",
      "rules tried:",
      "+ new customer",
      "revision 1",
      "revision 2",
      "#settled",
      "confirmed",
      "credited",
    ]) {
      expect(out).toContain(part)
    }
    expect(out).toContain(examples.creditedCode)
  })

  it("tells why a self-referral was refused, and by which facts buyer and advocate are one", async () => {
    const { out, value } = await json("explain", examples.refused)
    expect(out).toContain("self-referral")
    const [decision] = value.decisions as ReadonlyArray<{
      outcome: string
      reason: string
      because: ReadonlyArray<{ rule: string; outcome: string }>
      beneficiary: { person: string; joinedBy: ReadonlyArray<unknown> }
    }>
    expect(decision).toMatchObject({ outcome: "refused", reason: "self-referral", isPosted: true })
    expect(decision?.because.at(-1)).toMatchObject({ rule: "not a self-referral", outcome: "failed" })
    const [buyer] = value.buyers as ReadonlyArray<{ person: string }>
    expect(decision?.beneficiary.person).toBe(buyer?.person)
    expect(decision?.beneficiary.joinedBy.length).toBeGreaterThan(1)
  })

  it("tells that a credit is held for a human, and why", async () => {
    const { out } = await run("explain", examples.held, "--store", store)
    expect(out).toContain("held for a human (shared-device)")
    expect(out).toContain("x device is not the advocate's")
  })

  it("tells of an order that nobody referred what was looked for", async () => {
    const { code, out } = await run("explain", examples.organic, "--store", store)
    expect(code).toBe(0)
    expect(out).toContain("No referral evidence")
    expect(out).toContain("looked for code, cart-attribute, link-click, invitation")
    expect(out).not.toContain("rules tried")
  })

  it("finds an order by any spelling of its id", async () => {
    const id = examples.organic.slice("shopify:order/".length)
    for (const spelling of [`#${id}`, `gid://shopify/Order/${id}`]) {
      expect((await json("explain", spelling)).value.cause).toBe(examples.organic)
    }
  })

  it("tells one credit by its key", async () => {
    const { value } = await json("explain", `refer-a-friend|referral|${examples.cancelledRefused}|advocate|`)
    expect(value).toMatchObject({ kind: "credit", outcome: "refused", reason: "cancelled" })
  })

  it("prints a decision as its schema says, nothing missing and nothing more", async () => {
    for (const cause of [examples.credited, examples.held, examples.cancelledRefused]) {
      const { value } = await json("explain", `refer-a-friend|referral|${cause}|advocate|`)
      const decode = Schema.decodeUnknownSync(Decision)
      expect(() => decode(value, { onExcessProperty: "error" })).not.toThrow()
    }
    expect(JSON.parse((await run("schema", "decision")).out)).toMatchObject({ title: "Decision" })
  })

  it("says first what was decided, and calculates the amount", async () => {
    const { out } = await run("explain", examples.credited, "--store", store)
    expect(out).toContain("\n  Credited.\n")
    expect(out).toMatch(/calculation:\n +net +\d+\.\d\d EUR\n +rate /)
  })

  it("prints a receipt that names nobody else", async () => {
    const key = `refer-a-friend|referral|${examples.credited}|advocate|`
    const { code, out } = await run("explain", key, "--receipt", "--store", store)
    expect(code).toBe(0)
    expect(out).toMatch(/^Your friend's order of \d+ \w+ \d{4}: /)
    for (const part of [examples.creditedCode, examples.credited, "shopify:", "email:"]) expect(out).not.toContain(part)
    expect((await json("explain", key, "--receipt")).value).toMatchObject({ kind: "receipt", state: "counts" })
    expect((await run("explain", examples.credited, "--receipt", "--store", store)).code).toBe(2)
  })

  it("makes every revision of a stored decision again, from the facts of then", async () => {
    const key = `refer-a-friend|referral|${examples.credited}|advocate|`
    const { code, out } = await run("explain", key, "--replay", "--revision", "1", "--store", store)
    expect(out).toContain("the same outcome, amounts and reasons")
    expect(out).toContain("inputs: the same")
    // What was handed over since is read now and was not then.
    expect(out).toContain("has come, version 0")
    expect(code).toBe(0)
    const { value } = await json("explain", key, "--replay")
    expect(value).toMatchObject({ kind: "replay", isEqual: true, differences: [] })
    expect((await run("explain", key, "--replay", "--revision", "99", "--store", store)).code).toBe(2)
  })

  it("finds a person by e-mail address in any case, handle or code, and shows values only when asked", async () => {
    const { out, value } = await json("explain", examples.email.toUpperCase())
    expect((value.identity as { handles: ReadonlyArray<string> }).handles).toContain(examples.emailHandle)
    expect(out).not.toContain(normaliseEmail(examples.email))
    expect((await json("explain", examples.buyer)).value.identity).toEqual(value.identity)
    expect((await json("explain", examples.creditedCode.toLowerCase())).value).toMatchObject({
      kind: "person",
      askedBy: `code:${examples.creditedCode}`,
    })
    expect((await run("explain", examples.email, "--show-personal", "--store", store)).out).toContain(examples.email)
  })

  it("shows an advocate's standing, score with inputs, credits and balance", async () => {
    const { out } = await run("explain", examples.creditedCode, "--store", store)
    for (const part of [
      "Standing",
      "score ",
      "friendsBrought",
      "Referrals brought",
      "credited",
      "What they have",
      " available, ",
      "Tiers",
      "Balances",
      "#settled",
    ])
      expect(out).toContain(part)
  })

  it("refuses what nothing is called, with a hint", async () => {
    for (const unknown of ["99999", "nobody@nowhere.example"]) {
      const { code, err, out } = await run("explain", unknown, "--store", store)
      expect([unknown, code, out]).toEqual([unknown, 2, ""])
      expect(err).toContain("next: ")
    }
  })
})

describe("verify", () => {
  it("holds every promise on the demo's store, and names what it cannot see", async () => {
    const { code, value } = await json("verify")
    const promises = value.promises as ReadonlyArray<{
      promise: number
      holds: boolean | null
      parts: ReadonlyArray<{ holds: boolean | null; detail: string }>
    }>
    expect([code, value.ok]).toEqual([0, true])
    expect(promises.map(({ promise }) => promise)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(promises.filter(({ holds }) => holds !== true)).toEqual([])
    expect(promises.flatMap(({ parts }) => parts).filter(({ holds }) => holds === null).length).toBeGreaterThan(4)
  })

  it("has no check that cannot fail", async () => {
    const stored = await within(
      store,
      Effect.flatMap(Session.Session, ({ asOf }) => readStored(asOf)),
    )
    expect(checks.map((check) => check(stored).holds)).toEqual(checks.map(() => true))
    for (const { breach, broken, promise } of breaches(stored)) {
      const check = checks[promise - 1]?.(broken)
      expect([breach, check?.promise, check?.holds]).toEqual([breach, promise, false])
    }
  })

  const tampered = async (name: string, change: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) => {
    const copy = join(folder, name)
    cpSync(store, copy, { recursive: true })
    await within(
      copy,
      Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.orDie(change(sql))),
    )
    const ran = await run("verify", "--store", copy, "--json")
    rmSync(copy, { recursive: true })
    const { promises } = JSON.parse(ran.out) as { promises: ReadonlyArray<{ promise: number; holds: boolean | null }> }
    return {
      code: ran.code,
      err: ran.err,
      failing: promises.filter(({ holds }) => holds === false).map(({ promise }) => promise),
    }
  }

  it("fails when a posting was changed behind its back, naming the promise and the credit", async () => {
    const { code, err, failing } = await tampered(
      "posting",
      (sql) =>
        sql`UPDATE advocacy.posting SET amount = amount + 1 WHERE ctid = (SELECT ctid FROM advocacy.posting WHERE account LIKE '%#settled' ORDER BY key LIMIT 1)`,
    )
    expect(code).toBe(1)
    expect(failing).toEqual(expect.arrayContaining([1, 2]))
    expect(err).toContain("promise 1 does not hold")
    expect(err).toContain("refer-a-friend|referral|shopify:order/")
  })

  it("fails when legs that balance were added to a credit", async () => {
    const { code, failing } = await tampered(
      "balanced",
      (sql) =>
        sql`INSERT INTO advocacy.posting (tenant, key, revision, leg, account, unit, amount)
        SELECT tenant, key, revision, 90 + n, CASE n WHEN 1 THEN account ELSE 'program:refer-a-friend#granted' END, unit, CASE n WHEN 1 THEN 500 ELSE -500 END
        FROM (SELECT * FROM advocacy.posting WHERE account LIKE '%#settled' ORDER BY key LIMIT 1) AS one, generate_series(1, 2) AS n`,
    )
    expect([code, failing]).toEqual([1, [2, 4]])
  })

  it("fails when an address was written into a fact", async () => {
    const { code, err, failing } = await tampered(
      "address",
      (sql) =>
        sql`UPDATE advocacy.fact SET body = replace(body::text, '"channel":"web"', '"channel":"ada@example.com"')::json
        WHERE ctid = (SELECT ctid FROM advocacy.fact WHERE tag = 'OrderPlaced' AND body::text LIKE '%"channel":"web"%' ORDER BY key, version DESC LIMIT 1)`,
    )
    expect([code, failing]).toEqual([1, [9]])
    expect(err).not.toContain("ada@example.com")
  })

  it("fails when an effect was lost", async () => {
    const { code, failing } = await tampered(
      "effect",
      (sql) =>
        sql`DELETE FROM advocacy.effect WHERE key = (SELECT min(key) FROM advocacy.effect WHERE key LIKE 'reward|%')`,
    )
    expect([code, failing]).toEqual([1, [2]])
  })
})

describe("state, credit, identify, report, sync", () => {
  it("a credit that has nothing to do leaves the digest as it is", async () => {
    const before = await digest()
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    const { value } = await json("credit")
    expect(value).toMatchObject({
      revisions: 0,
      planned: 0,
      undone: 0,
      fulfilled: { confirmed: 0, unknown: 0, failed: 0 },
      written: { written: 0, linked: 0 },
    })
    expect((await json("credit", "--no-fulfil")).value).toMatchObject({ revisions: 0, fulfilled: null, written: null })
    expect(await digest()).toBe(before)
  })

  it("the digest of the ledger is that of the facts", async () => {
    const { value } = await json("state")
    expect(value).toMatchObject({ source: "ledger", behind: 0 })
    // A copy whose ledger is empty can only say what the rules say of the facts.
    const copy = join(folder, "unposted")
    cpSync(store, copy, { recursive: true })
    await within(
      copy,
      Effect.flatMap(SqlClient.SqlClient, (sql) =>
        Effect.orDie(sql`TRUNCATE advocacy.posting, advocacy.revision, advocacy.credit`),
      ),
    )
    const { out } = await run("state", "--store", copy, "--as-of", "2026-11-01T00:00:00Z", "--json")
    rmSync(copy, { recursive: true })
    expect(JSON.parse(out)).toMatchObject({ source: "facts", digest: value.digest })
  })

  it("an earlier time has another digest, the same each time", async () => {
    const [first, second] = [
      await json("state", "--as-of", "2026-06-01T00:00:00Z"),
      await json("state", "--as-of", "2026-06-01T00:00:00Z"),
    ]
    expect(first.value).toEqual(second.value)
    expect(first.value).toMatchObject({ source: "facts", behind: null })
    expect(first.value.digest).not.toBe(await digest())
  })

  it("identify scores everybody and enrols nobody twice", async () => {
    const { value } = await json("identify", "--top", "3")
    expect(value.enrolledNow).toBe(0)
    expect(value.top).toHaveLength(3)
    const [best] = value.top as ReadonlyArray<{ score: number; inputs: Record<string, string> }>
    expect(best?.score).toBeGreaterThan(50)
    expect(Object.keys(best?.inputs ?? {})).toEqual(expect.arrayContaining(["orders", "nps", "provenAdvocacy"]))
  })

  it("report adds up", async () => {
    const { value } = await json("report")
    const credits = value.credits as ReadonlyArray<{ amountMinor: string }>
    const balances = value.balances as ReadonlyArray<{ maturity: string; amountMinor: string }>
    const sum = (of: ReadonlyArray<{ amountMinor: string }>): bigint =>
      of.reduce((total, { amountMinor }) => total + BigInt(amountMinor), 0n)
    expect(sum(balances)).toBe(0n)
    expect(sum(credits)).toBe(-sum(balances.filter(({ maturity }) => maturity === "granted")))
    expect(value.metrics).toHaveLength(catalogue.length)
    expect((await run("report", "--store", store)).out).toContain("net-promoter-score")
  })

  it("metrics by month, by origin and in a window are parts of the whole", async () => {
    const counts = async (...args: ReadonlyArray<string>) => {
      const { value } = await json("metrics", "referral-rate", ...args)
      return (value.parts as ReadonlyArray<{ readings: ReadonlyArray<{ sample: number }> }>).map(
        ({ readings }) => readings[0]?.sample ?? 0,
      )
    }
    const total = (of: ReadonlyArray<number>): number => of.reduce((sum, one) => sum + one, 0)
    const [whole = 0] = await counts()
    expect(whole).toBeGreaterThan(100)
    expect(total(await counts("--over", "month"))).toBe(whole)
    expect(total(await counts("--by", "origin"))).toBe(whole)
    const [early = 0] = await counts("--to", "2026-03-01T00:00:00Z")
    const [late = 0] = await counts("--from", "2026-03-01T00:00:00Z")
    expect(early + late).toBe(whole)
    const text = await run("metrics", "--store", store)
    expect(text.out).toContain("Who of them bought afterwards?")
    expect(text.out).toContain("customer-satisfaction: no answers yet")
    expect((await run("metrics", "nps", "--store", store)).code).toBe(2)
  })

  it("sync of a brand that did nothing since brings nothing", async () => {
    const { code, value } = await json("sync")
    expect(code).toBe(0)
    expect((value.synced as ReadonlyArray<{ recorded: number }>).filter(({ recorded }) => recorded > 0)).toEqual([])
    expect((value.synced as ReadonlyArray<{ source: string }>).map(({ source }) => source)).toEqual(
      expect.arrayContaining(["shopify", "hubspot"]),
    )
  })
})

describe("migrate, backup, restore", () => {
  /** A directory that may take the place of the demo's: its settings and its key, and no database. */
  const successor = (name: string): string => {
    const directory = join(folder, name)
    mkdirSync(join(directory, "store"), { recursive: true })
    cpSync(join(store, "advocacy.json"), join(directory, "advocacy.json"))
    cpSync(join(store, "store", "vault.key"), join(directory, "store", "vault.key"))
    return directory
  }

  it("a backup brings the whole store to another place, to the same digest", async () => {
    const file = join(folder, "demo.backup")
    const taken = await json("backup", file)
    expect(taken).toMatchObject({ code: 0, value: { file, tenants: ["demo"] } })
    const other = successor("restored")
    const restored = await run("restore", file, "--store", other, "--json")
    expect([restored.code, restored.err]).toEqual([0, ""])
    expect((JSON.parse(restored.out) as { rows: unknown }).rows).toEqual(taken.value.rows)
    expect((await run("state", "--digest", "--store", other)).out.trim()).toBe(await digest())
    expect((await run("verify", "--store", other)).code).toBe(0)
    // A second one is refused: that database holds rows, and this file is there.
    const again = await run("restore", file, "--store", other)
    expect([again.code, again.out]).toEqual([3, ""])
    expect(again.err).toContain("holds rows in")
    expect(await run("backup", file, "--store", store)).toMatchObject({ code: 2, out: "" })
  })

  it("another vault key and a file that was cut off are refused, with what to do", async () => {
    const file = join(folder, "whole.backup")
    expect((await run("backup", file, "--store", store)).out).toContain("keep them too")
    const other = successor("refusing")
    rmSync(join(other, "store", "vault.key"))
    const keyless = await run("restore", file, "--store", other)
    expect([keyless.code, keyless.out]).toEqual([3, ""])
    expect(keyless.err).toContain("copy its file vault.key")
    cpSync(join(store, "store", "vault.key"), join(other, "store", "vault.key"))
    const cut = join(folder, "cut.backup")
    writeFileSync(cut, readFileSync(file).subarray(0, 5_000))
    const broken = await run("restore", cut, "--store", other)
    expect([broken.code, broken.out]).toEqual([2, ""])
    expect(broken.err).toContain("nothing was stored")
    expect((await run("restore", join(folder, "no.backup"), "--store", other)).err).toContain("cannot be read")
    expect((await run("restore", file, "--store", other)).code).toBe(0)
  })

  it("migrate says what is missing, takes it, and has nothing to do after that", async () => {
    const other = successor("fresh")
    const migrate = async (...args: ReadonlyArray<string>) =>
      JSON.parse((await run("migrate", ...args, "--store", other, "--json")).out) as {
        version: number
        newest: number
        taken: ReadonlyArray<string>
        missing: ReadonlyArray<string>
        there: ReadonlyArray<string>
      }
    const missing = await migrate("--dry-run")
    expect(missing).toMatchObject({ version: 0, taken: [], there: [] })
    expect(missing.missing[0]).toBe("0001_tenant_role")
    expect(await migrate()).toMatchObject({ version: missing.newest, taken: missing.missing, missing: [] })
    expect(await migrate()).toMatchObject({ taken: [], missing: [], there: missing.missing })
    expect((await run("migrate", "--store", other)).out).toMatch(/there +0005_outbox/)
  })
})

describe("outbox", () => {
  const rewards = sqlOf(
    (sql) =>
      sql<{ readonly key: string }>`SELECT key FROM advocacy.effect WHERE key LIKE 'reward|%' ORDER BY key LIMIT 3`,
  )

  it("counts what was created by state, and shows what needs a look", async () => {
    const { value } = await json("outbox")
    const { confirmed = 0, ...others } = value.states as Record<string, number>
    expect(Object.keys(others)).toEqual(["planned", "sending", "unknown", "failed", "undone"])
    expect(confirmed).toBeGreaterThan(10)
    expect(Object.values(others).reduce((sum, count) => sum + count, confirmed)).toBe(value.created)
    expect(value).toMatchObject({ deadLetters: 0, gone: 0, effects: [] })
    expect((await run("outbox", "--store", store)).out).toContain(`${confirmed}`)
    const all = (await json("outbox", "--state", "confirmed")).value.effects as ReadonlyArray<{ reason: unknown }>
    expect(all).toHaveLength(confirmed)
    expect(all.filter(({ reason }) => reason !== null)).toEqual([])
  })

  it("shows a dead letter with its reason, and a human has it tried again, once or all", async () => {
    const copy = join(folder, "letters")
    cpSync(store, copy, { recursive: true })
    const [first, second, third] = (await within(copy, rewards)).map(({ key }) => key)
    await within(
      copy,
      sqlOf(
        (
          sql,
        ) => sql`UPDATE advocacy.effect SET state = 'unknown', due_at = NULL, unanswered = 8, note = 'no answer came'
          WHERE key IN (${first ?? ""}, ${second ?? ""})`,
      ),
    )
    const outbox = async (...args: ReadonlyArray<string>) => {
      const ran = await run("outbox", ...args, "--store", copy, "--json")
      return { ...ran, value: ran.out === "" ? {} : (JSON.parse(ran.out) as Record<string, unknown>) }
    }
    const letter = { state: "unknown", standing: "dead letter", reason: "no answer came", dueAt: null, unanswered: 8 }
    expect((await outbox()).value).toMatchObject({
      deadLetters: 2,
      effects: [
        { key: first, ...letter },
        { key: second, ...letter },
      ],
    })
    expect((await run("outbox", "--store", copy)).out).toMatch(/dead letter.*\n.*no answer came/)
    expect((await run("verify", "--store", copy)).code).toBe(0)
    expect(await outbox("retry", first ?? "")).toMatchObject({
      code: 0,
      value: { effects: [{ key: first, refused: null }] },
    })
    expect((await outbox("retry", "--dead-letters")).value).toMatchObject({ effects: [{ key: second, refused: null }] })
    expect((await outbox()).value).toMatchObject({ deadLetters: 0, effects: [{ standing: "unknown" }, {}] })
    const credited = await run("credit", "--store", copy, "--json")
    expect(JSON.parse(credited.out)).toMatchObject({ fulfilled: { confirmed: 2, unknown: 0, nextAt: null } })
    expect((await outbox()).value).toMatchObject({ effects: [] })
    for (const args of [
      ["retry", third ?? ""],
      ["cancel", third ?? "", "--reason", "x"],
      ["retry", "no|such"],
      ["cancel"],
    ])
      expect([args, (await outbox(...args)).code]).toEqual([args, 2])
    rmSync(copy, { recursive: true })
  })

  it("takes back what was not sent, for good, until it is retried", async () => {
    const copy = join(folder, "cancelled")
    cpSync(store, copy, { recursive: true })
    const [first] = (await within(copy, rewards)).map(({ key }) => key)
    await within(
      copy,
      sqlOf((sql) =>
        Effect.andThen(
          sql`UPDATE advocacy.effect SET state = 'planned', due_at = 0, attempts = 0, note = NULL WHERE key = ${first ?? ""}`,
          sql`DELETE FROM advocacy.fact WHERE key = ${`advocacy:commitment/${first ?? ""}`}`,
        ),
      ),
    )
    const cancelled = await run("outbox", "cancel", first ?? "", "--reason", "a test order", "--store", copy)
    expect([cancelled.code, cancelled.out]).toEqual([0, `  cancelled ${first}\n`])
    const credit = async () =>
      JSON.parse((await run("credit", "--no-fulfil", "--store", copy, "--json")).out) as unknown
    expect(await credit()).toMatchObject({ planned: 0 })
    expect((await run("outbox", "--store", copy)).out).toMatch(/cancelled  reward.*\n.*cancelled: a test order/)
    expect((await run("outbox", "retry", first ?? "", "--store", copy)).code).toBe(0)
    expect(JSON.parse((await run("outbox", "--store", copy, "--json")).out)).toMatchObject({ states: { planned: 1 } })
    rmSync(copy, { recursive: true })
  })
})

describe("reconcile", () => {
  it("finds what was lost from the store, makes it good, and finds nothing the second time", async () => {
    const copy = join(folder, "drifted")
    cpSync(store, copy, { recursive: true })
    const reconcile = async () => {
      const ran = await run("reconcile", "--store", copy, "--json")
      return { code: ran.code, value: JSON.parse(ran.out) as Record<string, unknown> }
    }
    const before = await digest()
    // Every command starts both sandboxes, which takes its time. One order and one contact are lost here, the newest version of another order too, and a confirmation.
    await within(
      copy,
      sqlOf((sql) =>
        Effect.all([
          sql`DELETE FROM advocacy.fact WHERE key IN (
            (SELECT min(key) FROM advocacy.fact WHERE key LIKE 'shopify:order/%'),
            (SELECT min(key) FROM advocacy.fact WHERE key LIKE 'hubspot:contact/%'))`,
          sql`UPDATE advocacy.fact SET version = version - 1, digest = '\\x00', body =
              jsonb_set(body::jsonb - 'version', '{version}', to_jsonb((body->>'version')::bigint - 1))
                || '{"channel":"lost"}'::jsonb
            WHERE key = (SELECT max(key) FROM advocacy.fact WHERE key LIKE 'shopify:order/%')`,
          sql`UPDATE advocacy.effect SET state = 'unknown', due_at = 9000000000000
            WHERE key = (SELECT min(key) FROM advocacy.effect WHERE key LIKE 'reward|%')`,
        ]),
      ),
    )
    const told = {
      drift: 4,
      facts: [
        {
          source: "shopify",
          missing: { OrderPlaced: { count: 1 } },
          outdated: { OrderPlaced: { count: 1 } },
          vanished: {},
        },
        { source: "hubspot", missing: { PersonSeen: { count: 1 } }, outdated: {}, vanished: {} },
      ],
      effects: { recorded: { unknown: { count: 1 } }, gone: { count: 0 } },
    }
    const dry = await run("reconcile", "--dry-run", "--store", copy)
    expect([dry.code, dry.out]).toEqual([1, expect.stringMatching(/missing here +OrderPlaced +1[^]*drift 4/)])
    expect(await reconcile()).toMatchObject({ code: 0, value: told })
    expect(await reconcile()).toMatchObject({ code: 0, value: { drift: 0 } })
    expect((await run("credit", "--no-fulfil", "--store", copy)).code).toBe(0)
    expect((await run("state", "--digest", "--store", copy)).out.trim()).toBe(before)
    rmSync(copy, { recursive: true })
  }, 180_000)
})

describe("export and erase", () => {
  const copy = join(folder, "erased")
  beforeAll(() => cpSync(store, copy, { recursive: true }))
  afterAll(() => rmSync(copy, { recursive: true }))
  const erase = (...args: ReadonlyArray<string>) =>
    run("erase", examples.email, "--by", "Kim", "--reason", "asked on Monday", "--store", copy, ...args)

  it("shows and writes all that is held about a person, and nothing of others", async () => {
    const { code, out } = await run("export", "person", examples.email, "--store", copy, "--json")
    const held = JSON.parse(out)
    expect(code).toBe(0)
    expect(held.personal[examples.emailHandle]).toBe(examples.email)
    expect(held.facts.OrderPlaced.length).toBeGreaterThan(0)
    const own = new Set(held.handles)
    const people = out.match(/(?:shopify:customer|hubspot:contact)\/\d+|email:[0-9a-f]{40}/g) ?? []
    expect(people.filter((handle) => !own.has(handle))).toEqual([])
    const file = join(folder, "person.json")
    expect((await run("export", "person", examples.email, "--store", copy, "--file", file)).code).toBe(0)
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(held)
    expect((await run("export", "person", examples.email, "--store", copy, "--file", file)).code).toBe(2)
  })

  it("changes nothing until it is told to", async () => {
    const before = (await run("state", "--digest", "--store", copy)).out
    const { code, out } = await erase()
    expect(code).toBe(0)
    expect(out).toContain("nothing was changed")
    expect((await run("state", "--digest", "--store", copy)).out).toBe(before)
  })

  it("erases, so that nobody is called that any more and every promise holds", async () => {
    const { code, out } = await erase("--yes", "--json")
    const done = JSON.parse(out)
    expect([code, done.erased]).toEqual([0, true])
    expect(done.tombstone).toMatch(/^erased:[0-9a-f]{40}$/)
    expect(done.values).toBeGreaterThan(0)
    expect((await run("explain", examples.email, "--store", copy)).code).toBe(2)
    expect((await run("export", "person", examples.buyer, "--store", copy)).code).toBe(2)
    const { code: verified, out: promises } = await run("verify", "--store", copy)
    expect(verified).toBe(0)
    expect(promises).toContain("+ erasure leaves a tombstone, and nothing open behind it: 1 erasures")
    expect((await run("credit", "--no-fulfil", "--store", copy)).out).toContain("nothing to post")
  })

  it("refuses what is no person", async () => {
    const { code, err } = await run("erase", examples.organic, "--by", "Kim", "--reason", "asked", "--store", copy)
    expect([code, err]).toEqual([2, expect.stringContaining("is no person")])
  })
})

describe("schema", () => {
  it("prints what a program and a fact look like", async () => {
    const program = JSON.parse((await run("schema", "program")).out) as { properties: Record<string, unknown> }
    expect(Object.keys(program.properties)).toEqual(expect.arrayContaining(["name", "currency", "mechanics"]))
    const fact = JSON.parse((await run("schema", "fact")).out) as {
      anyOf: ReadonlyArray<{ required: ReadonlyArray<string> }>
    }
    expect(fact.anyOf).toHaveLength(Fact.members.length)
    expect(fact.anyOf.every(({ required }) => required.includes("occurredAt"))).toBe(true)
    expect((await run("schema", "order")).code).toBe(2)
  })
})

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

describe("sandbox and serve", () => {
  it("sandbox answers with its token until it is stopped, and is refused a second time", async () => {
    const child = start("sandbox", "--store", store, "--shopify-port", "0", "--hubspot-port", "0", "--json")
    const { hubspot, shopify } = (await firstJson(child)) as Record<string, { url: string; token: string }>
    const answer = await fetch(`${hubspot?.url}/crm/v3/objects/contacts?limit=1`, {
      headers: { authorization: `Bearer ${hubspot?.token}` },
    })
    expect(answer.status).toBe(200)
    const second = await run("sync", "--store", store)
    expect([second.code, second.out]).toEqual([3, ""])
    child.kill("SIGTERM")
    await ended(child)
    await expect(fetch(shopify?.url ?? "")).rejects.toThrow(/fetch failed/)
  })

  it("sandbox exports writes the brand's files once, and takes the place of none", async () => {
    const out = join(folder, "exports")
    const { code, value } = await json("sandbox", "exports", "--out", out)
    const { faults, files } = value as {
      readonly faults: number
      readonly files: ReadonlyArray<{ readonly file: string; readonly rows: number; readonly bytes: number }>
    }
    expect([code, readdirSync(out).sort()]).toEqual([0, files.map(({ file }) => file).sort()])
    for (const { bytes, file } of files) expect(readFileSync(join(out, file)).length).toBe(bytes)
    const rows = new Map(files.map((one) => [one.file, one.rows]))
    expect(rows.get("planted-faults.csv")).toBe(faults)
    const orders = readFileSync(join(out, "orders_export.csv"), "utf8")
    expect(new Set(orders.match(/^#\d+/gm)).size).toBe(1_000)
    expect((await run("sandbox", "exports", "--out", out, "--store", store)).code).toBe(2)
    const many = await run("sandbox", "exports", "--out", join(folder, "none"), "--faults", "400", "--store", store)
    expect([many.code, many.err]).toEqual([2, expect.stringContaining("the world has")])
  })

  it("serve keeps signed webhooks, refuses unsigned ones, works through them, and stops", async () => {
    const port = await freePort()
    const child = start("serve", "--store", store, "--port", String(port), "--every-seconds", "1", "--json")
    const { health, shopify } = (await firstJson(child)) as { health: string; shopify: string }
    const done = async (): Promise<number> =>
      ((await (await fetch(health)).json()) as { inbox: { done: number } }).inbox.done
    const before = await done()
    const id = examples.organic.slice("shopify:order/".length)
    const body = JSON.stringify({ id: Number(id), admin_graphql_api_id: `gid://shopify/Order/${id}` })
    const { brand } = await readSettings()
    const post = (signature: string): Promise<Response> =>
      fetch(shopify, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "x-shopify-hmac-sha256": signature,
          "x-shopify-shop-domain": brand.shopDomain,
          "x-shopify-webhook-id": "11111111-2222-4333-8444-555555555555",
          "x-shopify-topic": "orders/updated",
        },
      })
    expect((await post(createHmac("sha256", "another secret").update(body).digest("base64"))).status).toBe(401)
    expect((await post(createHmac("sha256", "sandbox-secret").update(body).digest("base64"))).status).toBe(200)
    await expect.poll(done, { timeout: 10_000, interval: 300 }).toBe(before + 1)
    child.kill("SIGTERM")
    await ended(child)
    await expect(fetch(health)).rejects.toThrow(/fetch failed/)
    expect(await run("verify", "--store", store)).toMatchObject({ code: 0, err: "" })
  })
})

const readSettings = async (): Promise<{ brand: { shopDomain: string } }> => {
  const { readFile } = await import("node:fs/promises")
  return JSON.parse(await readFile(join(store, "advocacy.json"), "utf8")) as { brand: { shopDomain: string } }
}
