/**
 * Moves the portal's clock, and does what is due in its workflows on the way: one step at a time, in order of their
 * instants, so that the same portal and the same apps give the same runs. While an app answers, the clock stands still.
 *
 * Nothing runs by itself: a record that is enrolled waits until the clock is moved, by nothing at least.
 */
import { ApiError } from "../ApiError.ts"
import * as ActionStep from "./ActionStep.ts"
import { objectNameOf } from "./Enrolment.ts"
import * as OwnSteps from "./OwnSteps.ts"
import { current } from "./Run.ts"
import { ended, endedAction, unenrolled } from "./RunProgress.ts"
import { hasWorkflows } from "./Settings.ts"
import type { Change } from "../Change.ts"
import type { ActionStepContext } from "./ActionStep.ts"
import type { Run } from "./Run.ts"
import type { PlacedStep } from "./Workflow.ts"

export interface WorkflowRunner {
  /** To this instant, or to the present one where it is past already. Resolves to the steps done. */
  readonly advance: (toMillis: number) => Promise<number>
}

/** Guards against workflows that enrol each other for ever at one instant. */
const maximumStepsPerInstant = 100_000

export const make = (context: ActionStepContext): WorkflowRunner => {
  const { signal, state } = context
  let running = false

  /** A block or a wait for the app is over without the app. */
  const expired = (run: Run, placed: PlacedStep): ReadonlyArray<Change> => {
    const action = state.automation.actions.get(current(run)?.definitionId ?? "")
    const problems = [`No callback came until ${state.now}; the workflow goes on`]
    const ending = { outcome: "EXPIRED", endedBy: "EXPIRY", problems } as const
    const next =
      action === undefined
        ? ended(run, placed, state.now, ending)
        : endedAction(run, placed, action, state.now, { ...ending, outputs: current(run)?.outputs ?? {} })
    return [{ op: "run", run: next }]
  }

  const step = async (run: Run): Promise<void> => {
    const workflow = state.automation.workflows.get(run.workflowId)
    const placed = workflow?.steps[run.position ?? ""]
    if (workflow === undefined || placed === undefined) throw new Error(`Run ${run.id} stands at no step.`)
    const record = state.resolve(objectNameOf(workflow), run.objectId)
    if (record === undefined || record.archived) return state.commit([{ op: "run", run: unenrolled(run, state.now) }])
    if (run.status === "BLOCKED") return state.commit(expired(run, placed))
    const place = { state, workflow, run, record, placed }
    const own = placed.step
    switch (own.type) {
      case "APP_ACTION": {
        const action = state.automation.action(current(run)?.definitionId ?? own.action)
        if (action === undefined) throw new Error(`The action ${own.action} of workflow ${workflow.id} is gone.`)
        return ActionStep.execute(context, run, { workflow, placed, step: own, record, action })
      }
      case "DELAY":
        return state.commit(OwnSteps.wait({ ...place, step: own }))
      case "BRANCH":
        return state.commit(OwnSteps.decide({ ...place, step: own }))
      case "SET_PROPERTY":
        return state.commit(OwnSteps.setProperty({ ...place, step: own }))
      case "SEND_EMAIL":
        return state.commit(OwnSteps.sendEmail({ ...place, step: own }))
    }
  }

  const advance = async (toMillis: number): Promise<number> => {
    if (running) throw new ApiError(409, "CONFLICT", "The clock is being moved already; wait for that answer")
    running = true
    let [steps, sinceInstant] = [0, 0]
    try {
      while (!signal.aborted && hasWorkflows(state.automation.settings)) {
        // Writes move the clock by a millisecond each; what they bring about is due as well.
        const run = state.automation.nextDue(Math.max(toMillis, Date.parse(state.now)))
        if (run === undefined) break
        sinceInstant = run.dueAt > Date.parse(state.now) ? 0 : sinceInstant + 1
        if (sinceInstant > maximumStepsPerInstant)
          throw new ApiError(400, "VALIDATION_ERROR", `Workflow ${run.workflowId} never comes to an end`)
        state.moveClock(run.dueAt)
        await step(run)
        steps += 1
      }
      if (!signal.aborted) state.moveClock(toMillis)
      return steps
    } finally {
      running = false
    }
  }

  return { advance }
}
