/**
 * What a terminal can show: colours only where somebody looks, tables that fit, one line of progress.
 *
 * Everything here makes text; nothing reads the store.
 */
import { CliOutput } from "effect/cli"
import { styleText } from "node:util"

type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan"

export interface Terminal {
  readonly style: (style: Style, text: string) => string
  /** How wide running text may be. */
  readonly width: number
  /** How wide a table may be; as wide as it likes where no terminal shows it. */
  readonly columns: number
}

/** For a stream: colours if it is a terminal and `NO_COLOR` is not set. */
export const of = (stream: NodeJS.WriteStream): Terminal => ({
  style: (style, text) =>
    stream.isTTY && !process.env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text,
  // A terminal that does not know its size says 0.
  width: Math.min(stream.columns || 100, 120),
  columns: stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY,
})

export const plain: Terminal = { style: (_, text) => text, width: 100, columns: 100 }

const widthOf = CliOutput.displayWidth
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const escape = "\u001b"
const controls = new RegExp(`(${escape}\\[[\\d;]*m)`)

/** A text in at most so many columns, with an ellipsis where something is left out; its colours end as they would have. */
export const cut = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text
  let left = columns - 1
  let isFull = false
  return text
    .split(controls)
    .map((part) => {
      if (controls.test(part)) return part
      let kept = ""
      for (const { segment } of segmenter.segment(part)) {
        if (isFull) break
        left -= widthOf(segment)
        isFull = left < 0
        kept += isFull ? "…" : segment
      }
      return kept
    })
    .join("")
}

export interface Column {
  readonly title: string
  /** Numbers; they are never cut. */
  readonly align?: "right"
}

const gap = 2
/** Less than this says nothing any more. */
const narrowest = 8

/** Takes from the widest column of text again and again, until all fit or none can give any more. */
const fitted = (widths: ReadonlyArray<number>, columns: ReadonlyArray<Column>, room: number): ReadonlyArray<number> => {
  const fits = [...widths]
  let over = fits.reduce((sum, width) => sum + width + gap, 0) - room
  while (over > 0) {
    const widest = Math.max(...fits.filter((_, index) => columns[index]?.align === undefined))
    if (widest <= narrowest) return fits
    const index = fits.findIndex((width, at) => columns[at]?.align === undefined && width === widest)
    fits[index] = widest - 1
    over -= 1
  }
  return fits
}

/** Rows under titles, two spaces apart and two in; text is cut with an ellipsis where the terminal is too narrow for it. */
export const table = (
  terminal: Terminal,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const natural = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ""))),
  )
  const widths = fitted(natural, columns, terminal.columns)
  const line = (cells: ReadonlyArray<string>): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0
        const isNumber = columns[index]?.align === "right"
        const shown = isNumber ? cell : cut(cell, width)
        const padding = " ".repeat(Math.max(0, width - widthOf(shown)))
        return isNumber ? padding + shown : shown + padding
      })
      .join(" ".repeat(gap))
      .trimEnd()
  return [terminal.style("dim", line(columns.map(({ title }) => title))), ...rows.map(line)]
    .map((text) => `${" ".repeat(gap)}${text}`)
    .join("\n")
}

export const heading = (terminal: Terminal, text: string): string => `\n${terminal.style("bold", text)}`

/** `1,234` */
export const count = (value: number | bigint): string => value.toLocaleString("en-US")

/** `12.3 %`, `−` for none. */
export const percent = (share: number | null, digits = 1): string =>
  share === null ? "-" : `${(share * 100).toFixed(digits)} %`

/** `850 ms`, `3.2 s`, `2 min 5 s`, `1 h 20 min`. */
export const duration = (millis: number): string => {
  if (millis < 1000) return `${Math.round(millis)} ms`
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`
  const seconds = Math.round(millis / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export interface ProgressLine {
  /** A stage begins. Where nobody can see a line change, each stage has a line of its own. */
  readonly begin: (text: string) => void
  readonly update: (text: string) => void
  /** Leaves the line to whatever is printed next. */
  readonly clear: () => void
}

/** One line that is written over while work goes on; silent where nobody looks. */
export const progressLine = (
  stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">,
  now: () => number = () => performance.now(),
): ProgressLine => {
  const visible = stream.isTTY === true
  let shown = Number.NEGATIVE_INFINITY
  let isDirty = false
  const write = (text: string): void => {
    isDirty = true
    stream.write(`\r\u001b[2K${cut(text, (stream.columns || 80) - 1)}`)
  }
  return {
    begin: (text) => {
      if (visible) write(text)
      else stream.write(`${text}\n`)
    },
    update: (text) => {
      const at = now()
      if (!visible || at - shown < 80) return
      shown = at
      write(text)
    },
    clear: () => {
      if (!isDirty) return
      isDirty = false
      shown = Number.NEGATIVE_INFINITY
      stream.write("\r\u001b[2K")
    },
  }
}

/** Shows nothing to anybody. */
export const noProgress: ProgressLine = { begin: () => {}, update: () => {}, clear: () => {} }
