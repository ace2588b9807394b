/**
 * The audit of a simulated brand from its export files alone: what was planted in the product's records is found, and nothing else.
 */
import type { AuditLine, Kind } from "@advocacy-kit/core/audit/AuditLine"
import { Dialect, ExportSet, Incumbent } from "@advocacy-kit/sandbox"
import type * as PlantedFault from "@advocacy-kit/sandbox/exports/PlantedFault"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { program } from "../src/DemoProgram.ts"
import { run } from "./Running.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const perKind = 25
const world = Simulator.simulate({ seed: 5, customers: 1_500, orders: 5_000, scenarios: Incumbent.scenarios(perKind) })
const folder = mkdtempSync(join(tmpdir(), "advocacy-audit-"))
const file = (name: string): string => join(folder, name)

/** What each planted kind is called by the audit. */
const called: Readonly<Record<PlantedFault.Kind, Kind>> = {
  "paid-twice": "twice",
  "not-paid": "missing",
  "kept-after-full-refund": "after-refund",
  "kept-after-partial-refund": "after-refund",
  "self-referral": "self-referral",
  "self-referral-alias": "self-referral",
  "above-limit": "above-limit",
  "wrong-amount": "wrong-amount",
}

type Shown = Pick<AuditLine, "kind" | "doubt" | "because" | "reason"> & {
  readonly shown: string
  readonly dueMinor: string
  readonly paidMinor: string
  readonly differenceMinor: string
  readonly orders: ReadonlyArray<{ readonly order: string; readonly name: string | null }>
}

interface Told {
  readonly lines: ReadonlyArray<Shown>
  readonly files: ReadonlyArray<{ readonly name: string; readonly parked: number; readonly facts: number }>
  readonly paid: ReadonlyArray<{ readonly amountMinor: string }>
  readonly due: ReadonlyArray<{ readonly amountMinor: string }>
}

const write = (incumbent: ReturnType<typeof ExportSet.of>, prefix = ""): void => {
  for (const table of incumbent.files) writeFileSync(file(prefix + table.fileName), Dialect.text(table))
}

/** The shop's own files, and the contacts, which say whose a code is. */
const shop = (): ReadonlyArray<string> =>
  Object.entries({
    "--orders": file("orders_export.csv"),
    "--customers": file("customers_export.csv"),
    "--contacts": file("hubspot-crm-exports-all-contacts.csv"),
    "--program": file("rules.json"),
    "--as-of": world.brand.now,
  }).flat()

const auditOf = async (...args: ReadonlyArray<string>): Promise<Told> => {
  const ran = await run("audit", ...shop(), ...args, "--json")
  expect([ran.code, ran.err]).toEqual([0, ""])
  return JSON.parse(ran.out) as Told
}

const planted = ExportSet.of(world, { faultsPerKind: perKind })
const { faults } = planted.incumbent

/** A file of orders does not say which were tests. What follows from that alone is no finding of ours to be blamed for. */
const tests = new Set(world.shop.orders.filter(({ test }) => test).map(({ id }) => `shopify:order/${id}`))
const isOfTest = ({ because, orders }: Shown): boolean =>
  orders.some(({ order }) => tests.has(order)) || because.some(({ saw }) => tests.has(saw["boughtBefore"] ?? ""))

const findings = ({ lines }: Told): ReadonlyArray<Shown> =>
  lines.filter((line) => line.kind !== "right" && line.kind !== "cannot-tell" && !isOfTest(line))

const nameOf = ({ orders }: Shown): string => orders.map(({ order }) => order).join(" ")

const inShort = (line: Shown): string => [line.kind, line.reason ?? "-", nameOf(line)].join(" ")

