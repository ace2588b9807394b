/**
 * Marks in a square of two shares: their shape says what kind they are, their area how many they stand for.
 */
import { symbol, symbolCircle, symbolSquare, symbolTriangle } from "d3-shape"
import { html, type Html } from "../Html.ts"
import { plane } from "./Axes.ts"
import { label, line, px, type Drawing, type Frame, type Tone } from "./Frame.ts"

export const shapes = { circle: symbolCircle, square: symbolSquare, triangle: symbolTriangle } as const

export interface Mark {
  readonly x: number
  readonly y: number
  readonly count: number
  readonly shape: keyof typeof shapes
  readonly tone: Tone
}

/** One mark of a legend. */
export const shapePath = (shape: keyof typeof shapes, area: number): string =>
  symbol(shapes[shape], area).digits(1)() ?? ""

export const marks = (
  frame: Frame,
  options: {
    readonly marks: ReadonlyArray<Mark>
    readonly xTitle: string
    readonly yTitle: string
    /** Named from top left, clockwise. */
    readonly quarters: readonly [string, string, string, string]
    /** Fields along an axis. */
    readonly fields: number
  },
): Drawing => {
  const isWide = frame.name === "wide"
  const axis = {
    domain: [0, 1],
    format: (value: number) => String(Math.round(value * 100)),
    ticks: [0, 0.25, 0.5, 0.75, 1],
  } as const
  const at = plane(frame, {
    x: { title: options.xTitle, ...axis },
    y: { title: options.yTitle, ...axis },
    height: isWide ? 460 : 290,
  })
  const most = Math.max(1, ...options.marks.map(({ count }) => count))
  const largest = Math.min(at.x(1 / options.fields) - at.left, at.bottom - at.y(1 / options.fields)) ** 2 * 0.75
  const drawn = options.marks.map(
    ({ count, shape, tone, x, y }): Html =>
      html`<path
        class="mark ${tone}"
        transform="translate(${px(at.x(x))} ${px(at.y(y))})"
        d="${shapePath(shape, Math.max(shape === "circle" ? 14 : 42, (count / most) * largest))}"
      />`,
  )
  const [topLeft, topRight, bottomRight, bottomLeft] = options.quarters
  const inset = 6
  const low = at.bottom - inset
  const high = at.top + frame.text + inset
  return {
    height: at.height,
    content: html`${at.axes}${line("half", at.x(0.5), at.top, at.x(0.5), at.bottom)}${line("half", at.left, at.y(0.5), at.right, at.y(0.5))}${drawn}
    ${label(topLeft, at.left + inset, high, { kind: "quarter" })}${label(topRight, at.right - inset, high, { kind: "quarter", anchor: "end" })}${label(bottomRight, at.right - inset, low, { kind: "quarter", anchor: "end" })}${label(bottomLeft, at.left + inset, low, { kind: "quarter" })}`,
  }
}
