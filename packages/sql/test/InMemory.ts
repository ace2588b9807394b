/**
 * An embedded database in memory for tests: the one that was initialised for all files, where the runner has made it.
 */
import type { Database } from "@advocacy-kit/sql"
import { readFileSync } from "node:fs"
import { inject } from "vitest"

export const inMemory = (): Database.EmbeddedOptions => {
  const file: string | undefined = inject("emptyDatabase")
  return { directory: "memory", ...(file === undefined ? {} : { initial: new Blob([readFileSync(file)]) }) }
}
