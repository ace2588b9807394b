/**
 * Trouble on order, for tests of clients: answers with a status of one's choice, or writes that are committed
 * and then answered by a closed connection.
 *
 * Orders are counted down and live in memory only.
 */
import { invalid } from "./ApiError.ts"
import * as Body from "./RequestBody.ts"
import type { Json } from "./RequestBody.ts"

export class Faults {
  #status: { readonly status: number; left: number } | null = null
  #drops = 0

  /** `{"status": 502, "count": 3}`, `{"commitThenDrop": 2}`, or both. */
  order(body: Json): void {
    const known = ["status", "count", "commitThenDrop"]
    const unknown = Object.keys(body).find((field) => !known.includes(field))
    if (unknown !== undefined) throw invalid(`"${unknown}" is no fault; known: ${known.join(", ")}`)
    if (body["status"] !== undefined) {
      const status = Body.integer(body, "status", 0)
      if (status < 400 || status > 599) throw invalid(`status must be between 400 and 599, not ${status}`)
      this.#status = { status, left: counted(Body.integer(body, "count", 1), "count") }
    }
    if (body["commitThenDrop"] !== undefined)
      this.#drops = counted(Body.integer(body, "commitThenDrop", 1), "commitThenDrop")
  }

  /** The status to fail the next request with, if any. */
  takeStatus(): number | null {
    if (this.#status === null || this.#status.left === 0) return null
    this.#status.left -= 1
    return this.#status.status
  }

  takeDrop(): boolean {
    if (this.#drops === 0) return false
    this.#drops -= 1
    return true
  }

  get pending(): Json {
    return { status: this.#status?.status ?? null, count: this.#status?.left ?? 0, commitThenDrop: this.#drops }
  }
}

const counted = (count: number, field: string): number => {
  if (count < 0) throw invalid(`${field} must not be negative`)
  return count
}
