/**
 * HubSpot's exports and surveys after something has damaged them: the report is clear, and nothing is read wrongly without a word.
 */
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as HubSpotFiles from "@advocacy-kit/sandbox/exports/HubSpotFiles"
import * as NpsFiles from "@advocacy-kit/sandbox/exports/NpsFiles"
import * as RandomSource from "@advocacy-kit/sandbox/world/RandomSource"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { Runs } from "@advocacy-kit/testing"
import { describe, expect, it } from "vitest"
import { hubspotCompanies } from "../src/format/HubSpotCompanies.ts"
import { hubspotContacts } from "../src/format/HubSpotContacts.ts"
import { hubspotDeals } from "../src/format/HubSpotDeals.ts"
import { surveyAnswers } from "../src/format/SurveyAnswers.ts"
import { imported, type Left } from "./Imports.ts"

const world = Simulator.simulate({ seed: 3, customers: 400, orders: 1_000 })
const { companies, contacts, deals } = HubSpotFiles.tables(world)
const { delighted, generic, typeform } = NpsFiles.tables(world)
const runs = Runs.asked(process.env, 40)

type Lines = ReadonlyArray<string>
interface Damage {
  readonly name: string
  readonly damage: (lines: Lines, random: RandomSource.RandomSource) => string
  /** How many records it may cost. */
  readonly parked: ReadonlyArray<number>
}

const changed = (lines: Lines, at: number, change: (line: string) => string): string =>
  lines.map((line, index) => (index === at ? change(line) : line)).join("")

const damages: ReadonlyArray<Damage> = [
  {
    name: "titles twice",
    damage: (lines, random) => lines.toSpliced(random.int(1, lines.length - 1), 0, lines[0] ?? "").join(""),
    parked: [1],
  },
  {
    name: "rows in another order",
    damage: (lines, random) => [lines[0], ...random.shuffle(lines.slice(1))].join(""),
    parked: [0],
  },
  {
    name: "a row twice",
    damage: (lines, random) => [...lines, lines[random.int(1, lines.length - 1)]].join(""),
    parked: [0],
  },
  {
    name: "a cell more",
    damage: (lines, random) => changed(lines, random.int(1, 9), (line) => `x,${line}`),
    parked: [1],
  },
  {
    name: "a cell less",
    damage: (lines, random) => changed(lines, random.int(1, 9), (line) => line.replace(/^[^,]*,/, "")),
    parked: [1],
  },
  {
    name: "a NUL",
    damage: (lines, random) => changed(lines, random.int(1, 9), (line) => `\0${line}`),
    parked: [1],
  },
  {
    name: "a formula",
    damage: (lines, random) => changed(lines, random.int(1, 9), (line) => line.replace(/^[^,]*/, "=1+1")),
    parked: [1],
  },
  {
    name: "cut off",
    damage: (lines, random) => lines.join("").slice(0, -random.int(1, 200)),
    parked: [0, 1],
  },
]

/** As it would be written: amounts are no JSON. */
const told = (fact: unknown): string =>
  JSON.stringify(fact, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)) ?? ""

describe(`files that something has damaged, ${runs.text}`, () => {
  it.each([
    ["contacts", hubspotContacts, contacts],
    ["companies", hubspotCompanies, companies],
    ["deals", hubspotDeals, deals],
    ["answers", surveyAnswers, generic],
    ["Delighted's answers", surveyAnswers, delighted],
    ["Typeform's answers", surveyAnswers, typeform],
  ] as const)("%s: what was not touched is told as before, and the rest is parked", async (_, format, table) => {
    const lines = Dialect.text({ ...table, rows: [...table.rows].slice(0, 16) }).split(/(?<=\n)/)
    const { facts } = await imported(format, lines.join(""))
    const before = new Map(facts.map((fact) => [fact.key as string, told(fact)]))
    for (const seed of runs.seeds) {
      const one = damages[seed % damages.length]
      if (one === undefined) continue
      const left: Left = await imported(format, one.damage(lines, RandomSource.make(seed, "damage")))
      const place = `${one.name}, seed ${seed}`
      expect(one.parked, place).toContain(left.imported.parked)
      expect(left.parked, place).toHaveLength(left.imported.parked)
      expect(
        left.imported.examples.filter(({ reason }) => !/^line \d+/.test(reason)),
        place,
      ).toEqual([])
      // Where a file that was cut off ends within its last cell, that cell may be read as it stands there.
      const others = left.facts.filter((fact) => before.get(fact.key) !== told(fact))
      expect(others.length, place).toBeLessThanOrEqual(one.name === "cut off" ? 1 : 0)
      if (left.imported.parked === 0 && one.name !== "cut off") expect(left.facts, place).toHaveLength(before.size)
    }
  })
})
