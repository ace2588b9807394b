/**
 * Runs the unit, property and law tests of every package, with a real PostgreSQL at hand.
 *
 * Promises: the runner's own counts; a file that cannot be loaded, and an error outside any test, count as failures; the
 * server's URL is in `DATABASE_URL_TEST`, and its absence fails the stage. Random histories begin at a seed of the sources. A deep run
 * begins anywhere, and multiplies run counts by `ADVOCACY_RUNS_FACTOR`, which property tests read.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "./Command.ts"
import { withPostgres } from "./PostgresServer.ts"
import { sourceSeed } from "./SourceSeed.ts"
import type { StageContext, StageResult } from "./Stage.ts"
import { tool } from "./Workspace.ts"

export const deepRunsFactor = 100

interface FileReport {
  readonly name: string
  readonly status: string
  readonly assertionResults: ReadonlyArray<{ readonly status: string }>
}

interface RunReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: ReadonlyArray<FileReport>
}

/** Reads the runner's JSON report together with its exit code. */
export const count = (report: RunReport, exitCode: number): { readonly passed: number; readonly failed: number } => {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length
  const failed = report.numFailedTests + brokenFiles
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed }
}

const skippedTests = (report: RunReport): number =>
  report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => !["passed", "failed"].includes(status)).length

/** What property tests read. */
const asked = ({ deep, root }: StageContext): Readonly<Record<string, string>> => {
  if (deep) return { ADVOCACY_RUNS_FACTOR: String(deepRunsFactor) }
  const seed = sourceSeed(root)
  return seed === undefined || process.env["ADVOCACY_FIRST_SEED"] !== undefined
    ? {}
    : { ADVOCACY_FIRST_SEED: String(seed) }
}

export const unitTests = async (context: StageContext): Promise<StageResult> => {
  const { deep, root } = context
  const folder = await mkdtemp(join(tmpdir(), "advocacy-tests-"))
  const file = join(folder, "report.json")
  try {
    return await withPostgres(async (url, { origin }) => {
      const args = ["run", "--root", root, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]
      const { exitCode, output } = await run(tool("vitest"), args, {
        cwd: root,
        env: { DATABASE_URL_TEST: url, NO_COLOR: "1", ...asked(context) },
        timeoutSeconds: deep ? 24 * 3600 : 2_400,
      })
      const text = await readFile(file, "utf8").catch(() => undefined)
      if (text === undefined) {
        return { passed: 0, failed: 1, report: output }
      }
      const report: RunReport = JSON.parse(text)
      const counts = count(report, exitCode)
      const skipped = skippedTests(report)
      const summary =
        `${counts.passed} tests passed, ${counts.failed} failed in ${report.testResults.length} files` +
        `${skipped === 0 ? "" : `, ${skipped} skipped`} (PostgreSQL: ${origin}).`
      return { ...counts, report: counts.failed === 0 ? summary : `${output}\n${summary}` }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
