/** A small workspace in a temporary folder, removed when the test ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

/** Writes `files` (path -> text) and returns the folder. */
export const fixture = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "advocacy-fixture-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** The manifest of a fixture's package that declares exactly `dependencies`. */
export const manifest = (name: string, dependencies: ReadonlyArray<string> = []): string =>
  JSON.stringify({
    name: `@advocacy-kit/${name}`,
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "*"])),
  })
