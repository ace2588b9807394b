/**
 * A page of ours in a real browser: what it asks of a network and says on the console, what axe finds, and what does not fit.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import type { Browser, Page as Tab } from "playwright-core"

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js")

export interface Opened {
  readonly tab: Tab
  readonly requests: ReadonlyArray<string>
  readonly errors: ReadonlyArray<string>
}

export const open = async (
  browser: Browser,
  path: string,
  width = 1280,
  scheme: "light" | "dark" = "light",
): Promise<Opened> => {
  const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
  const [requests, errors]: [Array<string>, Array<string>] = [[], []]
  tab.on("request", (request) => requests.push(request.url()))
  tab.on("console", (message) => errors.push(message.text()))
  tab.on("pageerror", (error) => errors.push(error.message))
  await tab.goto(pathToFileURL(path).href)
  // Everything that opens is open.
  await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)))
  return { tab, requests, errors }
}

/** What axe finds against WCAG 2.2 A and AA and its own best practice, as short lines. */
export const faults = async (tab: Tab): Promise<ReadonlyArray<string>> => {
  await tab.evaluate(readFileSync(axe, "utf8"))
  return tab.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string }> }> }> }
    }
    const { violations } = await checker.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.length}, such as ${nodes[0]?.html.slice(0, 200)}`)
  })
}

/** What reaches out of the window or, as text of a chart, out of its chart. */
export const overflowing = (tab: Tab): Promise<ReadonlyArray<string>> =>
  tab.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ["the page itself"] : []
    const texts = [...document.querySelectorAll("svg.chart text, svg.chart circle, svg.chart rect")].filter((one) => {
      const chart = one.closest("svg")?.getBoundingClientRect()
      const own = one.getBoundingClientRect()
      return chart !== undefined && own.width > 0 && (own.left < chart.left - 15 || own.right > chart.right + 15)
    })
    const outside = [...document.querySelectorAll("body *:not(.aside)")].filter(
      (one) =>
        one.closest(matchMedia("print").matches ? "svg, .skip, .aside" : ".scroll, svg, .skip, .aside") === null &&
        one.getBoundingClientRect().right > window.innerWidth + 1,
    )
    return [...wide, ...[...texts, ...outside].map((one) => `${one.tagName} ${one.textContent?.slice(0, 40)}`)]
  })
