/**
 * Horizontal bars, one under the other, each with its name and what it says in words.
 */
import { scaleLinear } from "d3-scale"
import { html } from "../Html.ts"
import { fitted, label, line, rect, widthOf, type Drawing, type Frame, type Tone } from "./Frame.ts"

export interface Bar {
  readonly name: string
  readonly value: number
  /** Stands behind the bar. */
  readonly says: string
  readonly tone: Tone
}

export const bars = (frame: Frame, all: ReadonlyArray<Bar>): Drawing => {
  const { text, width } = frame
  const isWide = frame.name === "wide"
  const names = isWide ? Math.min(220, Math.max(...all.map(({ name }) => widthOf(name, frame))) + 12) : 0
  const says = Math.max(...all.map((one) => widthOf(one.says, frame))) + 10
  const room = Math.max(40, width - names - says)
  const length = scaleLinear([0, Math.max(1, ...all.map(({ value }) => value))], [0, room])
  const [row, thick] = isWide ? [30, 20] : [text * 1.5 + 24, 16]
  return {
    height: all.length * row + 4,
    content: html`${line("zero", names, 0, names, all.length * row)}${all.map(
      ({ name, says: words, tone, value }, at) => {
        const y = at * row + (isWide ? 5 : text * 1.5)
        const bar = [
          rect(`fill ${tone}`, names, y, Math.max(value > 0 ? 2 : 0, length(value)), thick),
          label(words, names + length(value) + 7, y + thick / 2 + text * 0.36),
        ]
        return isWide
          ? [
              label(fitted(name, names, frame), names - 8, y + thick / 2 + text * 0.36, {
                anchor: "end",
                kind: "name",
              }),
              ...bar,
            ]
          : [label(fitted(name, width, frame), 4, y - 5, { kind: "name" }), ...bar]
      },
    )}`,
  }
}
