/**
 * A page that holds everything itself: head, contents, sections, foot. It runs nothing and fetches nothing, and says so to the browser.
 */
import { html, type Content, type Html } from "./Html.ts"
import type { Section } from "./section/Section.ts"
import { style } from "./style/Style.ts"

export interface Document {
  readonly title: string
  /** For whoever goes by keyboard: past the contents. */
  readonly skip: string
  /** A `<header>`. */
  readonly head: Html
  /** What stands before the sections. */
  readonly before: Content
  readonly sections: ReadonlyArray<Section>
  /** A `<footer>`. */
  readonly foot: Html
}

export const document = ({ before, foot, head, sections, skip, title }: Document): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
        />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        <svg class="aside" width="1" height="1" aria-hidden="true" focusable="false">
          <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
            </pattern>
          </defs>
        </svg>
        <a class="skip" href="#main">${skip}</a>
        ${head}
        <nav aria-label="Contents">
          <ul>
            ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
        <main id="main" tabindex="-1">${before}${sections.map(({ content }) => content)}</main>
        ${foot}
      </body>
    </html> `
