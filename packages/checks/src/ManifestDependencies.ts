/**
 * Compares what a package's sources import with what its `package.json` declares.
 *
 * Promises: nothing imported is undeclared, nothing declared is unimported, and nothing that is published runs a script
 * at installation. `devDependencies` are tools and tests: they are not compared. Does not look at versions.
 */
import { packageOf, type SourceFile, type Violation } from "./Boundary.ts"
import type { BoundaryRow } from "./BoundaryTable.ts"
import type { Manifest } from "./Workspace.ts"

const installScripts = ["preinstall", "install", "postinstall", "prepare", "prepublish"]

const importedPackages = (files: ReadonlyArray<SourceFile>): ReadonlyMap<string, Violation> => {
  const found = new Map<string, Violation>()
  for (const file of files) {
    for (const { line, specifier } of file.module.imports) {
      const isForeign = !/^(\.|\/|node:|dynamic$)/.test(specifier)
      if (isForeign && !found.has(packageOf(specifier))) {
        found.set(packageOf(specifier), { path: `src/${file.path}`, line, message: "" })
      }
    }
  }
  return found
}

export const compare = (
  manifest: Manifest,
  row: BoundaryRow,
  files: ReadonlyArray<SourceFile>,
): ReadonlyArray<Violation> => {
  const imported = importedPackages(files)
  const declared = new Set(
    Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
      ...(manifest.private === true ? manifest.devDependencies : {}),
    }),
  )
  const missing = [...imported].flatMap(([name, place]) =>
    declared.has(name) || name === manifest.name
      ? []
      : [
          {
            ...place,
            message: `imports ${name}, which package.json does not declare under dependencies or peerDependencies`,
          },
        ],
  )
  const unused = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((name) => !imported.has(name) && row.notImported?.[name] === undefined)
    .map((name) => ({
      path: "package.json",
      line: 1,
      message: `declares ${name}, which no file in src imports; remove it, or give the reason under notImported in boundaries.json`,
    }))
  const scripts = Object.keys(manifest.scripts ?? {})
    .filter((name) => manifest.private !== true && installScripts.includes(name))
    .map((name) => ({
      path: "package.json",
      line: 1,
      message: `has a ${name} script; our packages run nothing when installed`,
    }))
  return [...missing, ...unused, ...scripts]
}
