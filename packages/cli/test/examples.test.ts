/**
 * Every example of every `--help`, run as it is written, in order, on one small demo in a directory of its own.
 *
 * What an example speaks of (a person, an order, a file) is put in its place by the fixtures below. An example that needs one and
 * has none fails; so does a fixture without its example.
 */
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { principalHandle } from "@advocacy-kit/core/person/People"
import { Effect } from "effect"
import type { Command } from "effect/cli"
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { advocacy } from "../src/Advocacy.ts"
import { program as demoProgram } from "../src/DemoProgram.ts"
import * as Session from "../src/Session.ts"
import { ended, run, type Ran, start } from "./Running.ts"

// One store for all, one example after the other: one that is given up while its command runs would break the next.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-examples-"))
const store = join(".advocacy", "demo")
const before = process.cwd()

const examplesOf = (command: Command.Command.Any): ReadonlyArray<string> => [
  ...command.examples.map((example) => example.command),
  ...command.subcommands.flatMap(({ commands }) => commands.flatMap(examplesOf)),
]
const examples = examplesOf(advocacy)

/** The words of a line as a shell reads them, up to a pipe or a redirection. */
const wordsOf = (line: string): ReadonlyArray<string> => {
  const [own = ""] = line.split(/ [|>] /)
  return [...own.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  )
}

/** Who and what the demo's brand has, for what the examples speak of. */
interface Known {
  readonly ada: string
  readonly ben: string
  readonly customer: string
  readonly another: string
  readonly order: string
  readonly credit: string
  readonly held: ReadonlyArray<string>
}
let known: Known
let built: Ran

const find = Effect.gen(function* () {
  const { asOf, program } = yield* Session.Session
  const { evaluation } = yield* Explaining.read(program, asOf)
  const { people } = evaluation.history
  const log = yield* FactLog
  const credits = [...evaluation.credits.values()].filter(({ role }) => role === "advocate")
  const buyers = evaluation.history.conversions.flatMap(({ friends }) => {
    const customer = friends.find((handle) => handle.startsWith("shopify:customer/"))
    const email = friends.find((handle) => handle.startsWith("email:"))
    return customer === undefined || email === undefined ? [] : [{ customer, email }]
  })
  const [ada, ben, another] = [
    ...new Map(buyers.map((one) => [principalHandle(people, people.personOf(one.customer)), one])).values(),
  ]
  const credited = credits.find(({ outcome }) => outcome === "credited")
  if (ada === undefined || ben === undefined || another === undefined || credited === undefined)
    return yield* Effect.die(new Error("the demo's brand lacks an example"))
  const personal = yield* log.personal([ada.email, ben.email])
  return {
    ada: personal.get(ada.email) ?? "",
    ben: personal.get(ben.email) ?? "",
    customer: ada.customer.slice("shopify:".length),
    another: another.customer.slice("shopify:".length),
    order: credited.cause,
    credit: credited.key,
    held: credits.filter(({ outcome }) => outcome === "held").map(({ key }) => key),
  } satisfies Known
})

/** Beside what the demo publishes, so that there are points to speak of. */
const withPoints = {
  ...demoProgram.definition,
  mechanics: [
    ...demoProgram.definition.mechanics,
    {
      kind: "points",
      rule: "points",
      conversions: ["order"],
      members: "everybody",
      perUnit: 1,
      qualifies: [],
      holdDays: 0,
      expiresAfterDays: null,
      tierPercent: {},
      limits: [],
      redeem: [
        { name: "5-off", points: 60, gives: { amount: "5.00" } },
        { name: "early-access", points: 10, gives: null },
      ],
    },
  ],
}

/** Files by the names that examples give them, from those that the demo's brand exports. */
const exported: Readonly<Record<string, string>> = {
  "orders_export.csv": "orders_export.csv",
  "rewards.csv": "smile-rewards.csv",
  "shopify-orders.csv": "orders_export.csv",
  "shopify-customers.csv": "customers_export.csv",
  "hubspot-contacts.csv": "hubspot-crm-exports-all-contacts.csv",
  "hubspot-companies.csv": "hubspot-crm-exports-all-companies.csv",
  "hubspot-deals.csv": "hubspot-crm-exports-all-deals.csv",
  "nps.csv": "nps.csv",
  "referrals.csv": "smile-referrals.csv",
}

const small = ["--customers", "400", "--orders", "800"]

