/**
 * A part of the page with its place in the table of contents.
 */
import { html, type Content, type Html } from "../Html.ts"

export interface Section {
  readonly id: string
  readonly title: string
  readonly content: Html
}

export const section = (id: string, title: string, content: Content): Section => ({
  id,
  title,
  content: html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `,
})
