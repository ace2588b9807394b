/**
 * Facts as a file, out of one store in memory and into another: what comes back, what is noticed, and where an import goes on.
 */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as FactFile from "@advocacy-kit/core/fact/FactFile"
import type { FileLine } from "@advocacy-kit/core/fact/FactFileReading"
import { FactLog, FactLogError, type PersonalValue, Unstorable } from "@advocacy-kit/core/fact/FactLog"
import { ErasedMeanwhile, exportFacts } from "@advocacy-kit/core/flow/ExportingFacts"
import { importFacts } from "@advocacy-kit/core/flow/ImportingFacts"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { canonical } from "@advocacy-kit/core/id/Digest"
import { tombstone } from "@advocacy-kit/core/id/Handle"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { assert, describe, expect, it } from "@effect/vitest"
import { Arbitrary, Cause, Effect, Exit, Layer, Schema, Stream } from "effect"
import process from "node:process"
import * as FactArbitrary from "../src/arbitrary/FactArbitrary.ts"
import * as HistoryArbitrary from "../src/arbitrary/HistoryArbitrary.ts"
import * as Scenario from "../src/Scenario.ts"

const runs = (base: number) => {
  const count = Math.max(1, Math.round(base * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))
  return { arbitrary: { runs: count }, timeout: 10_000 + count * 50 }
}

/** Nobody's time. */
const never = 9e15

/** An installation of its own; all have one handle key. */
const inFresh = <A, E>(work: Effect.Effect<A, E, Layer.Success<typeof MemoryStores.layerMemory> | CurrentTenant>) =>
  work.pipe(
    Effect.provide(Layer.fresh(MemoryStores.layerMemory)),
    Effect.provideService(CurrentTenant, { id: TenantIdOf("a"), handleKey: Scenario.handleKey }),
  )

const append = (facts: ReadonlyArray<Fact.Fact>, personal: ReadonlyArray<PersonalValue> = []) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal }))
const newest = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: never })))
const known = Effect.map(newest, (facts) => facts.map((fact) => canonical(fact)))

const written = (personalValues = false) =>
  Effect.map(Stream.runCollect(exportFacts({ asOf: null, personalValues })), (some) => some.flat())

/** Arbitrary whole numbers are more than ranks and times can be. */
const possible = (fact: Fact.Fact): Fact.Fact => ({
  ...fact,
  rank: fact.rank % 1_000,
  occurredAt: fact.occurredAt % 8_640_000_000_000_000,
})

const exported = (facts: ReadonlyArray<Fact.Fact>) => inFresh(Effect.andThen(append(facts), written()))

const numbered = (text: string): ReadonlyArray<FileLine> =>
  text.split("\n").map((line, index) => ({ number: index + 1, text: line }))

const imported = (text: string, job: string | null = "import") =>
  importFacts({ lines: Stream.succeed(numbered(text)), name: "file", job })

const text = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join("")

const story: ReadonlyArray<Fact.Fact> = [
  Scenario.person({ customer: 1, email: "ada@example.com" }),
  Scenario.person({ customer: 2, email: "zoe@example.com" }),
  Scenario.asset({ code: "ADA", owner: 1 }),
  Scenario.order({ order: 7, customer: 2, email: "zoe@example.com", code: "ADA", total: "50.00", day: 4 }),
  Scenario.order({ order: 7, customer: 2, version: 2, kept: false, day: 4 }),
  Scenario.refund({ order: 7, refund: 1, amount: "50.00", returned: true, day: 9 }),
]
const ada = { handle: Scenario.emailOf("ada@example.com"), value: "ada@example.com" }
const zoe = { handle: Scenario.emailOf("zoe@example.com"), value: "zoe@example.com" }

const sameAgain = (facts: ReadonlyArray<Fact.Fact>) =>
  Effect.gen(function* () {
    const before = yield* inFresh(Effect.andThen(append(facts), known))
    const lines = yield* exported(facts)
    yield* inFresh(
      Effect.gen(function* () {
        const first = yield* imported(text(lines))
        assert.deepStrictEqual([first.recorded, first.parked, first.faults], [before.length, 0, []])
        assert.deepStrictEqual(yield* known, before)
        assert.deepStrictEqual(yield* written(), lines)
        const again = yield* imported(text(lines))
        assert.deepStrictEqual([again.recorded, again.duplicates, again.earlier], [0, before.length, 0])
      }),
    )
  })

