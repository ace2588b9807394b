/**
 * The audit's page in a real browser, and what hostile files can put into it: names, orders and records are text, whatever they hold.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { kinds } from "@advocacy-kit/core/audit/AuditLine"
import { kindTexts } from "@advocacy-kit/core/audit/AuditWords"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { audit } from "@advocacy-kit/core/flow/Auditing"
import { platform, type Handle } from "@advocacy-kit/core/id/Handle"
import { days, fromIso } from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { AuditModel } from "../src/audit/AuditModel.ts"
import * as AuditPage from "../src/audit/AuditPage.ts"
import * as AuditTable from "../src/audit/AuditTable.ts"
import * as AuditText from "../src/audit/AuditText.ts"
import { program } from "../src/DemoProgram.ts"
import { plain } from "../src/Terminal.ts"
import { launch } from "./Chromium.ts"
import { faults, open, overflowing } from "./PageInspection.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const start = fromIso("2026-02-01T12:00:00Z")
const at = (day: number) => start + days(day)
const head = (key: string, day: number) => ({
  key: Fact.key(key),
  version: 0,
  rank: Fact.rank.file,
  occurredAt: at(day),
})
const email = (name: string) => `email:${name}` as Handle

const order = (id: number, told: Partial<Fact.OrderPlaced> = {}): Fact.OrderPlaced => ({
  _tag: "OrderPlaced",
  ...head(`shopify:order/${id}`, id),
  order: platform("shopify", "order", `${id}`),
  name: `#${id}`,
  customer: null,
  email: email(`friend-${id}`),
  currency: currencyOf("EUR"),
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "web",
  lines: [{ line: "1", product: null, quantity: 1, currentQuantity: 1, amountMinor: 10_000n, isGiftCard: false }],
  codes: [{ code: "ADA", discountMinor: 0n }],
  attributes: [],
  visits: [],
  soft: [],
  ...told,
})

const reward = (id: string, of: number | null, told: Partial<Fact.RewardPaid> = {}): Fact.RewardPaid => ({
  _tag: "RewardPaid",
  ...head(`smile:reward/${id}`, (of ?? 0) + 15),
  source: "smile",
  beneficiary: email("ada"),
  role: "advocate",
  unit: "EUR",
  amountMinor: 2_000n,
  status: "paid",
  order: of === null ? null : platform("shopify", "order", `${of}`),
  orderName: null,
  friend: null,
  ...told,
})

/** Everything that can be found, once, and Ada with a code. */
const story = (name: (text: string) => string): ReadonlyArray<Fact.Fact> => [
  {
    _tag: "AssetIssued",
    ...head("smile:asset/ada", -9),
    code: "ADA",
    owner: email("ada"),
    program: program.name,
  },
  ...Array.from({ length: 9 }, (_, id) => order(id, { name: name(`#${id}`) })),
  reward("right", 0),
  reward("twice-1", 1),
  reward("twice-2", 1),
  {
    _tag: "RefundMade",
    ...head("shopify:refund/2", 3),
    order: platform("shopify", "order", "2"),
    currency: currencyOf("EUR"),
    lines: [],
    otherMinor: 10_000n,
  },
  reward("refunded", 2),
  reward("self", 3, { beneficiary: email("friend-3") }),
  reward("amount", 4, { amountMinor: 2_500n }),
  order(20, { email: email("friend-0"), codes: [] }),
  reward("known", 20, { beneficiary: email("ben") }),
  order(95, { codes: [] }),
  reward("early", 95, { occurredAt: at(96), beneficiary: email("ben") }),
  ...Array.from({ length: 12 }, (_, id) => order(40 + id)),
  ...Array.from({ length: 12 }, (_, id) => reward(`many-${id}`, 40 + id)),
  reward("nowhere", null, { beneficiary: email("ben") }),
  reward("points", 6, { unit: "points" }),
]

const modelOf = (facts: ReadonlyArray<Fact.Fact>, nameOf: (handle: Handle) => string): AuditModel => ({
  audit: audit({ facts, program, asOf: at(100), pointsWorth: null, everyCode: false }),
  files: [{ name: nameOf(email("file")), format: "shopify-orders", rows: 40, facts: 40, parked: 1 }],
  nameOf,
})

