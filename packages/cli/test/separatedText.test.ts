/**
 * What a spreadsheet must not take for a formula, and what it must still take for a number.
 */
import { describe, expect, it } from "vitest"
import { figure, neutral, table } from "../src/SeparatedText.ts"

describe("a cell of text", () => {
  it.each([
    "=1+1",
    '=HYPERLINK("http://example.com","x")',
    "+49 30 1",
    "-2",
    "@SUM(A1)",
    "\tcell",
    "\rcell",
    "  =1",
    "\n=1",
    "\u00a0=1",
    "\ufeff=1",
    "\u0000=1",
    "＝1",
  ])("that would be a formula is told to be text: %j", (text) => {
    expect(neutral(text)).toBe(`'${text}`)
  })

  it.each(["", "ada@example.com", "#1001", "a=b", "1-2", "Mx. O'Neil"])("that is none stands as it is: %j", (text) => {
    expect(neutral(text)).toBe(text)
  })
})

describe("a table", () => {
  it("quotes every text, keeps quotes and line breaks in it, and leaves figures alone", () => {
    expect(
      table(
        ["a", "b"],
        [
          ['say "x"\nand y', figure("-20.00")],
          [null, "=1"],
        ],
      ),
    ).toBe('\ufeff"a","b"\r\n"say ""x""\nand y",-20.00\r\n,"\'=1"\r\n')
  })

  it("takes nothing for a figure that is none", () => {
    for (const text of ["", "=1", "1e5", "1,5", "--1", "1;2"]) expect(() => figure(text)).toThrow("is no figure")
  })
})