const ok = async (...args: ReadonlyArray<string>): Promise<string> => {
  const ran = await run(...args)
  expect([args.join(" "), ran.code, ran.err]).toEqual([args.join(" "), 0, ""])
  return ran.out
}
const points = (person: string, key: string) =>
  ok("adjust", person, "+500", "--unit", "points", "--reason", "a test", "--by", "sam", "--key", key)

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", undefined)
  process.chdir(folder)
  built = await run("demo", ...small)
  known = await Effect.runPromise(find.pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Effect.orDie))
  const version = (limit: number) =>
    `export default ${JSON.stringify({ ...withPoints, mechanics: withPoints.mechanics.map((one) => (one.kind === "referral" ? { ...one, holdDays: limit } : one)) })}`
  writeFileSync("package.json", '{ "type": "module" }')
  writeFileSync("points.ts", version(14))
  writeFileSync("candidate.ts", version(21))
  writeFileSync("fixed.ts", version(7))
  writeFileSync("answers.csv", "score\n10\n9\n3\n")
  writeFileSync("people.csv", "arm,outcome\ntreated,30\ntreated,40\ntreated,35\ncontrol,20\ncontrol,25\ncontrol,31\n")
  await ok("program", "publish", "points.ts", "--yes")
  await ok("sandbox", "exports", "--out", "files")
  for (const [name, file] of Object.entries(exported)) copyFileSync(join("files", file), name)
  writeFileSync("reviews.csv", "Review ID,Email,Published at,Rating\n1,someone@example.com,2026-10-01T12:00:00Z,5\n")
  writeFileSync("mentions.csv", "Post ID,Published at,Channel,Likes\n1,2026-10-01T12:00:00Z,instagram,3\n")
  writeFileSync("rules.json", JSON.stringify(demoProgram.definition))
})

afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
  vi.unstubAllEnvs()
})

interface Fixture {
  /** What it ends with, where that is not 0. */
  readonly code?: number
  /** Words of the example, and what stands for them here. */
  readonly replace?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  readonly append?: ReadonlyArray<string> | (() => Promise<ReadonlyArray<string>>)
  readonly first?: () => Promise<unknown>
  /** It runs until it is interrupted. */
  readonly serves?: true
}

const people = (): Readonly<Record<string, string>> => ({
  "ada@example.com": known.ada,
  "ben@example.com": known.ben,
  "customer/7": known.customer,
})
const credit = (key: () => string): NonNullable<Fixture["replace"]> => {
  return () => ({ "refer-a-friend|referral|shopify:order/7|advocate|": key() })
}
const hashes = async (): Promise<Readonly<Record<string, string>>> => {
  const { versions } = JSON.parse(await ok("program", "list", "--json")) as {
    versions: ReadonlyArray<{ hash: string }>
  }
  return { "3f9a1c": versions[0]!.hash.slice(0, 8), "77b02e": versions[1]!.hash.slice(0, 8) }
}

const aPlannedReward = async (): Promise<Readonly<Record<string, string>>> => {
  await points(known.ada, "to-redeem-and-cancel")
  await ok("redeem", known.ada, "5-off", "--key", "for-the-outbox")
  await ok("credit", "--no-fulfil")
  const listed = JSON.parse(await ok("outbox", "--state", "planned", "--json")) as {
    effects: ReadonlyArray<{ key: string }>
  }
  const key = listed.effects.find((effect) => effect.key.startsWith("reward|"))?.key
  return { "reward|refer-a-friend|referral|shopify:order/7|advocate||1": key ?? "no reward is planned" }
}

const backup = "/backup/advocacy-2026-10-01.backup"
const here = "backup.here"

/** An empty store with the keys of the demo's. */
const emptied = async (): Promise<void> => {
  mkdirSync(join("restored", "store"), { recursive: true })
  copyFileSync(join(store, "advocacy.json"), join("restored", "advocacy.json"))
  copyFileSync(join(store, "store", "vault.key"), join("restored", "store", "vault.key"))
}

