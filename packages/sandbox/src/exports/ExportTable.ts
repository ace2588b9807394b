/**
 * A file as a product exports it, before it is written down: a name, the columns in the product's order, and rows.
 *
 * Promises: every row has one cell per column; rows are made one at a time and can be gone through again. How cells are
 * quoted, separated and encoded is `Dialect`'s. Amounts are decimal strings with a point, whatever a dialect makes of them.
 */

export type Row = ReadonlyArray<string>

export interface ExportTable {
  /** As the product calls the file, such as `orders_export.csv`. */
  readonly fileName: string
  readonly columns: ReadonlyArray<string>
  /** Columns of amounts, which a dialect may write with a decimal comma. */
  readonly amounts: ReadonlySet<string>
  readonly rows: Iterable<Row>
}

/** Column names from lines of them: `columnNames("Name, Email", "Total")`. */
export const columnNames = (...lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => line.split(", "))

/** Rows made anew each time somebody goes through them. */
export const anew = (make: () => Iterator<Row>): Iterable<Row> => ({ [Symbol.iterator]: make })

/** Cells by column in place of by position; a column that is not named is empty, one that the file lacks is a fault. */
export const placed = (columns: ReadonlyArray<string>): ((cells: Readonly<Record<string, string>>) => Row) => {
  const places = new Map(columns.map((column, index) => [column, index]))
  return (cells) => {
    const row = columns.map(() => "")
    for (const [column, cell] of Object.entries(cells)) {
      const place = places.get(column)
      if (place === undefined) throw new RangeError(`the file has no column "${column}"`)
      row[place] = cell
    }
    return row
  }
}
