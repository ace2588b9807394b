/**
 * The packages of this workspace as they are on disk.
 *
 * Promises: folders in alphabetical order, paths relative to the root with forward slashes. A package is a folder under
 * `packages` with a `package.json`. Reads only; knows nothing about what a package may contain.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"

export const scope = "@advocacy-kit/"

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..")

type ExportTarget = string | { readonly [condition: string]: string }

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, ExportTarget>>
  readonly bin?: Readonly<Record<string, string>>
  readonly files?: ReadonlyArray<string>
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, ExportTarget>>
    readonly bin?: Readonly<Record<string, string>>
  }
}

export interface WorkspacePackage {
  /** The folder's name, which is the package's name without the scope. */
  readonly name: string
  /** Absolute path of the folder. */
  readonly path: string
  readonly manifest: Manifest
}

export const packages = (at: string): ReadonlyArray<WorkspacePackage> =>
  readdirSync(join(at, "packages"))
    .toSorted()
    .filter((name) => existsSync(join(at, "packages", name, "package.json")))
    .map((name) => {
      const path = join(at, "packages", name)
      const manifest: Manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"))
      return { name, path, manifest }
    })

/** A package that has something to publish. */
export const isPublished = (one: WorkspacePackage): boolean =>
  one.manifest.private !== true && existsSync(join(one.path, "src", "index.ts"))

const skipped = new Set(["node_modules", "dist", "coverage", ".git"])

/** Every file below `folder` that `accepts`, relative to `folder`; empty when there is no such folder. */
export const filesIn = (folder: string, accepts: (path: string) => boolean): ReadonlyArray<string> => {
  if (!existsSync(folder)) {
    return []
  }
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => skipped.has(part)) && accepts(path))
    .toSorted()
}

export const isTypeScript = (path: string): boolean => /\.m?ts$/.test(path) && !path.endsWith(".d.ts")

/** A tool installed for this workspace, by absolute path. */
export const tool = (name: string): string => {
  const file = process.platform === "win32" ? `${name}.cmd` : name
  const found = [join(root, "node_modules/.bin", file), join(root, "packages/checks/node_modules/.bin", file)].find(
    (path) => existsSync(path),
  )
  if (found === undefined) {
    throw new Error(`${name} is not installed: run \`pnpm install\` at the root of the workspace.`)
  }
  return found
}
