/**
 * A throw-away project that uses our packages the way a stranger does: plain npm, the tarballs, its own TypeScript file.
 *
 * Promises: every entry of every package resolves, type-checks with two generations of TypeScript, and loads in Node; a
 * type error inside our own declarations counts, one inside a vendor's does not.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { run } from "./Command.ts"
import type { Tarball } from "./Tarballs.ts"
import { filesIn, scope } from "./Workspace.ts"

/** The TypeScript versions our declarations must be readable by, as installed here. */
const compilers = ["typescript", "typescript-5.9"]

/** What a stranger may write after `from`: the root and every sub-path, patterns filled in from what was built. */
export const entriesOf = ({ package: one }: Tarball): ReadonlyArray<string> =>
  Object.entries(one.manifest.publishConfig?.exports ?? {}).flatMap(([subpath, target]) => {
    const file = typeof target === "string" ? target : (target["default"] ?? "")
    const name = `${one.manifest.name}${subpath.slice(1)}`
    if (!file.endsWith(".js")) {
      return []
    }
    const [before = "", after] = file.split("*")
    return after === undefined
      ? [name]
      : filesIn(join(one.path, "dist"), (path) => `./dist/${path}`.startsWith(before) && path.endsWith(after)).map(
          (path) => name.replace("*", `./dist/${path}`.slice(before.length, -after.length)),
        )
  })

// An entry that starts a program when loaded is only type-checked.
const onlyTyped = /\/main$/

const writeProject = (folder: string, tarballs: ReadonlyArray<Tarball>): void => {
  const ours = Object.fromEntries(tarballs.map((tarball) => [tarball.package.manifest.name, `file:${tarball.file}`]))
  const entries = tarballs.flatMap(entriesOf)
  const loaded = entries.filter((entry) => !onlyTyped.test(entry))
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: { ...ours, "@types/node": "^22.0.0" },
    overrides: Object.fromEntries(Object.keys(ours).map((name) => [name, `$${name}`])),
  }
  const compilerOptions = {
    target: "ES2023",
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  }
  const imports = entries.map((entry, index) => `import type * as entry${index} from "${entry}"`)
  const uses = entries.map((_, index) => `  typeof entry${index},`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts"] }, undefined, 2))
  writeFileSync(join(folder, "types.ts"), [...imports, "export type Entries = [", ...uses, "]", ""].join("\n"))
  writeFileSync(join(folder, "load.js"), loaded.map((entry) => `await import("${entry}")\n`).join(""))
}

const typeFaults = async (folder: string, compiler: string): Promise<ReadonlyArray<string>> => {
  const require = createRequire(import.meta.url)
  const program = join(dirname(require.resolve(`${compiler}/package.json`)), "bin/tsc")
  const { exitCode, output } = await run(process.execPath, [program, "-p", folder, "--pretty", "false"], {
    cwd: folder,
  })
  if (exitCode === 0) {
    return []
  }
  const ours = output
    .split("\n")
    .filter((line) => line.startsWith("types.ts") || line.includes(`node_modules/${scope}`))
  const isCrash = !/error TS\d+/.test(output)
  return ours.length === 0 && !isCrash ? [] : [`${compiler}:\n${isCrash ? output : ours.join("\n")}`]
}

const startFaults = async (folder: string, tarballs: ReadonlyArray<Tarball>): Promise<ReadonlyArray<string>> => {
  const commands = tarballs.flatMap((tarball) => Object.keys(tarball.package.manifest.publishConfig?.bin ?? {}))
  const faults: Array<string> = []
  for (const command of commands) {
    const file = process.platform === "win32" ? `${command}.cmd` : command
    const { exitCode, output } = await run(join(folder, "node_modules/.bin", file), ["--help"], { cwd: folder })
    if (exitCode !== 0 || output.trim() === "") {
      faults.push(`\`${command} --help\` of the installed package ended with code ${exitCode}:\n${output}`)
    }
  }
  return faults
}

export const tryAsConsumer = async (
  folder: string,
  tarballs: ReadonlyArray<Tarball>,
): Promise<ReadonlyArray<string>> => {
  writeProject(folder, tarballs)
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
  const install = await run("npm", ["install", ...flags], { cwd: folder, timeoutSeconds: 300 })
  if (install.exitCode !== 0 || !existsSync(join(folder, "node_modules"))) {
    return [`npm could not install the tarballs:\n${install.output}`]
  }
  const load = await run(process.execPath, ["load.js"], { cwd: folder, timeoutSeconds: 60 })
  const types = await Promise.all(compilers.map((compiler) => typeFaults(folder, compiler)))
  return [
    ...(load.exitCode === 0 ? [] : [`Loading the installed packages failed:\n${load.output}`]),
    ...types.flat(),
    ...(await startFaults(folder, tarballs)),
  ]
}
