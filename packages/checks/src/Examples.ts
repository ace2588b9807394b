/**
 * Runs every example with plain Node and compares what it prints with what is written down.
 *
 * Promises: each `examples/*.ts` is one check: exit code 0, and output equal to `examples/expected/<name>.txt` where that
 * exists. An expectation without an example is a failure, because nothing would ever compare it.
 */
import { existsSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { run } from "./Command.ts"
import type { StageResult } from "./Stage.ts"
import { filesIn, isTypeScript } from "./Workspace.ts"

const normal = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd()

const firstDifference = (expected: string, got: string): string => {
  const [wanted, seen] = [expected.split("\n"), got.split("\n")]
  const index = wanted.findIndex((line, at) => line !== seen[at])
  const at = index === -1 ? wanted.length : index
  return `line ${at + 1}\n  expected: ${wanted[at] ?? "(nothing)"}\n  got:      ${seen[at] ?? "(nothing)"}`
}

const runExample = async (folder: string, path: string): Promise<string | undefined> => {
  const { exitCode, output, stdout } = await run(process.execPath, [path], { cwd: folder, timeoutSeconds: 120 })
  if (exitCode !== 0) {
    return `examples/${path} ended with code ${exitCode}:\n${output}`
  }
  const expectation = join(folder, "expected", `${basename(path, ".ts")}.txt`)
  if (!existsSync(expectation)) {
    return undefined
  }
  const expected = normal(readFileSync(expectation, "utf8"))
  return normal(stdout) === expected
    ? undefined
    : `examples/${path} does not print what examples/expected says, ${firstDifference(expected, normal(stdout))}`
}

export const examples = async (root: string): Promise<StageResult> => {
  const folder = join(root, "examples")
  const paths = filesIn(folder, (path) => isTypeScript(path) && !path.includes("/"))
  const names = new Set(paths.map((path) => basename(path, ".ts")))
  const orphans = filesIn(join(folder, "expected"), (path) => !names.has(basename(path, ".txt"))).map(
    (path) => `examples/expected/${path} belongs to no example.`,
  )
  const broken: Array<string> = []
  for (const path of paths) {
    const fault = await runExample(folder, path)
    if (fault !== undefined) {
      broken.push(fault)
    }
  }
  const faults = [...broken, ...orphans]
  const report = faults.length === 0 ? `${paths.length} examples ran.` : faults.join("\n")
  return { passed: paths.length - broken.length, failed: faults.length, report }
}
