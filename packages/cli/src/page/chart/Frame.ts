/**
 * What a chart is drawn into: it is drawn twice, for a wide and for a narrow window, so that its text keeps its size in both.
 *
 * Marks carry classes, whose colours the style sheet knows for light, dark and paper. A colour is never alone: shape, pattern, dashes or
 * a label say the same.
 */
import { html, type Html } from "../Html.ts"

export interface Frame {
  readonly name: "wide" | "narrow"
  readonly width: number
  /** Height of small text. */
  readonly text: number
}

export const frames: ReadonlyArray<Frame> = [
  { name: "wide", width: 900, text: 12 },
  { name: "narrow", width: 340, text: 11 },
]

/** The colours that marks may have; `d` is a neutral one. */
export type Tone = "a" | "b" | "c" | "d"

export interface Drawing {
  readonly height: number
  readonly content: Html
}

/** A coordinate: a tenth of a pixel is enough. */
export const px = (value: number): number => Math.round(value * 10) / 10

/** About how wide a text is; fonts differ, so it is rather too much. */
export const widthOf = (text: string, { text: height }: Frame): number => text.length * height * 0.62

/** Cut where it would not fit, with a mark that it was. */
export const fitted = (text: string, width: number, frame: Frame): string => {
  const most = Math.max(3, Math.floor(width / (frame.text * 0.62)))
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

export const line = (kind: string, x1: number, y1: number, x2: number, y2: number): Html =>
  html`<line class="${kind}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" />`

export const label = (
  text: string,
  x: number,
  y: number,
  options: { readonly anchor?: "start" | "middle" | "end"; readonly kind?: string } = {},
): Html =>
  html`<text class="${options.kind ?? ""}" x="${px(x)}" y="${px(y)}" text-anchor="${options.anchor ?? "start"}"
    >${text}</text
  >`

export const rect = (kind: string, x: number, y: number, width: number, height: number): Html =>
  html`<rect
    class="${kind}"
    x="${px(x)}"
    y="${px(y)}"
    width="${px(Math.max(0, width))}"
    height="${px(Math.max(0, height))}"
  />`
