/**
 * The plane of a chart with two axes: scales, grid, ticks and what is measured on each.
 */
import { scaleLinear, type ScaleLinear } from "d3-scale"
import { html, type Html } from "../Html.ts"
import { label, line, type Frame } from "./Frame.ts"

export interface Axis {
  readonly title: string
  readonly domain: readonly [number, number]
  readonly format: (value: number) => string
  readonly ticks?: ReadonlyArray<number>
}

export interface Plane {
  readonly x: ScaleLinear<number, number>
  readonly y: ScaleLinear<number, number>
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** Grid, ticks and titles, to be drawn first. */
  readonly axes: Html
  readonly height: number
}

/** Room for a plot of `height`; `below` is room under the axis for more rows of text. */
export const plane = (
  frame: Frame,
  options: {
    readonly x: Axis | null
    readonly y: Axis
    readonly height: number
    readonly below?: number
    readonly xTitle?: string
  },
): Plane => {
  const { text, width } = frame
  const y = scaleLinear(options.y.domain, [0, 0])
  if (options.y.ticks === undefined) y.nice(4)
  const ticks = options.y.ticks ?? y.ticks(4)
  const left = Math.max(...ticks.map((tick) => options.y.format(tick).length)) * text * 0.66 + 10
  const [top, bottom, right] = [text * 2.2, text * 2.2 + options.height, width - 14]
  y.range([bottom, top])
  const x = scaleLinear(options.x?.domain ?? [0, 1], [left, right])
  const columns = options.x === null ? [] : (options.x.ticks ?? x.ticks(frame.name === "wide" ? 8 : 4))
  const xTitle = options.x?.title ?? options.xTitle ?? ""
  const under = bottom + text * 1.6
  return {
    x,
    y,
    left,
    right,
    top,
    bottom,
    height: under + text * 1.7 + (options.below ?? 0),
    axes: html`${label(options.y.title, 0, text, { kind: "axis" })}${ticks.map((tick) => [
      line(tick === 0 ? "zero" : "grid", left, y(tick), right, y(tick)),
      label(options.y.format(tick), left - 6, y(tick) + text * 0.35, { anchor: "end" }),
    ])}${columns.map((tick) => [
      line("tick", x(tick), bottom, x(tick), bottom + 4),
      label(options.x?.format(tick) ?? "", x(tick), under, { anchor: "middle" }),
    ])}${label(xTitle, right, under + text * 1.5, { anchor: "end", kind: "axis" })}`,
  }
}
