import { createHash } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import * as Dialect from "../src/exports/Dialect.ts"
import * as ExportSet from "../src/exports/ExportSet.ts"
import type { ExportTable } from "../src/exports/ExportTable.ts"
import * as HubSpotFiles from "../src/exports/HubSpotFiles.ts"
import * as NpsFiles from "../src/exports/NpsFiles.ts"
import * as Present from "../src/exports/Present.ts"
import * as Price from "../src/world/Price.ts"
import * as Simulator from "../src/world/Simulator.ts"
import { records } from "./exportReading.ts"

vi.setConfig({ testTimeout: 60_000 })

const world = Simulator.simulate({ seed: 21, customers: 500, orders: 2_000 })
const present = Present.of(world)
const read = (table: ExportTable) => records(Dialect.text(table))

describe("HubSpot", () => {
  const files = HubSpotFiles.tables(world)
  const contacts = read(files.contacts)
  const deals = read(files.deals)

  test("each record is a row, with what merges joined and with its other e-mails", () => {
    expect(contacts.map((row) => row["Record ID"])).toEqual(present.contacts.map(({ id }) => id))
    expect(contacts.map((row) => row["Email"])).toEqual(present.contacts.map(({ properties }) => properties["email"]))
    const created = world.live.filter((change) => change.kind === "crm.contact" && change.created).length
    expect(contacts.length).toBe(world.portal.contacts.length + created)
    const forwards = contacts.flatMap((row) =>
      (row["Merged record IDs"] ?? "").split(";").flatMap((from) => (from === "" ? [] : [[from, row["Record ID"]]])),
    )
    expect(forwards.sort()).toEqual(world.portal.forwards.map(({ from, to }) => [from, to]).sort())
    expect(forwards.length).toBeGreaterThan(0)
    for (const [index, { properties }] of present.contacts.entries()) {
      expect(contacts[index]?.["Additional email addresses"]).toBe(properties["hs_additional_emails"] ?? "")
      expect(contacts[index]?.["Referral code"]).toBe(properties["referral_code"] ?? "")
    }
  })

  test("deals have their stage in words, as it is now, and their money", () => {
    const before = new Map(world.portal.deals.map((deal) => [deal.id, deal.properties["dealstage"]]))
    const moved = present.deals.filter(({ id, properties }) => before.get(id) !== properties["dealstage"])
    expect(moved.length).toBeGreaterThan(0)
    const stages = new Map(deals.map((row) => [row["Record ID"], row["Deal Stage"]]))
    for (const { id, properties } of moved) {
      expect(stages.get(id)).toBe(properties["dealstage"] === "closedwon" ? "Closed Won" : "Closed Lost")
    }
    expect(deals.every((row) => (row["Deal Stage"] === "Closed Won") === (row["Is Closed Won"] === "true"))).toBe(true)
    expect(Price.total(deals.map((row) => Price.fromDecimal(row["Amount"] ?? "")))).toBe(
      Price.total(present.deals.map(({ properties }) => Price.fromDecimal(properties["amount"] ?? ""))),
    )
  })

  test("associations are told from both ends", () => {
    const pairs = (rows: ReadonlyArray<Readonly<Record<string, string>>>, column: string, flip: boolean) =>
      rows
        .flatMap((row) =>
          (row[column] ?? "")
            .split(";")
            .filter((id) => id !== "")
            .map((id) => (flip ? `${id} ${row["Record ID"]}` : `${row["Record ID"]} ${id}`)),
        )
        .sort()
    const members = pairs(contacts, "Associated Company IDs", false)
    expect(members.length).toBeGreaterThan(50)
    expect(pairs(read(files.companies), "Associated Contact IDs", true)).toEqual(members)
    const ofDeals = (type: string) =>
      world.portal.associations.filter((one) => [one.fromType, one.toType].sort().join() === `${type},deals`).length
    expect(pairs(deals, "Associated Contact IDs", false).length).toBe(ofDeals("contacts"))
    expect(pairs(deals, "Associated Company IDs", false).length).toBe(ofDeals("companies"))
  })

  test("an older portal calls merged ids otherwise", () => {
    const older = HubSpotFiles.tables(world, { mergedLabel: "Merged object IDs" })
    expect(older.contacts.columns).toContain("Merged object IDs")
    expect(older.contacts.columns).not.toContain("Merged record IDs")
  })
})

const answers = NpsFiles.tables(world)

test.each([
  ["generic", answers.generic],
  ["Delighted", answers.delighted],
  ["Typeform", answers.typeform],
] as const)("NPS, %s: a row for each answer, with its score", (_, table) => {
  const rows = read(table)
  const score = table.columns.find((column) => /score|likely/i.test(column)) ?? ""
  const email = table.columns.find((column) => /email/i.test(column)) ?? ""
  expect(rows.map((row) => row[score])).toEqual(present.answers.map(({ properties }) => properties["hs_value"]))
  expect(rows.every((row) => row[email]?.includes("@") === true)).toBe(true)
})

describe("all files of a brand", () => {
  const digest = (table: ExportTable): string => createHash("sha256").update(Dialect.bytes(table)).digest("hex")

  test("are named apart, and equal for equal worlds", () => {
    const first = ExportSet.of(world)
    const names = first.files.map(({ fileName }) => fileName)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBe(17)
    const again = ExportSet.of(Simulator.simulate({ seed: 21, customers: 500, orders: 2_000 }))
    expect(again.files.map(digest)).toEqual(first.files.map(digest))
  })

  test("have as many faults of each kind as the orders have room for", () => {
    const { incumbent } = ExportSet.of(world)
    const counts = [...Map.groupBy(incumbent.faults, ({ kind }) => kind).values()].map((of) => of.length)
    expect(new Set(counts).size).toBe(1)
    expect(counts.length).toBe(8)
  })
})