beforeAll(() => {
  write(planted)
  write(ExportSet.of(world, { faultsPerKind: 0 }), "clean-")
  writeFileSync(file("rules.json"), JSON.stringify(program.definition))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each([
  ["referralcandy", "referralcandy-rewards.csv", "referralcandy-referrals.csv", true],
  ["yotpo", "yotpo-rewards.csv", "yotpo-referrals.csv", true],
  // Its list of customers does not say which referrals counted: what stands there alone is no proof that a reward is missing.
  ["dub", "dub-commissions.csv", "dub-customers.csv", false],
])("a product whose rewards name orders: %s", (_, rewards, referrals, hasStatus) => {
  it("has every planted fault found by its kind and amounts, on its order, and none else", async () => {
    const told = await auditOf("--rewards", file(rewards), "--referrals", file(referrals))
    expect(told.files.map(({ parked }) => parked)).toEqual([0, 0, 0, 0, 0])
    const found = findings(told)
    const byOrder = Map.groupBy(found, nameOf)
    const isProvable = ({ provable, provenBy }: PlantedFault.PlantedFault): boolean =>
      provable && (hasStatus || !provenBy.includes("referrals"))
    const missed = faults.filter((fault) => {
      const lines = byOrder.get(`shopify:order/${fault.orderId}`) ?? []
      return isProvable(fault) && !(lines.length === 1 && lines[0]?.kind === called[fault.kind])
    })
    expect(faults.filter(isProvable).length).toBeGreaterThan(8 * perKind * 0.9)
    expect(missed.map(({ kind, orderId }) => `${kind} ${orderId}`)).toEqual([])
    const orders = new Set(faults.map(({ orderId }) => `shopify:order/${orderId}`))
    expect(found.filter((line) => !orders.has(nameOf(line))).map(inShort)).toEqual([])
    const total = (amounts: ReadonlyArray<string>): bigint => amounts.reduce((sum, one) => sum + BigInt(one), 0n)
    expect(total(told.lines.map(({ differenceMinor }) => differenceMinor))).toBe(
      total(told.paid.map(({ amountMinor }) => amountMinor)) - total(told.due.map(({ amountMinor }) => amountMinor)),
    )
  })

  it("has nothing found where it paid everybody right", async () => {
    const told = await auditOf("--rewards", file(`clean-${rewards}`), "--referrals", file(`clean-${referrals}`))
    expect(findings(told).map(inShort)).toEqual([])
    expect(told.lines.filter(({ kind }) => kind === "right").length).toBeGreaterThan(300)
  })
})

describe("a product whose rewards name the friend alone: smile", () => {
  it("has nothing found that was not planted; what is planted is found, or cannot be told", async () => {
    const told = await auditOf("--rewards", file("smile-rewards.csv"), "--referrals", file("smile-referrals.csv"))
    const found = findings(told)
    const people = new Map(
      [...Map.groupBy(faults, ({ beneficiaryEmail }) => beneficiaryEmail)].map(([email, of]) => [
        email,
        new Set(of.map(({ kind }) => called[kind])),
      ]),
    )
    const unplanted = found.filter(({ kind, shown }) => kind !== "missing" && people.get(shown)?.has(kind) !== true)
    expect(unplanted.map(inShort)).toEqual([])
    const orders = Map.groupBy(found, nameOf)
    const hits = faults.filter(({ kind, orderId }) =>
      (orders.get(`shopify:order/${orderId}`) ?? []).some((line) => line.kind === called[kind]),
    )
    expect(hits.length).toBeGreaterThan(faults.length * 0.95)
  })
})

describe("the command", () => {
  const candy = (): ReadonlyArray<string> => [
    "--rewards",
    file("referralcandy-rewards.csv"),
    "--referrals",
    file("referralcandy-referrals.csv"),
  ]

  it("says the same by a preset as by a program file that states it", async () => {
    const byFile = await auditOf(...candy())
    const flags = shop().filter((one) => one !== "--program" && one !== file("rules.json"))
    const rules = "--preset give-at-checkout --currency EUR --amount 20.00 --minimum 40.00 --hold 14 --cap 10/year"
    const ran = await run("audit", ...flags, ...candy(), ...rules.split(" "), "--time-zone", "Europe/Berlin", "--json")
    const byPreset = JSON.parse(ran.out) as Told
    expect(findings(byPreset).map(inShort)).toEqual(findings(byFile).map(inShort))
    expect(byPreset.paid).toEqual(byFile.paid)
  })

  it("writes the table and the page, and ends with 1 for findings where that is asked", async () => {
    const [csv, html] = [file("audit.csv"), file("audit.html")]
    const out = ["--csv", csv, "--html", html, "--fail-on-findings"]
    const ran = await run("audit", ...shop(), ...candy(), ...out)
    expect([ran.code, ran.err.includes(csv), ran.err.includes(html)]).toEqual([1, true, true])
    expect(ran.out).toContain("which is the sum of all differences")
    const rows = readFileSync(csv, "utf8").split("\r\n")
    expect(rows.length).toBeGreaterThan(400)
    for (const { beneficiaryEmail } of faults) expect(rows.some((row) => row.includes(beneficiaryEmail))).toBe(true)
    expect(readFileSync(html, "utf8")).toContain("Kept after a refund")
    const clean = ["--rewards", file("clean-yotpo-rewards.csv"), "--referrals", file("clean-yotpo-referrals.csv")]
    // Tests among the orders are no findings of the product's.
    const right = await run("audit", ...shop(), ...clean, "--json")
    expect([right.code, findings(JSON.parse(right.out) as Told)]).toEqual([0, []])
  })

  it("says the same of a store that the files were imported into, and names nobody", async () => {
    const store = file("store")
    const asOf = ["--store", store, "--as-of", world.brand.now]
    const made = await run(
      "init",
      store,
      ..."--sources files --currency EUR --time-zone Europe/Berlin --yes".split(" "),
    )
    expect(made.code).toBe(0)
    for (const [kind, name] of Object.entries({
      "shopify-orders": "orders_export.csv",
      "shopify-customers": "customers_export.csv",
      "hubspot-contacts": "hubspot-crm-exports-all-contacts.csv",
      rewards: "referralcandy-rewards.csv",
      referrals: "referralcandy-referrals.csv",
    })) {
      const imported = await run("import", kind, file(name), ...asOf, "--time-zone", "Europe/Berlin", "--json")
      expect([kind, imported.code]).toEqual([kind, 0])
    }
    const ran = await run("audit", ...asOf, "--program", file("rules.json"), "--json")
    const byStore = JSON.parse(ran.out) as Told
    const byFiles = await auditOf(...candy())
    expect(byStore.lines.map(inShort).toSorted()).toEqual(byFiles.lines.map(inShort).toSorted())
    expect([byStore.paid, byStore.due]).toEqual([byFiles.paid, byFiles.due])
    expect(ran.out).not.toContain("@")
  })

  it.each([
    ["no rules are stated", ["--orders", "o.csv", "--rewards", "r.csv"]],
    ["needs the rewards", ["--orders", "o.csv", "--preset", "give-get", "--currency", "EUR", "--amount", "1.00"]],
    ["a preset says no currency", ["--orders", "o.csv", "--preset", "give-get"]],
    ["does not exist", ["--orders", "o.csv", "--rewards", "r.csv", "--program", "PROGRAM"]],
    ["--program and --preset exclude each other", ["--program", "PROGRAM", "--preset", "give-get"]],
    ["--store and files exclude each other", ["--store", "x", "--orders", "o.csv", "--program", "PROGRAM"]],
    ["has no column", ["--orders", "CUSTOMERS", "--rewards", "CUSTOMERS", "--program", "PROGRAM"]],
    [
      'no file here has a field "colour"',
      ["--orders", "ORDERS", "--rewards", "REWARDS", "--program", "PROGRAM", "--column", "colour=x"],
    ],
    [
      "is no worth of points",
      ["--orders", "ORDERS", "--rewards", "REWARDS", "--program", "PROGRAM", "--points-worth", "5"],
    ],
  ])("says what is wrong and what to do: %s", async (problem, args) => {
    const names: Readonly<Record<string, string>> = {
      PROGRAM: file("rules.json"),
      ORDERS: file("orders_export.csv"),
      CUSTOMERS: file("customers_export.csv"),
      REWARDS: file("yotpo-rewards.csv"),
    }
    const ran = await run("audit", ...args.map((one) => names[one] ?? one))
    expect([ran.code, ran.out]).toEqual([2, ""])
    expect(ran.err).toContain(problem)
    expect(ran.err).toContain("next:")
    expect(ran.err).not.toMatch(/@[a-z]+\.example/)
  })
})
