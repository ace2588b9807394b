/**
 * A file becomes facts whatever happens to it on the way: interruptions, bad rows, and files that something has damaged.
 */
import { FactLog, FactLogError, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as OrdersFile from "@advocacy-kit/sandbox/exports/ShopifyOrders"
import * as RandomSource from "@advocacy-kit/sandbox/world/RandomSource"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { Runs } from "@advocacy-kit/testing"
import { Effect, Layer } from "effect"
import { isDeepStrictEqual } from "node:util"
import { beforeAll, describe, expect, it } from "vitest"
import { shopifyCustomers } from "../src/format/ShopifyCustomers.ts"
import { shopifyOrders } from "../src/format/ShopifyOrders.ts"
import { imported, importing, left, type Left, stores, written } from "./Imports.ts"

const customers = (count: number): string =>
  `Customer ID,First Name,Email\n${Array.from({ length: count }, (_, at) => `${at + 1},Ada,ada${at}@example.com`).join("\n")}\n`

const once = <A, E>(run: Effect.Effect<A, E, Layer.Success<typeof stores>>): Promise<A> =>
  Effect.runPromise(Effect.provide(run, Layer.fresh(stores)))

/** A log that is away for the append with this number. */
const awayAt = (number: number) =>
  Effect.map(FactLog, (log) => {
    let appends = 0
    return FactLog.of({
      ...log,
      append: (batch) =>
        ++appends === number
          ? Effect.fail(
              new FactLogError({ reason: new StoreUnavailable({ operation: "append", cause: new Error("away") }) }),
            )
          : log.append(batch),
    })
  })

describe("an import", () => {
  it("that was interrupted goes on where its last page ended", () =>
    once(
      Effect.gen(function* () {
        const path = written("many.csv", customers(12_000))
        const first = yield* Effect.exit(
          importing(shopifyCustomers, path).pipe(Effect.provideServiceEffect(FactLog, awayAt(2))),
        )
        expect(first._tag).toBe("Failure")
        const second = yield* importing(shopifyCustomers, path)
        expect(second).toMatchObject({ resumedAfter: 5_000, rows: 7_000, recorded: 7_000, duplicates: 0, parked: 0 })
        const third = yield* importing(shopifyCustomers, path)
        expect(third).toMatchObject({ resumedAfter: 0, rows: 12_000, recorded: 0, duplicates: 12_000 })
        expect((yield* left).facts).toHaveLength(12_000)
      }),
    ))

  it("parks what it cannot read with its place, says the value to whoever looks and keeps none, and takes it out once it is mended", () =>
    once(
      Effect.gen(function* () {
        const titles = "Customer ID,First Name,Email,Accepts Email Marketing\n"
        const bad = written("bad.csv", `${titles}1,Ada,ada@example.com,yes\n2,Bea,bea@example.com,perhaps\n,Cas,,no\n`)
        const first = yield* importing(shopifyCustomers, bad)
        expect(first).toMatchObject({ rows: 3, records: 3, recorded: 1, parked: 2, parkedRows: 2 })
        expect(first.examples).toEqual([
          {
            place: "shopify:customer/2",
            reason: "line 3, Accepts Email Marketing: is neither yes nor no",
            line: 3,
            column: "Accepts Email Marketing",
            value: "perhaps",
          },
          {
            place: "bad.csv line 4",
            reason: "line 4, Email: is empty, as is the customer's number",
            line: 4,
            column: "Email",
            value: null,
          },
        ])
        expect(JSON.stringify((yield* left).parked)).not.toMatch(/perhaps|bea@/)
        const mended = written("mended.csv", `${titles}2,Bea,bea@example.com,no\n`)
        expect(yield* importing(shopifyCustomers, mended)).toMatchObject({ recorded: 1, parked: 0, mended: 1 })
        expect((yield* left).parked).toHaveLength(1)
      }),
    ))

  it("never shows a value that is somebody's", async () => {
    const long = `ada${"\0"}@example.com`
    const { imported: counts } = await imported(shopifyCustomers, `Customer ID,First Name,Email\n1,Ada,${long}\n`)
    expect(counts.examples[0]).toMatchObject({ column: "Email", value: `${long.length} characters` })
  })

  it("finds columns by a mapping, and refuses a file without those that it needs", async () => {
    const text = "Nummer,Vorname,E-Mail Adresse\n7,Ada,ada@example.com\n"
    await expect(imported(shopifyCustomers, text)).rejects.toThrow(
      'has no column "Email" (the e-mail), "First Name" (the first name); it has Nummer, Vorname, E-Mail Adresse',
    )
    const mapping = { id: "nummer", firstName: "Vorname", email: "E-Mail Adresse" }
    const { facts } = await imported(shopifyCustomers, text, { mapping })
    expect(facts.map(({ key }) => key)).toEqual(["shopify:customer/7"])
    await expect(imported(shopifyCustomers, text, { mapping: { ...mapping, id: "Nr" } })).rejects.toThrow(
      /no column "Nr"/,
    )
    await expect(imported(shopifyCustomers, text, { mapping: { nothing: "Nummer" } })).rejects.toThrow(/does not read/)
    await expect(imported(shopifyCustomers, "")).rejects.toThrow(/is empty/)
  })
})

const table = OrdersFile.table(Simulator.simulate({ seed: 3, customers: 400, orders: 1_000 }))
const whole = Dialect.text({ ...table, rows: [...table.rows].slice(0, 60) })
const lines = whole.split(/(?<=\n)/)
const runs = Runs.asked(process.env, 500)

/** Some bytes of the file become others. */
const garbled = (random: RandomSource.RandomSource): Uint8Array => {
  const bytes = Buffer.from(whole)
  for (let count = 0; count < 20; count++) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255)
  return bytes
}

