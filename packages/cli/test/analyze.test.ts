/**
 * One method applied to a file, as people without an installation use it.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { draws } from "@advocacy-kit/core/statistics/Bootstrap"
import { methods } from "../src/analysis/Methods.ts"
import { run } from "./Running.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "advocacy-analyze-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Told {
  readonly rows: number
  readonly sections: ReadonlyArray<{
    readonly title: string
    readonly rows: ReadonlyArray<ReadonlyArray<string | number | null>>
  }>
  readonly notes: ReadonlyArray<string>
  readonly leftOut: ReadonlyArray<{ readonly line: number; readonly value: string; readonly reason: string }>
}

const fileOf = async (text: string): Promise<string> => {
  const file = join(folder, "input.csv")
  await writeFile(file, text)
  return file
}

const analyze = async (method: string, text: string, ...settings: ReadonlyArray<string>): Promise<Told> => {
  const set = settings.flatMap((one) => ["--set", one])
  const { code, err, out } = await run("analyze", method, "--input", await fileOf(text), ...set, "--json")
  expect([code, err]).toEqual([0, ""])
  return JSON.parse(out) as Told
}

const refused = async (method: string, text: string, ...settings: ReadonlyArray<string>): Promise<string> => {
  const set = settings.flatMap((one) => ["--set", one])
  const { code, err } = await run("analyze", method, "--input", await fileOf(text), ...set)
  expect(code).toBe(2)
  return err
}

/** The value beside a name in any section. */
const valueOf = ({ sections }: Told, name: string): string | number | null | undefined =>
  sections.flatMap(({ rows }) => rows).find(([one]) => one === name)?.[1]

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n")

/** Customers with a pace and a spend of their own, who stay away for good after some purchases: what the model supposes. */
const customersWhoDropOut = (count: number): string => {
  const next = draws(7)
  const share = (): number => next() || 0.5
  return lines(count, (index) => {
    const [daysBetween, leaves, spend] = [10 / share(), share() ** 2, 10 + 60 * share()]
    const bought: Array<string> = []
    let day = Math.floor(60 * share())
    do {
      bought.push(`c${index},${new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)},${spend + 5 * share()}`)
      day += Math.ceil(-daysBetween * Math.log(share()))
    } while (day < 270 && share() > leaves)
    return bought.join("\n")
  })
}

describe("a file", () => {
  it.each([
    ["semicolons, byte order mark and CRLF", "\uFEFFid;score\r\n1;9\r\n2;3\r\n"],
    ["tabs, and the column anywhere", "score\tid\n9\t1\n3\t2\n"],
    ["quoted newlines and quotes", 'note,score\n"two\nlines, ""quoted""",9\nplain,3\n'],
    ["spaces around names, and empty lines", " score , id\n9,1\n\n3,2\n"],
  ])("with %s is read", async (_, text) => {
    const told = await analyze("nps", text)
    expect([told.rows, valueOf(told, "promoters"), valueOf(told, "detractors")]).toEqual([2, 1, 1])
  })

  it("with decimal commas beside semicolons is read, and with thousands", async () => {
    const told = await analyze(
      "experiment",
      `arm;outcome\n${lines(200, (index) => `${index % 2 === 0 ? "treated" : "control"};${index % 2 === 0 ? "1.002,5" : index % 4 === 1 ? "2,5" : "1,5"}`)}`,
      "smallest-effect=1",
    )
    expect(valueOf(told, "per person")).toBeCloseTo(1000.5, 10)
    expect(told.leftOut).toEqual([])
  })

  it("loses no row: what cannot be used is told with line, value and reason", async () => {
    const told = await analyze("nps", "score\n9\n11\nabc\n7.5x\n3\n")
    expect(told.leftOut.map(({ line, reason, value }) => [line, value, reason])).toEqual([
      [3, "11", "is not from 0 to 10"],
      [4, "abc", "is no number"],
      [5, "7.5x", "is no number"],
    ])
    expect(told.rows).toBe(2 + told.leftOut.length)
  })

  it("without a column that is needed is refused, with those that it has", async () => {
    expect(await refused("nps", "points,id\n9,1\n")).toMatch(/no column "score" \(0 to 10\); it has points, id/)
    expect(await refused("nps", "")).toMatch(/is empty|it has none/)
    expect(await refused("nps", 'score\n"9\n')).toMatch(/cannot be read/)
  })

  it("that does not exist is refused", async () => {
    const { code, err } = await run("analyze", "nps", "--input", join(folder, "nothing.csv"))
    expect([code, err]).toEqual([2, expect.stringContaining("does not exist")])
  })

  it("without rows has no figures and says so", async () => {
    for (const { columns, name } of methods) {
      const settings = name === "experiment" ? ["smallest-effect=1"] : []
      const told = await analyze(name, `${columns.map((column) => column.name).join(",")}\n`, ...settings)
      expect(told.sections.flatMap(({ rows }) => rows.map(([, value]) => value)).every((value) => !value)).toBe(true)
    }
  })
})