/** By the example; one that needs nothing has none. */
const fixtures: Readonly<Record<string, Fixture>> = {
  // What it would make is there; it goes on with that, which is a tenth of the work.
  "advocacy demo --customers 500 --orders 2000 --seed 7 --json": { append: ["--resume"] },
  // Nobody sits at a terminal here.
  "advocacy init acme": { code: 2 },
  "advocacy init /srv/advocacy --sources shopify,hubspot --currency USD --time-zone America/New_York --advocate-reward 20.00 --friend-reward 10% --site https://acme.example --yes":
    { replace: () => ({ "/srv/advocacy": "mine" }) },
  "advocacy import facts facts.ndjson --store /srv/advocacy": {
    first: () =>
      ok("export", "facts", "--out", "facts.ndjson", "--quiet").then(() => copyFileSync("facts.ndjson", "kept.ndjson")),
  },
  "zcat facts.ndjson.gz | advocacy import facts - --store /srv/advocacy": {},
  "advocacy export facts --out facts.ndjson": { first: async () => rmSync("facts.ndjson", { force: true }) },
  "advocacy export person ada@example.com": { replace: people },
  "advocacy export person customer/7 --file ada.json": { replace: people },
  "advocacy outbox cancel 'reward|refer-a-friend|referral|shopify:order/7|advocate||1' --reason 'fraud'": {
    replace: aPlannedReward,
  },
  "advocacy review release 'refer-a-friend|referral|shopify:order/7|advocate|' --by sam --reason 'family'": {
    replace: credit(() => known.held[0] ?? "nothing is held"),
  },
  "advocacy review reject 'refer-a-friend|referral|shopify:order/7|advocate|' --by sam --reason 'fraud'": {
    replace: credit(() => known.held.at(-1) ?? "nothing is held"),
  },
  "advocacy balance ada@example.com": { replace: people },
  "advocacy balance customer/7 --as-of 2027-01-01T00:00:00Z --json": { replace: people },
  "advocacy redeem ada@example.com 5-off --key shop-session-81": {
    replace: people,
    first: () => points(known.ada, "to-redeem"),
  },
  "advocacy redeem customer/7 early-access --key 2026-11-ada --json": { replace: people },
  "advocacy transfer ada@example.com ben@example.com 120 --reason 'shared account' --by sam --key ticket-81": {
    replace: people,
    first: () => points(known.ada, "to-transfer"),
  },
  "advocacy adjust ada@example.com +50 --reason 'late parcel' --by sam --key ticket-82": { replace: people },
  "advocacy adjust --unit EUR --reason 'paid twice' --by sam --key ticket-83 -- customer/7 -5.00": {
    replace: people,
    first: () =>
      ok("adjust", known.customer, "5.00", "--unit", "EUR", "--reason", "a test", "--by", "sam", "--key", "a-gift"),
  },
  "advocacy explain shopify:order/7": { replace: () => ({ "shopify:order/7": known.order }) },
  "advocacy explain ada@example.com --show-personal": { replace: people },
  "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --json": {
    replace: credit(() => known.credit),
  },
  "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --receipt": {
    replace: credit(() => known.credit),
  },
  "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --replay --revision 1": {
    replace: credit(() => known.credit),
  },
  // They end like `diff`.
  "advocacy program diff current candidate.ts": { code: 1 },
  "advocacy program diff 3f9a1c 77b02e --json": { code: 1, replace: hashes },
  "advocacy program show 3f9a1c --json": { replace: hashes },
  "advocacy erase ada@example.com --by 'Kim' --reason 'request of 1 October'": { replace: people },
  "advocacy erase customer/7 --by 'Kim' --reason 'request of 1 October' --yes": {
    replace: () => ({ "customer/7": known.another }),
  },
  "advocacy sandbox": { append: ["--shopify-port", "0", "--hubspot-port", "0"], serves: true },
  "advocacy sandbox --shopify-port 0 --hubspot-port 0 --json": { serves: true },
  "advocacy sandbox shopify --plan plus --faults late-webhooks,dropped-responses": {
    append: ["--port", "0"],
    serves: true,
  },
  "advocacy sandbox shopify --plan standard --port 0 --json": { serves: true },
  "advocacy sandbox exports --out exports --faults 0 --dialect continental": {
    first: async () => rmSync("exports", { recursive: true }),
  },
  "advocacy serve": { append: async () => ["--port", String(await freePort())], serves: true },
  "advocacy serve --store /srv/advocacy --host 0.0.0.0 --port 8080": {
    replace: async () => ({ "0.0.0.0": "127.0.0.1", "8080": String(await freePort()), "/srv/advocacy": store }),
    serves: true,
  },
  [`advocacy backup ${backup} --store /srv/advocacy`]: { replace: () => ({ [backup]: here }) },
  [`advocacy restore ${backup} --store /srv/advocacy`]: {
    first: emptied,
    replace: () => ({ [backup]: here, "/srv/advocacy": "restored" }),
  },
}

/** The same, until its first line; then it is interrupted. */
const served = async (args: ReadonlyArray<string>): Promise<Ran> => {
  const child = start(...args)
  let [out, err] = ["", ""]
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()))
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString()
      if (out.trim().includes("\n")) resolve()
    })
    child.once("close", () => resolve())
  })
  child.kill("SIGINT")
  return { code: await ended(child), out, err }
}

/** What reads from a pipe needs a shell. */
const piped = (line: string): Ran => {
  writeFileSync("facts.ndjson.gz", gzipSync(readFileSync("kept.ndjson")))
  const main = join(import.meta.dirname, "..", "src", "main.ts")
  const script = `advocacy() { ${process.execPath} ${main} "$@"; }\n${line.replace("/srv/advocacy", store)}`
  const { status, stderr, stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" })
  return { code: status ?? -1, out: stdout, err: stderr }
}

const tried = async (line: string): Promise<Ran> => {
  if (line === "advocacy demo") return built
  if (!line.startsWith("advocacy ")) return piped(line)
  const { append = [], first, replace, serves } = fixtures[line] ?? {}
  await first?.()
  const said: Readonly<Record<string, string>> = { "/srv/advocacy": store, ...(await replace?.()) }
  const [, ...words] = wordsOf(line).map((word) => said[word] ?? word)
  const args = [...words, ...(typeof append === "function" ? await append() : append)]
  return serves === true ? served(args) : run(...args)
}

describe("an example", () => {
  it.each(examples)("%s", async (line) => {
    const { code, err, out } = await tried(line)
    const { code: expected = 0, serves } = fixtures[line] ?? {}
    expect([line, code, code === 0 || code === expected ? "" : err]).toEqual([line, serves ? 130 : expected, ""])
    expect(err).not.toContain("a mistake of ours")
    if (expected === 0 && line.endsWith("--json")) expect(JSON.parse(out)).toBeTypeOf("object")
  })

  it("is there for every fixture", () => {
    expect(Object.keys(fixtures).filter((line) => !examples.includes(line))).toEqual([])
    expect(new Set(examples).size).toBe(examples.length)
  })
})
