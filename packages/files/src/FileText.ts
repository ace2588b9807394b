/**
 * What a file is before anything of it is understood: its size, its digest, and how its bytes spell text.
 *
 * Promises: the whole file is looked at once, in constant memory; what is not UTF-8 is never half read as if it were: then it is
 * Windows-1252, which holds Latin-1.
 */
import { Effect, Schema } from "effect"
import { isAscii, isUtf8 } from "node:buffer"
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open, stat } from "node:fs/promises"
import { basename } from "node:path"

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"

export interface FileText {
  readonly path: string
  /** Without its folder, as reports call it. */
  readonly name: string
  readonly bytes: number
  /** When it was last written, in milliseconds. */
  readonly modifiedAt: number
  /** Of the whole content, in hexadecimal: the same file is the same import, whatever it is called. */
  readonly sha256: string
  readonly encoding: Encoding
}

/** The file itself cannot be used; what is wrong with a row is no error but a report. */
export class FileError extends Schema.TaggedError<FileError>()("FileError", {
  path: Schema.String,
  problem: Schema.String,
  remedy: Schema.String,
}) {
  readonly isRetryable = false
  override get message(): string {
    return `${this.path} ${this.problem}`
  }
}

/** Bytes of an unfinished character at the end of a part: at most three. */
const unfinished = (part: Buffer): number => {
  for (let back = 1; back <= Math.min(3, part.length); back++) {
    const byte = part[part.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? back : 0
    }
  }
  return 0
}

const markOf = (start: Buffer): Encoding | null => {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le"
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be"
  return null
}

const readAll = async (path: string): Promise<Pick<FileText, "sha256" | "encoding">> => {
  const hash = createHash("sha256")
  let rest: Buffer = Buffer.alloc(0)
  let isText = true
  /** Whether any character takes several bytes: by chance such bytes are hardly ever well formed. */
  let hasLong = false
  let mark: Encoding | null | undefined
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    mark ??= markOf(chunk)
    if (!isText) continue
    const part = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const cut = part.length - unfinished(part)
    isText = isUtf8(part.subarray(0, cut))
    hasLong ||= isText && !isAscii(part.subarray(0, cut))
    rest = part.subarray(cut)
  }
  // A file that was cut off within its last character is still what it was before that.
  const isUtf = isText && (rest.length === 0 || hasLong)
  return { sha256: hash.digest("hex"), encoding: mark ?? (isUtf ? "utf-8" : "windows-1252") }
}

const why = (cause: unknown): string => {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null
  if (code === "ENOENT") return "does not exist"
  if (code === "EISDIR") return "is a folder"
  return code === "EACCES" || code === "EPERM" ? "may not be read" : "cannot be read"
}

/** Looks at a file; fails where there is none that can be read. */
export const look = (path: string): Effect.Effect<FileText, FileError> =>
  Effect.tryPromise({
    try: async () => {
      const { mtimeMs, size } = await stat(path)
      return { path, name: basename(path), bytes: size, modifiedAt: Math.floor(mtimeMs), ...(await readAll(path)) }
    },
    catch: (cause) => new FileError({ path, problem: why(cause), remedy: "name a file that you may read" }),
  })

/** The first bytes as text, enough for the line of titles. */
export const beginning = (file: FileText): Effect.Effect<string, FileError> =>
  Effect.tryPromise({
    try: async () => {
      const handle = await open(file.path)
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0)
        return new TextDecoder(file.encoding).decode(buffer.subarray(0, bytesRead))
      } finally {
        await handle.close()
      }
    },
    catch: (cause) => new FileError({ path: file.path, problem: why(cause), remedy: "name a file that you may read" }),
  })
