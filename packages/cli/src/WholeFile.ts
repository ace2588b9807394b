/**
 * A file that is written whole or not at all; one that exists is replaced.
 */
import { Effect } from "effect"
import { renameSync, rmSync, writeFileSync } from "node:fs"
import * as Failure from "./Failure.ts"

/** Writes `text` and tells how many bytes that is. */
export const write = (path: string, text: string): Effect.Effect<number, Failure.Failure> =>
  Effect.try({
    try: () => {
      const bytes = Buffer.from(text)
      const draft = `${path}.${process.pid}.new`
      try {
        writeFileSync(draft, bytes)
        renameSync(draft, path)
      } finally {
        rmSync(draft, { force: true })
      }
      return bytes.length
    },
    catch: () =>
      Failure.usage(`${path} cannot be written`, "name a file in a directory that exists and can be written"),
  })