const damages: ReadonlyArray<readonly [string, (random: RandomSource.RandomSource) => string | Uint8Array]> = [
  ["cut off", (random) => Buffer.from(whole).subarray(0, random.int(0, Buffer.byteLength(whole)))],
  ["garbled", garbled],
  ["titles twice", (random) => lines.toSpliced(random.int(1, lines.length - 1), 0, lines[0] ?? "").join("")],
  ["a cell more", (random) => lines.with(random.int(1, 50), `x,${lines[5] ?? ""}`).join("")],
  ["a quote lost", (random) => whole.replace(RegExp(`^([^"]*"){${random.int(1, 9)}}`), (text) => text.slice(0, -1))],
  ["a NUL", (random) => ((at) => `${whole.slice(0, at)}\0${whole.slice(at)}`)(random.int(0, whole.length))],
  ["formulas", () => whole.replaceAll(/,paid,/g, ",=HYPERLINK(A1),")],
  ["rows in another order", (random) => [lines[0], ...random.shuffle(lines.slice(1))].join("")],
]

describe(`files that something has damaged, ${runs.text}`, () => {
  let before: Left
  beforeAll(async () => {
    before = await imported(shopifyOrders, whole)
  })

  it("end in a clear report, and nothing of them is lost without a word", async () => {
    const known = new Map(before.facts.map((fact) => [fact.key as string, fact]))
    const endings = new Set<string>()
    for (const seed of runs.seeds) {
      const [name, damage] = damages[seed % damages.length] ?? ["", () => ""]
      const content = damage(RandomSource.make(seed, "damage"))
      const ending = await imported(shopifyOrders, content).catch((error: unknown) => error)
      if (ending instanceof Error) {
        // The file as a whole is refused, in words that name it.
        expect(ending.message, `${name}, seed ${seed}`).toMatch(/file\.csv (has no column|is empty)/)
        endings.add("refused")
        continue
      }
      const { facts, imported: counts, parked } = ending as Left
      const place = `${name}, seed ${seed}`
      expect(counts.parked, place).toBe(parked.length)
      // Every row is in a record that was stored or parked; `FileImport.run` dies otherwise.
      expect(counts.rows, place).toBeGreaterThanOrEqual(counts.parkedRows)
      // Where nothing was parked, all is as it was, but for a file that ends earlier or whose letters are others.
      if (counts.parked === 0 && !["garbled", "cut off"].includes(name)) expect(facts, place).toEqual(before.facts)
      // A file that was cut off tells of each record what it told before, but for the one at its end and its refund.
      if (name === "cut off") {
        expect(counts.parked, place).toBeLessThanOrEqual(1)
        const others = facts.filter((fact) => !isDeepStrictEqual(fact, known.get(fact.key)))
        expect(new Set(others.map((fact) => (fact._tag === "RefundMade" ? fact.order : fact.key))).size).toBeLessThan(2)
      }
      endings.add(counts.parked === 0 ? "as it was" : "parked")
    }
    if (runs.seeds.length > 100) expect([...endings].toSorted()).toEqual(["as it was", "parked", "refused"])
  })
})
