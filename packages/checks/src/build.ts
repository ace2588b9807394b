/**
 * Builds what is published: declarations with `tsc -b`, JavaScript with tsup, both into `dist`: `pnpm build`.
 *
 * Promises: one JavaScript file per source file at the same place, so that `import.meta.url` and sub-paths mean the same
 * in `src` and in `dist`; no file in `dist` without its source; no declaration that imports a `.ts` path; every file
 * that `publishConfig` names exists. Leaves the incremental state of `tsc -b` alone.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build as tsup, type Options } from "tsup"
import { run } from "./Command.ts"
import { conclude, isMain } from "./Main.ts"
import { parse } from "./SourceModule.ts"
import { type StageResult, verdict } from "./Stage.ts"
import {
  filesIn,
  isPublished,
  isTypeScript,
  type Manifest,
  packages,
  root,
  tool,
  type WorkspacePackage,
} from "./Workspace.ts"

const withoutExtension = (path: string): string => path.replace(/\.ts$/, "")

/** Every file the published manifest points to, relative to the package. */
export const publishedFiles = ({ publishConfig }: Manifest): ReadonlyArray<string> => [
  ...Object.values(publishConfig?.exports ?? {}).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  ),
  ...Object.values(publishConfig?.bin ?? {}),
]

// Relative imports stay imports, so that each source file becomes one file.
const keepFiles: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "keep-files",
  setup: (builder) => {
    builder.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path }) =>
      kind === "entry-point" ? undefined : { path: `${withoutExtension(path)}.js`, external: true },
    )
  },
}

const emitJavaScript = async (one: WorkspacePackage): Promise<void> => {
  const sources = filesIn(join(one.path, "src"), isTypeScript)
  await tsup({
    config: false,
    silent: true,
    entry: Object.fromEntries(sources.map((path) => [withoutExtension(path), join(one.path, "src", path)])),
    outDir: join(one.path, "dist"),
    tsconfig: join(one.path, "tsconfig.json"),
    format: ["esm"],
    target: "node22",
    dts: false,
    sourcemap: true,
    clean: false,
    splitting: false,
    skipNodeModulesBundle: true,
    esbuildPlugins: [keepFiles],
  })
}

// The compiler rewrites `.ts` paths in JavaScript only; a declaration that is published has to name its neighbour too.
const relativeTypeScript = /((?:\bfrom\s*|\bimport\s*\(?\s*)")(\.{1,2}\/[^"\n]*?)(?<!\.d)\.ts"/g

const rewriteDeclarations = (one: WorkspacePackage): void => {
  const dist = join(one.path, "dist")
  for (const path of filesIn(dist, (name) => name.endsWith(".d.ts"))) {
    const text = readFileSync(join(dist, path), "utf8")
    const rewritten = text.replace(relativeTypeScript, '$1$2.js"')
    if (rewritten !== text) {
      writeFileSync(join(dist, path), rewritten)
    }
  }
}

const removeStale = (one: WorkspacePackage): void => {
  const dist = join(one.path, "dist")
  const sources = new Set(filesIn(join(one.path, "src"), isTypeScript).map(withoutExtension))
  const outputs = existsSync(dist) ? filesIn(dist, (path) => /\.(js|d\.ts)(\.map)?$/.test(path)) : []
  for (const path of outputs.filter((output) => !sources.has(output.replace(/\.(js|d\.ts)(\.map)?$/, "")))) {
    rmSync(join(dist, path))
  }
}

const isBuilt = (one: WorkspacePackage, path: string): boolean => {
  const [before = "", after] = path.split("*")
  return after === undefined
    ? existsSync(join(one.path, path))
    : filesIn(join(one.path, "dist"), (name) => `./dist/${name}`.startsWith(before) && name.endsWith(after)).length > 0
}

const faultsIn = (one: WorkspacePackage): ReadonlyArray<string> => {
  const dist = join(one.path, "dist")
  const missing = publishedFiles(one.manifest)
    .filter((path) => !isBuilt(one, path))
    .map((path) => `packages/${one.name}: publishConfig names ${path}, which no source file becomes`)
  const imports = filesIn(dist, (path) => path.endsWith(".d.ts")).flatMap((path) =>
    parse(path, readFileSync(join(dist, path), "utf8"))
      .imports.filter(({ specifier }) => specifier.startsWith(".") && /(?<!\.d)\.ts$/.test(specifier))
      .map(
        ({ line, specifier }) =>
          `packages/${one.name}/dist/${path}:${line} imports ${specifier}, which is not published`,
      ),
  )
  return [...missing, ...imports]
}

export const build = async (at: string): Promise<StageResult> => {
  const published = packages(at).filter(isPublished)
  const declarations = await run(tool("tsc"), ["-b", ...published.map((one) => one.path)], { cwd: at })
  if (declarations.exitCode !== 0) {
    return verdict(false, declarations.output)
  }
  for (const one of published) {
    await emitJavaScript(one)
    removeStale(one)
    rewriteDeclarations(one)
  }
  const faults = published.flatMap(faultsIn)
  return verdict(faults.length === 0, faults.join("\n") || `Built ${published.map(({ name }) => name).join(", ")}.`)
}

if (isMain(import.meta.url)) {
  conclude(await build(root))
}
