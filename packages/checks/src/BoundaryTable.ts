/**
 * The import table: which package may import what. The rules are data (`boundaries.json`); this file gives them a shape.
 *
 * Promises: a package that has no row is an error, so that a new package cannot escape the table. Does not check
 * anything itself: `Boundary.ts` does.
 */
import rows from "./boundaries.json" with { type: "json" }

export interface BoundaryRow {
  /** Folder names of other packages here. */
  readonly workspace: ReadonlyArray<string>
  /** Packages of the registry. */
  readonly npm: ReadonlyArray<string>
  /** Whether `node:*` may be imported. */
  readonly node: boolean
  /** Sub-paths of effect; the root's stable modules are always allowed. */
  readonly effect: ReadonlyArray<string>
  /** Modules of effect's root that may be used although they are not marked stable. */
  readonly effectUnstable?: ReadonlyArray<string>
  /** Folders of `src` in a line: each may import only itself and what stands left of it. */
  readonly foldersLeftToRight?: ReadonlyArray<string>
  /** Workspace packages of which only types may be imported. */
  readonly typesOnly?: ReadonlyArray<string>
  /** Packages that at most one file may import. */
  readonly oneFile?: ReadonlyArray<string>
  /** Packages that only files and folders of `src` starting with one of these names may import. */
  readonly onlyIn?: Readonly<Record<string, ReadonlyArray<string>>>
  /** Files of `src` that load what a user names, each with the reason; everywhere else a computed import is refused. */
  readonly computedIn?: Readonly<Record<string, string>>
  /** Declared dependencies that no source file imports, each with the reason. */
  readonly notImported?: Readonly<Record<string, string>>
}

export interface BoundaryTable {
  readonly packages: Readonly<Record<string, BoundaryRow>>
  /** What the tests of every package may import in addition. */
  readonly tests: Pick<BoundaryRow, "workspace" | "node" | "effect" | "effectUnstable">
}

export const boundaryTable: BoundaryTable = rows

/** A package's row widened by what tests may import; npm packages of tests are governed by the manifest alone. */
export const rowForTests = (table: BoundaryTable, row: BoundaryRow, npm: ReadonlyArray<string>): BoundaryRow => ({
  workspace: [...row.workspace, ...table.tests.workspace],
  npm,
  node: table.tests.node,
  effect: [...row.effect, ...table.tests.effect],
  effectUnstable: [...(row.effectUnstable ?? []), ...(table.tests.effectUnstable ?? [])],
})
