/**
 * A socket whose other end is an embedded PGlite, so that one PostgreSQL driver serves both engines.
 *
 * Promises: PGlite sees whole protocol messages only; a new connection starts from a clean session, with whatever the
 * last one left open rolled back. It does not cancel: PGlite runs a query to its end on this thread.
 */
import type { PGlite } from "@electric-sql/pglite"
import { Duplex } from "node:stream"

const cancelRequest = 80_877_102
const terminate = 0x58
const sync = Uint8Array.of(0x53, 0, 0, 0, 4)

/** Where the last whole message in `buffer` ends. Every message but the first has a type byte before its length. */
const wholeUntil = (buffer: Buffer, greeted: boolean): number => {
  const head = greeted ? 1 : 0
  let end = 0
  while (buffer.length >= end + head + 4) {
    const next = end + head + buffer.readInt32BE(end + head)
    if (next > buffer.length) break
    end = next
    if (!greeted) break
  }
  return end
}

export class PgliteStream extends Duplex {
  readonly #database: PGlite
  #greeted = false
  #waiting: Buffer = Buffer.alloc(0)

  constructor(database: PGlite) {
    super()
    this.#database = database
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#serve(chunk).then(() => done(), done)
  }

  async #serve(chunk: Buffer): Promise<void> {
    const received = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk])
    const end = wholeUntil(received, this.#greeted)
    this.#waiting = received.subarray(end)
    if (end === 0) return
    const messages = received.subarray(0, end)
    if (!this.#greeted) return this.#greet(messages)
    if (messages[0] === terminate) {
      this.push(null)
      return
    }
    this.#answer(await this.#database.execProtocolRaw(messages))
  }

  async #greet(startup: Buffer): Promise<void> {
    if (startup.length >= 8 && startup.readInt32BE(4) === cancelRequest) {
      this.push(null)
      return
    }
    this.#greeted = true
    await this.#database.execProtocolRaw(sync)
    await this.#database.exec("ROLLBACK")
    await this.#database.exec("DISCARD ALL")
    this.#answer(await this.#database.execProtocolRaw(startup))
    if (this.#waiting.length > 0) await this.#serve(Buffer.alloc(0))
  }

  #answer(reply: Uint8Array): void {
    if (reply.length > 0) this.push(reply)
  }
}
