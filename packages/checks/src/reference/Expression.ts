/**
 * The small language in which cases say how a number is made of columns: `log(1+Total Revenue)`, `segment != 'No E-Mail'`,
 * `history - 12*recency + 1e-9*rowIndex`.
 *
 * Promises: numbers, columns (their names may have spaces; the longest that fits is meant), + − * / ( ), log(), and one
 * comparison, which is 1 or 0; `rowIndex` is the place of the row from 0. A name that is no column stands for the one
 * column whose name begins with it (`satisfaction`), or for a category: 1 where some column holds it (`oneYear` for
 * "One Year"). Anything else is an error that names it.
 */
import { cell, numeric, type Row } from "./Csv.ts"

export type Reading = (row: Row, index: number) => number

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

interface Source {
  readonly text: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
}

/** What a name stands for that is no column. */
const aliasOf = (name: string, { columns, rows }: Source): Reading => {
  const wanted = plain(name)
  const beginning = columns.filter((column) => plain(column).startsWith(wanted))
  const [only] = beginning
  if (only !== undefined && beginning.length === 1) return (row) => numeric(row, only)
  const holding = columns.find((column) => rows.some((row) => plain(cell(row, column)) === wanted))
  if (holding === undefined) throw new Error(`"${name}" is neither a column nor a category of the table`)
  return (row) => (plain(cell(row, holding)) === wanted ? 1 : 0)
}

/** Reads one term after the other from the left; the place moves on. */
const parser = (source: Source) => {
  let rest = source.text
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest)?.[0]
    if (found !== undefined) rest = rest.slice(found.length).trimStart()
    return found?.trim()
  }
  const name = (): Reading => {
    const column = source.columns.toSorted((a, b) => b.length - a.length).find((one) => rest.startsWith(one))
    if (column !== undefined) {
      rest = rest.slice(column.length).trimStart()
      return (row) => numeric(row, column)
    }
    const alias = take(/^[A-Za-z_]\w*/)
    if (alias === undefined) throw new Error(`"${rest}" in "${source.text}" is not understood`)
    return alias === "rowIndex" ? (_, index) => index : aliasOf(alias, source)
  }
  const factor = (): Reading => {
    if (take(/^-/) !== undefined) {
      const inner = factor()
      return (row, index) => -inner(row, index)
    }
    const literal = take(/^\d+(\.\d*)?(e[+-]?\d+)?/i)
    if (literal !== undefined) return () => Number(literal)
    const log = take(/^log\s*\(/)
    if (log !== undefined || take(/^\(/) !== undefined) {
      const inner = sum()
      if (take(/^\)/) === undefined) throw new Error(`a bracket is not closed in "${source.text}"`)
      return log === undefined ? inner : (row, index) => Math.log(inner(row, index))
    }
    return name()
  }
  const product = (): Reading => {
    let left = factor()
    for (let sign = take(/^[*/]/); sign !== undefined; sign = take(/^[*/]/)) {
      const [before, right, times] = [left, factor(), sign === "*"]
      left = (row, index) => (times ? before(row, index) * right(row, index) : before(row, index) / right(row, index))
    }
    return left
  }
  const sum = (): Reading => {
    let left = product()
    for (let sign = take(/^[+-]/); sign !== undefined; sign = take(/^[+-]/)) {
      const [before, right, factorOf] = [left, product(), sign === "+" ? 1 : -1]
      left = (row, index) => before(row, index) + factorOf * right(row, index)
    }
    return left
  }
  return () => {
    const read = sum()
    if (rest !== "") throw new Error(`"${rest}" in "${source.text}" is not understood`)
    return read
  }
}

const compared: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
}

/** How `text` reads a row of `rows`. */
export const expression = (text: string, rows: ReadonlyArray<Row>): Reading => {
  const columns = Object.keys(rows[0] ?? {})
  const comparison = /^(.*?[^<>=!\s])\s*(==|!=|>=|<=|=|>|<)\s*(.+)$/.exec(text)
  if (comparison === null) return parser({ text: text.trim(), columns, rows })()
  const [, left = "", sign = "=", right = ""] = comparison
  const word = right.trim().replaceAll(/^["']|["']$/g, "")
  if (columns.includes(left.trim()) && (word === "" || Number.isNaN(Number(word)))) {
    const equal = sign !== "!="
    return (row) => ((cell(row, left.trim()) === word) === equal ? 1 : 0)
  }
  const [one, two] = [left, right].map((side) => parser({ text: side.trim(), columns, rows })())
  return (row, index) => (compared[sign]?.(one?.(row, index) ?? NaN, two?.(row, index) ?? NaN) === true ? 1 : 0)
}

/** Expressions one after the other, separated by `;`, each with its name; unnamed ones are called what they say. */
export const named = (text: string, rows: ReadonlyArray<Row>): ReadonlyArray<readonly [string, Reading]> => {
  const columns = Object.keys(rows[0] ?? {})
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, name = part, body = part] = /^(\w+)\s*=(?!=)\s*(.+)$/.exec(part) ?? []
      return columns.includes(name)
        ? ([part, expression(part, rows)] as const)
        : ([name, expression(body, rows)] as const)
    })
}
