/**
 * The statistics against the reference cases: `pnpm reference`, `pnpm reference --dir FOLDER`.
 *
 * Promises: runs every case in FOLDER/cases, prints pass or fail with the worst deviation of each, then
 * `N passed, N failed`; exit code 1 when a case failed or none was found. Without `--dir` it takes the folder named by
 * ADVOCACY_REFERENCE_DATA, else the reference data beside the checkout, and says plainly when there is none.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { conclude, isMain } from "./Main.ts"
import { runCase } from "./reference/Case.ts"
import { kinds } from "./reference/Kinds.ts"
import type { StageResult } from "./Stage.ts"
import { root } from "./Workspace.ts"

/** Where the data are when nobody says so. */
export const defaultFolder = (at: string): string => {
  const told = process.env["ADVOCACY_REFERENCE_DATA"]
  return told === undefined || told === "" ? resolve(at, "../shared/data/metrics") : told
}

/** Whether `folder` holds cases. */
export const holdsCases = (folder: string): boolean => existsSync(join(folder, "cases"))

export const reference = (folder: string): StageResult => {
  if (!holdsCases(folder)) {
    return { passed: 0, failed: 1, report: `There are no reference cases: ${join(folder, "cases")} does not exist.` }
  }
  const files = readdirSync(join(folder, "cases"))
    .filter((file) => file.endsWith(".json"))
    .toSorted()
  if (files.length === 0) {
    return { passed: 0, failed: 1, report: `There are no reference cases: ${join(folder, "cases")} is empty.` }
  }
  const outcomes = files.map((file) => runCase(kinds, folder, file, readFileSync(join(folder, "cases", file), "utf8")))
  const passed = outcomes.filter((outcome) => outcome.passed).length
  return {
    passed,
    failed: outcomes.length - passed,
    report: outcomes
      .map((outcome) => `${outcome.passed ? "pass" : "FAIL"}  ${outcome.id.padEnd(30)}  ${outcome.report}`)
      .join("\n"),
  }
}

/** The cases as a stage of the test command: skipped, and said so, where the data are not there. */
export const referenceStage = (at: string): StageResult => {
  const folder = defaultFolder(at)
  if (!holdsCases(folder)) {
    return { passed: 0, failed: 0, report: `SKIPPED: no reference cases in ${folder}; nothing was compared.` }
  }
  const result = reference(folder)
  return result.failed === 0 ? { ...result, report: `${result.passed} reference cases agree.` } : result
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== "--"),
    options: { dir: { type: "string" } },
  })
  // A relative folder is relative to where the command was typed.
  const folder = values.dir === undefined ? defaultFolder(root) : resolve(process.env["INIT_CWD"] ?? ".", values.dir)
  const result = reference(folder)
  conclude({ ...result, report: `${result.report}\n${result.passed} passed, ${result.failed} failed` })
}
