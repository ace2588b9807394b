/**
 * Draws the picture of the demo in the README from the demo's own output.
 *
 * Remake it with `node packages/checks/src/demoPicture.ts`. It runs the demo in a folder of its own, reads the colours
 * that a terminal would show, and writes `docs/images/demo.svg`. Long sections are left out of the picture and marked by
 * a line of three dots; nothing else is changed. Characters stand at fixed places, whatever font the reader has.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "./Command.ts"
import { isMain } from "./Main.ts"
import { root } from "./Workspace.ts"

const columns = 110
const cutSections = ["Calls and time", "Checked against what really happened"]

const cell = { width: 8, height: 18, fontSize: 13.2 }
const margin = { left: 20, top: 54, bottom: 20 }
const background = "#0f1419"
const inks: Readonly<Record<Style["colour"], string>> = {
  plain: "#d5d9e0",
  red: "#f07178",
  green: "#8bd49c",
  yellow: "#ffcb6b",
  cyan: "#7fdbca",
}

interface Style {
  readonly colour: "plain" | "red" | "green" | "yellow" | "cyan"
  readonly bold: boolean
  readonly dim: boolean
}

interface Run {
  readonly text: string
  readonly style: Style
}

const initial: Style = { colour: "plain", bold: false, dim: false }

/** One code of a terminal's "select graphic rendition". */
const after = (style: Style, code: string): Style => {
  switch (code) {
    case "1":
      return { ...style, bold: true }
    case "2":
      return { ...style, dim: true }
    case "22":
      return { ...style, bold: false, dim: false }
    case "31":
      return { ...style, colour: "red" }
    case "32":
      return { ...style, colour: "green" }
    case "33":
      return { ...style, colour: "yellow" }
    case "36":
      return { ...style, colour: "cyan" }
    case "39":
      return { ...style, colour: "plain" }
    default:
      return initial
  }
}

/** A line of terminal output as runs of one style each. Styles end with their line. */
export const runsOf = (line: string): ReadonlyArray<Run> => {
  const runs: Array<Run> = []
  let style = initial
  // eslint-disable-next-line no-control-regex
  for (const [index, part] of line.split(/\u001b\[([\d;]*)m/).entries()) {
    if (index % 2 === 1) style = part.split(";").reduce(after, style)
    else if (part !== "") runs.push({ text: part, style })
  }
  return runs
}

const plainOf = (line: string): string =>
  runsOf(line)
    .map(({ text }) => text)
    .join("")

/** Leaves out the sections under these headings, up to the next empty line, and marks the place once. */
export const without = (lines: ReadonlyArray<string>, headings: ReadonlyArray<string>): ReadonlyArray<string> => {
  const kept: Array<string> = []
  let cutting = false
  let marked = false
  for (const line of lines) {
    const text = plainOf(line)
    if (headings.includes(text)) cutting = true
    else if (text === "") cutting = false
    if (!cutting) kept.push(line)
    else if (!marked) {
      kept.push("\u001b[2m  …\u001b[22m")
      marked = true
    }
  }
  // What was cut leaves an empty line before and one behind.
  return kept.filter((line, index) => line !== "" || kept[index + 1] !== "")
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** Words at their columns: a run without the gaps of a table in it. */
const wordsOf = (runs: ReadonlyArray<Run>): ReadonlyArray<Run & { readonly column: number }> => {
  let start = 0
  return runs.flatMap(({ style, text }) => {
    const words = [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => ({
      text: found[0],
      style,
      column: start + found.index,
    }))
    start += text.length
    return words
  })
}

const drawnLine = (line: ReadonlyArray<Run>, index: number): string => {
  const y = margin.top + (index + 1) * cell.height
  return wordsOf(line)
    .map(({ column, style, text }) => {
      const looks = `fill="${inks[style.colour]}"${style.bold ? ' font-weight="bold"' : ""}${style.dim ? ' opacity="0.6"' : ""}`
      const place = `x="${margin.left + column * cell.width}" y="${y}" textLength="${text.length * cell.width}"`
      return `<text ${place} lengthAdjust="spacingAndGlyphs" ${looks}>${escaped(text)}</text>`
    })
    .join("")
}

const lamp = (x: number, colour: string): string => `<circle cx="${x}" cy="24" r="6" fill="${colour}"/>`

const lengthOf = (runs: ReadonlyArray<Run>): number => runs.reduce((total, { text }) => total + text.length, 0)

/** Breaks a line that is too long between words; what follows is indented. */
export const wrapped = (runs: ReadonlyArray<Run>, width: number): ReadonlyArray<ReadonlyArray<Run>> => {
  if (lengthOf(runs) <= width) return [runs]
  const at = runs
    .map(({ text }) => text)
    .join("")
    .lastIndexOf(" ", width)
  if (at <= 2) return [runs]
  let start = 0
  const parts = runs.map(({ style, text }) => {
    const split = Math.max(0, at - start)
    start += text.length
    return { before: { text: text.slice(0, split), style }, behind: { text: text.slice(split), style } }
  })
  const [first, ...rest] = parts.map(({ behind }) => behind).filter(({ text }) => text !== "")
  const behind = first === undefined ? rest : [{ ...first, text: `  ${first.text.trimStart()}` }, ...rest]
  return [parts.map(({ before }) => before).filter(({ text }) => text !== ""), ...wrapped(behind, width)]
}

/** Lines of terminal output as a drawing of a terminal. */
export const draw = (output: ReadonlyArray<string>, command: string): string => {
  const lines = output.flatMap((line) => wrapped(runsOf(line), columns))
  const width = margin.left * 2 + columns * cell.width
  const height = margin.top + lines.length * cell.height + margin.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of ${command}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${background}"/>`,
    lamp(26, "#f07178") + lamp(46, "#ffcb6b") + lamp(66, "#8bd49c"),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.fontSize}">`,
    `<text x="${width / 2}" y="28" text-anchor="middle" fill="#8a93a2">${escaped(command)}</text>`,
    ...lines.map(drawnLine).filter((drawn) => drawn !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n")
}

/** What the demo prints to somebody who looks: standard output is told that it is a terminal. */
const demoOutput = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-picture-"))
  const terminal = `data:text/javascript,process.stdout.isTTY=true;process.stdout.columns=${columns}`
  try {
    const { exitCode, output, stdout } = await run(
      process.execPath,
      ["--import", terminal, join(root, "packages/cli/src/main.ts"), "demo", "--store", join(folder, "demo")],
      { cwd: root },
    )
    if (exitCode !== 0) throw new Error(`the demo ended with code ${exitCode}:\n${output}`)
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (isMain(import.meta.url)) {
  const lines = (await demoOutput()).trim().split("\n")
  mkdirSync(join(root, "docs/images"), { recursive: true })
  writeFileSync(join(root, "docs/images/demo.svg"), draw(without(lines, cutSections), "pnpm demo"))
}
