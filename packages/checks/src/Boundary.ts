/**
 * Judges what source files import against one row of the import table.
 *
 * Promises: a pure decision over parsed files; every violation names the file, the line, the import and the remedy.
 * `import type` counts like any other import. Does not read files and does not resolve packages.
 */
import { posix } from "node:path"
import type { BoundaryRow } from "./BoundaryTable.ts"
import type { EffectStability } from "./EffectStability.ts"
import type { ImportReference, SourceModule } from "./SourceModule.ts"
import { scope } from "./Workspace.ts"

export interface SourceFile {
  /** Relative to `src` (or `test`) of its package. */
  readonly path: string
  readonly module: SourceModule
}

export interface Violation {
  /** Relative to the package. */
  readonly path: string
  readonly line: number
  readonly message: string
}

export interface Judged {
  readonly packageName: string
  readonly row: BoundaryRow
  /** `src` or `test`. */
  readonly folder: string
  readonly stability: EffectStability
}

/** `@scope/name/sub/path` -> `@scope/name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

const relativeFault = (judged: Judged, file: SourceFile, specifier: string): string | undefined => {
  const target = posix.normalize(posix.join(judged.folder, posix.dirname(file.path), specifier))
  if (target.startsWith("..")) {
    return `leaves the package; import the other package by its name`
  }
  const order = judged.row.foldersLeftToRight
  if (judged.folder !== "src" || order === undefined || !file.path.includes("/")) {
    return target.startsWith("src/") || judged.folder !== "src" ? undefined : "leaves src; what src needs lives in src"
  }
  const from = file.path.split("/")[0] ?? ""
  const to = target.split("/")[1] ?? ""
  if (!order.includes(from)) {
    return `is in the folder ${from}, which has no place in the line of folders; add it to boundaries.json`
  }
  if (target.split("/").length < 3) {
    return `reaches for ${to} at the top of src; a folder imports folders, never the package's own index`
  }
  if (!order.includes(to)) {
    return `reaches into the folder ${to}, which has no place in the line of folders; add it to boundaries.json`
  }
  return order.indexOf(to) <= order.indexOf(from)
    ? undefined
    : `reaches to the right: ${from} stands left of ${to}; move the noun, or turn the dependency round with a port`
}

const effectFault = (judged: Judged, reference: ImportReference): string | undefined => {
  const { row, stability } = judged
  const subpath = reference.specifier.slice("effect/".length)
  if (reference.specifier !== "effect") {
    const first = subpath.split("/")[0] ?? ""
    const isStableRoot = !subpath.includes("/") && stability.ofExport(subpath) === "stable"
    return row.effect.includes(first) || row.effect.includes(subpath) || isStableRoot
      ? undefined
      : `is not a stable root module of effect and not allowed in ${judged.packageName}; put it behind a port`
  }
  const weak = reference.names.filter(
    (name) => name !== "*" && stability.ofExport(name) !== "stable" && !(row.effectUnstable ?? []).includes(name),
  )
  return weak.length === 0
    ? undefined
    : `takes ${weak.map((name) => `${name} (${stability.ofExport(name) ?? "no such export"})`).join(", ")}; use stable exports, or put it behind a port`
}

const workspaceFault = (judged: Judged, file: SourceFile, reference: ImportReference): string | undefined => {
  const name = packageOf(reference.specifier).slice(scope.length)
  if (name === judged.packageName) {
    return judged.folder === "src" ? "is this package itself; import the file by its relative path" : undefined
  }
  if (!judged.row.workspace.includes(name)) {
    return `is forbidden: ${judged.packageName} may import ${judged.row.workspace.join(", ") || "no other package here"}`
  }
  if ((judged.row.typesOnly ?? []).includes(name) && !reference.typeOnly) {
    return `may be imported for its types only; write \`import type\``
  }
  return onlyInFault(judged, file, reference)
}

const onlyInFault = (judged: Judged, file: SourceFile, reference: ImportReference): string | undefined => {
  const places = judged.row.onlyIn?.[packageOf(reference.specifier)]
  return places === undefined || places.some((place) => file.path.toLowerCase().startsWith(place.toLowerCase()))
    ? undefined
    : `may be imported only by files or folders named ${places.join(", ")}, so that nobody installs what they do not use`
}

const importFault = (judged: Judged, file: SourceFile, reference: ImportReference): string | undefined => {
  const { specifier } = reference
  if (specifier === "dynamic") {
    if (judged.folder === "src" && file.path.replace(/\.ts$/, "") in (judged.row.computedIn ?? {})) return undefined
    return "is computed, so nobody can check it; import by a literal name"
  }
  if (specifier.startsWith(".")) {
    return relativeFault(judged, file, specifier)
  }
  if (specifier.startsWith("/")) {
    return "is a path of one machine; import by a relative path or a package's name"
  }
  if (specifier.startsWith("node:")) {
    return judged.row.node
      ? undefined
      : `is forbidden: ${judged.packageName} runs without Node's own modules; use a port`
  }
  if (specifier === "effect" || specifier.startsWith("effect/")) {
    return effectFault(judged, reference)
  }
  if (specifier.startsWith(scope)) {
    return workspaceFault(judged, file, reference)
  }
  return judged.row.npm.includes(packageOf(specifier))
    ? onlyInFault(judged, file, reference)
    : `is not allowed in ${judged.packageName}; a further library needs a decision record and a line in boundaries.json`
}

const memberFaults = (judged: Judged, file: SourceFile): ReadonlyArray<Violation> =>
  file.module.members.flatMap(({ line, member, module: exported, specifier }) => {
    const isRootModule = /^effect\/[A-Z]\w*$/.test(specifier)
    const name = specifier === "effect" ? exported : isRootModule && exported === "*" ? specifier.slice(7) : undefined
    if (name === undefined || (judged.row.effectUnstable ?? []).includes(name)) {
      return []
    }
    const tag = judged.stability.ofMember(name, member)
    return tag === undefined || tag === "stable"
      ? []
      : [
          {
            path: at(judged, file),
            line,
            message: `${name}.${member} is ${tag} in effect; use a stable export, or put it behind a port`,
          },
        ]
  })

const at = (judged: Judged, file: SourceFile): string => `${judged.folder}/${file.path}`

const oneFileFaults = (judged: Judged, files: ReadonlyArray<SourceFile>): ReadonlyArray<Violation> =>
  (judged.row.oneFile ?? []).flatMap((name) => {
    const users = files.flatMap((file) => {
      const found = file.module.imports.find((reference) => packageOf(reference.specifier) === name)
      return found === undefined ? [] : [{ path: at(judged, file), line: found.line }]
    })
    const [first, ...more] = users
    return more.map((user) => ({
      ...user,
      message: `${name} may be imported by one file only, which is ${first?.path ?? ""}`,
    }))
  })

export const judge = (judged: Judged, files: ReadonlyArray<SourceFile>): ReadonlyArray<Violation> => [
  ...files.flatMap((file) => [
    ...file.module.imports.flatMap((reference) => {
      const fault = importFault(judged, file, reference)
      return fault === undefined
        ? []
        : [{ path: at(judged, file), line: reference.line, message: `"${reference.specifier}" ${fault}` }]
    }),
    ...memberFaults(judged, file),
  ]),
  ...oneFileFaults(judged, files),
]