describe("a file of facts", () => {
  it.effect.prop(
    "brings facts of any kind back as they were, and nothing when it comes again",
    [Arbitrary.array(FactArbitrary.fact, { minLength: 0, maxLength: 20 })],
    ([facts]) => sameAgain(facts.map(possible)),
    runs(60),
  )

  it.effect.prop(
    "brings a history back as it stands",
    [HistoryArbitrary.history()],
    ([facts]) => sameAgain(facts),
    runs(40),
  )

  it.effect("is a header, facts in the order of their keys, and a trailer with counts and hash", () =>
    Effect.gen(function* () {
      const lines = yield* exported(story)
      const values = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(values[0]).toEqual({
        format: "advocacy-facts",
        version: 1,
        asOf: null,
        handleKey: expect.stringMatching(/^[0-9a-f]{16}$/),
        personalValues: false,
      })
      expect(values.slice(1, -1).map(({ key }) => key)).toEqual([
        "advocacy:asset/ADA",
        "shopify:customer/1",
        "shopify:customer/2",
        "shopify:order/7",
        "shopify:refund/1",
      ])
      expect(values.at(-1)).toEqual({
        trailer: { facts: 5, personalValues: 0, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      })
    }),
  )

  it.effect("holds names and addresses only where they are asked for, each beside a fact that names the handle", () =>
    Effect.gen(function* () {
      const [without, lines] = yield* inFresh(
        Effect.andThen(append(story, [ada, zoe]), Effect.all([written(), written(true)])),
      )
      expect(text(without)).not.toContain("example.com")
      expect(lines.filter((line) => line.includes('personal":{'))).toEqual([
        FactFile.personalLine(ada),
        FactFile.personalLine(zoe),
      ])
      const values = yield* inFresh(
        Effect.gen(function* () {
          expect(yield* imported(text(lines))).toMatchObject({ rows: 7, recorded: 5, personalValues: 2, faults: [] })
          return yield* Effect.flatMap(FactLog, (log) => log.personal([ada.handle, zoe.handle]))
        }),
      )
      expect([...values]).toEqual([ada, zoe].map(({ handle, value }) => [handle, value]))
    }),
  )

  it.effect("leaves out what occurred later than it is asked for", () =>
    Effect.gen(function* () {
      const lines = yield* inFresh(
        Effect.andThen(
          append(story),
          Stream.runCollect(exportFacts({ asOf: Scenario.at({ day: 5 }), personalValues: false })),
        ),
      )
      expect(text(lines.flat())).not.toContain("shopify:refund")
      expect(JSON.parse(lines.flat()[0] ?? "")).toMatchObject({ asOf: "2026-10-06T12:00:00.000Z" })
    }),
  )

  it.effect("is never finished when somebody was erased while it was written", () =>
    Effect.gen(function* () {
      const exit = yield* inFresh(
        Effect.gen(function* () {
          yield* append(story)
          const erasure = yield* Erasure
          const erase = erasure.erase({
            handles: [ada.handle],
            at: Scenario.at({ day: 20 }),
            by: "Kim",
            reason: "asked",
          })
          return yield* Stream.runForEach(exportFacts({ asOf: null, personalValues: true }), () =>
            Effect.asVoid(erase),
          ).pipe(Effect.exit)
        }),
      )
      expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBeInstanceOf(ErasedMeanwhile)
    }),
  )
})

describe("people who were erased", () => {
  const erase = Effect.flatMap(Erasure, (erasure) =>
    erasure.erase({ handles: [ada.handle], at: Scenario.at({ day: 20 }), by: "Kim", reason: "asked" }),
  )

  it.effect("are tombstones in the file, and in what is made of it", () =>
    Effect.gen(function* () {
      const [lines, before] = yield* inFresh(
        Effect.gen(function* () {
          yield* append(story, [ada, zoe])
          yield* erase
          return [yield* written(true), yield* known] as const
        }),
      )
      expect(text(lines)).not.toMatch(/ada@example|shopify:customer\/1"/)
      yield* inFresh(
        Effect.gen(function* () {
          expect(yield* imported(text(lines))).toMatchObject({ parked: 0, faults: [], erasures: 1 })
          expect(yield* known).toEqual(before)
        }),
      )
    }),
  )

  it.effect("stay erased where a file from before the erasure is imported", () =>
    Effect.gen(function* () {
      const lines = yield* inFresh(Effect.andThen(append(story, [ada, zoe]), written(true)))
      yield* inFresh(
        Effect.gen(function* () {
          yield* append(story, [ada, zoe])
          yield* erase
          const before = yield* known
          expect(yield* imported(text(lines))).toMatchObject({ recorded: 0, duplicates: 5, personalValues: 2 })
          expect(yield* known).toEqual(before)
          const values = yield* Effect.flatMap(FactLog, (log) => log.personal([ada.handle, zoe.handle]))
          expect([...values.keys()]).toEqual([zoe.handle])
        }),
      )
      yield* inFresh(
        Effect.gen(function* () {
          yield* erase
          yield* imported(text(lines))
          const people = (yield* newest).flatMap((fact) => (fact._tag === "PersonSeen" ? fact.aliases : []))
          expect(people).toContain(tombstone(Scenario.handleKey, ada.handle))
          expect(people).not.toContain(ada.handle)
        }),
      )
    }),
  )
})

const index = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })))

