/**
 * The report's page in a real browser: what it holds, what it asks of a network, whether everybody can read it, whether it fits.
 *
 * To be called by a file that has a demo's store already: making one takes longer than everything here.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { Effect, Layer } from "effect"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Page from "../src/page/Page.ts"
import * as PageModel from "../src/page/PageModel.ts"
import * as Said from "../src/page/Said.ts"
import * as Report from "../src/report/Report.ts"
import * as Session from "../src/Session.ts"
import { launch } from "./Chromium.ts"
import { faults, open, overflowing } from "./PageInspection.ts"
import { run } from "./Running.ts"

const hostile = `</script><img src="https://example.com/x" onerror="alert(1)">`

/** The tests of the page of the store in this directory. */
export const reportPage = (store: string): void => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-page-"))
  const file = join(folder, "report.html")
  let browser: Browser
  let gathered: Report.Gathered
  let json: string
  let printed: Awaited<ReturnType<typeof run>>

  beforeAll(async () => {
    printed = await run("report", "--store", store, "--html", file, "--json")
    json = printed.out
    gathered = await Effect.runPromise(
      Report.gather.pipe(Effect.provide(Session.layer({ store }).pipe(Layer.orDie)), Effect.scoped, Effect.orDie),
    )
    browser = await launch()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  describe("the page of the demo", () => {
    it("is written whole, is small, and the JSON beside it is the report", async () => {
      expect(printed.code).toBe(0)
      expect(printed.err).toContain(file)
      expect(readFileSync(file).length).toBeLessThan(1_000_000)
      expect(json).toBe((await run("report", "--store", store, "--json")).out)
    })

    it("asks for nothing, says nothing on the console, and runs no script", async () => {
      const { errors, requests, tab } = await open(browser, file)
      expect(requests).toEqual([pathToFileURL(file).href])
      expect(errors).toEqual([])
      expect(await tab.locator("script").count()).toBe(0)
      await tab.close()
    })

    it.each([
      [1280, "light", "dark"],
      [390, "dark", "light"],
    ] as const)("can be read by everybody and fits at %i px, %s and %s", async (width, scheme, other) => {
      const { tab } = await open(browser, file, width, scheme)
      expect(await faults(tab)).toEqual([])
      expect(await overflowing(tab)).toEqual([])
      await tab.emulateMedia({ colorScheme: other })
      expect(await overflowing(tab)).toEqual([])
      await tab.close()
    })

    it("fits on paper, with everything open, and is light there", async () => {
      const { tab } = await open(browser, file, 703, "dark")
      await tab.emulateMedia({ media: "print" })
      expect(await overflowing(tab)).toEqual([])
      expect(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)")
      await tab.close()
    })

    it("has landmarks, headings in order, unique names, and a table for each chart", async () => {
      const { tab } = await open(browser, file)
      const found = await tab.evaluate(() => {
        const all = (selector: string) => [...document.querySelectorAll(selector)]
        const ids = all("[id]").map(({ id }) => id)
        return {
          landmarks: ["header", "nav", "main", "footer"].map((name) => all(`body > ${name}`).length),
          levels: all("h1, h2, h3, h4").map(({ tagName }) => Number(tagName.slice(1))),
          repeated: ids.filter((id, at) => ids.indexOf(id) !== at),
          links: all("nav a").map((one) => one.getAttribute("href") ?? ""),
          missing: all("nav a").filter((one) => document.querySelector(one.getAttribute("href") ?? "") === null).length,
          unnamed: all("svg[role=img]").filter((one) =>
            (one.getAttribute("aria-labelledby") ?? "")
              .split(" ")
              .some((id) => (document.querySelector(`[id="${id}"]`)?.textContent ?? "").trim() === ""),
          ).length,
          charts: all("figure").filter((one) => one.querySelector("svg.chart") !== null).length,
          tabled: all("figure").filter(
            (one) => one.querySelector("svg.chart") !== null && one.querySelector("table") !== null,
          ).length,
        }
      })
      expect(found.landmarks).toEqual([1, 1, 1, 1])
      expect(found.levels.filter((level) => level === 1)).toHaveLength(1)
      expect(found.levels.filter((level, at) => level > (found.levels[at - 1] ?? 0) + 1)).toEqual([])
      expect([found.repeated, found.missing, found.unnamed]).toEqual([[], 0, 0])
      expect(found.links).toHaveLength(10)
      expect(found.charts).toBeGreaterThan(8)
      expect(found.tabled).toBe(found.charts)
      await tab.close()
    })

    it("shows the numbers of --json", async () => {
      const { tab } = await open(browser, file)
      const rows = await tab.evaluate(() =>
        [...document.querySelectorAll("tr")].map((row) =>
          [...row.children].map((cell) => cell.textContent?.trim() ?? ""),
        ),
      )
      const told = rows.map((cells) => cells.join("|").replaceAll(/\s+/g, ""))
      const said = (...cells: ReadonlyArray<string>) => cells.join("|").replaceAll(/\s+/g, "")
      const report = JSON.parse(json) as Report.Report
      const { currency } = report
      expect(report.metrics.length).toBeGreaterThan(15)
      for (const { estimate, name, question, unit } of report.metrics) {
        const shown = estimate === null ? "none" : Said.value(unit, estimate, currency)
        const row = told.find((one) => one.startsWith(said(`${Said.title(name)}${question}`, "")))
        expect(row).toContain(said("", shown, ""))
      }
      for (const one of report.credits)
        expect(
          told.some((row) => row.endsWith(said(Said.count(one.count), Said.amount(one.unit, BigInt(one.amountMinor))))),
        ).toBe(true)
      for (const one of report.balances)
        expect(
          told.some((row) =>
            row.endsWith(said(Said.count(one.accounts), Said.amount(one.unit, BigInt(one.amountMinor)))),
          ),
        ).toBe(true)
      for (const one of report.effects)
        expect(told.some((row) => row.endsWith(said(one.state, Said.count(one.count))))).toBe(true)
      await tab.close()
    })

    it("says in both drawings how many are still watched, as the table does", async () => {
      const { tab } = await open(browser, file)
      const found = await tab.evaluate(() => {
        const texts = (selector: string) =>
          [...document.querySelectorAll(selector)].map((one) => one.textContent?.trim())
        const drawn = (name: string) =>
          Object.groupBy(
            [...document.querySelectorAll(`#returns svg.${name} text.watched`)],
            (one) => one.getAttribute("y") ?? "",
          )
        const last = (name: string) => Object.values(drawn(name)).map((row) => row?.at(-1)?.textContent?.trim())
        return {
          wide: last("wide"),
          narrow: last("narrow"),
          told: texts("#returns tbody tr:last-child td:nth-of-type(3n)"),
        }
      })
      expect(found.told).toHaveLength(2)
      expect([found.wide, found.narrow]).toEqual([found.told, found.told])
      await tab.close()
    })

    it("says where it cannot be written", async () => {
      const ran = await run("report", "--store", store, "--html", join(folder, "nowhere", "report.html"))
      expect([ran.code, ran.out]).toEqual([2, ""])
      expect(ran.err).toContain("cannot be written")
    })
  })

  describe("a page that somebody means ill with", () => {
    it("shows hostile names as text", async () => {
      const model = PageModel.make(gathered)
      const path = join(folder, "hostile.html")
      const [tree] = model.forest.trees
      const page = Page.render({
        ...model,
        report: {
          ...model.report,
          program: hostile,
          parked: [{ source: hostile, topic: hostile, eventKey: hostile, reason: hostile }],
        },
        forest: { ...model.forest, trees: tree === undefined ? [] : [{ ...tree, record: hostile }] },
        advocates: { ...model.advocates, rows: model.advocates.rows.map((row) => ({ ...row, record: hostile })) },
      })
      writeFileSync(path, page.toString())
      const { errors, requests, tab } = await open(browser, path)
      expect([errors, requests]).toEqual([[], [pathToFileURL(path).href]])
      expect(await tab.locator("h1").textContent()).toBe(hostile)
      expect(await tab.locator("img, script").count()).toBe(0)
      expect(await tab.title()).toContain(hostile)
      await tab.close()
    })
  })

  describe("an installation where nothing happened", () => {
    it("says of every part why there is nothing, and fits", async () => {
      const before = join(folder, "before.html")
      const ran = await run("report", "--store", store, "--as-of", "2000-01-01T00:00:00Z", "--html", before)
      expect([ran.code, ran.err.includes(before)]).toEqual([0, true])
      const { tab } = await open(browser, before, 390)
      expect(await faults(tab)).toEqual([])
      expect(await overflowing(tab)).toEqual([])
      const text = (await tab.locator("main").textContent()) ?? ""
      for (const why of [
        "No answers yet",
        "No cohorts yet",
        "No second purchase yet",
        "No customers yet",
        "No credited referral yet",
        "No referral evidence yet",
        "Nothing was granted",
      ])
        expect(text).toContain(why)
      expect(await tab.locator("svg.chart").count()).toBe(0)
      await tab.close()
    })
  })
}
