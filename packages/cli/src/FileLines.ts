/**
 * The lines of a file, or of standard input, as they come.
 *
 * Promises: memory does not grow with the file, nor with a line: one that is too long is told with its length and let pass. Bytes that
 * are no UTF-8 are told, never replaced. Line ends are `\n`; what stands before them is left as it is.
 */
import type { FileLine } from "@advocacy-kit/core/fact/FactFileReading"
import { Effect, Stream } from "effect"
import { isUtf8 } from "node:buffer"
import { createHash } from "node:crypto"
import { createReadStream, statSync } from "node:fs"
import { pipeline } from "node:stream/promises"
import * as Failure from "./Failure.ts"

const newline = 0x0a

/** What names standard input. */
export const standardInput = "-"

const unreadable = (path: string): Failure.Failure =>
  Failure.usage(`${path} cannot be read`, "name a file that exists and that this user can read")

/** Puts chunks of bytes together to lines. */
class Lines {
  readonly #longest: number
  #begun: Array<Buffer> = []
  #length = 0
  #number = 0

  constructor(longest: number) {
    this.#longest = longest
  }

  #add(part: Buffer): void {
    this.#length += part.length
    if (this.#length > this.#longest) this.#begun = []
    else if (part.length > 0) this.#begun.push(part)
  }

  #end(): FileLine {
    const [first, ...more] = this.#begun
    const [length, number] = [this.#length, ++this.#number]
    this.#begun = []
    this.#length = 0
    if (length > this.#longest)
      return { number, text: "", problem: `it is ${length} bytes long, and a line may have ${this.#longest}` }
    const bytes = first === undefined || more.length === 0 ? first : Buffer.concat([first, ...more])
    if (bytes === undefined) return { number, text: "" }
    return isUtf8(bytes) ? { number, text: bytes.toString("utf8") } : { number, text: "", problem: "it is no UTF-8" }
  }

  take(chunk: Buffer): ReadonlyArray<FileLine> {
    const lines: Array<FileLine> = []
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, end))
      lines.push(this.#end())
      from = end + 1
    }
    this.#add(chunk.subarray(from))
    return lines
  }

  /** The last line, where nothing ends it. */
  rest(): ReadonlyArray<FileLine> {
    return this.#length === 0 ? [] : [this.#end()]
  }
}

async function* read(path: string, longest: number, onBytes: (count: number) => void) {
  const bytes = path === standardInput ? process.stdin : createReadStream(path)
  const lines = new Lines(longest)
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    onBytes(chunk.length)
    yield lines.take(chunk)
  }
  yield lines.rest()
}

/** Lines of at most `longest` bytes; `onBytes` is told how many bytes have come. */
export const of = (
  path: string,
  options: { readonly longest: number; readonly onBytes: (count: number) => void },
): Stream.Stream<ReadonlyArray<FileLine>, Failure.Failure> =>
  Stream.fromAsyncIterable(read(path, options.longest, options.onBytes), () => unreadable(path))

/** The size of a file and the SHA-256 of its bytes. */
export const identify = (
  path: string,
): Effect.Effect<{ readonly bytes: number; readonly sha256: string }, Failure.Failure> =>
  Effect.tryPromise({
    try: async () => {
      const hash = createHash("sha256")
      await pipeline(createReadStream(path), hash)
      return { bytes: statSync(path).size, sha256: hash.digest("hex") }
    },
    catch: () => unreadable(path),
  })