/** What happens to files. Whatever is not harmless and changes the file has to be told. */
const mishaps: ReadonlyArray<{
  readonly name: string
  readonly isHarmless?: true
  readonly to: (lines: ReadonlyArray<string>, one: number, other: number) => string
}> = [
  { name: "nothing", isHarmless: true, to: text },
  { name: "CRLF", isHarmless: true, to: (lines) => text(lines).replaceAll("\n", "\r\n") },
  { name: "a byte order mark", isHarmless: true, to: (lines) => `\uFEFF${text(lines)}` },
  { name: "empty lines", isHarmless: true, to: (lines) => `\n${lines.join("\n\n  \n")}` },
  { name: "no last line end", isHarmless: true, to: (lines) => lines.join("\n") },
  {
    name: "cut off",
    to: (lines, one) => {
      const first = (lines[0] ?? "").length + 1
      const whole = text(lines)
      return whole.slice(0, first + (one % (whole.length - first - 1)))
    },
  },
  { name: "a line left out", to: (lines, one) => text(lines.toSpliced(1 + (one % (lines.length - 1)), 1)) },
  {
    name: "a line twice",
    to: (lines, one) => {
      const at = 1 + (one % (lines.length - 2))
      return text(lines.toSpliced(at, 0, lines[at] ?? ""))
    },
  },
  {
    name: "two lines exchanged",
    to: (lines, one, other) => {
      const [left, right] = [1 + (one % (lines.length - 2)), 1 + (other % (lines.length - 2))]
      return text(lines.with(left, lines[right] ?? "").with(right, lines[left] ?? ""))
    },
  },
  {
    name: "a character exchanged",
    to: (lines, one, other) => {
      const first = (lines[0] ?? "").length + 1
      const whole = text(lines)
      const at = first + (one % (whole.length - first))
      return whole.slice(0, at) + (["\0", "x", "7", '"', "{", "\ud800", "\n"][other % 7] ?? "") + whole.slice(at + 1)
    },
  },
  {
    name: "a line of something else",
    to: (lines, one) => text(lines.toSpliced(1 + (one % (lines.length - 1)), 0, "key,version")),
  },
  { name: "two files", to: (lines) => text([...lines, ...lines]) },
  { name: "facts behind the trailer", to: (lines) => text([...lines, ...lines.slice(1, 2)]) },
]

