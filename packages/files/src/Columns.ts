/**
 * Which column of a file is which field of a format: by their titles, in any order.
 *
 * Promises: titles are compared without case, spaces and punctuation; a column that two fields could claim goes to the first title that
 * a field lists; where a needed field has no column the file is refused, with the columns that it has.
 */
import { Effect } from "effect"
import { FileError } from "./FileText.ts"

export interface Field {
  /** What the products call it, the surest first. */
  readonly titles: ReadonlyArray<string>
  /** How a title begins that goes on in the brand's own words, such as a question; looked for where no title was found. */
  readonly beginnings?: ReadonlyArray<string>
  readonly what: string
  /** Without such a column the file is not of this format. */
  readonly needed?: true
  /** Its values are never shown: somebody's name or address. */
  readonly personal?: true
}

export type Fields<Name extends string> = Readonly<Record<Name, Field>>

/** Fields with their names kept by the compiler. */
export const fieldsOf = <Name extends string>(fields: Fields<Name>): Fields<Name> => fields

/** Many titles, written in lines: `listed("Order Number, Order", "Order Name")`. */
export const listed = (...lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => line.split(", "))

export interface Columns<Name extends string> {
  readonly fields: Fields<Name>
  /** Where a field's cell stands; undefined where the file has no such column. */
  readonly at: Readonly<Partial<Record<Name, number>>>
  /** The column's title in this file, else the one that was looked for. */
  readonly titleOf: (name: Name) => string
  /** Whether a field's title says that its times stand in UTC. */
  readonly inUtc: (name: Name) => boolean
  /** Columns that no field reads. */
  readonly unused: ReadonlyArray<string>
}

/** A title without case, spaces and punctuation; one of signs alone, such as "#", is what it is. */
export const folded = (title: string): string => {
  const text = title.normalize("NFKC").toLowerCase()
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, "") || text.trim()
}

const namesOf = <Name extends string>(fields: Fields<Name>): ReadonlyArray<Name> =>
  Object.keys(fields) as ReadonlyArray<string> as ReadonlyArray<Name>

/** Where the title stands that a mapping names for a field. */
const mappedTo = (path: string, header: ReadonlyArray<string>, title: string) => {
  const at = header.findIndex((one) => folded(one) === folded(title))
  return at >= 0
    ? Effect.succeed(at)
    : Effect.fail(
        new FileError({
          path,
          problem: `has no column "${title}"; it has ${header.join(", ")}`,
          remedy: "name a column of the file",
        }),
      )
}

/** Where a title stands that begins as a field says; two of them cannot be told apart. */
const begunBy = (path: string, header: ReadonlyArray<string>, name: string, { beginnings = [], what }: Field) => {
  const starts = beginnings.map(folded)
  const isBegun = (title: string) => starts.some((start) => folded(title).startsWith(start))
  const found = header.flatMap((title, at) => (isBegun(title) ? [at] : []))
  const [place] = found
  return found.length < 2
    ? Effect.succeed(place)
    : Effect.fail(
        new FileError({
          path,
          problem: `has ${found.length} columns that may be ${what}: ${found.map((at) => `"${header[at]?.trim()}"`).join(", ")}`,
          remedy: `say which it is, as in --column ${name}=TITLE`,
        }),
      )
}

/** Finds the columns; `mapping` names titles of this very file by field, and goes before. */
export const find = Effect.fn("Columns.find")(function* <Name extends string>(
  path: string,
  header: ReadonlyArray<string>,
  fields: Fields<Name>,
  mapping: Readonly<Record<string, string>>,
): Effect.fn.Return<Columns<Name>, FileError> {
  const names = namesOf(fields)
  const unknown = Object.keys(mapping).find((name) => !names.some((known) => known === name))
  if (unknown !== undefined)
    return yield* new FileError({
      path,
      problem: `is given a column for "${unknown}", which this format does not read`,
      remedy: `fields are ${names.join(", ")}`,
    })
  const places = new Map<string, number>()
  // Of two columns of one title the first counts; exports repeat titles only for what nobody reads here.
  header.forEach((title, at) => places.has(folded(title)) || places.set(folded(title), at))
  const at: Partial<Record<Name, number>> = {}
  const taken = new Set<number>()
  for (const name of names) {
    const title = mapping[name]
    const place =
      title === undefined
        ? (fields[name].titles
            .map((one) => places.get(folded(one)))
            .find((one) => one !== undefined && !taken.has(one)) ?? (yield* begunBy(path, header, name, fields[name])))
        : yield* mappedTo(path, header, title)
    if (place === undefined) continue
    at[name] = place
    taken.add(place)
  }
  const missing = names.filter((name) => fields[name].needed === true && at[name] === undefined)
  if (missing.length > 0)
    return yield* new FileError({
      path,
      problem: `has no column ${missing.map((name) => `"${fields[name].titles[0] ?? name}" (${fields[name].what})`).join(", ")}; it has ${
        header
          .map((title) => title.trim())
          .join(", ")
          .slice(0, 600) || "none"
      }`,
      remedy: `call them so in the first line, or see that the file is of this kind; an import can be told: --column ${missing[0]}=TITLE`,
    })
  const inUtc = new Set(names.filter((name) => /\bUTC\b/.test(header[at[name] ?? -1] ?? "")))
  return {
    fields,
    at,
    inUtc: (name) => inUtc.has(name),
    titleOf: (name) => {
      const place = at[name]
      return place === undefined ? (fields[name].titles[0] ?? name) : (header[place] ?? name).trim()
    },
    unused: header.filter((_, place) => !taken.has(place)).map((title) => title.trim()),
  }
})
