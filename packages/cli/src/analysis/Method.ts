/**
 * A method that can be applied to a file: the columns that it reads, and what it finds.
 */
import type { Column, DataFile, LeftOut } from "./DataFile.ts"

/** A table of findings: titles, and rows of numbers, texts or null for none. */
export interface Section {
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string | number | null>>
}

export interface Finding {
  /** What there is to be said, as sections in the order of reading. */
  readonly sections: ReadonlyArray<Section>
  /** How to read it. */
  readonly notes: ReadonlyArray<string>
  readonly leftOut: ReadonlyArray<LeftOut>
}

/** A number that a method can be told. */
export interface Setting {
  readonly name: string
  readonly what: string
  /** null: it has to be told. */
  readonly fallback: number | null
}

export interface Method {
  readonly name: string
  readonly question: string
  readonly columns: ReadonlyArray<Column>
  readonly settings?: ReadonlyArray<Setting>
  /** `setting` answers each of `settings` by name. */
  readonly apply: (file: DataFile, setting: (name: string) => number) => Finding
}

/** A section of names with one value each. */
export const values = (
  title: string,
  of: ReadonlyArray<readonly [name: string, value: string | number | null]>,
): Section => ({ title, columns: ["", "value"], rows: of })
