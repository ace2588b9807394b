/**
 * `advocacy init`: what it writes works, also where nothing is installed; what was there stays; who can be asked is asked.
 */
import { Effect, FileSystem, Option, Path, Queue, Terminal } from "effect"
import { spawnSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as DemoWorld from "../src/DemoWorld.ts"
import type { ProgramDefinition } from "../src/index.ts"
import * as Answering from "../src/init/Answering.ts"
import * as Definition from "../src/init/Definition.ts"
import { kinds } from "../src/init/Question.ts"
import * as ProgramFile from "../src/ProgramFile.ts"
import * as Sandboxes from "../src/Sandboxes.ts"
import { run, runIn } from "./Running.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const folder = realpathSync(mkdtempSync(join(tmpdir(), "advocacy-init-")))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
const somewhere = (): string => join(folder, `at-${++made}`)

const needed = ["--sources", "files", "--currency", "EUR", "--time-zone", "Europe/Berlin"]
const init = (directory: string, ...flags: ReadonlyArray<string>) =>
  run("init", directory, ...(flags.includes("--sources") ? [] : needed), ...flags, "--yes")

/** What Node alone makes of a program file, somewhere outside of this repository. */
const importedByNode = (file: string) => {
  const script = `import(${JSON.stringify(file)}).then((found) => console.log(JSON.stringify(found.default)))`
  const { stderr, stdout } = spawnSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" })
  return { definition: JSON.parse(stdout) as ProgramDefinition, stderr }
}

describe("what init writes", () => {
  it.each(kinds.map(({ name }) => name))("is published and verified as it is: %s", async (kind) => {
    const at = somewhere()
    const wrote = await run("init", at, ...needed, "--program", kind, "--yes", "--json")
    expect(wrote).toMatchObject({ code: 0, err: "" })
    const told = JSON.parse(wrote.out) as { hash: string; wrote: ReadonlyArray<string> }
    expect(told.wrote).toEqual(["advocacy.json", "program.ts", ".gitignore", "package.json"])
    const program = await Effect.runPromise(ProgramFile.fromFile(join(at, "program.ts")))
    expect([program.name, program.hash]).toEqual([kind, told.hash])

    const published = await run("program", "publish", join(at, "program.ts"), "--store", at, "--yes", "--json")
    expect(published.code).toBe(0)
    expect(JSON.parse(published.out)).toMatchObject({ program: kind, hash: told.hash, published: true })
    const verified = await run("verify", "--store", at, "--json")
    expect([verified.code, (JSON.parse(verified.out) as { ok: boolean }).ok]).toEqual([0, true])
    expect((await run("program", "diff", "current", join(at, "program.ts"), "--store", at)).code).toBe(0)
  })

  it("is read by Node alone, without a warning, where nothing is installed", async () => {
    const at = somewhere()
    await init(at, "--advocate-reward", "20.00", "--friend-reward", "none")
    const { definition, stderr } = importedByNode(join(at, "program.ts"))
    expect(stderr).toBe("")
    expect(definition).toEqual(
      Definition.definitionOf({
        program: "refer-a-friend",
        currency: "EUR",
        "time-zone": "Europe/Berlin",
        "advocate-reward": "20.00",
        "friend-reward": "none",
      }),
    )
    expect(definition.mechanics[0]).toMatchObject({ advocate: { amount: "20.00" }, friend: null })
  })

  it("is read inside a project of another module system too", async () => {
    const at = somewhere()
    mkdirSync(at)
    writeFileSync(join(at, "package.json"), '{ "type": "commonjs" }')
    expect((await init(at)).code).toBe(0)
    expect(readFileSync(join(at, "package.json"), "utf8")).toBe('{ "type": "commonjs" }')
    expect(existsSync(join(at, "program.ts"))).toBe(false)
    expect(importedByNode(join(at, "program.mts")).stderr).toBe("")
    expect((await run("program", "publish", join(at, "program.mts"), "--store", at, "--yes")).code).toBe(0)
  })

  it("has the type that it names, which refuses a slip", async () => {
    const at = somewhere()
    await init(at)
    const core = fileURLToPath(new URL("../../core/src/program/Program.ts", import.meta.url))
    writeFileSync(join(at, "cli.ts"), `export type { Written as ProgramDefinition } from ${JSON.stringify(core)}\n`)
    const tsconfig = {
      compilerOptions: {
        target: "ES2023",
        module: "NodeNext",
        moduleResolution: "NodeNext",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        types: [],
        paths: { "@advocacy-kit/cli": ["./cli.ts"] },
      },
      files: ["program.ts"],
    }
    writeFileSync(join(at, "tsconfig.json"), JSON.stringify(tsconfig))
    const tsc = fileURLToPath(new URL("../../../node_modules/.bin/tsc", import.meta.url))
    const typesOf = () => spawnSync(tsc, ["-p", at], { encoding: "utf8" })
    expect(typesOf().stdout).toBe("")
    const file = join(at, "program.ts")
    writeFileSync(file, readFileSync(file, "utf8").replace("holdDays", "holdDay"))
    expect(typesOf().stdout).toContain("holdDay")
  })

  it("keeps the key to its owner, and another in each installation", async () => {
    const [one, two] = [somewhere(), somewhere()]
    await init(one)
    await init(two)
    const keyOf = (at: string) =>
      (JSON.parse(readFileSync(join(at, "advocacy.json"), "utf8")) as { handleKey: string }).handleKey
    expect(statSync(join(one, "advocacy.json")).mode & 0o777).toBe(0o600)
    expect(keyOf(one)).toMatch(/^[0-9a-f]{64}$/)
    expect(keyOf(one)).not.toBe(keyOf(two))
    expect(readFileSync(join(one, ".gitignore"), "utf8").split("\n")).toEqual(
      expect.arrayContaining(["advocacy.json", "store/", ".env"]),
    )
  })

  it("names what connects a platform, and no value that is secret", async () => {
    const at = somewhere()
    await init(at, "--sources", "shopify,files", "--currency", "EUR", "--time-zone", "UTC")
    const lines = readFileSync(join(at, ".env.example"), "utf8").split("\n")
    const set = lines.filter((line) => /^[A-Z_]+=/.test(line))
    expect(set.map((line) => line.split("=")[0])).toEqual([
      "SHOPIFY_SHOP",
      "SHOPIFY_ACCESS_TOKEN",
      "SHOPIFY_WEBHOOK_SECRET",
      "ADVOCACY_PROGRAM",
      "ADVOCACY_CURRENCY",
    ])
    expect(set.filter((line) => !line.endsWith("="))).toEqual([
      "ADVOCACY_PROGRAM=refer-a-friend",
      "ADVOCACY_CURRENCY=EUR",
    ])
  })
})

describe("what was there", () => {
  it("is an installation, and stays as it is", async () => {
    const at = somewhere()
    await init(at)
    const before = readdirSync(at).map((name) => [name, readFileSync(join(at, name), "utf8")])
    const { code, err } = await init(at)
    expect(code).toBe(2)
    expect(err).toContain("is an installation already")
    expect(readdirSync(at).map((name) => [name, readFileSync(join(at, name), "utf8")])).toEqual(before)
  })

  it("is somebody's program, and nothing is written beside it", async () => {
    const at = somewhere()
    mkdirSync(at)
    writeFileSync(join(at, "program.ts"), "mine")
    const { code, err } = await init(at)
    expect(code).toBe(2)
    expect(err).toMatch(/has a file program\.ts already.*\n {2}next: move it away/)
    expect(readdirSync(at)).toEqual(["program.ts"])
  })

  it("is somebody's .gitignore, which stays and is told", async () => {
    const at = somewhere()
    mkdirSync(at)
    writeFileSync(join(at, ".gitignore"), "mine")
    const { code, out } = await init(at)
    expect(code).toBe(0)
    expect(out).toMatch(/= \.gitignore +was there and stays; ours keeps advocacy\.json/)
    expect(readFileSync(join(at, ".gitignore"), "utf8")).toBe("mine")
  })

  it("keeps one file from being written: then none is left behind", async () => {
    const at = somewhere()
    mkdirSync(at)
    symlinkSync(join(at, "nowhere", "else"), join(at, ".gitignore"))
    const { code, err } = await init(at)
    expect(code).toBe(2)
    expect(err).toContain("cannot be written")
    expect(readdirSync(at)).toEqual([".gitignore"])
  })
})

describe("questions", () => {
  it("that nobody can answer are named with their flags, and nothing is written", async () => {
    const at = somewhere()
    const { code, err, out } = await run("init", at, "--currency", "EUR")
    expect([code, out]).toEqual([2, ""])
    expect(err).toContain("there is no --sources, --time-zone")
    expect(err).toContain("--yes to take what is suggested for --tenant, --advocate-reward")
    expect(existsSync(at)).toBe(false)
  })

  it("that have no honest suggestion are not answered by --yes", async () => {
    const { code, err } = await run("init", somewhere(), "--yes", "--sources", "files")
    expect(code).toBe(2)
    expect(err).toContain("there is no --currency, --time-zone")
  })

  it.each([
    [["--currency", "EURO"], /--currency: "EURO" is no ISO 4217 currency/],
    [["--time-zone", "Berlin"], /--time-zone: "Berlin" is no IANA time zone/],
    [["--sources", "files,excel"], /--sources: "excel" is none of files, shopify, hubspot/],
    [["--program", "lottery"], /--program: "lottery" is none of refer-a-friend/],
    [["--advocate-reward", "0.00"], /--advocate-reward: "0\.00" is no reward/],
    [["--friend-reward", "101%"], /--friend-reward: "101%" is no reward/],
    [["--advocate-reward", "20.005"], /at mechanics\.0\.advocate\.amount: "20\.005" has more than the 2 decimals/],
    [["--offer", "500:5"], /--offer says nothing about refer-a-friend/],
    [["--program", "collect-points", "--offer", "free"], /--offer: "free" is no offer/],
    [["--site", "acme"], /--site: "acme" is no address/],
    [["--tenant", "ACME"], /--tenant: "ACME" must be lower-case/],
  ])("refuse %j with the reason, before anything is written", async (flags, problem) => {
    const at = somewhere()
    const asked = Object.fromEntries([
      ["--sources", "files"],
      ["--currency", "EUR"],
      ["--time-zone", "UTC"],
    ])
    for (let index = 0; index < flags.length; index += 2) asked[flags[index]!] = flags[index + 1]!
    const { code, err } = await run("init", at, ...Object.entries(asked).flat(), "--yes")
    expect(code).toBe(2)
    expect(err).toMatch(problem)
    expect(err).toContain("next: ")
    expect(existsSync(at)).toBe(false)
  })

  it("are asked at a terminal, and only those without a flag", async () => {
    const asked: Array<string> = []
    const key = (name: string): Terminal.UserInput => ({
      input: name.length === 1 ? Option.some(name) : Option.none(),
      key: { name, ctrl: false, meta: false, shift: false },
    })
    const typed = (text: string) => [...text, "enter"].map(key)
    // What is suggested stands there to be changed.
    const instead = (there: string, text: string) => [...[...there].map(() => key("backspace")), ...typed(text)]
    const keys = [
      // The first line of a list with a choice of its own for all: two down to Shopify.
      ...["down", "down", "down", "space", "enter"].map(key),
      ...typed(""),
      ...typed("chf"),
      ...instead("chf", "CHF"),
      ...typed(""),
      ...["down", "down", "enter"].map(key),
      ...instead("1", "2"),
      ...instead("500:5", "none"),
    ]
    const queue = Effect.runSync(Queue.unbounded<Terminal.UserInput>())
    Queue.offerAllUnsafe(queue, keys)
    const terminal = Terminal.make({
      columns: Effect.succeed(80),
      rows: Effect.succeed(24),
      size: Effect.die("not asked for"),
      readLine: Effect.die("not asked for"),
      readInput: Effect.succeed(queue),
      display: (text) => Effect.sync(() => asked.push(text)),
    })
    const answers = await Effect.runPromise(
      Answering.answer(
        { site: "https://acme.example" },
        { canAsk: true, isAgreed: false, place: { directoryName: "My Brand!", timeZone: "Europe/Zurich" } },
      ).pipe(
        Effect.provideService(Terminal.Terminal, terminal),
        Effect.provide(FileSystem.layerNoop({})),
        Effect.provide(Path.layer),
      ),
    )
    expect(asked.join("")).toContain("is no ISO 4217 currency")
    expect(asked.join("")).not.toContain("Where do advocates' links lead?")
    expect(answers).toEqual({
      sources: "shopify",
      tenant: "my-brand",
      currency: "CHF",
      "time-zone": "Europe/Zurich",
      program: "collect-points",
      "points-per-unit": "2",
      offer: "none",
      site: "https://acme.example",
    })
  })
})

describe("an installation with one platform", () => {
  const brand = join(folder, "brand")
  let stop = (): Promise<void> => Promise.resolve()
  let addresses: { readonly shopify: Sandboxes.Sandbox; readonly hubspot: Sandboxes.Sandbox }
  let shop: string

  beforeAll(async () => {
    const world = await Effect.runPromise(
      DemoWorld.prepare({ directory: brand, seed: 3, customers: 400, orders: 800, resume: false }),
    )
    shop = world.brand.shopDomain
    addresses = await new Promise((resolve, reject) => {
      const controller = new AbortController()
      const serving = Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            resolve(yield* Sandboxes.startBoth(brand))
            return yield* Effect.never
          }),
        ),
        { signal: controller.signal },
      ).catch(reject)
      stop = () => {
        controller.abort()
        return serving.then(() => undefined)
      }
    })
  })
  afterAll(() => stop())

  it("reads it without the variables of the other, and hands over", async () => {
    const at = somewhere()
    await init(at, "--sources", "shopify", "--currency", "EUR", "--time-zone", "Europe/Berlin")
    const missing = await run("sync", "--store", at)
    expect(missing.code).toBe(2)
    expect(missing.err).toContain("the environment variable SHOPIFY_SHOP is missing")
    const env = {
      SHOPIFY_SHOP: shop,
      SHOPIFY_ACCESS_TOKEN: addresses.shopify.token,
      SHOPIFY_BASE_URL: addresses.shopify.url,
    }
    const synced = await runIn(env, "sync", "--store", at, "--json")
    expect([synced.code, synced.err]).toEqual([0, ""])
    const { synced: parts } = JSON.parse(synced.out) as { synced: ReadonlyArray<{ source: string; recorded: number }> }
    expect(new Set(parts.map(({ source }) => source))).toEqual(new Set(["shopify"]))
    expect(parts.reduce((sum, { recorded }) => sum + recorded, 0)).toBeGreaterThan(1_000)
    const credited = await runIn(env, "credit", "--store", at, "--json")
    expect([credited.code, credited.err]).toEqual([0, ""])
    expect(JSON.parse(credited.out)).toMatchObject({ written: { written: 0 }, fulfilled: { failed: 0 } })
  })

  it("says that nobody hands over where there is no shop", async () => {
    const at = somewhere()
    await init(at, "--sources", "hubspot", "--currency", "EUR", "--time-zone", "Europe/Berlin")
    const env = {
      HUBSPOT_ACCESS_TOKEN: addresses.hubspot.token,
      HUBSPOT_PORTAL_ID: "48213377",
      HUBSPOT_BASE_PATH: addresses.hubspot.url,
      ADVOCACY_PROGRAM: "refer-a-friend",
      ADVOCACY_CURRENCY: "EUR",
    }
    const synced = await runIn(env, "sync", "--store", at, "--json")
    expect([synced.code, synced.err]).toEqual([0, ""])
    const { synced: parts } = JSON.parse(synced.out) as { synced: ReadonlyArray<{ source: string; recorded: number }> }
    expect(new Set(parts.map(({ source }) => source))).toEqual(new Set(["hubspot"]))
    const credited = await runIn(env, "credit", "--store", at, "--json")
    expect(credited.code).toBe(0)
    expect(credited.err).toContain("no platform that does is connected")
    expect(JSON.parse(credited.out)).toMatchObject({ fulfilled: null })
  })

  it("is not asked for anything where there are files only", async () => {
    const at = somewhere()
    await init(at)
    for (const name of ["sync", "reconcile", "serve"]) {
      const { code, err } = await run(name, "--store", at)
      expect([name, code]).toEqual([name, 2])
      expect(err).toMatch(/has no platform that could be asked\n {2}next: connect one/)
    }
    expect((await run("credit", "--store", at)).code).toBe(0)
  })

  it("is never emptied by a demo", async () => {
    const at = somewhere()
    await init(at)
    const { code, err } = await run("demo", "--store", at)
    expect(code).toBe(3)
    expect(err).toContain("an installation of yours")
    expect(existsSync(join(at, "advocacy.json"))).toBe(true)
  })
})

describe("the installation of the directory one is in", () => {
  it("is worked on without --store", async () => {
    const at = somewhere()
    await init(at)
    const before = process.cwd()
    try {
      process.chdir(at)
      const { code, out } = await run("state", "--json")
      expect([code, (JSON.parse(out) as { facts: number }).facts]).toEqual([0, 0])
    } finally {
      process.chdir(before)
    }
  })
})
