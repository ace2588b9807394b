/**
 * Whether a file is the one Node was started with, and how such a file ends.
 *
 * Promises: works from Node 22.19 on, where `import.meta.main` does not exist yet, and through links.
 */
import { realpathSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { StageResult } from "./Stage.ts"

export const isMain = (url: string): boolean => {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === fileURLToPath(url)
}

/** Prints a result and sets the exit code. */
export const conclude = (result: StageResult): void => {
  process.stdout.write(`${result.report.trimEnd()}\n`)
  process.exitCode = result.failed === 0 ? 0 : 1
}
