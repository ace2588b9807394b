/**
 * The lint command: oxlint, oxfmt in checking mode, and the rules of the house: `pnpm lint`.
 *
 * Promises: all three run, whatever the first one finds. Changes nothing; `pnpm format` puts the format right.
 */
import { run } from "./Command.ts"
import { checkHouseRules } from "./houseRules.ts"
import { conclude, isMain } from "./Main.ts"
import { type StageResult, verdict } from "./Stage.ts"
import { root, tool } from "./Workspace.ts"

export const lint = async (at: string): Promise<StageResult> => {
  const oxlint = await run(tool("oxlint"), ["--deny-warnings", "--report-unused-disable-directives", "--format=unix"], {
    cwd: at,
  })
  const oxfmt = await run(tool("oxfmt"), ["--list-different", "."], { cwd: at })
  const house = checkHouseRules(at)
  const parts = [
    ...(oxlint.exitCode === 0 ? [] : [oxlint.output]),
    ...(oxfmt.exitCode === 0 ? [] : [`Not formatted (\`pnpm format\` puts it right):\n${oxfmt.output}`]),
    ...(house.failed === 0 ? [] : [house.report]),
  ]
  return verdict(
    parts.length === 0,
    parts.length === 0 ? "oxlint, oxfmt and the house rules: nothing found." : parts.join("\n"),
  )
}

if (isMain(import.meta.url)) {
  conclude(await lint(root))
}
