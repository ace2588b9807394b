/**
 * The stage that runs the demo for several brands and holds its report against the ground truth.
 */
import { rmSync } from "node:fs"
import { join } from "node:path"
import { resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { baseline, runToEnd, temporaryFolder } from "./Baseline.ts"
import * as DemoProcess from "./DemoProcess.ts"
import * as DemoReport from "./DemoReport.ts"

const deepSeeds = 50

/** The brands besides the baseline's. */
const sizes = (deep: boolean): ReadonlyArray<DemoProcess.DemoSize> =>
  deep
    ? [...Array.from({ length: deepSeeds - 1 }, (_, at) => DemoProcess.small(at + 2)), DemoProcess.fullSize(1)]
    : [DemoProcess.small(2)]

const labelOf = ({ customers, seed }: DemoProcess.DemoSize): string =>
  customers === DemoProcess.small(seed).customers ? `seed ${seed}` : `seed ${seed}, ${customers} customers`

export const demoTruth = async ({ deep, root }: StageContext): Promise<StageResult> => {
  const { millis, report, size } = await baseline(root)
  const runs = [{ label: labelOf(size), millis, report }]
  const folder = temporaryFolder()
  for (const next of sizes(deep)) {
    const store = join(folder, `store-${next.seed}-${next.customers}`)
    const [found, took] = await runToEnd({ ...next, root, store, journal: join(folder, "journal.ndjson") })
    runs.push({ label: labelOf(next), millis: took, report: found })
    rmSync(store, { recursive: true, force: true })
  }
  return resultOf(
    runs.flatMap((run) => DemoReport.judge(run.label, run.report)),
    runs.flatMap((run) => [
      ...DemoReport.figures(run.label, run.report),
      `${run.label}: the whole job took ${(run.millis / 1000).toFixed(1)} s`,
    ]),
  )
}