describe("what happens to files", () => {
  it.effect.prop(
    "is harmless or told, and every row is accounted for",
    [HistoryArbitrary.history(12), index, index, index],
    ([facts, which, one, other]) =>
      Effect.gen(function* () {
        const mishap = mishaps[which % mishaps.length]
        const lines = yield* exported([...story, ...facts])
        const before = yield* inFresh(Effect.andThen(append([...story, ...facts]), known))
        const changed = mishap?.to(lines, one, other) ?? ""
        yield* inFresh(
          Effect.gen(function* () {
            const found = yield* imported(changed)
            const after = yield* known
            const isTold = found.faults.length + found.parked > 0
            assert.strictEqual(found.recorded + found.duplicates + found.personalValues + found.parked, found.rows)
            // Whatever is stored stands in the file that was read.
            for (const fact of yield* newest) assert.include(changed, FactFile.factLine(fact))
            if (!isTold) assert.deepStrictEqual(after, before, mishap?.name)
            assert.strictEqual(isTold, mishap?.isHarmless !== true && changed !== text(lines), mishap?.name)
            assert.strictEqual((yield* Effect.flatMap(Inbox, ({ parked }) => parked)).length, found.parked)
          }),
        )
      }),
    runs(250),
  )

  it.effect("refuses, before anything is stored, what has no header, another key or a newer format", () =>
    Effect.gen(function* () {
      const [header = "", ...rest] = yield* exported(story)
      const refused = (first: string) =>
        inFresh(
          Effect.gen(function* () {
            const error = yield* Effect.flip(imported(text([first, ...rest])))
            expect(yield* newest).toEqual([])
            return error._tag === "FactFileError" ? error.reason : error
          }),
        )
      expect(yield* refused(rest[0] ?? "")).toMatchObject({ _tag: "NoHeader" })
      expect(yield* refused("key,version,rank")).toMatchObject({ _tag: "NoHeader" })
      expect(yield* refused("")).toMatchObject({ _tag: "NoHeader" })
      expect(yield* refused(header.replace('"version":1', '"version":2'))).toMatchObject({
        _tag: "NewerFormat",
        version: 2,
      })
      const other = FactFile.headerLine({ asOf: null, handleKey: new Uint8Array(32), personalValues: false })
      const otherKey = yield* refused(other)
      expect(otherKey).toMatchObject({ _tag: "OtherHandleKey", remedy: expect.stringContaining("handleKey") })
      expect((yield* Effect.flip(inFresh(imported("\n\n")))).message).toContain("not their header")
    }),
  )
})

describe("a line that cannot be read", () => {
  const line = FactFile.factLine(Scenario.refund({ order: 7, refund: 1, amount: "50.00", returned: true, day: 9 }))
  const changed = (from: string | RegExp, to: string): string => {
    const after = line.replace(from, to)
    assert.notStrictEqual(after, line)
    return after
  }
  it.each([
    ["a wrong amount", changed(/"otherMinor":"\d+"/, '"otherMinor":"1.5"'), "otherMinor", '"1.5"', /bigint/],
    ["a number for a text", changed(/"line":"\w+"/, '"line":7'), "lines[0].line", "7", /string/],
    ["something missing", changed(/"version":\d+,/, ""), "version", "", /[Mm]issing/],
    ["something that nobody knows", changed("{", '{"tip":5,'), "tip", "5", /excess/],
    ["another kind", changed("RefundMade", "TipGiven"), "_tag", "TipGiven", /knows no such fact/],
    ["no kind", changed('"_tag":"RefundMade",', ""), "_tag", "", /which fact/],
    ["a NUL", changed(/"line":"\w+"/, '"line":"a\\u0000b"'), "lines[0].line", "", /NUL/],
    ["half of a pair", changed(/"line":"\w+"/, '"line":"\\uD83d"'), "lines[0].line", "", /surrogate/],
    ["a rank beyond all", changed(/"rank":\d+/, '"rank":3000000000'), "rank", "a number of 10 characters", /no rank/],
    [
      "a time beyond all",
      changed(/"occurredAt":\d+/, '"occurredAt":9000000000000000'),
      "occurredAt",
      "a number of 16 characters",
      /beyond all times/,
    ],
    ["a list", "[1,2]", "", "a list of 2", /object/],
    ["half of it", line.slice(0, 80), "", "", /no JSON/],
    [
      "somebody's address",
      changed(/"order":"[^"]+"/, '"order":"ada lovelace@example.com"'),
      "order",
      "a text of 24 characters",
      /string matching/,
    ],
    [
      "somebody's name for a currency",
      changed('"EUR"', '"Ada"'),
      "currency",
      "a text of 3 characters",
      /the text is not/,
    ],
    [
      "somebody's number",
      changed(/"line":"\w+"/, '"line":491511234567'),
      "lines[0].line",
      "a number of 12 characters",
      /string/,
    ],
    ["a name as a name", changed("{", '{"ada@example.com":1,'), "(a name of 15 characters)", "1", /excess/],
    [
      "a person's value of another kind",
      '{"personal":{"handle":"email:1","value":5}}',
      "personal.value",
      "5",
      /string/,
    ],
  ])("%s is told by its place, what stands there and why", (_, changedLine, path, value, reason) => {
    const read = FactFile.read(changedLine)
    assert(read.kind === "unreadable")
    expect([read.unreadable.path, read.unreadable.value]).toEqual([path, value])
    expect(read.unreadable.reason).toMatch(reason)
    expect(JSON.stringify(read)).not.toMatch(/\b[aA]da\b/)
  })

  it("is one whose definition is nested without end", () => {
    const published = {
      _tag: "ProgramPublished",
      key: "a:b",
      version: 0,
      rank: 200,
      occurredAt: 0,
      program: "p",
      hash: "h",
    }
    const deep = `{${JSON.stringify(published).slice(1, -1)},"definition":${"[".repeat(5_000)}${"]".repeat(5_000)}}`
    expect(FactFile.read(deep)).toMatchObject({
      kind: "unreadable",
      unreadable: { reason: expect.stringContaining("deeper") },
    })
  })

  it.effect("is parked once, and settled when it can be read", () =>
    Effect.gen(function* () {
      const lines = yield* exported(story)
      const broken = lines.with(2, (lines[2] ?? "").replace("PersonSeen", "PersonSeem"))
      yield* inFresh(
        Effect.gen(function* () {
          const inbox = yield* Inbox
          for (const _ of [1, 2]) expect(yield* imported(text(broken))).toMatchObject({ rows: 5, parked: 1 })
          expect(yield* inbox.parked).toEqual([
            {
              source: "file",
              eventKey: "record file line 3",
              topic: "record",
              reason: "line 3, _tag (PersonSeem): this version knows no such fact",
            },
          ])
          // As if a newer version had learnt to read it: the file is the same, and so is the place.
          expect(yield* imported(text(lines))).toMatchObject({ recorded: 1, duplicates: 4, parked: 0 })
          expect(yield* inbox.parked).toEqual([])
        }),
      )
    }),
  )
})