const plainName = (handle: Handle): string => `${handle.slice("email:".length)}@example.com`
const model = modelOf(
  story((text) => text),
  plainName,
)

describe("the audit's page", () => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-audit-"))
  const write = (name: string, of: AuditModel): string => {
    const file = join(folder, name)
    writeFileSync(file, AuditPage.render(of).toString())
    return file
  }
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it("has every kind of line to show", () => {
    expect(new Set(model.audit.lines.map(({ kind }) => kind))).toEqual(new Set(kinds))
  })

  it.each([
    [1280, "light"],
    [390, "dark"],
  ] as const)("asks for nothing, can be read by everybody and fits at %i px, %s", async (width, scheme) => {
    const file = write("audit.html", model)
    const { errors, requests, tab } = await open(browser, file, width, scheme)
    expect([errors, requests]).toEqual([[], [pathToFileURL(file).href]])
    expect(await faults(tab)).toEqual([])
    expect(await overflowing(tab)).toEqual([])
    await tab.close()
  })

  it("fits on paper", async () => {
    const { tab } = await open(browser, write("paper.html", model), 703)
    await tab.emulateMedia({ media: "print" })
    expect(await overflowing(tab)).toEqual([])
    await tab.close()
  })

  it("shows every finding with who, orders and why, and the sums of the terminal", async () => {
    const { tab } = await open(browser, write("shown.html", model))
    const text = ((await tab.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ")
    for (const { kind, orders } of model.audit.lines.filter((line) => line.kind !== "right")) {
      expect(text).toContain(kindTexts[kind].title)
      for (const { name } of orders) expect(text).toContain(name)
    }
    expect(text).toContain("ada@example.com")
    const ids = await tab.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id))
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
    const broken = await tab.evaluate(
      () =>
        [...document.querySelectorAll("nav a")].filter(
          (one) => document.querySelector(one.getAttribute("href") ?? "") === null,
        ).length,
    )
    expect(broken).toBe(0)
    await tab.close()
  })

  it("shows hostile names and orders as text", async () => {
    const hostile = `</script><img src="https://example.com/x" onerror="alert(1)">`
    const of = modelOf(
      story((text) => `${text}${hostile}`),
      () => hostile,
    )
    const file = write("hostile.html", of)
    const { errors, requests, tab } = await open(browser, file, 390)
    expect([errors, requests]).toEqual([[], [pathToFileURL(file).href]])
    expect(await tab.locator("img, script").count()).toBe(0)
    expect(await tab.locator("main").textContent()).toContain(hostile)
    expect(await overflowing(tab)).toEqual([])
    await tab.close()
  })

  it("says where nothing went wrong, and where nothing was read", async () => {
    const { tab } = await open(browser, write("nothing.html", modelOf([], plainName)), 390)
    expect(await faults(tab)).toEqual([])
    expect(await overflowing(tab)).toEqual([])
    expect(await tab.locator("main").textContent()).toContain("Nothing went wrong that these files can prove")
    await tab.close()
  })
})

describe("the audit in other forms", () => {
  it("tells a spreadsheet that names are no formulas", () => {
    const of = modelOf(
      story((text) => `=${text}`),
      () => "@SUM(A1)",
    )
    const rows = AuditTable.text(of).split("\r\n")
    expect(rows).toHaveLength(of.audit.lines.length + 2)
    expect(rows.slice(1, -1).every((row) => row.includes(`"'@SUM(A1)"`))).toBe(true)
    expect(rows.filter((row) => /(?:^|,)"[=+\-@]/.test(row))).toEqual([])
    expect(rows.filter((row) => row.includes(`"'=#`)).length).toBeGreaterThan(10)
  })

  it("tells a terminal the sums, the findings and what cannot be told", () => {
    const text = AuditText.render(model, plain)
    for (const { kind } of model.audit.totals) expect(text).toContain(kindTexts[kind].title)
    expect(text).toContain("which is the sum of all differences")
    expect(text).toContain("ada@example.com")
    expect(AuditText.view(model).lines).toHaveLength(model.audit.lines.length)
  })
})
