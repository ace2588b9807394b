/**
 * The files of a project folder that `hs project upload` would take: `hsproject.json` and every `*-hsmeta.json` below
 * it. Other files (code of cards, dependencies) belong to components that the sandbox does not run.
 */
import * as fs from "node:fs"
import * as path from "node:path"

/** By path from the project's root, with `/`. */
export type ProjectFiles = Readonly<Record<string, string>>

const isRead = (name: string): boolean => name === "hsproject.json" || name.endsWith("-hsmeta.json")

export const read = (directory: string): ProjectFiles => {
  const files: Record<string, string> = {}
  const walk = (below: string): void => {
    for (const entry of fs.readdirSync(path.join(directory, below), { withFileTypes: true })) {
      const name = path.posix.join(below, entry.name)
      if (entry.isDirectory() && entry.name !== "node_modules") walk(name)
      else if (entry.isFile() && isRead(entry.name)) files[name] = fs.readFileSync(path.join(directory, name), "utf8")
    }
  }
  walk("")
  return files
}
