/**
 * Upright columns over names, in parts one above the other; parts below zero hang.
 *
 * Where columns have parts tone b is hatched, so that it can be told without colours.
 */
import { scaleBand } from "d3-scale"
import { html } from "../Html.ts"
import { plane } from "./Axes.ts"
import { label, rect, widthOf, type Drawing, type Frame, type Tone } from "./Frame.ts"

export interface Column {
  readonly name: string
  readonly parts: ReadonlyArray<{ readonly value: number; readonly tone: Tone }>
  /** Stands above it. */
  readonly says?: string
}

export interface ColumnOptions {
  readonly columns: ReadonlyArray<Column>
  readonly xTitle: string
  readonly yTitle: string
  readonly format: (value: number) => string
}

const sumOf = ({ parts }: Column, sign: 1 | -1): number =>
  parts.reduce((sum, { value }) => sum + (value * sign > 0 ? value : 0), 0)

export const columns = (frame: Frame, { columns: all, format, xTitle, yTitle }: ColumnOptions): Drawing => {
  const { text } = frame
  const least = Math.min(0, ...all.map((one) => sumOf(one, -1)))
  const most = Math.max(...all.map((one) => sumOf(one, 1)), least < 0 ? 0 : 1)
  const at = plane(frame, { x: null, y: { title: yTitle, domain: [least, most], format }, height: 190, xTitle })
  const band = scaleBand<number>(
    all.map((_, index) => index),
    [at.left, at.right],
  ).padding(0.24)
  const longest = Math.max(...all.map(({ name }) => widthOf(name, frame)))
  const every = Math.max(1, Math.ceil((longest + 6) / band.step()))
  const isStacked = all.some(({ parts }) => parts.length > 1)
  const drawn = all.map((column, index) => {
    const x = band(index) ?? 0
    let [above, below] = [0, 0]
    const parts = column.parts.map(({ tone, value }) => {
      const from = value < 0 ? below : above
      if (value < 0) below += value
      else above += value
      const [top, height] = [at.y(Math.max(from, from + value)), Math.abs(at.y(value) - at.y(0))]
      return [`fill ${tone}`, ...(isStacked && tone === "b" ? ["hatched"] : [])].map((kind) =>
        rect(kind, x, top, band.bandwidth(), height),
      )
    })
    const middle = x + band.bandwidth() / 2
    // From the last one backwards, so that the newest always has its name.
    const isNamed = (all.length - 1 - index) % every === 0
    return [
      ...parts,
      column.says === undefined ? null : label(column.says, middle, at.y(above) - 5, { anchor: "middle" }),
      isNamed ? label(column.name, middle, at.bottom + text * 1.6, { anchor: "middle" }) : null,
    ]
  })
  return { height: at.height, content: html`${at.axes}${drawn}` }
}
