import { describe, expect, it } from "vitest"
import { batchesOf, separatorOf, type RawRow } from "../src/CsvRows.ts"
import * as FileText from "../src/FileText.ts"
import { Effect } from "effect"
import { written } from "./Imports.ts"

const read = async (content: string | Uint8Array) => {
  const file = await Effect.runPromise(FileText.look(written("rows.csv", content)))
  const rows: Array<RawRow> = []
  let broken: unknown = null
  for await (const batch of batchesOf(file, ",")) {
    rows.push(...batch.rows)
    broken ??= batch.broken
  }
  return { encoding: file.encoding, rows: rows.map(({ cells, line }) => [line, ...cells]), broken }
}

const encodingOf = async (content: string | Uint8Array) =>
  (await Effect.runPromise(FileText.look(written("rows.csv", content)))).encoding

describe("rows of a file", () => {
  it("know the line on which they begin, over quoted line breaks, CRLF and empty lines", async () => {
    const { rows } = await read('a,b\r\n1,"x\r\ny"\r\n\r\n"3\n\n",4\r\n5,6')
    expect(rows).toEqual([
      [1, "a", "b"],
      [2, "1", "x\r\ny"],
      [5, "3\n\n", "4"],
      [8, "5", "6"],
    ])
  })

  it("are kept as they are written where a quote stands within a cell", async () => {
    const { broken, rows } = await read('a,b\n1,12" vinyl\n2,"12" vinyl"\n3,"a ""word"""\n')
    expect(broken).toBeNull()
    expect(rows.map((row) => row[2])).toEqual(["b", '12" vinyl', '"12" vinyl"', 'a "word"'])
  })

  it("end where a quoted cell does not end, and say from which line on nothing was read", async () => {
    const { broken, rows } = await read('a,b\n1,2\n3,"4\n5,6\n')
    expect(rows).toHaveLength(2)
    expect(broken).toMatchObject({ line: 3, reason: expect.stringContaining("does not end") })
  })

  it("end before a row that no product writes, without taking it into memory", async () => {
    const { broken, rows } = await read(`a,b\n1,2\n"${"x".repeat(9_000_000)}",3\n4,5\n`)
    expect(rows).toHaveLength(2)
    expect(broken).toMatchObject({ line: 3, reason: expect.stringContaining("longer than 4,000,000 bytes") })
  })

  it("are read as UTF-8, with or without its mark, as UTF-16, else as Windows-1252", async () => {
    const text = "name,city\nZoë,Zürich\n"
    const latin = Buffer.from(text, "latin1")
    const wide = Buffer.from(`\ufeff${text}`, "utf16le")
    const all = [await read(text), await read(`\ufeff${text}`), await read(latin), await read(wide)]
    expect(all.map(({ encoding }) => encoding)).toEqual(["utf-8", "utf-8", "windows-1252", "utf-16le"])
    for (const { rows } of all)
      expect(rows).toEqual([
        [1, "name", "city"],
        [2, "Zoë", "Zürich"],
      ])
  })

  it("are UTF-8 also where a character lies across the parts in which a file is read", async () => {
    for (const before of [0, 1, 2, 3]) {
      const text = `${"x".repeat((1 << 20) - 2 - before)}€\n`
      expect(await encodingOf(text)).toBe("utf-8")
    }
    expect(await encodingOf(Buffer.from([0x61, 0xe2, 0x82]))).toBe("windows-1252")
    // Cut off within a character, after others that are none of Windows-1252.
    expect(await encodingOf(Buffer.concat([Buffer.from("Fährgasse "), Buffer.from([0xc3])]))).toBe("utf-8")
  })

  it("are separated by what stands most often between titles", () => {
    expect(separatorOf("a;b;c\n1,2;3;4")).toBe(";")
    expect(separatorOf('"a;b;c;d",b,c\n')).toBe(",")
    expect(separatorOf("a\tb\n")).toBe("\t")
    expect(separatorOf("alone\n")).toBe(",")
  })
})
