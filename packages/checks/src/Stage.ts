/**
 * A stage of the checks: something with a name that runs and says how much of it passed.
 *
 * Promises: the scheduler starts a stage once the stages it needs have ended, never occupies more cores than it was
 * given, and turns a thrown error into a failed stage. Does not stop at the first failure: a run shows every fault.
 */

export interface StageContext {
  /** The root folder of the workspace. */
  readonly root: string
  /** Run counts and sizes for before a release. */
  readonly deep: boolean
}

export interface StageResult {
  readonly passed: number
  readonly failed: number
  /** What a person needs to see: failures in full, otherwise one line or nothing. */
  readonly report: string
}

export interface Stage {
  readonly name: string
  readonly title: string
  /** How many of the machine's cores it keeps busy. */
  readonly cores: 1 | 2
  /** Stages that must have ended before, whatever their outcome; those not chosen do not count. */
  readonly after?: ReadonlyArray<string>
  readonly run: (context: StageContext) => Promise<StageResult>
}

export interface StageOutcome extends StageResult {
  readonly stage: Stage
  readonly durationSeconds: number
}

/** A stage that is one check. */
export const verdict = (ok: boolean, report: string): StageResult => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  report,
})

const runOne = async (stage: Stage, context: StageContext): Promise<StageOutcome> => {
  const startedAt = performance.now()
  const result = await stage
    .run(context)
    .catch((error: unknown) => verdict(false, error instanceof Error ? (error.stack ?? error.message) : String(error)))
  return { ...result, stage, durationSeconds: (performance.now() - startedAt) / 1000 }
}

/** Runs the stages on `cores` cores and hands over each outcome as soon as it is known. */
export const runAll = async (
  stages: ReadonlyArray<Stage>,
  context: StageContext,
  cores: number,
  onEnd: (outcome: StageOutcome) => void,
): Promise<ReadonlyArray<StageOutcome>> => {
  const chosen = new Set(stages.map((stage) => stage.name))
  const waiting = [...stages]
  const ended = new Map<string, StageOutcome>()
  const running = new Map<string, Promise<void>>()
  let free = cores
  const isReady = (stage: Stage): boolean => (stage.after ?? []).every((name) => !chosen.has(name) || ended.has(name))
  const start = (stage: Stage): void => {
    const taken = Math.min(stage.cores, cores)
    free -= taken
    const finish = async (): Promise<void> => {
      const outcome = await runOne(stage, context)
      free += taken
      running.delete(stage.name)
      ended.set(stage.name, outcome)
      onEnd(outcome)
    }
    running.set(stage.name, finish())
  }
  while (waiting.length > 0 || running.size > 0) {
    // Strictly the first ready one, so that a stage of two cores is not overtaken for ever.
    const next = waiting.find(isReady)
    if (next !== undefined && Math.min(next.cores, cores) <= free) {
      waiting.splice(waiting.indexOf(next), 1)
      start(next)
      continue
    }
    if (running.size === 0) {
      throw new Error(`These stages wait for each other: ${waiting.map((stage) => stage.name).join(", ")}`)
    }
    await Promise.race(running.values())
  }
  return stages.flatMap((stage) => ended.get(stage.name) ?? [])
}
