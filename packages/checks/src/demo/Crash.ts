/**
 * The stage that kills the demo with SIGKILL at random moments, lets it resume, and compares the end with that of a run
 * that nobody interrupted.
 *
 * Promises: the moments follow from a seed that is printed (`ADVOCACY_CRASH_SEED` repeats them); the digests are equal; the
 * shop holds exactly the codes of the confirmed effects, each once, and the same as after the uninterrupted run; the
 * sandboxes of the killed job die with it.
 */
import { rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type Finding, finding, noneOf, resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { baseline, runToEnd, temporaryFolder } from "./Baseline.ts"
import * as CrashMoment from "./CrashMoment.ts"
import * as DemoProcess from "./DemoProcess.ts"
import * as DemoReport from "./DemoReport.ts"
import * as ShopReading from "./ShopReading.ts"
import * as StoreReading from "./StoreReading.ts"

const childrenMillisMax = 10_000

interface End {
  readonly store: StoreReading.StoreReading
  readonly codes: ReadonlyArray<ShopReading.ShopCode>
}

const endOf = async (root: string, store: string): Promise<End> => ({
  store: await StoreReading.read(store),
  codes: await ShopReading.codes(root, store),
})

/** Whether every process of a killed job's group ends by itself. */
const dies = async (leader: number): Promise<boolean> => {
  const deadline = Date.now() + childrenMillisMax
  while (DemoProcess.isGroupAlive(leader) && Date.now() < deadline) {
    await pause(50)
  }
  return !DemoProcess.isGroupAlive(leader)
}

const repeated = (values: ReadonlyArray<string>): ReadonlyArray<string> =>
  values.filter((value, at) => values.indexOf(value) !== at)

const lacking = (those: ReadonlyArray<string>, these: ReadonlyArray<string>): ReadonlyArray<string> => {
  const known = new Set(these)
  return those.filter((value) => !known.has(value))
}

const handedOut = (codes: ReadonlyArray<ShopReading.ShopCode>): ReadonlyArray<string> =>
  codes.filter((one) => !ShopReading.isOfferCode(one)).map(({ code }) => code)

/** What must be so after a crash and a resumption. */
export const judge = (label: string, expected: End, found: End): ReadonlyArray<Finding> => {
  const confirmed = found.store.effects
    .filter(({ state }) => state === "confirmed")
    .map(({ note }) => note ?? "no code")
  const open = found.store.effects.filter(({ state }) => !["confirmed", "undone"].includes(state))
  const codes = handedOut(found.codes)
  return [
    finding(
      `${label}: the digest is that of the uninterrupted run`,
      found.store.digest === expected.store.digest,
      () => `${found.store.digest} instead of ${expected.store.digest}`,
    ),
    noneOf(
      `${label}: no effect is left open`,
      open.map(({ effect, state }) => `${effect.key} is ${state}`),
    ),
    noneOf(`${label}: no effect exists twice`, [
      ...repeated(confirmed),
      ...repeated(found.codes.map(({ code }) => code)),
    ]),
    noneOf(`${label}: every confirmed effect is in the shop`, lacking(confirmed, codes)),
    noneOf(`${label}: every code in the shop is a confirmed effect`, lacking(codes, confirmed)),
    noneOf(`${label}: the shop has the codes of the uninterrupted run, and no others`, [
      ...lacking(handedOut(expected.codes), codes).map((code) => `${code} is missing`),
      ...lacking(codes, handedOut(expected.codes)).map((code) => `${code} is too many`),
    ]),
  ]
}

interface Round {
  readonly findings: ReadonlyArray<Finding>
  readonly lines: ReadonlyArray<string>
}

const playRound = async (
  root: string,
  size: DemoProcess.DemoSize,
  moment: CrashMoment.CrashMoment,
  expected: End,
): Promise<Round> => {
  const folder = temporaryFolder()
  const store = join(folder, "store")
  const label = `killed ${(moment.millis / 1000).toFixed(2)} s into "${moment.stage}"`
  const job = DemoProcess.start({ ...size, root, store })
  const hasEnded = job.ended.then(() => true)
  while (!job.stages().includes(moment.stage) && !(await Promise.race([pause(10, false), hasEnded]))) {
    // The stage has not begun.
  }
  await Promise.race([pause(moment.millis), hasEnded])
  const stage = job.stages().at(-1) ?? "the start"
  if (DemoProcess.isGroupAlive(job.pid)) {
    process.kill(job.pid, "SIGKILL")
  }
  const childrenDied = await dies(job.pid)
  DemoProcess.killGroup(job.pid)
  const { signal } = await job.ended
  const [report, millis] = await runToEnd({ ...size, root, store, resume: true })
  const found = await endOf(root, store)
  rmSync(folder, { recursive: true, force: true })
  return {
    findings: [
      finding(`${label}: the processes of the killed job die`, childrenDied, () => "some were alive 10 seconds later"),
      ...DemoReport.judge(`${label}, resumed`, report),
      ...judge(label, expected, found),
    ],
    lines: [
      `${label}: ${signal === "SIGKILL" ? `during "${stage}"` : "it had ended before"}; resumed in ${(millis / 1000).toFixed(1)} s`,
    ],
  }
}

export const crash = async ({ deep, root }: StageContext): Promise<StageResult> => {
  const { report, size, store } = await baseline(root)
  const expected = await endOf(root, store)
  const seed = Number(process.env["ADVOCACY_CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  const moments = CrashMoment.choose(seed, deep ? 10 : 2, report.timings)
  const findings: Array<Finding> = [
    finding("the uninterrupted run handed codes out", handedOut(expected.codes).length > 10, () => "it did not"),
  ]
  const lines = [`Moments by ADVOCACY_CRASH_SEED=${seed}; digest ${expected.store.digest}.`]
  for (const moment of moments) {
    const round = await playRound(root, size, moment, expected)
    findings.push(...round.findings)
    lines.push(...round.lines)
  }
  return resultOf(findings, lines)
}
