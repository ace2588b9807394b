/**
 * How a run goes on: what its next value is when a step begins, ends, waits or blocks. Pure; the runner and the callbacks
 * commit what comes out.
 */
import { latest } from "./ActionDefinition.ts"
import { messageOf } from "./ExecutionMessage.ts"
import { begun, current, withCurrent } from "./Run.ts"
import type { ActionDefinition } from "./ActionDefinition.ts"
import type { Run, StepRecord } from "./Run.ts"
import type { PlacedStep } from "./Workflow.ts"

export interface Ending {
  readonly outcome: Exclude<StepRecord["outcome"], "PENDING" | "BLOCKED">
  readonly endedBy: NonNullable<StepRecord["endedBy"]>
  readonly outputs?: Readonly<Record<string, string>>
  readonly problems?: ReadonlyArray<string>
  readonly message?: string | null
}

/** Ends the step that has begun, or begins and ends it at once. */
export const ended = (run: Run, placed: PlacedStep, now: string, ending: Ending, next = placed.next): Run => {
  const open = current(run)
  const step = open ?? begun(placed.step.id, placed.step.type, now)
  const record: StepRecord = {
    ...step,
    endedAt: now,
    outcome: ending.outcome,
    endedBy: ending.endedBy,
    outputs: ending.outputs ?? step.outputs,
    problems: [...step.problems, ...(ending.problems ?? [])],
    message: ending.message ?? null,
  }
  const steps = open === undefined ? [...run.steps, record] : withCurrent(run, record).steps
  return { ...run, steps, position: next, status: next === null ? "COMPLETED" : "ACTIVE", dueAt: Date.parse(now) }
}

/** Ends the step of an action, with what its rules say to the outputs. */
export const endedAction = (
  run: Run,
  placed: PlacedStep,
  action: ActionDefinition,
  now: string,
  ending: Ending,
): Run => {
  const outputs = ending.outputs ?? {}
  const state = ending.outcome === "SUCCEEDED" ? "SUCCESS" : "FAIL_CONTINUE"
  const { message, problems } = messageOf(latest(action).body, { ...outputs, hs_execution_state: state })
  return ended(run, placed, now, { ...ending, message, problems: [...(ending.problems ?? []), ...problems] })
}

/** The record was deleted or erased: it leaves the workflow. */
export const unenrolled = (run: Run, now: string): Run => {
  const open = current(run)
  const left =
    open === undefined ? run : withCurrent(run, { ...open, endedAt: now, outcome: "FAILED", endedBy: "RUNNER" })
  return { ...left, status: "UNENROLLED", position: null }
}
