/**
 * Everything that tries a change before it counts, against one small demo: compare, backtest, shadow, publish, correct, replay.
 */
import { parse } from "@advocacy-kit/core/program/Program"
import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { PassThrough } from "node:stream"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as Confirmation from "../src/Confirmation.ts"
import * as Demo from "../src/Demo.ts"
import { program as current } from "../src/DemoProgram.ts"
import * as Installation from "../src/Installation.ts"
import * as Session from "../src/Session.ts"
import { run, type Ran } from "./Running.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), "advocacy-programs-"))
const demo = join(folder, "demo")
const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** The demo's program with some members changed, as a JSON file. */
const file = (
  name: string,
  change: (definition: Record<string, unknown>, mechanic: Record<string, unknown>) => void,
) => {
  const definition = structuredClone(current.definition) as unknown as Record<string, unknown>
  const [mechanic] = definition["mechanics"] as ReadonlyArray<Record<string, unknown>>
  if (mechanic === undefined) throw new Error("the demo's program has a mechanic")
  change(definition, mechanic)
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify(definition))
  return path
}

const higher = file("higher", (_, mechanic) => {
  mechanic["advocate"] = { kind: "discount-amount", amount: "25.00", timing: "afterQualified" }
  mechanic["limits"] = []
})
const same = file("same", () => {})
const other = file("other", (definition) => {
  definition["name"] = "brand-new"
})

const hashOf = (path: string): string => Result.getOrThrow(parse(JSON.parse(readFileSync(path, "utf8")))).hash

/** A store of its own for what writes. */
const copy = (name: string): string => {
  const target = join(folder, name)
  cpSync(demo, target, { recursive: true })
  return target
}

const on =
  (store: string) =>
  (...args: ReadonlyArray<string>): Promise<Ran> =>
    run(...args, "--store", store)
interface Told {
  readonly versions: ReadonlyArray<{ readonly hash: string; readonly state: string; readonly changes: unknown }>
  readonly against: Side
  readonly candidate: Side
  readonly changes: ReadonlyArray<unknown>
  readonly caveats: ReadonlyArray<string>
  readonly comparison: {
    readonly losers: unknown
    readonly difference: ReadonlyArray<{ readonly amountMinor: string }>
  }
  readonly leftOut: Readonly<Record<string, number>>
  readonly sensitivity: { readonly hold: ReadonlyArray<{ readonly holdDays: number }> }
  readonly scenario: { readonly qualifying: number }
  readonly digest: { readonly ledger: string; readonly replay: string }
  readonly revisions: number
  readonly published: boolean
  readonly shadows: unknown
}
interface Side {
  readonly outcomes: { readonly granted: ReadonlyArray<{ readonly amountMinor: string }> }
  readonly curve: ReadonlyArray<unknown>
}

/** What a command prints with `--json`; each command has some of these members. */
const json = async (store: string, ...args: ReadonlyArray<string>) => {
  const ran = await run(...args, "--store", store, "--json")
  return { ...ran, value: JSON.parse(ran.out) as Told }
}

