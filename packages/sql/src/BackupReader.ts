/**
 * Reads the file of a backup.
 *
 * Promises: whoever has read it to its end has read it whole: a file that was cut off, or altered in any byte, fails before
 * that. Memory does not grow with it. It knows the format and no database.
 */
import { Effect, Schema, type Scope } from "effect"
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { Transform, type TransformCallback } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import { BackupUnusable, formatVersion, Header, Row, sealOf, TableLine, Trailer } from "./BackupFile.ts"

/** Rows of one table that follow one another. */
export interface Rows {
  readonly table: Header["tables"][number]
  readonly rows: ReadonlyArray<Row>
}

export interface BackupReader {
  readonly header: Header
  /** The next rows; undefined at the end of a file that is whole. */
  readonly next: Effect.Effect<Rows | undefined, BackupUnusable>
}

const rowsAtOnce = 5_000
const bytesAtOnce = 4_000_000
const newline = 0x0a
const brace = 0x7b
const sealLength = sealOf("0".repeat(64)).length

const headerOf = Schema.decodeUnknownSync(Schema.fromJsonString(Header))
const rowOf = Schema.decodeUnknownSync(Schema.fromJsonString(Row))
const controlOf = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Union([Trailer, TableLine])))

/** Lets bytes through, and fails at their end where the seal is not theirs. */
class Unsealing extends Transform {
  readonly #hash = createHash("sha256")
  #held: Buffer = Buffer.alloc(0)

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = Buffer.concat([this.#held, chunk])
    const sure = Math.max(0, bytes.length - sealLength)
    this.#hash.update(bytes.subarray(0, sure))
    this.#held = bytes.subarray(sure)
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    const whole = this.#held.equals(sealOf(this.#hash.digest("hex")))
    done(whole ? null : new Error("the seal is missing or another's"))
  }
}

/** The lines of a file, as many at a time as come. */
async function* linesOf(file: string): AsyncGenerator<ReadonlyArray<Buffer>, void> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  const unpacked = pipeline(source, new Unsealing(), gunzip)
  // The reading below fails too, and tells.
  unpacked.catch(() => undefined)
  let begun: Array<Buffer> = []
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      const lines: Array<Buffer> = []
      let from = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        lines.push(Buffer.concat([...begun, chunk.subarray(from, end)]))
        begun = []
        from = end + 1
      }
      if (from < chunk.length) begun.push(chunk.subarray(from))
      yield lines
    }
  } finally {
    source.destroy()
    gunzip.destroy()
  }
  await unpacked
  if (begun.length > 0) throw new Error("the last line has no end")
}

/** What was read so far, and whether it is what the header and the trailer say. */
class Progress {
  readonly #header: Header
  readonly #hash = createHash("sha256")
  readonly #counts: Record<string, number> = {}
  #position = -1
  #trailer: Trailer | undefined

  constructor(header: Header, line: Buffer) {
    this.#header = header
    this.#add(line)
  }

  #add(line: Buffer): void {
    this.#hash.update(line).update("\n")
  }

  get #table(): Header["tables"][number] | undefined {
    return this.#header.tables[this.#position]
  }

  /** The row that a line holds, if it holds one. */
  take(line: Buffer): Rows["rows"][number] | undefined {
    if (this.#trailer !== undefined) throw new Error("something follows the trailer")
    if (line[0] === brace) {
      const control = controlOf(line.toString("utf8"))
      if ("sha256" in control) {
        this.#trailer = control
        return undefined
      }
      this.#add(line)
      this.#position++
      if (this.#table?.name !== control.table) throw new Error("a table out of turn")
      this.#counts[control.table] = 0
      return undefined
    }
    this.#add(line)
    const row = rowOf(line.toString("utf8"))
    const table = this.table()
    if (row.length !== table.columns.length) throw new Error("a row of another shape")
    this.#counts[table.name] = (this.#counts[table.name] ?? 0) + 1
    return row
  }

  table(): Header["tables"][number] {
    if (this.#table === undefined) throw new Error("a row of no table")
    return this.#table
  }

  /** Throws where the file is not whole. */
  finish(): void {
    if (this.#trailer?.sha256 !== this.#hash.digest("hex")) throw new Error("the trailer is missing or another's")
    for (const { name, rows } of this.#header.tables) {
      if (this.#counts[name] !== rows || this.#trailer.rows[name] !== rows) throw new Error("rows are missing")
    }
  }
}

/** The header first, then all rows; ends only where the file is whole. */
async function* partsOf(file: string): AsyncGenerator<Header | Rows, void> {
  let progress: Progress | undefined
  let pending: { table: Rows["table"]; rows: Array<Row>; bytes: number } | undefined
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      if (progress === undefined) {
        const header = headerOf(line.toString("utf8"))
        progress = new Progress(header, line)
        yield header
        continue
      }
      const row = progress.take(line)
      const full = pending !== undefined && (pending.rows.length >= rowsAtOnce || pending.bytes >= bytesAtOnce)
      if (pending !== undefined && (row === undefined || full)) {
        yield pending
        pending = undefined
      }
      if (row === undefined) continue
      pending ??= { table: progress.table(), rows: [], bytes: 0 }
      pending.rows.push(row)
      pending.bytes += line.length
    }
  }
  if (progress === undefined) throw new Error("no header")
  progress.finish()
}

const unreadable = (file: string, cause: unknown): BackupUnusable => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return ["ENOENT", "EACCES", "EISDIR", "EPERM", "ENOTDIR"].includes(code)
    ? new BackupUnusable({ file, problem: `cannot be read (${code})`, remedy: "name a file that this user can read" })
    : new BackupUnusable({
        file,
        problem: "is cut off, or was altered, or was not made by `advocacy backup`",
        remedy: "copy it again from where it was made, or use another backup; nothing was stored",
      })
}

/** Opens a file for as long as the scope is, and reads its header. */
export const make = (file: string): Effect.Effect<BackupReader, BackupUnusable, Scope.Scope> =>
  Effect.gen(function* () {
    const attempt = <A>(work: () => A | Promise<A>) =>
      Effect.tryPromise({ try: async () => work(), catch: (cause) => unreadable(file, cause) })
    const parts = yield* Effect.acquireRelease(
      Effect.sync(() => partsOf(file)),
      (opened) => Effect.promise(() => opened.return().then(() => undefined)),
    )
    const first = yield* attempt(() => parts.next())
    if (first.done === true || !("format" in first.value)) return yield* unreadable(file, undefined)
    const header = first.value
    if (header.version > formatVersion) {
      return yield* new BackupUnusable({
        file,
        problem: `has format ${header.version}, and this version reads up to ${formatVersion}`,
        remedy: "use the version that made it, or a newer one",
      })
    }
    const next = Effect.map(
      attempt(() => parts.next()),
      (result) => (result.done === true || "format" in result.value ? undefined : result.value),
    )
    return { header, next }
  })
