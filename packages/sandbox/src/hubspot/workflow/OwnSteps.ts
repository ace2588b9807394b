/**
 * The steps of a workflow that HubSpot executes itself: waiting, deciding, setting a property, sending an e-mail. Each
 * gives the changes to commit.
 */
import { ApiError } from "../ApiError.ts"
import { objectTypes } from "../ObjectTypes.ts"
import { prepareUpdate } from "../ObjectWrite.ts"
import { objectNameOf } from "./Enrolment.ts"
import { begun, current, outputsOf } from "./Run.ts"
import { ended } from "./RunProgress.ts"
import { recipient, render } from "./SentMessage.ts"
import * as ValueSource from "./ValueSource.ts"
import { delayMillis } from "./Workflow.ts"
import type { Change } from "../Change.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { StoredRecord } from "../StoredRecord.ts"
import type { Run } from "./Run.ts"
import type { Ending } from "./RunProgress.ts"
import type { SentMessage } from "./SentMessage.ts"
import type { Condition, PlacedStep, Step, Workflow } from "./Workflow.ts"

interface Place<S extends Step> {
  readonly state: HubSpotState
  readonly workflow: Workflow
  readonly run: Run
  readonly record: StoredRecord
  readonly placed: PlacedStep
  readonly step: S
}

type Of<T extends Step["type"]> = Place<Extract<Step, { readonly type: T }>>

const byRunner = (outcome: Ending["outcome"], more: Partial<Ending> = {}): Ending => ({
  outcome,
  endedBy: "RUNNER",
  ...more,
})

export const wait = ({ placed, run, state, step }: Of<"DELAY">): ReadonlyArray<Change> => {
  if (current(run) !== undefined) return [{ op: "run", run: ended(run, placed, state.now, byRunner("SUCCEEDED")) }]
  const steps = [...run.steps, begun(step.id, step.type, state.now)]
  return [{ op: "run", run: { ...run, steps, dueAt: Date.parse(state.now) + delayMillis(step) } }]
}

const holds = (when: Condition, value: string | null): boolean => {
  switch (when.operator) {
    case "IS_KNOWN":
      return value !== null && value !== ""
    case "IS_UNKNOWN":
      return value === null || value === ""
    case "EQUALS":
      return value === when.to
    case "NOT_EQUALS":
      return value !== when.to
    case "IN":
      return value !== null && when.to.includes(value)
    case "AT_LEAST":
      return value !== null && value !== "" && Number(value) >= when.to
  }
}

export const decide = ({ placed, record, run, state, step, workflow }: Of<"BRANCH">): ReadonlyArray<Change> => {
  const value = ValueSource.resolve(step.when.value, state, objectNameOf(workflow), record, outputsOf(run))
  const isMet = holds(step.when, value)
  const next = isMet ? placed.met : placed.otherwise
  const outputs = { branch: isMet ? "met" : "otherwise", ...(value === null ? {} : { value }) }
  return [{ op: "run", run: ended(run, placed, state.now, byRunner("SUCCEEDED", { outputs }), next) }]
}

export const setProperty = (place: Of<"SET_PROPERTY">): ReadonlyArray<Change> => {
  const { placed, record, run, state, step, workflow } = place
  const name = objectNameOf(workflow)
  const value = ValueSource.resolve(step.value, state, name, record, outputsOf(run))
  try {
    const properties = { [step.property]: value }
    const { changes } = prepareUpdate(state, objectTypes[name], record, { properties }, new Map())
    return [...changes, { op: "run", run: ended(run, placed, state.now, byRunner("SUCCEEDED")) }]
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return [{ op: "run", run: ended(run, placed, state.now, byRunner("FAILED", { problems: [cause.message] })) }]
  }
}

const refusals = {
  OPTED_OUT: "The contact has opted out of e-mail; nothing was sent",
  NO_ADDRESS: "There is no contact with an address; nothing was sent",
} as const

export const sendEmail = (place: Of<"SEND_EMAIL">): ReadonlyArray<Change> => {
  const { placed, record, run, state, step, workflow } = place
  const name = objectNameOf(workflow)
  const contact = recipient(state, name, record)
  const to = contact?.properties["email"] ?? ""
  const reason =
    to === "" ? "NO_ADDRESS" : contact?.properties["hs_email_optout"] === "true" ? ("OPTED_OUT" as const) : null
  const records = { ...(contact === undefined ? {} : { contact }), ...(name === "deals" ? { deal: record } : {}) }
  const [subject, body] = [step.subject, step.body].map((text) => render(text, state, records, outputsOf(run)))
  const message: SentMessage = {
    id: state.automation.newMessageId(),
    workflowId: workflow.id,
    runId: run.id,
    step: step.id,
    contactId: contact?.id ?? "",
    to,
    subject: subject?.text ?? "",
    body: body?.text ?? "",
    sentAt: state.now,
    status: reason === null ? "SENT" : "REFUSED",
    reason,
  }
  const problems = [
    ...(subject?.problems ?? []),
    ...(body?.problems ?? []),
    ...(reason === null ? [] : [refusals[reason]]),
  ]
  const ending = byRunner(reason === null ? "SUCCEEDED" : "FAILED", { outputs: { messageId: message.id }, problems })
  return [
    { op: "message", message },
    { op: "run", run: ended(run, placed, state.now, ending) },
  ]
}
