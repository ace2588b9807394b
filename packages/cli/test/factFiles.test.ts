/**
 * Facts as a file through the command: out of one installation and into others, and what happens to files on the way.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { digestAt } from "@advocacy-kit/core/flow/Digesting"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { GoldenStories, GoldenStory, Scenario } from "@advocacy-kit/testing"
import { Effect, Stream } from "effect"
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as FileLines from "../src/FileLines.ts"
import * as Session from "../src/Session.ts"
import { run } from "./Running.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-facts-"))
const path = (name: string): string => join(folder, name)
const now = fromIso("2026-06-20T00:00:00Z")
const ada = { handle: Scenario.customerOf(1), value: "Ada Lovelace" }

/** Value was handed over and is owed after a refund, which nothing but a commitment tells. */
const story = GoldenStories.goldenStories.find(({ title }) => title === "A refund after the reward was spent")
if (story === undefined) throw new Error("the story is told no more")

const install = (name: string, handleKey = Scenario.handleKey): string => {
  const directory = path(name)
  mkdirSync(directory, { recursive: true })
  const settings = {
    tenant: "acme",
    handleKey: Buffer.from(handleKey).toString("hex"),
    program: story.program.name,
    now,
    shareUrl: "https://acme.example/?ref=",
    brand: null,
  }
  writeFileSync(join(directory, "advocacy.json"), JSON.stringify(settings))
  return directory
}

const within = <A, E>(store: string, work: Effect.Effect<A, E, FactLog | Ledger | Tallies | CurrentTenant>) =>
  Effect.runPromise(work.pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Effect.orDie))

const credited = Effect.gen(function* () {
  yield* credit(story.program.name, now)
  const values = yield* Effect.flatMap(FactLog, (log) => log.personal([ada.handle]))
  return { ...(yield* digestAt(now)), values: [...values.values()] }
})

const [source, whole, bare] = [path("source"), path("whole.ndjson"), path("bare.ndjson")]
let state: Effect.Success<typeof credited>

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", undefined)
  install("source")
  state = await within(
    source,
    Effect.gen(function* () {
      yield* GoldenStory.tell(story)
      yield* Effect.flatMap(FactLog, (log) => log.append({ facts: [], personal: [ada] }))
      return yield* credited
    }),
  )
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

describe("facts as a file", () => {
  it("are told of in the help, with examples", async () => {
    for (const name of ["export", "import"]) {
      const { code, err, out } = await run(name, "facts", "--help")
      expect([code, err]).toEqual([0, ""])
      expect(out).toMatch(new RegExp(`advocacy ${name} facts [^]*--json[^]*EXAMPLES`))
    }
  })

  it("are written out, with how many they are", async () => {
    const told = await run("export", "facts", "--out", whole, "--personal-values", "--store", source, "--json")
    expect([told.code, JSON.parse(told.out)]).toEqual([
      0,
      expect.objectContaining({ file: whole, facts: state.facts, personalValues: 1, asOf: null }),
    ])
    const { code, out } = await run("export", "facts", "--out", bare, "--store", source)
    expect([code, out]).toEqual([0, expect.stringMatching(/personal values +0\n/)])
  })

  it("bring an empty installation to the same state", async () => {
    const other = install("other")
    const { code, out } = await run("import", "facts", whole, "--store", other)
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/handed over where this comes from: 1\.[^]*next: `advocacy credit`/),
    ])
    expect(await within(other, credited)).toEqual(state)
    expect([state.behind, state.values]).toEqual([0, [ada.value]])
    const again = await run("import", "facts", whole, "--store", other, "--json")
    expect([again.code, JSON.parse(again.out)]).toEqual([
      0,
      expect.objectContaining({ recorded: 0, duplicates: state.facts, personalValues: 1, faults: [] }),
    ])
  })

  it("are their owner's alone, whole or not there, and never take another file's place", async () => {
    expect(statSync(whole).mode & 0o777).toBe(0o600)
    expect(readFileSync(whole, "utf8")).toContain(ada.value)
    expect(readFileSync(bare, "utf8")).not.toContain(ada.value)
    const before = readFileSync(bare, "utf8")
    const { code, err } = await run("export", "facts", "--out", bare, "--store", source)
    expect([code, err]).toEqual([2, expect.stringContaining("is there already")])
    expect(readFileSync(bare, "utf8")).toBe(before)
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
  })

  it("come to standard output too, but no names and addresses", async () => {
    const { code, out } = await run("export", "facts", "--store", source)
    expect([code, out]).toEqual([0, readFileSync(bare, "utf8")])
    for (const flag of ["--personal-values", "--json"]) {
      const refused = await run("export", "facts", flag, "--store", source)
      expect([refused.code, refused.out, refused.err]).toEqual([2, "", expect.stringContaining("--out")])
    }
  })
})