describe("settings", () => {
  it("are asked for, checked and named", async () => {
    const text = "arm,outcome\ntreated,1\ncontrol,0\n"
    expect(await refused("experiment", text)).toMatch(/needs smallest-effect/)
    expect(await refused("experiment", text, "smallest-effect=big")).toMatch(/smallest-effect=big is no number/)
    expect(await refused("experiment", text, "size=3")).toMatch(/no setting size[\s\S]*smallest-effect, treated-share/)
    expect(await refused("nps", "score\n9\n", "size=3")).toMatch(/no setting size/)
  })
})

describe("a method", () => {
  it("weighs answers where the file says how much", async () => {
    const told = await analyze("nps", "score,weight\n9,3\n3,1\n")
    expect(told.sections.map(({ rows }) => rows[0]?.[1])).toEqual([0, 50])
  })

  it("compares the shares of two groups (Newcombe 1998)", async () => {
    const rows = (group: string, done: number, of: number): string =>
      lines(of, (index) => `${group},${index < done ? "yes" : "no"}`)
    const told = await analyze("shares", `group,done\n${rows("a", 56, 70)}\n${rows("b", 48, 80)}`)
    expect(Number(valueOf(told, "low (95 %)")).toFixed(4)).toBe("0.0524")
    expect(Number(valueOf(told, "high")).toFixed(4)).toBe("0.3339")
  })

  it("follows who comes back, and says how far the file reaches", async () => {
    const told = await analyze(
      "retention",
      "customer,date,amount\nada,2026-01-05,10\nada,2026-03-01T10:00:00Z,10\nzoe,2026-01-06,5\n",
    )
    expect(valueOf(told, "share")).toBe(0.5)
    expect(told.sections.at(-1)?.rows).toEqual([["2026-01", 2, 2, 0, 1]])
    expect(told.notes[0]).toBe("known up to 2026-03-01, the last purchase in the file")
  })

  it("values customers, and says why it cannot where nobody came back", async () => {
    const once = lines(20, (index) => `c${index},2026-01-${10 + index},10`)
    const none = await analyze("lifetime", `customer,date,amount\n${once}`)
    expect([none.sections, none.notes]).toEqual([[], ["no model: nobody has bought again yet"]])
    const many = customersWhoDropOut(400)
    const text = `customer,date,amount\n${many}\nlast,2026-09-30,10`
    const told = await analyze("lifetime", text, "months=6", "margin=0.5")
    expect(told.notes[0]).toBe("discounted by 1 % a month, at a margin of 50 %")
    expect(told.sections.at(-1)?.rows).toHaveLength(401)
    const whole = await analyze("lifetime", text, "months=6")
    const first = (of: Told): number => Number(of.sections.at(-1)?.rows[0]?.[3])
    expect(first(told)).toBeCloseTo(first(whole) / 2, 8)
  })

  it("credits channels by rules, and by removal where paths without conversion are told", async () => {
    const told = await analyze("attribution", "path,conversions\nsearch > friend,10\nfriend,5\n")
    expect(told.sections[0]?.rows).toEqual([
      ["friend", 5, 15, 10, 10, 10],
      ["search", 10, 0, 5, 5, 5],
    ])
    const removal = await analyze("attribution", "path,conversions,nulls\nsearch > friend,10,10\nfriend,5,15\n")
    const [friend, search] = (removal.sections[0]?.rows ?? []).map((row) => Number(row.at(-1)))
    expect((friend ?? 0) + (search ?? 0)).toBeCloseTo(15, 10)
  })

  it("gives no figure of an experiment that was drawn badly, or is too small", async () => {
    const rows = (treated: number, control: number): string =>
      `arm,outcome\n${lines(treated, (index) => `treated,${index % 3}`)}\n${lines(control, (index) => `control,${index % 2}`)}`
    const skewed = await analyze("experiment", rows(900, 600), "smallest-effect=5")
    expect([skewed.sections.length, skewed.notes[0]]).toEqual([1, expect.stringMatching(/^no figure: the arms/)])
    const small = await analyze("experiment", rows(20, 20), "smallest-effect=0.1")
    expect([small.sections.length, small.notes[0]]).toEqual([1, expect.stringMatching(/^no figure: it could find/)])
    const caused = await analyze("experiment", rows(900, 900), "smallest-effect=0.2")
    expect(valueOf(caused, "per person")).toBeCloseTo(0.5, 10)
  })
})
