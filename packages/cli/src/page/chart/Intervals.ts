/**
 * Estimates with their intervals over names: a point, and a whisker that ends where the interval does.
 */
import { scaleBand } from "d3-scale"
import { html } from "../Html.ts"
import { plane, type Axis } from "./Axes.ts"
import { label, line, px, widthOf, type Drawing, type Frame } from "./Frame.ts"

export interface IntervalPoint {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
  /** Drawn hollow: the period is cut short. */
  readonly isWhole: boolean
}

export const intervals = (
  frame: Frame,
  options: { readonly points: ReadonlyArray<IntervalPoint>; readonly xTitle: string; readonly y: Axis },
): Drawing => {
  const { points, xTitle, y } = options
  const at = plane(frame, { x: null, y, height: 190, xTitle })
  const band = scaleBand<number>(
    points.map((_, index) => index),
    [at.left, at.right],
  )
  const every = Math.max(1, Math.ceil((Math.max(...points.map(({ name }) => widthOf(name, frame))) + 6) / band.step()))
  const cap = Math.min(5, band.bandwidth() / 4)
  const drawn = points.map(({ high, isWhole, low, name, value }, index) => {
    const x = (band(index) ?? 0) + band.bandwidth() / 2
    return [
      line("whisker", x, at.y(low), x, at.y(high)),
      line("whisker", x - cap, at.y(low), x + cap, at.y(low)),
      line("whisker", x - cap, at.y(high), x + cap, at.y(high)),
      html`<circle class="${isWhole ? "fill a" : "hollow a"}" cx="${px(x)}" cy="${px(at.y(value))}" r="4.5" />`,
      (points.length - 1 - index) % every === 0
        ? label(name, x, at.bottom + frame.text * 1.6, { anchor: "middle" })
        : null,
    ]
  })
  return { height: at.height, content: html`${at.axes}${drawn}` }
}
