/**
 * An append-only file of JSON lines that outlives the process.
 *
 * A line is on its way to the file before `append` returns, so a killed process loses nothing it has
 * answered for. A last line that was cut off was never answered for and is dropped on opening. It survives
 * `kill -9`, not a power failure: it does not fsync.
 */
import * as fs from "node:fs"
import * as path from "node:path"

export interface ChangeLog {
  readonly append: (entry: unknown) => void
  readonly close: () => void
}

export interface Opened {
  readonly log: ChangeLog
  readonly entries: ReadonlyArray<unknown>
}

const readWhole = (file: string): string => {
  if (!fs.existsSync(file)) return ""
  const bytes = fs.readFileSync(file)
  const end = bytes.lastIndexOf(0x0a) + 1
  if (end < bytes.length) fs.truncateSync(file, end)
  return bytes.subarray(0, end).toString("utf8")
}

export const open = (directory: string, name: string): Opened => {
  fs.mkdirSync(directory, { recursive: true })
  const file = path.join(directory, name)
  const entries = readWhole(file)
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index): unknown => {
      try {
        return JSON.parse(line)
      } catch {
        throw new Error(`${file}, line ${index + 1}, is not JSON. Remove the directory to start afresh.`)
      }
    })
  const handle = fs.openSync(file, "a")
  return {
    entries,
    log: {
      append: (entry) => {
        const bytes = Buffer.from(`${JSON.stringify(entry)}\n`)
        let written = 0
        while (written < bytes.length) written += fs.writeSync(handle, bytes, written)
      },
      close: () => fs.closeSync(handle),
    },
  }
}