describe("a fact that the store alone refuses", () => {
  /** Refuses one key, for a reason that no reader of the file can know. */
  const refusing = (key: string) => (log: FactLog["Service"]) =>
    FactLog.of({
      ...log,
      append: (batch) =>
        batch.facts.some((fact) => fact.key === key)
          ? Effect.fail(new FactLogError({ reason: new Unstorable({ key, remedy: "ask for a larger store" }) }))
          : log.append(batch),
    })

  it.effect("is parked, and holds up nobody", () =>
    Effect.gen(function* () {
      const lines = yield* exported(story)
      yield* inFresh(
        Effect.gen(function* () {
          const found = yield* Effect.updateService(imported(text(lines)), FactLog, refusing("shopify:order/7"))
          expect(found).toMatchObject({ rows: 5, recorded: 4, parked: 1, faults: [] })
          expect(found.unreadable).toEqual([{ line: 5, path: "", value: "", reason: "ask for a larger store" }])
          expect((yield* newest).map(({ key }) => key)).not.toContain("shopify:order/7")
          expect(yield* Effect.flatMap(Inbox, ({ parked }) => parked)).toHaveLength(1)
        }),
      )
    }),
  )
})

describe("an import that is interrupted", () => {
  const many = Array.from({ length: 12_000 }, (_, number) => Scenario.answer({ customer: number, score: number % 11 }))

  it.effect(
    "goes on where it was, and comes to the same",
    () =>
      Effect.gen(function* () {
        const lines = (yield* exported(many)).with(3, "{")
        yield* inFresh(
          Effect.gen(function* () {
            const stops = (after: number) =>
              importFacts({
                lines: Stream.concat(
                  Stream.succeed(numbered(text(lines)).slice(0, after)),
                  Stream.fail("stopped" as const),
                ),
                name: "file",
                job: "import",
              })
            expect(yield* Effect.flip(stops(7_000))).toBe("stopped")
            expect(yield* newest).toHaveLength(4_999)
            expect(yield* Effect.flip(stops(10_500))).toBe("stopped")
            expect(yield* newest).toHaveLength(9_999)
            const found = yield* imported(text(lines))
            expect(found).toMatchObject({ rows: 12_000, earlier: 10_000, recorded: 2_000, duplicates: 0, parked: 0 })
            expect(found.faults).toEqual([expect.stringContaining("not those that were exported")])
            expect(yield* newest).toHaveLength(11_999)
            expect(yield* imported(text(lines))).toMatchObject({
              earlier: 0,
              recorded: 0,
              duplicates: 11_999,
              parked: 1,
            })
          }),
        )
      }),
    30_000,
  )
})
