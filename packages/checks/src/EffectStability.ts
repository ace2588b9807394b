/**
 * Which exports of effect's root are marked stable, read from the `@stability` tags of its own sources.
 *
 * Promises: the answer for the installed version. An export without a tag counts as its module does. Knows the root
 * modules only; sub-paths such as `effect/http` are decided by the import table.
 */
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

export interface EffectStability {
  /** Of a root export: `Effect`, `pipe`. Undefined: there is no such export. */
  readonly ofExport: (name: string) => string | undefined
  /** Of a member of a root module: `("Effect", "gen")`. */
  readonly ofMember: (module: string, member: string) => string | undefined
}

const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*((?:export\b[^\n]*)|(?:[A-Za-z_$][\w$]*(?:\s+as\s+[\w$]+)?\s*,?\s*(?=\n)))/g
const stability = /@stability\s+(\w+)/
const declaration =
  /export\s+(?:declare\s+)?(?:abstract\s+)?(?:(?:async\s+)?function\*?|const|let|class|interface|type|namespace)\s+([\w$]+)/
const star = /export\s+(?:type\s+)?\*\s+as\s+([\w$]+)/
const listed = /^([\w$]+)(?:\s+as\s+([\w$]+))?\s*,?/

/** Name -> tag of everything a source file documents and exports. */
export const tagsOf = (source: string): ReadonlyMap<string, string> => {
  const tags = new Map<string, string>()
  for (const [, comment = "", statement = ""] of source.matchAll(documented)) {
    const tag = stability.exec(comment)?.[1]
    const [, first, renamed] = listed.exec(statement) ?? []
    const name =
      declaration.exec(statement)?.[1] ??
      star.exec(statement)?.[1] ??
      (statement.startsWith("export") ? undefined : (renamed ?? first))
    // A name may be exported as a value and as a type: the weaker promise counts.
    if (tag !== undefined && name !== undefined && (!tags.has(name) || tag !== "stable")) {
      tags.set(name, tag)
    }
  }
  return tags
}

export const fromInstalled = (from: string): EffectStability => {
  const manifest = createRequire(join(from, "package.json")).resolve("effect/package.json")
  const sources = join(dirname(manifest), "src")
  const read = (file: string): ReadonlyMap<string, string> => tagsOf(readFileSync(join(sources, file), "utf8"))
  const index = read("index.ts")
  const modules = new Map<string, ReadonlyMap<string, string>>()
  const moduleTags = (module: string): ReadonlyMap<string, string> => {
    const tags = modules.get(module) ?? (existsSync(join(sources, `${module}.ts`)) ? read(`${module}.ts`) : new Map())
    modules.set(module, tags)
    return tags
  }
  return {
    ofExport: (name) => index.get(name),
    ofMember: (module, member) => moduleTags(module).get(member) ?? index.get(module),
  }
}
