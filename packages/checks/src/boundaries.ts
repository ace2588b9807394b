/**
 * The command that enforces the import table on the whole workspace: `pnpm boundaries`.
 *
 * Promises: exit code 1 and one line per violation, or 0 and one line saying how much was looked at. The rules are in
 * `boundaries.json`, the decisions in `Boundary.ts` and `ManifestDependencies.ts`.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { judge, type SourceFile, type Violation } from "./Boundary.ts"
import { type BoundaryTable, boundaryTable, rowForTests } from "./BoundaryTable.ts"
import { type EffectStability, fromInstalled } from "./EffectStability.ts"
import { conclude, isMain } from "./Main.ts"
import { compare } from "./ManifestDependencies.ts"
import { parse } from "./SourceModule.ts"
import type { StageResult } from "./Stage.ts"
import { filesIn, isTypeScript, packages, root, type WorkspacePackage } from "./Workspace.ts"

const sources = (folder: string): ReadonlyArray<SourceFile> =>
  filesIn(folder, isTypeScript).map((path) => ({
    path,
    module: parse(join(folder, path), readFileSync(join(folder, path), "utf8")),
  }))

const checkPackage = (
  table: BoundaryTable,
  one: WorkspacePackage,
  stability: EffectStability,
): { readonly files: number; readonly violations: ReadonlyArray<Violation> } => {
  const row = table.packages[one.name]
  if (row === undefined) {
    const message = `packages/${one.name} has no row in boundaries.json; say what it may import`
    return { files: 0, violations: [{ path: "package.json", line: 1, message }] }
  }
  const src = sources(join(one.path, "src"))
  const tests = sources(join(one.path, "test"))
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = one.manifest
  const installed = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies })
  // The root installs the test runner once for every package.
  const testRow = rowForTests(table, row, [...row.npm, ...installed, "vitest", "@effect/vitest"])
  const judged = { packageName: one.name, stability }
  return {
    files: src.length + tests.length,
    violations: [
      ...judge({ ...judged, row, folder: "src" }, src),
      ...judge({ ...judged, row: testRow, folder: "test" }, tests),
      ...(src.length === 0 ? [] : compare(one.manifest, row, src)),
    ],
  }
}

/** Checks the workspace at `at`; the installed effect is looked up from `installedAt`. */
export const checkBoundaries = (at: string, table = boundaryTable, installedAt = root): StageResult => {
  const stability = fromInstalled(installedAt)
  const results = packages(at).map((one) => ({ name: one.name, ...checkPackage(table, one, stability) }))
  const lines = results.flatMap(({ name, violations }) =>
    violations.map(({ line, message, path }) => `packages/${name}/${path}:${line}  ${message}`),
  )
  const files = results.reduce((sum, result) => sum + result.files, 0)
  return lines.length === 0
    ? { passed: 1, failed: 0, report: `${files} files of ${results.length} packages keep to the import table.` }
    : { passed: 0, failed: 1, report: `${lines.join("\n")}\n${lines.length} violations of the import table.` }
}

if (isMain(import.meta.url)) {
  conclude(checkBoundaries(root))
}
