/**
 * An app completes a blocked action. It may come while the app's answer is still on its way, or after that answer was
 * lost: the execution is then complete all the same (unverified).
 *
 * How a real portal answers ids that it does not know, or that are complete or expired already, is not documented; here
 * they are refused with 404 and 400 (unverified). A completion must say SUCCESS or FAIL_CONTINUE (documented).
 */
import { invalid, notFound } from "../ApiError.ts"
import { latest } from "./ActionDefinition.ts"
import { check } from "./OutputCheck.ts"
import { endedAction } from "./RunProgress.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { Json } from "../RequestBody.ts"
import type { Run } from "./Run.ts"

export const complete = (state: HubSpotState, callbackId: string, outputFields: Json): Run => {
  const run = state.automation.runOfCallback(callbackId)
  const step = run?.steps.find((one) => one.callbackId === callbackId)
  if (run === undefined || step === undefined) throw notFound(`No action execution has the callback ${callbackId}`)
  if (step.endedAt !== null || run.status === "UNENROLLED" || run.position === null)
    throw invalid(`The execution of callback ${callbackId} is over: ${step.outcome} by ${step.endedBy ?? "RUNNER"}`)
  const action = state.automation.actions.get(step.definitionId ?? "")
  const placed = state.automation.workflows.get(run.workflowId)?.steps[run.position]
  if (action === undefined || placed === undefined) throw notFound(`The action of callback ${callbackId} is gone`)
  const { control, outputs, problems } = check(latest(action).body.outputFields ?? [], outputFields)
  const wanted = control["hs_execution_state"]
  if (wanted !== "SUCCESS" && wanted !== "FAIL_CONTINUE")
    throw invalid(`hs_execution_state must be SUCCESS or FAIL_CONTINUE, not ${String(wanted)}`)
  return endedAction(run, placed, action, state.now, {
    outcome: wanted === "SUCCESS" ? "SUCCEEDED" : "FAILED",
    endedBy: "CALLBACK",
    outputs: { ...step.outputs, ...outputs },
    problems,
  })
}
