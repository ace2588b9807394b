/**
 * The step of a workflow that an app executes: renders the request once, posts it until the answer decides, and records
 * everything. The run is committed before the first attempt, so the callback can be completed at once, and a sandbox that
 * is killed in between tries again with the same id.
 */
import { latest } from "./ActionDefinition.ts"
import * as ActionCall from "./ActionCall.ts"
import { bodyOf, callbackIdOf, inputsOf } from "./ActionRequest.ts"
import { judge } from "./ActionVerdict.ts"
import { objectNameOf } from "./Enrolment.ts"
import * as RetrySchedule from "./RetrySchedule.ts"
import { begun, current, withCurrent } from "./Run.ts"
import { ended, endedAction } from "./RunProgress.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { StoredRecord } from "../StoredRecord.ts"
import type { ActionDefinition } from "./ActionDefinition.ts"
import type { ActionVerdict } from "./ActionVerdict.ts"
import type { Attempt, AttemptResult, Run, StepRecord } from "./Run.ts"
import type { PlacedStep, Step, Workflow } from "./Workflow.ts"
import type { FaultOrder, WorkflowFaults } from "./WorkflowFaults.ts"

export interface ActionStepContext {
  readonly state: HubSpotState
  readonly faults: WorkflowFaults
  readonly secret: string
  readonly signal: AbortSignal
  readonly realNow: () => number
}

interface Place {
  readonly workflow: Workflow
  readonly placed: PlacedStep
  readonly step: Extract<Step, { readonly type: "APP_ACTION" }>
  readonly record: StoredRecord
  readonly action: ActionDefinition
}

/** What the definition asks for and the portal cannot do: told in the log of the run. */
const warnings = (state: HubSpotState, { action, workflow }: Place): ReadonlyArray<string> => {
  const { body } = latest(action)
  const unknown = (body.objectRequestOptions?.properties ?? []).filter(
    (property) => state.definition(objectNameOf(workflow), property) === undefined,
  )
  return [
    ...unknown.map((property) => `The action asks for "${property}", a property that this portal does not have`),
    ...(action.functions.length > 0 ? ["The functions of the action are kept; the sandbox does not run them"] : []),
  ]
}

/** The run with the step begun, or ended where a required input has no value (unverified: HubSpot fails the action). */
const begin = (state: HubSpotState, run: Run, place: Place): Run => {
  const { action, placed, record, step, workflow } = place
  const { missing, values } = inputsOf(state, workflow, run, record, step, action)
  const base: StepRecord = {
    ...begun(step.id, step.type, state.now),
    definitionId: action.id,
    revision: latest(action).number,
    problems: warnings(state, place),
  }
  const started = { ...run, steps: [...run.steps, base] }
  if (missing.length > 0) {
    const problems = missing.map((name) => `The required input "${name}" has no value; the action was not called`)
    return ended(started, placed, state.now, { outcome: "FAILED", endedBy: "RUNNER", problems })
  }
  const request = bodyOf({ state, workflow, run, record, placed, action, inputs: values })
  return withCurrent(started, { ...base, callbackId: callbackIdOf(state, run, placed), request })
}

const attempted = (step: StepRecord, at: string, result: AttemptResult, verdict: ActionVerdict): Attempt => ({
  number: step.attempts.length + 1,
  at,
  result,
  verdict: verdict.kind,
  retryAt: null,
  fault: null,
})

/** The run after an answer that found the step still open. */
const decided = (state: HubSpotState, run: Run, place: Place, attempt: Attempt, verdict: ActionVerdict): Run => {
  const step = current(run)
  if (step === undefined) throw new Error(`Run ${run.id} has no step to decide.`)
  const { action, placed } = place
  const problems = [...step.problems, ...verdict.problems]
  const tried = withCurrent(run, { ...step, attempts: [...step.attempts, attempt], problems })
  const now = Date.parse(state.now)
  if (verdict.kind === "blocked") {
    const dueAt = now + (verdict.expiresInMillis ?? 0)
    const blocked: StepRecord = {
      ...step,
      attempts: [...step.attempts, attempt],
      problems,
      outcome: "BLOCKED",
      outputs: verdict.outputs,
      expiresAt: new Date(dueAt).toISOString(),
    }
    return { ...withCurrent(run, blocked), status: "BLOCKED", dueAt }
  }
  if (verdict.kind !== "retry") {
    const outcome = verdict.kind === "success" ? "SUCCEEDED" : "FAILED"
    return endedAction(tried, placed, action, state.now, { outcome, endedBy: "ANSWER", outputs: verdict.outputs })
  }
  const first = Date.parse(step.attempts[0]?.at ?? attempt.at)
  const dueAt = RetrySchedule.nextAt(first, now, step.attempts.length + 1, verdict.retryAfterMillis)
  if (dueAt === null)
    return endedAction(tried, placed, action, state.now, {
      outcome: "FAILED",
      endedBy: "RUNNER",
      problems: ["HubSpot tries for three days and then gives up"],
    })
  const waiting = { ...attempt, retryAt: new Date(dueAt).toISOString() }
  return { ...withCurrent(run, { ...step, attempts: [...step.attempts, waiting], problems }), dueAt }
}

/** The app completed the callback before its answer arrived: the attempt is recorded, the outcome stays. */
const late = (run: Run, callbackId: string, attempt: Attempt): Run => ({
  ...run,
  steps: run.steps.map((step) =>
    step.callbackId === callbackId ? { ...step, attempts: [...step.attempts, attempt] } : step,
  ),
})

const delayed = (run: Run, fault: FaultOrder): Run => ({ ...run, dueAt: run.dueAt + fault.delayMillis })

export const execute = async (context: ActionStepContext, run: Run, place: Place): Promise<void> => {
  const { faults, realNow, secret, signal, state } = context
  let present = run
  if (current(run) === undefined) {
    present = begin(state, run, place)
    state.commit([{ op: "run", run: present }])
  }
  const step = current(present)
  if (step === undefined || step.callbackId === null || step.request === null) return
  const fault = faults.take([place.action.id, place.action.uid])
  if (fault?.kind === "DELAY") return state.commit([{ op: "run", run: delayed(present, fault) }])
  const { body } = latest(place.action)
  const { answerTimeoutMillis, signatureClock } = state.automation.settings
  const at = state.now
  const result = await ActionCall.attempt(body.actionUrl, step.request, fault?.kind ?? null, {
    secret,
    timestampMillis: signatureClock === "REAL" ? realNow() : Date.parse(at),
    timeoutMillis: answerTimeoutMillis,
    signal,
  })
  // The sandbox is ending: the attempt counts for nothing, and is made again by the next one.
  if (result.kind === "interrupted") return
  const verdict = judge(body.outputFields ?? [], result)
  const attempt = { ...attempted(step, at, result, verdict), fault: fault?.kind ?? null }
  const met = state.automation.runs.get(present.id) ?? present
  if (current(met)?.callbackId === step.callbackId)
    state.commit([{ op: "run", run: decided(state, met, place, attempt, verdict) }])
  else state.commit([{ op: "run", run: late(met, step.callbackId, attempt) }])
}
