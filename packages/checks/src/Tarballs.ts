/**
 * Packs every published package and judges the tarballs as a registry's users would get them.
 *
 * Promises: what is judged is what `pnpm publish` would send, with `publishConfig` applied; publint and attw find
 * nothing; a tarball holds no test and no TypeScript source. Does not build: `build.ts` does.
 */
import { existsSync, readdirSync } from "node:fs"
import { delimiter, join } from "node:path"
import { type CommandResult, run } from "./Command.ts"
import { isPublished, packages, tool, type WorkspacePackage } from "./Workspace.ts"

export interface Tarball {
  readonly package: WorkspacePackage
  readonly file: string
}

const isOnPath = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)))

const pnpm = (args: ReadonlyArray<string>, cwd: string): Promise<CommandResult> =>
  isOnPath(process.platform === "win32" ? "pnpm.cmd" : "pnpm")
    ? run("pnpm", args, { cwd })
    : run("npx", ["-y", "-p", "pnpm@12", "pnpm", ...args], { cwd })

/** Packs into `folder`, which must be empty. */
export const pack = async (at: string, folder: string): Promise<ReadonlyArray<Tarball>> => {
  const tarballs: Array<Tarball> = []
  for (const one of packages(at).filter(isPublished)) {
    const before = new Set(readdirSync(folder))
    const { exitCode, output } = await pnpm(["pack", "--pack-destination", folder], one.path)
    const created = readdirSync(folder).find((name) => !before.has(name))
    if (exitCode !== 0 || created === undefined) {
      throw new Error(`packages/${one.name} could not be packed:\n${output}`)
    }
    tarballs.push({ package: one, file: join(folder, created) })
  }
  return tarballs
}

const unwanted = /^package\/(src|test|bench)\/|(?<!\.d)\.ts$/

const judgeTarball = async ({ file, package: one }: Tarball): Promise<ReadonlyArray<string>> => {
  const options = { cwd: one.path, env: { NO_COLOR: "1", FORCE_COLOR: "0" } }
  const [publint, attw, listing] = await Promise.all([
    run(tool("publint"), ["run", file, "--strict"], options),
    run(tool("attw"), [file, "--profile", "esm-only", "--no-color", "--no-emoji"], options),
    run("tar", ["-tzf", file], options),
  ])
  const strays = listing.stdout.split("\n").filter((path) => unwanted.test(path))
  return [
    ...(publint.exitCode === 0 ? [] : [`publint on ${one.manifest.name}:\n${publint.output}`]),
    ...(attw.exitCode === 0 ? [] : [`attw on ${one.manifest.name}:\n${attw.output}`]),
    ...(listing.exitCode === 0 ? [] : [`The tarball of ${one.manifest.name} cannot be listed:\n${listing.output}`]),
    ...(strays.length === 0
      ? []
      : [`${one.manifest.name} would publish ${strays.join(", ")}; correct \`files\` in package.json`]),
  ]
}

export const judgeTarballs = async (tarballs: ReadonlyArray<Tarball>): Promise<ReadonlyArray<string>> => {
  const faults: Array<string> = []
  for (const tarball of tarballs) {
    faults.push(...(await judgeTarball(tarball)))
  }
  return faults
}
