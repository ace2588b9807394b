/**
 * Everything a pull request must pass, as a list. A new check is a new entry here.
 *
 * Promises: names are unique and short, for `--only`. The order is the order of the report; `after` and `cores` decide
 * what runs at the same time.
 */
import { join } from "node:path"
import { checkBoundaries } from "./boundaries.ts"
import { run } from "./Command.ts"
import { contract } from "./contract.ts"
import { crash } from "./demo/Crash.ts"
import { demoTruth } from "./demo/DemoTruth.ts"
import { secondProcess } from "./demo/SecondProcess.ts"
import { verified } from "./demo/Verified.ts"
import { examples } from "./Examples.ts"
import { journaled } from "./journal/Journaled.ts"
import { lint } from "./lint.ts"
import { packed } from "./Packed.ts"
import { referenceStage } from "./reference.ts"
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
  {
    name: "contract",
    title: "GraphQL documents against Shopify's schemas",
    cores: 1,
    run: ({ root }) => contract(root),
  },
  {
    name: "reference",
    title: "Statistics against the reference cases",
    cores: 1,
    run: ({ root }) => Promise.resolve(referenceStage(root)),
  },
  { name: "unit", title: "Unit, property and law tests", cores: 2, run: unitTests },
  { name: "demo", title: "The demo against the ground truth", cores: 1, run: demoTruth },
  {
    name: "journal",
    title: "The demo's calls against the platforms' schemas",
    cores: 1,
    after: ["demo"],
    run: journaled,
  },
  { name: "verify", title: "The demo's store against the promises", cores: 1, after: ["demo"], run: verified },
  // It opens the store of the demo too, which takes one at a time.
  { name: "crash", title: "The demo killed and resumed", cores: 1, after: ["verify"], run: crash },
  { name: "second", title: "A second process on one directory", cores: 1, run: secondProcess },
  { name: "examples", title: "Examples", cores: 1, run: ({ root }) => examples(root) },
  // Both compile into the same folders, so they take turns.
  { name: "packed", title: "Packed packages", cores: 1, after: ["types"], run: ({ root }) => packed(root) },
]
