/**
 * `@advocacy-kit/files`: the exports of shops, CRMs, surveys and referral products as facts.
 *
 * `FileText.look` and `FileImport.run` with one of `Formats.formats` are what an application needs; `Format.make` makes a kind of one's own.
 */
export * as Columns from "./Columns.ts"
export * as CsvRows from "./CsvRows.ts"
export * as FileImport from "./FileImport.ts"
export * as FilePages from "./FilePages.ts"
export * as FileText from "./FileText.ts"
export { FileError } from "./FileText.ts"
export * as Format from "./Format.ts"
export * as Formats from "./Formats.ts"
export { Row, Unreadable } from "./Row.ts"
