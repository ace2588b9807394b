/**
 * Writes the file of a backup.
 *
 * Promises: the name is taken only once the file is whole and on the disk; only its owner can read it; memory does not grow
 * with it, because whoever writes waits for the disk. A file that is there already is left alone.
 */
import { Effect, type Scope } from "effect"
import { createHash } from "node:crypto"
import { createWriteStream, existsSync, linkSync, rmSync } from "node:fs"
import { Transform, type TransformCallback } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { BackupUnusable, sealOf, type Trailer } from "./BackupFile.ts"

/** Ends the file with its seal. */
class Sealing extends Transform {
  readonly #hash = createHash("sha256")

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk)
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    done(null, sealOf(this.#hash.digest("hex")))
  }
}

export interface BackupWriter {
  /** One line each, without their line ends; waits while the disk is behind. */
  readonly write: (lines: ReadonlyArray<string>) => Effect.Effect<void, BackupUnusable>
  /** Ends the file with its trailer and gives it its name; answers the hash. */
  readonly end: (rows: Trailer["rows"]) => Effect.Effect<string, BackupUnusable>
}

const refusal = (file: string) => (cause: unknown) =>
  new BackupUnusable({
    file,
    problem: `cannot be written (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: "name a new file in a directory that exists, that this user can write, and that has room",
  })

const open = (draft: string) => {
  const gzip = createGzip()
  const written = pipeline(gzip, new Sealing(), createWriteStream(draft, { flags: "wx", mode: 0o600, flush: true }))
  // Whoever waits for the end is told; until then it is not to count as nobody's failure.
  written.catch(() => undefined)
  const put = async (bytes: Buffer): Promise<void> => {
    if (gzip.write(bytes)) return
    await Promise.race([new Promise<void>((resolve) => gzip.once("drain", resolve)), written])
  }
  return { gzip, put, written }
}

/** Writes `file` for as long as the scope is open; what was not ended by then is removed. */
export const make = (file: string): Effect.Effect<BackupWriter, BackupUnusable, Scope.Scope> => {
  const draft = `${file}.part`
  const refused = refusal(file)
  return Effect.acquireRelease(
    Effect.suspend(() =>
      existsSync(file)
        ? Effect.fail(
            new BackupUnusable({ file, problem: "is there already", remedy: "name a new file, or move that one away" }),
          )
        : Effect.sync(() => open(draft)),
    ),
    ({ gzip, written }) =>
      Effect.promise(async () => {
        gzip.destroy()
        await written.catch(() => undefined)
        rmSync(draft, { force: true })
      }),
  ).pipe(
    Effect.map(({ gzip, put, written }) => {
      const hash = createHash("sha256")
      const attempt = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: refused })
      return {
        write: (lines) =>
          attempt(async () => {
            const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8")
            hash.update(bytes)
            await put(bytes)
          }),
        end: (rows) =>
          attempt(async () => {
            const sha256 = hash.digest("hex")
            await put(Buffer.from(`${JSON.stringify({ rows, sha256 } satisfies Trailer)}\n`, "utf8"))
            gzip.end()
            await written
            // Unlike a renaming, this never takes the place of a file that appeared meanwhile.
            linkSync(draft, file)
            return sha256
          }),
      }
    }),
  )
}
