/**
 * The file of a backup: lines of JSON, compressed, the same whatever database it came from.
 *
 * The first line is the header, the last the trailer. Between them each table has a line that names it, followed by its
 * rows, one a line: an array of texts (`null` for NULL) in the order of the header's columns, as PostgreSQL writes values
 * as text in UTC; bytes are base64. The trailer counts the rows and holds the SHA-256 of every line before it. After the
 * compressed lines stands the seal: an empty part of the archive with the SHA-256 of all bytes before it, because some bits
 * of an archive mean nothing when it is unpacked, and none of ours may change without being seen. Any `gunzip` reads it.
 *
 * This is the format alone; `BackupWriter` and `BackupReader` make it and read it. Personal values are in it as they are in
 * the database: sealed.
 */
import { Schema } from "effect"

/** Raised when older readers would misunderstand a file. */
export const formatVersion = 1

export const Header = Schema.Struct({
  format: Schema.Literal("advocacy-backup"),
  version: Schema.Int,
  /** The number of the last migration of the database that it was taken from. */
  schema: Schema.Int,
  /** Tells the key of the sealed values without telling anything of it; null where none was ever used. */
  vaultKey: Schema.NullOr(Schema.String),
  tenants: Schema.Array(Schema.String),
  /** In the order of the file: those that refer to others come after them. */
  tables: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      columns: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.String })),
      rows: Schema.Int,
    }),
  ),
})
export type Header = typeof Header.Type

export const TableLine = Schema.Struct({ table: Schema.String })

export const Trailer = Schema.Struct({ rows: Schema.Record(Schema.String, Schema.Int), sha256: Schema.String })
export type Trailer = typeof Trailer.Type

export const Row = Schema.Array(Schema.NullOr(Schema.String))
export type Row = typeof Row.Type

/** The file cannot be written or used. Says nothing of what is in it. */
export class BackupUnusable extends Schema.TaggedError<BackupUnusable>()("BackupUnusable", {
  file: Schema.String,
  problem: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `the backup ${this.file} ${this.problem}`
  }
}

/** A gzip member without content, whose comment says what the bytes before it hash to. */
export const sealOf = (sha256: string): Buffer =>
  Buffer.concat([
    Buffer.of(0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 0xff),
    Buffer.from(`advocacy-backup sha256 ${sha256}\0`, "latin1"),
    Buffer.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  ])
