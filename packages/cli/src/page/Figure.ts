/**
 * A chart with its title, what it shows in a sentence, its legend, and the same as a table. Where there are no data it says why.
 */
import { frames, type Drawing, type Frame, type Tone } from "./chart/Frame.ts"
import { shapePath } from "./chart/Marks.ts"
import { html, type Content, type Html } from "./Html.ts"

export interface LegendEntry {
  readonly says: string
  readonly tone: Tone
  /** As parts of columns of this tone are. */
  readonly isHatched?: boolean
  readonly shape: "circle" | "square" | "triangle" | "bar" | "curve"
}

export interface FigureOptions {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  /** What is to be seen, with the main numbers: it stands under the title, and tells whoever cannot see the chart. */
  readonly says: string
  readonly draw: (frame: Frame) => Drawing
  readonly legend?: ReadonlyArray<LegendEntry>
  readonly table: Html
  readonly notes?: ReadonlyArray<Content>
}

const chart = ({ draw, id, says, title }: FigureOptions): ReadonlyArray<Html> =>
  frames.map((frame) => {
    const { content, height } = draw(frame)
    const own = `${id}-${frame.name}`
    return html`<svg
      class="chart ${frame.name}"
      viewBox="0 0 ${frame.width} ${Math.ceil(height)}"
      role="img"
      aria-labelledby="${own}-title ${own}-desc"
    >
      <title id="${own}-title">${title}</title>
      <desc id="${own}-desc">${says}</desc>
      ${content}
    </svg> `
  })

const entry = ({ isHatched = false, says, shape, tone }: LegendEntry): Html => {
  const mark =
    shape === "bar"
      ? html`<rect
            class="fill ${tone}"
            x="1"
            y="3"
            width="18"
            height="10"
          />${isHatched ? html`<rect class="hatched" x="1" y="3" width="18" height="10" />` : null}`
      : shape === "curve"
        ? html`<line class="curve ${tone}" x1="0" x2="20" y1="8" y2="8" />`
        : html`<path class="mark ${tone}" transform="translate(10 8)" d="${shapePath(shape, 70)}" />`
  return html`<li>
    <svg viewBox="0 0 20 16" width="20" height="16" aria-hidden="true" focusable="false">${mark}</svg>${says}
  </li>`
}

export const figure = (options: FigureOptions): Html =>
  html`<figure id="${options.id}">
    <figcaption>
      <h3>${options.title}</h3>
      <p>${options.says}</p>
    </figcaption>
    ${
      options.legend === undefined
        ? null
        : html`<ul class="legend">
            ${options.legend.map(entry)}
          </ul>`
    }${chart(options)}
    <details>
      <summary>The numbers behind it<span class="aside">: ${options.title}</span></summary>
      ${options.table}
    </details>
    ${(options.notes ?? []).map((note) => html`<p class="note">${note}</p>`)}
  </figure> `

/** In place of a chart. */
export const missing = (id: string, title: string, why: Content): Html =>
  html`<figure id="${id}">
    <figcaption><h3>${title}</h3></figcaption>
    <p class="none">${why}</p>
  </figure> `
