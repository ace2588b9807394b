/**
 * What a terminal can show: colours only where somebody looks, tables that fit, one line of progress.
 *
 * Everything here makes text; nothing reads the store.
 */
import { stripVTControlCharacters, styleText } from "node:util"

type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan"

export interface Terminal {
  readonly style: (style: Style, text: string) => string
  readonly width: number
}

/** For a stream: colours if it is a terminal and `NO_COLOR` is not set. */
export const of = (stream: NodeJS.WriteStream): Terminal => ({
  style: (style, text) =>
    stream.isTTY && !process.env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text,
  width: Math.min(stream.columns ?? 100, 120),
})

export const plain: Terminal = { style: (_, text) => text, width: 100 }

const widthOf = (text: string): number => stripVTControlCharacters(text).length

export interface Column {
  readonly title: string
  readonly align?: "right"
}

/** Rows under titles, two spaces apart; the last column is cut where the terminal ends. */
export const table = (
  terminal: Terminal,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[index] ?? ""))),
  )
  const line = (cells: ReadonlyArray<string>): string =>
    cells
      .map((cell, index) => {
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)))
        return columns[index]?.align === "right" ? padding + cell : cell + padding
      })
      .join("  ")
      .trimEnd()
  const cut = (text: string): string =>
    widthOf(text) > terminal.width - 2 && text === stripVTControlCharacters(text)
      ? `${text.slice(0, terminal.width - 3)}…`
      : text
  return [terminal.style("dim", line(columns.map(({ title }) => title))), ...rows.map(line)]
    .map((text) => `  ${cut(text)}`)
    .join("\n")
}

export const heading = (terminal: Terminal, text: string): string => `\n${terminal.style("bold", text)}`

/** `1,234` */
export const count = (value: number | bigint): string => value.toLocaleString("en-US")

/** `12.3 %`, `−` for none. */
export const percent = (share: number | null, digits = 1): string =>
  share === null ? "-" : `${(share * 100).toFixed(digits)} %`

/** `3.2 s` or `850 ms`. */
export const duration = (millis: number): string =>
  millis >= 1000 ? `${(millis / 1000).toFixed(1)} s` : `${Math.round(millis)} ms`

/** One line that is written over while work goes on; silent where nobody looks. */
export const progressLine = (stream: NodeJS.WriteStream) => {
  const visible = stream.isTTY === true
  let shown = 0
  return {
    /** A stage begins. Where nobody can see a line change, each stage has a line of its own. */
    begin: (text: string): void => {
      if (!visible) stream.write(`${text}\n`)
    },
    update: (text: string): void => {
      const now = Date.now()
      if (!visible || now - shown < 80) return
      shown = now
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`)
    },
    clear: (): void => {
      if (visible) stream.write("\r\u001b[2K")
    },
  }
}
