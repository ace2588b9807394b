/**
 * Everything a pull request must pass, as a list. A new check is a new entry here.
 *
 * Promises: names are unique and short, for `--only`. The order is the order of the report; `after` and `cores` decide
 * what runs at the same time.
 */
import { join } from "node:path"
import { checkBoundaries } from "./boundaries.ts"
import { run } from "./Command.ts"
import { examples } from "./Examples.ts"
import { lint } from "./lint.ts"
import { packed } from "./Packed.ts"
import { type Stage, type StageResult, verdict } from "./Stage.ts"
import { unitTests } from "./UnitTests.ts"
import { tool } from "./Workspace.ts"

const types = async (root: string): Promise<StageResult> => {
  const sources = await run(tool("tsc"), ["-b", "--pretty", "false"], { cwd: root })
  const tests = await run(tool("tsc"), ["-p", join(root, "tsconfig.test.json"), "--pretty", "false"], { cwd: root })
  const ok = sources.exitCode === 0 && tests.exitCode === 0
  return verdict(ok, ok ? "Sources, tests and examples: no type errors." : `${sources.output}${tests.output}`)
}

export const stages: ReadonlyArray<Stage> = [
  { name: "types", title: "Types", cores: 1, run: ({ root }) => types(root) },
  { name: "lint", title: "Lint, format and house rules", cores: 1, run: ({ root }) => lint(root) },
  {
    name: "boundaries",
    title: "Imports and dependencies",
    cores: 1,
    run: ({ root }) => Promise.resolve(checkBoundaries(root)),
  },
  { name: "unit", title: "Unit, property and law tests", cores: 2, run: unitTests },
  { name: "examples", title: "Examples", cores: 1, run: ({ root }) => examples(root) },
  // Both compile into the same folders, so they take turns.
  { name: "packed", title: "Packed packages", cores: 2, after: ["types"], run: ({ root }) => packed(root) },
]