beforeAll(async () => {
  await Effect.runPromise(
    Demo.run({ directory: demo, seed: 20261001, customers: 400, orders: 900, resume: false, journal: null }).pipe(
      Effect.scoped,
    ),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("program diff", () => {
  it("says in words what changes, and ends with 1", async () => {
    const { code, out } = await on(demo)("program", "diff", "current", higher)
    expect(code).toBe(1)
    expect(out).toContain("the advocate's reward rises from 20.00 EUR to 25.00 EUR")
    expect(out).toContain("the limit of 10 per year is removed")
  })

  it("ends with 0 where both say the same, by file or hash", async () => {
    const { value } = await json(demo, "program", "list")
    const { code, value: differs } = await json(
      demo,
      "program",
      "diff",
      same,
      (value.versions[0]?.hash ?? "").slice(0, 10),
    )
    expect([code, differs]).toMatchObject([0, { same: true, changes: [] }])
  })

  it("needs no store for two files", async () => {
    const { code, out } = await on(join(folder, "nowhere"))("program", "diff", same, higher)
    expect([code, out.includes("25.00 EUR")]).toEqual([1, true])
  })

  it("a file is shown without a store too, as the data that a workflow hands on", async () => {
    const { code, out } = await on(join(folder, "nowhere"))("program", "show", higher, "--json")
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { hash: hashOf(higher), definition: JSON.parse(readFileSync(higher, "utf8")) },
    ])
  })

  it("imports TypeScript that exports a program or its definition", async () => {
    const sources = join(packageFolder, "node_modules", ".programs-test")
    mkdirSync(sources, { recursive: true })
    try {
      const program = join(sources, "program.ts")
      writeFileSync(
        program,
        `import * as Program from "@advocacy-kit/core/program/Program"\nconst definition: unknown = ${JSON.stringify(current.definition)}\nconst parsed = Program.parse(definition)\nexport default (parsed as { readonly success: unknown }).success\n`,
      )
      const plain = join(sources, "plain.ts")
      writeFileSync(
        plain,
        `const definition: object = ${JSON.stringify(current.definition)}\nexport default definition\n`,
      )
      for (const path of [program, plain]) {
        const { code, err } = await on(demo)("program", "diff", path, same)
        expect([path, code, err]).toEqual([path, 0, ""])
      }
    } finally {
      rmSync(sources, { recursive: true })
    }
  })

  it.each([
    ["nothing-there.ts", "there is no file"],
    ["empty.ts", "no default export"],
    ["broken.json", "cannot be read as JSON"],
    ["program.yaml", "neither TypeScript nor JSON"],
    ["thrown.mts", "cannot be loaded: not today"],
    ["wrong.json", 'unknown member "holdays"'],
    ["0123456789ab", "no stored version begins with"],
  ])("refuses %s with what is wrong", async (name, said) => {
    const contents: Readonly<Record<string, string>> = {
      "empty.ts": "export const one = 1\n",
      "broken.json": "{",
      "program.yaml": "name: x\n",
      "thrown.mts": `throw new Error("not today")\n`,
      "wrong.json": JSON.stringify({ ...current.definition, holdays: 3 }),
    }
    const path = /^[0-9a-f]+$/.test(name) ? name : join(folder, name)
    if (contents[name] !== undefined) writeFileSync(path, contents[name])
    const { code, err, out } = await on(demo)("program", "diff", path, same)
    expect([code, out]).toEqual([2, ""])
    expect(err).toContain(said)
  })
})

describe("backtest", () => {
  it("compares a candidate with what is in force, on all that is stored", async () => {
    const { code, value } = await json(demo, "backtest", "--program", higher)
    expect(code).toBe(0)
    expect(value).toMatchObject({ basis: "replay", program: current.name, engine: { isEqual: true, stands: true } })
    const [before, after] = [value.against.outcomes.granted, value.candidate.outcomes.granted].map((granted) =>
      BigInt(granted[0]?.amountMinor ?? 0),
    )
    expect((after ?? 0n) > (before ?? 0n)).toBe(true)
    expect(BigInt(value.comparison.difference[0]?.amountMinor ?? 0)).toBe((after ?? 0n) - (before ?? 0n))
    expect(value.comparison.losers).toEqual([])
    expect(value.leftOut.RewardCommitted).toBeGreaterThan(0)
    expect(value.sensitivity.hold.map(({ holdDays }) => holdDays)).toEqual([0, 7, 14, 30])
    expect(value.candidate.curve.length).toBe(12)
  })

  it("of the version in force itself finds no difference", async () => {
    const { value } = await json(demo, "backtest", "--program", "current")
    expect(value.changes).toEqual([])
    expect(value.comparison).toMatchObject({ changes: [], winners: [], losers: [] })
  })

  it("is a comment on a pull request that names nobody", async () => {
    const { code, out } = await on(demo)("backtest", "--program", higher, "--markdown")
    expect(code).toBe(0)
    expect(out.split("\n")[0]).toBe("<!-- advocacy-backtest refer-a-friend -->")
    for (const part of [
      "| granted |",
      "- The advocate's reward rises from 20.00 EUR to 25.00 EUR",
      "advocate 1",
      "<summary>Sensitivity to hold, window and limits</summary>",
      "rebuilds the ledger in use exactly",
    ])
      expect(out).toContain(part)
    expect(out).not.toMatch(/code:|email:|customer\/|@/)
    expect(out.split("<details>").length).toBe(out.split("</details>").length)
    expect(out.length).toBeLessThan(65_536)
  })

  it("is a scenario where nobody has a code, and says why", async () => {
    const { value } = await json(demo, "backtest", "--program", other)
    expect(value).toMatchObject({ basis: "scenario", against: null, engine: null, comparison: null })
    expect(value.scenario.qualifying).toBeGreaterThan(100)
    const markdown = await on(demo)("backtest", "--program", other, "--markdown")
    expect(markdown.out).toContain('A scenario, not a forecast: nobody was ever issued a code in "brand-new"')
    expect(markdown.out).toContain("| 10 % |")
  })

  it("takes a span, and refuses two forms at once", async () => {
    const { value } = await json(demo, "backtest", "--program", higher, "--since", "2026-09-01T00:00:00Z")
    expect(value.caveats.join()).toContain("made from 2026-09-01")
    const { code, err } = await on(demo)("backtest", "--program", higher, "--json", "--markdown")
    expect([code, err.includes("exclude each other")]).toEqual([2, true])
  })
})

describe("shadow", () => {
  it("shows both reasons of each conversion that differs", async () => {
    const { code, out } = await on(demo)("shadow", "--program", higher, "--since", "2026-06-01T00:00:00Z")
    expect(code).toBe(0)
    expect(out).toMatch(/\d+ of \d+ conversions come out otherwise: \+\d/)
    expect(out).toMatch(/advocate live +credited, 20\.00 EUR\n +advocate candidate +credited, 25\.00 EUR/)
  })

  it("stands in the installation, and `credit` says when it differs", async () => {
    const store = copy("shadowed")
    const at = on(store)
    expect((await at("shadow", "add", "spring", higher, "--since", "2026-06-01T00:00:00Z")).code).toBe(0)
    expect((await at("shadow", "add", "unchanged", same)).code).toBe(0)
    expect(await at("shadow", "add", "spring", higher)).toMatchObject({ code: 2 })
    expect((await at("shadow", "list")).out).toContain(`spring  ${hashOf(higher).slice(0, 12)}  since 2026-06-01`)
    const { value } = await json(store, "credit", "--no-fulfil")
    expect(value.shadows).toMatchObject([
      { name: "spring", line: expect.stringMatching(/^shadow spring: \d+ of \d+ conversions come out otherwise, \+/) },
    ])
    expect((await at("shadow", "remove", "spring")).code).toBe(0)
    expect(await at("shadow", "remove", "spring")).toMatchObject({ code: 2 })
    await Effect.runPromise(Installation.wipe(store))
    expect(() => readFileSync(Installation.shadowsFile(store))).toThrow("ENOENT")
  })

  it("names what is missing", async () => {
    const { code, err } = await on(demo)("shadow")
    expect([code, err.includes("--program")]).toEqual([2, true])
  })
})

describe("program publish", () => {
  it("shows what it would do, and does nothing without a yes", async () => {
    const { code, out } = await on(demo)("program", "publish", higher)
    expect(code).toBe(0)
    for (const part of [
      "the advocate's reward rises",
      "none changes: what was bought before keeps its terms",
      "The last 365 days",
      "nothing was published",
    ])
      expect(out).toContain(part)
    expect((await json(demo, "program", "list")).value.versions.length).toBe(1)
  })

  it("publishes with a yes, once, and what stands keeps its terms", async () => {
    const store = copy("published")
    const first = await json(store, "program", "publish", higher, "--yes")
    expect(first.value).toMatchObject({ published: true, standing: { changes: [] }, inForce: { isSame: false } })
    const second = await on(store)("program", "publish", higher, "--yes")
    expect([second.code, second.out]).toMatchObject([0, expect.stringContaining("in force already: nothing to do")])
    const { value } = await json(store, "program", "list")
    expect(value.versions.map(({ state }) => state)).toEqual(["was", "in force"])
    expect(value.versions[1]?.changes).toContain("the limit of 10 per year is removed")
    const credited = await json(store, "credit", "--no-fulfil")
    expect(credited.value.revisions).toBe(0)
  })

  it("ahead of time it is listed as to come", async () => {
    const store = copy("ahead")
    const from = "2027-01-01T00:00:00+01:00"
    expect((await json(store, "program", "publish", higher, "--from", from, "--yes")).value.published).toBe(true)
    const { out } = await on(store)("program", "list")
    expect(out).toContain("in force from 2026-12-31T23:00:00.000Z")
  })

  it("never reaches back", async () => {
    const { code, err, out } = await on(demo)("program", "publish", higher, "--from", "2026-01-01T00:00:00Z", "--yes")
    expect([code, out]).toEqual([2, ""])
    expect(err).toContain("advocacy program correct")
  })
})

describe("program correct", () => {
  const span = ["--from", "2026-09-01T00:00:00Z", "--until", "2026-10-01T00:00:00Z"]
  const why = ["--by", "sam", "--reason", "the wrong amount was published"]

  it("shows what it would do, records it with a yes, and only the span changes", async () => {
    const store = copy("corrected")
    const shown = await on(store)("program", "correct", higher, ...span, ...why)
    expect(shown.out).toContain("the advocate's reward rises from 20.00 EUR to 25.00 EUR")
    expect(shown.out).toContain("nothing was corrected")
    const { value } = await json(store, "program", "correct", higher, ...span, ...why, "--yes")
    expect(value).toMatchObject({ corrected: true, by: "sam" })
    const credited = await json(store, "credit", "--no-fulfil")
    expect(credited.value.revisions).toBeGreaterThanOrEqual(value.changes.length)
    expect((await on(store)("replay")).code).toBe(0)
  })

  it("is of the past", async () => {
    const { code, err } = await on(demo)(
      "program",
      "correct",
      higher,
      "--from",
      "2026-09-01T00:00:00Z",
      "--until",
      "2030-01-01T00:00:00Z",
      ...why,
    )
    expect([code, err.includes("publish what is to come")]).toEqual([2, true])
  })
})

describe("replay", () => {
  it("is equal on a store that was credited", async () => {
    const { code, value } = await json(demo, "replay")
    expect(code).toBe(0)
    expect(value).toMatchObject({ isEqual: true, stands: true, differences: [] })
    expect(value.digest.ledger).toBe(value.digest.replay)
  })

  it("fails, and names the first lines, when a posting was changed behind its back", async () => {
    const store = copy("tampered")
    await Effect.runPromise(
      Effect.flatMap(
        SqlClient.SqlClient,
        (sql) =>
          sql`UPDATE advocacy.posting SET amount = amount + 1 WHERE ctid = (SELECT ctid FROM advocacy.posting WHERE account LIKE '%#settled' ORDER BY key LIMIT 1)`,
      ).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Effect.orDie),
    )
    const { code, err, out } = await on(store)("replay")
    expect(code).toBe(1)
    expect(out).toMatch(/^ {2}- (leg|balance) /m)
    expect(out).toMatch(/^ {2}\+ (leg|balance) /m)
    expect(err).toContain("the ledger is not what the facts give")
    const { out: comment } = await on(store)("backtest", "--program", higher, "--markdown")
    expect(comment).toContain("NOT what the engine rebuilds")
  })
})

describe("a question at a terminal", () => {
  const asked = async (typed: string, isTTY = true): Promise<boolean> => {
    const input = Object.assign(new PassThrough(), { isTTY })
    const output = Object.assign(new PassThrough(), { isTTY })
    const answer = Effect.runPromise(Confirmation.ask("Publish it?", { input, output }))
    input.end(typed)
    return answer
  }

  it("is answered by the word alone", async () => {
    expect(await asked("yes\n")).toBe(true)
    expect(await asked("YES \n")).toBe(true)
    for (const typed of ["\n", "y\n", "no\n", ""]) expect([typed, await asked(typed)]).toEqual([typed, false])
  })

  it("is not asked where nobody sits", async () => {
    expect(await asked("yes\n", false)).toBe(false)
  })
})
