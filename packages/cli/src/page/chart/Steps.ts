/**
 * Curves in steps with their intervals, and under the axis how many are still watched at each tick.
 */
import { area, curveStepAfter, line as path } from "d3-shape"
import { html } from "../Html.ts"
import { count } from "../Said.ts"
import { plane, type Axis } from "./Axes.ts"
import { fitted, label, type Drawing, type Frame, type Tone } from "./Frame.ts"

export interface StepPoint {
  readonly x: number
  readonly y: number
  readonly low: number | null
  readonly high: number | null
}

export interface StepCurve {
  readonly name: string
  readonly tone: Tone
  readonly points: ReadonlyArray<StepPoint>
  /** How many are still watched then. */
  readonly watched: (x: number) => number
}

export const steps = (
  frame: Frame,
  options: {
    readonly curves: ReadonlyArray<StepCurve>
    readonly x: Axis & { readonly ticks: ReadonlyArray<number> }
    readonly y: Axis
  },
): Drawing => {
  const { curves, x } = options
  const { text } = frame
  const at = plane(frame, { x, y: options.y, height: 240, below: (curves.length * 2 + 1.6) * text * 1.5 })
  const outline = path<StepPoint>(
    (point) => at.x(point.x),
    (point) => at.y(point.y),
  )
    .curve(curveStepAfter)
    .digits(1)
  const band = area<StepPoint>(
    (point) => at.x(point.x),
    (point) => at.y(point.low ?? point.y),
    (point) => at.y(point.high ?? point.y),
  )
    .curve(curveStepAfter)
    .digits(1)
  const drawn = curves.map(({ points, tone }) => [
    html`<path class="band ${tone}" d="${band([...points]) ?? ""}" />`,
    html`<path class="curve ${tone}" d="${outline([...points]) ?? ""}" />`,
  ])
  const under = at.bottom + text * 4.6
  const rows = curves.map(({ name, tone, watched }, index) => {
    const y = under + (index * 2 + 1) * text * 1.5
    return [
      html`<line class="curve ${tone}" x1="0" x2="18" y1="${y - 4}" y2="${y - 4}" />`,
      label(fitted(name, at.right - 24, frame), 24, y, { kind: "name" }),
      x.ticks.map((tick) =>
        label(count(watched(tick)), at.x(tick), y + text * 1.5, { anchor: "middle", kind: "watched" }),
      ),
    ]
  })
  return {
    height: at.height,
    content: html`${at.axes}${drawn}${label("Customers still watched, by days", 0, under, { kind: "axis" })}${rows}`,
  }
}
