import { expect, it } from "vitest"
import { draw, runsOf, without, wrapped } from "../src/demoPicture.ts"

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`

it("reads the styles of a terminal", () => {
  expect(runsOf(`${bold("422 rewards")} issued, \u001b[31m2\u001b[39m failed`)).toMatchObject([
    { text: "422 rewards", style: { bold: true, colour: "plain" } },
    { text: " issued, ", style: { bold: false, colour: "plain" } },
    { text: "2", style: { bold: false, colour: "red" } },
    { text: " failed", style: { bold: false, colour: "plain" } },
  ])
})

it("leaves out the sections that are named, and marks the place once", () => {
  const lines = [bold("Kept"), "  one", "", bold("Cut"), "  two", "", bold("Cut too"), "  three", "", "  last"]
  const texts = without(lines, ["Cut", "Cut too"]).map((line) =>
    runsOf(line)
      .map(({ text }) => text)
      .join(""),
  )
  expect(texts).toEqual(["Kept", "  one", "", "  …", "", "  last"])
})

it("breaks a long line between words, and keeps every word", () => {
  const parts = wrapped(runsOf(`  ${bold("one two")} three four five`), 14)
  const texts = parts.map((runs) => runs.map(({ text }) => text).join(""))
  expect(texts).toEqual(["  one two", "  three four", "  five"])
})

it("draws each word at its column and escapes what XML would read", () => {
  const picture = draw(["  a      <b> & c"], "pnpm demo")
  expect(picture).toContain(`x="36" y="72" textLength="8" lengthAdjust="spacingAndGlyphs" fill="#d5d9e0">a</text>`)
  expect(picture).toContain(
    `x="92" y="72" textLength="56" lengthAdjust="spacingAndGlyphs" fill="#d5d9e0">&lt;b&gt; &amp; c</text>`,
  )
})
