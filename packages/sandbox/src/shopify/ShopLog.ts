/**
 * The log of events behind the shop: one NDJSON file, appended synchronously before any answer leaves, so that a killed
 * process has lost nothing that it acknowledged. A torn last line was never acknowledged and is cut off on opening.
 * Without a directory the shop lives in memory only. It does not fsync: a power cut may lose the tail.
 */

import * as fs from "node:fs"
import * as path from "node:path"
import type { ShopEvent } from "./ShopEvent.ts"
import type { ShopState } from "./ShopState.ts"

export interface ShopLog {
  /** Appends, then applies. */
  readonly commit: (event: ShopEvent) => void
  readonly writeResult: (name: string, content: string) => void
  readonly readResult: (name: string) => string | undefined
}

interface Line {
  readonly lastId: string
  readonly event: ShopEvent
}

const replay = (file: string, state: ShopState): void => {
  if (!fs.existsSync(file)) return
  const text = fs.readFileSync(file, "utf8")
  const complete = text.slice(0, text.lastIndexOf("\n") + 1)
  if (complete.length < text.length) fs.truncateSync(file, Buffer.byteLength(complete))
  for (const [index, line] of complete.split("\n").entries()) {
    if (line === "") continue
    try {
      const { event, lastId } = JSON.parse(line) as Line
      state.apply(event)
      state.restoreLastId(lastId)
    } catch (cause) {
      throw new Error(`${file} cannot be replayed at line ${index + 1}; remove the file to start the sandbox afresh`, {
        cause,
      })
    }
  }
}

const openMemory = (state: ShopState): ShopLog => {
  const results = new Map<string, string>()
  return {
    commit: (event) => state.apply(event),
    writeResult: (name, content) => void results.set(name, content),
    readResult: (name) => results.get(name),
  }
}

export const open = (state: ShopState, directory: string | undefined): ShopLog => {
  if (directory === undefined) return openMemory(state)
  const results = path.join(directory, "bulk")
  fs.mkdirSync(results, { recursive: true })
  const file = path.join(directory, "shopify.ndjson")
  replay(file, state)
  return {
    commit: (event) => {
      const line: Line = { lastId: state.lastIssuedId, event }
      fs.appendFileSync(file, `${JSON.stringify(line)}\n`)
      state.apply(event)
    },
    writeResult: (name, content) => fs.writeFileSync(path.join(results, name), content),
    readResult: (name) => {
      const from = path.join(results, name)
      return fs.existsSync(from) ? fs.readFileSync(from, "utf8") : undefined
    },
  }
}
