/**
 * The test command: `pnpm test`, `pnpm test:deep`, `--only types,unit`, `--list`.
 *
 * Promises: runs every chosen stage, prints each one's failures in full as soon as it has ended, and ends with one plain
 * line `N passed, N failed`; exit code 1 when anything failed, 2 when the command itself was misused.
 */
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { runAll, type Stage, type StageOutcome } from "./Stage.ts"
import { stages } from "./stages.ts"
import { root } from "./Workspace.ts"

const coresUsed = Math.min(2, availableParallelism())

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const seconds = (duration: number): string => `${duration.toFixed(1)} s`

const misuse = (complaint: string): never => {
  process.stderr.write(`${complaint}\nStages: ${stages.map(({ name }) => name).join(", ")}\n`)
  process.exit(2)
}

const choose = (only: string | undefined): ReadonlyArray<Stage> => {
  const names = only?.split(",").map((name) => name.trim())
  const unknown = names?.find((name) => !stages.some((stage) => stage.name === name))
  if (unknown !== undefined) {
    misuse(`There is no stage "${unknown}".`)
  }
  return names === undefined ? stages : stages.filter((stage) => names.includes(stage.name))
}

const announce = ({ durationSeconds, failed, report, stage }: StageOutcome): void => {
  say(`\n== ${stage.title} (${stage.name}): ${failed === 0 ? "passed" : "FAILED"}, ${seconds(durationSeconds)}`)
  if (report.trim() !== "") {
    say(report.trimEnd())
  }
}

const readFlags = (): { readonly deep: boolean; readonly list: boolean; readonly only: string | undefined } => {
  try {
    const { values } = parseArgs({
      // Package managers differ in whether they hand on the separator.
      args: process.argv.slice(2).filter((arg) => arg !== "--"),
      options: {
        deep: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        only: { type: "string" },
      },
    })
    return { deep: values.deep, list: values.list, only: values.only }
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error))
  }
}

const flags = readFlags()
if (flags.list) {
  for (const stage of stages) {
    say(`${stage.name.padEnd(12)}${stage.title}`)
  }
} else {
  // The stages start some hundred processes, which all compile the same files.
  process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "node-compile-cache")
  const startedAt = performance.now()
  const outcomes = await runAll(choose(flags.only), { root, deep: flags.deep }, coresUsed, announce)
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
  say(`\nTook ${seconds((performance.now() - startedAt) / 1000)}.`)
  say(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
