/**
 * What a terminal shows: tables in the room that there is, and a line of progress with its rate and the time left.
 */
import { stripVTControlCharacters, styleText } from "node:util"
import { describe, expect, it } from "vitest"
import * as Pace from "../src/Pace.ts"
import * as Terminal from "../src/Terminal.ts"

const inColumns = (columns: number, isColoured = false): Terminal.Terminal => ({
  style: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  width: columns,
  columns,
})

const columns: ReadonlyArray<Terminal.Column> = [
  { title: "person" },
  { title: "orders", align: "right" },
  { title: "spent", align: "right" },
  { title: "why" },
]
const rows = [
  ["shopify:customer/7400044531712", "12", "1,234,567.89 EUR", "brought four friends, bought again within thirty days"],
  ["ファイル-アドボケイト-プログラム-の-名前", "3", "0.10 EUR", "few"],
  ["ada", "1,000,000", "9.00 EUR", "her last order is ninety days old and nothing came after it, ever"],
]

const plainLines = (text: string): ReadonlyArray<string> => stripVTControlCharacters(text).split("\n")

describe("a table", () => {
  it.each([60, 80, 120])("fits %d columns, with every number whole", (width) => {
    const lines = plainLines(Terminal.table(inColumns(width), columns, rows))
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(Terminal.cut(line, width)).toBe(line)
    for (const [index, row] of rows.entries())
      for (const number of [row[1]!, row[2]!]) expect(lines[index + 1]).toContain(number)
    // What is narrow anyway is not cut for what is wide.
    expect(lines[2]).toContain("few")
    expect(lines[3]).toContain("ada")
  })

  it.each([60, 80, 120])("fits %d columns with colours, which end where they did", (width) => {
    const terminal = inColumns(width, true)
    const coloured = rows.map(([person, orders, spent, why]) => [
      terminal.style("bold", person!),
      orders!,
      terminal.style("green", spent!),
      terminal.style("red", why!),
    ])
    const text = Terminal.table(terminal, columns, coloured)
    expect(plainLines(text)).toEqual(plainLines(Terminal.table(inColumns(width), columns, rows)))
    const styles = (line: string, codes: ReadonlyArray<string>) =>
      codes.reduce((sum, code) => sum + line.split(`\u001b[${code}m`).length - 1, 0)
    const opened = text.split("\n").map((line) => styles(line, ["1", "2", "31", "32"]))
    const closed = text.split("\n").map((line) => styles(line, ["22", "39"]))
    expect(opened).toEqual([1, 3, 3, 3])
    expect(closed).toEqual(opened)
  })

  it("takes from the widest column of text, and marks what is left out", () => {
    const [, first] = plainLines(Terminal.table(inColumns(80), columns, rows))
    expect(first).toMatch(/^ {2}shopify:customer\S*… +12 +1,234,567\.89 EUR {2}brought f[^…]*…$/)
  })

  it("is whole where no terminal shows it", () => {
    const text = Terminal.table(inColumns(Number.POSITIVE_INFINITY), columns, rows)
    expect(text).not.toContain("…")
    for (const cell of rows.flat()) expect(text).toContain(cell)
  })

  it("would rather be too wide than cut a number or leave nothing of a text", () => {
    const [, first] = plainLines(Terminal.table(inColumns(20), columns, rows))
    expect(first).toBe("  shopify…         12  1,234,567.89 EUR  brought…")
  })
})

describe("a cut text", () => {
  it("has at most as many columns as there are, wide characters counted twice", () => {
    expect(Terminal.cut("プログラム", 10)).toBe("プログラム")
    expect(Terminal.cut("プログラム", 9)).toBe("プログラ…")
    expect(Terminal.cut("プログラム", 8)).toBe("プログ…")
    expect(Terminal.cut("abc", 2)).toBe("a…")
  })
})

describe("a stage's pace", () => {
  const step = (done: number, total?: number) => ({
    stage: "shopify orders",
    done,
    unit: "facts",
    ...(total === undefined ? {} : { total }),
  })

  it("is told once there is one, with the time left where the total is known", () => {
    const pace = Pace.make()
    expect(pace.line(step(1_000, 50_000), 10)).toBe("shopify orders: 1,000 of 50,000 facts")
    expect(pace.line(step(2_000, 50_000), 500)).toBe("shopify orders: 2,000 of 50,000 facts")
    expect(pace.line(step(11_000, 50_000), 2_010)).toBe(
      "shopify orders: 11,000 of 50,000 facts, 5,000 a second, 7.8 s left",
    )
    expect(pace.line(step(50_000, 50_000), 10_010)).toBe("shopify orders: 50,000 of 50,000 facts, 4,900 a second")
  })

  it("is each stage's own, and begins anew with it", () => {
    const pace = Pace.make()
    pace.line(step(0), 0)
    expect(pace.line({ stage: "hubspot contacts", done: 5, unit: "facts" }, 5_000)).toBe("hubspot contacts: 5 facts")
    expect(pace.line(step(10_000), 5_000)).toBe("shopify orders: 10,000 facts, 2,000 a second")
    expect(pace.line(step(10), 6_000)).toBe("shopify orders: 10 facts")
    expect(pace.line(step(1_010), 8_000)).toBe("shopify orders: 1,010 facts, 500 a second")
  })

  it("is told in the units that one waits in", () => {
    expect([850, 3_200, 125_000, 4_800_000].map(Terminal.duration)).toEqual([
      "850 ms",
      "3.2 s",
      "2 min 5 s",
      "1 h 20 min",
    ])
  })
})

describe("a line of progress", () => {
  const stream = (isTTY: boolean) => {
    const written: Array<string> = []
    return { isTTY, columns: 20, written, write: (text: string) => written.push(text) > 0 }
  }

  it("is written over on a terminal, in its width and not too often, and leaves nothing behind", () => {
    let at = 0
    const out = stream(true)
    const line = Terminal.progressLine(out, () => at)
    line.update("one")
    line.update("too soon")
    at = 100
    line.update("a text that is wider than the terminal")
    line.clear()
    line.clear()
    expect(out.written).toEqual(["\r\u001b[2Kone", "\r\u001b[2Ka text that is wid…", "\r\u001b[2K"])
  })

  it("is shown by a terminal that does not know its size", () => {
    const out = { ...stream(true), columns: 0 }
    Terminal.progressLine(out).update("import history")
    expect(out.written).toEqual(["\r\u001b[2Kimport history"])
  })

  it("is a line for each stage where nobody sees it change, and no more", () => {
    const out = stream(false)
    const line = Terminal.progressLine(out)
    line.begin("import history")
    line.update("import history: 1,000 orders")
    line.clear()
    expect(out.written).toEqual(["import history\n"])
  })
})