describe("a file that is not as it was exported", () => {
  // Making a store takes seconds: all are tried on the one that was filled above.
  const other = path("other")

  it("is refused where handles are hashed with another key, with what to do", async () => {
    install("other", new Uint8Array(32))
    const { code, err, out } = await run("import", "facts", whole, "--store", other)
    install("other")
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(/would match nobody here[^]*next: give this installation the handleKey/)
  })

  it("is stored as far as it can be read, and told", async () => {
    const cut = path("cut.ndjson")
    const all = readFileSync(whole, "utf8").split("\n")
    const order = all.findIndex((line) => line.includes("OrderPlaced"))
    const changed = [
      ...all.slice(0, order),
      (all[order] ?? "").replace(/"amountMinor":"\d+"/, '"amountMinor":"1,5"'),
      "\xff",
      `"${"x".repeat(40)}`,
      ...all.slice(order + 1, -3),
    ]
    writeFileSync(cut, changed.join("\n"), "latin1")
    const { code, err, out } = await run("import", "facts", cut, "--store", other)
    expect(code).toBe(1)
    expect(out).toMatch(/parked +3\n/)
    expect(out).toContain(`line ${order + 1}, lines[0].amountMinor (a text of 3 characters): Expected a string`)
    expect(out).toContain(`line ${order + 2}: it is no UTF-8`)
    expect(err).toMatch(/without its trailer.*cut off.*What could be read is stored\n *next: /)
    const report = JSON.parse((await run("report", "--store", other, "--json")).out)
    expect(report.inbox).toMatchObject({ parked: 3 })
  })

  it("is refused where it is none of ours, or not there", async () => {
    const none = path("none.csv")
    writeFileSync(none, "Name,Email\nAda,ada@example.com\n")
    for (const [name, says] of [
      [none, "its first line is not their header"],
      [path("nowhere"), "cannot be read"],
    ] as const) {
      const { code, err } = await run("import", "facts", name, "--store", other)
      expect([code, err]).toEqual([2, expect.stringContaining(says)])
      expect(err).not.toContain("ada@")
    }
  })
})

describe("the lines of a file", () => {
  const read = async (chunks: ReadonlyArray<Buffer>, longest = 10) => {
    const input = vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from(chunks) as never)
    let bytes = 0
    const lines = await Effect.runPromise(
      Stream.runCollect(FileLines.of(FileLines.standardInput, { longest, onBytes: (count) => (bytes += count) })),
    )
    input.mockRestore()
    expect(bytes).toBe(Buffer.concat([...chunks]).length)
    return lines.flat()
  }
  const text = Buffer.from("one\n\nzwölf\r\nlong enough to be too long\nlast", "utf8")
  const expected = [
    { number: 1, text: "one" },
    { number: 2, text: "" },
    { number: 3, text: "zwölf\r" },
    { number: 4, text: "", problem: "it is 26 bytes long, and a line may have 10" },
    { number: 5, text: "last" },
  ]

  it("are the same however the bytes come", async () => {
    for (const size of [1, 2, 3, 7, text.length]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.subarray(at * size, (at + 1) * size),
      )
      expect(await read(chunks)).toEqual(expected)
    }
  })

  it("are told where they are no UTF-8, and none where there is nothing", async () => {
    expect(await read([Buffer.of(0x61, 0xff, 0x0a, 0x62)])).toEqual([
      { number: 1, text: "", problem: "it is no UTF-8" },
      { number: 2, text: "b" },
    ])
    expect(await read([])).toEqual([])
  })
})
