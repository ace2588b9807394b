/**
 * A table with a caption or a name, heads for columns and rows, and a place of its own to be scrolled where it is wide.
 */
import { html, type Content, type Html } from "./Html.ts"

export interface Column {
  readonly title: string
  readonly isNumber?: boolean
}

export const number = (title: string): Column => ({ title, isNumber: true })
export const text = (title: string): Column => ({ title })

export interface TableOptions {
  /** What the table holds, for whoever cannot see where it stands. */
  readonly name: string
  readonly columns: ReadonlyArray<Column>
  /** The first cell heads its row. */
  readonly rows: ReadonlyArray<ReadonlyArray<Content>>
  /** Said in place of no rows. */
  readonly none?: string
}

const side = (column: Column | undefined): string => (column?.isNumber === true ? "number" : "")

export const table = ({ columns, name, none = "none", rows }: TableOptions): Html =>
  rows.length === 0
    ? html`<p class="none">${name}: ${none}.</p>`
    : html`<div class="scroll" role="region" aria-label="Table: ${name}" tabindex="0">
        <table>
          <caption>
            ${name}
          </caption>
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col" class="${side(column)}">${column.title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([head = null, ...cells]) =>
                html`<tr>
                  <th scope="row" class="${side(columns[0])}">${head}</th>
                  ${cells.map((cell, index) => html`<td class="${side(columns[index + 1])}">${cell}</td>`)}
                </tr> `,
            )}
          </tbody>
        </table>
      </div>`
