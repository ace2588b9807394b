/**
 * Reads a written file again, by a reader of its own: RFC 4180 with any separator. For the tests of what is written.
 */

/** The cell that begins at `from`, and where it ends. */
const cellAt = (text: string, from: number, separator: string): { readonly cell: string; readonly end: number } => {
  if (text[from] !== '"') {
    let end = from
    while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++
    return { cell: text.slice(from, end), end }
  }
  let cell = ""
  for (let place = from + 1; place < text.length; place++) {
    if (text[place] !== '"') cell += text[place]
    else if (text[place + 1] === '"') cell += text[++place]
    else return { cell, end: place + 1 }
  }
  throw new Error(`the quoted cell at ${from} does not end`)
}

export const cells = (text: string, separator = ","): Array<Array<string>> => {
  const rows: Array<Array<string>> = [[]]
  for (let place = 0; place < text.length;) {
    const { cell, end } = cellAt(text, place, separator)
    rows.at(-1)?.push(cell)
    if (text[end] === separator) {
      place = end + 1
      // The last row may end with an empty cell and no line end.
      if (place === text.length) rows.at(-1)?.push("")
      continue
    }
    place = text[end] === "\r" ? end + 1 : end
    if (place < text.length && text[place] !== "\n") throw new Error(`no cell ends at ${place}`)
    place++
    if (place < text.length) rows.push([])
  }
  return rows
}

/** Rows by column name; the first row is the header. */
export const records = (text: string, separator = ","): Array<Readonly<Record<string, string>>> => {
  const [header = [], ...rows] = cells(text, separator)
  return rows.map((row, index) => {
    if (row.length !== header.length) throw new Error(`row ${index + 1} has ${row.length} cells, not ${header.length}`)
    return Object.fromEntries(header.map((column, place) => [column, row[place] ?? ""]))
  })
}
