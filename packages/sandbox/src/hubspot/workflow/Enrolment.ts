/**
 * Who is enrolled when records change. The runs are part of the same commit as the change, so none is lost.
 *
 * A record that is in the workflow already is not enrolled a second time, and one that has been in it only where the
 * workflow allows it again (documented). A merge enrols nobody (unverified).
 */
import { objectTypes } from "../ObjectTypes.ts"
import { valueOf } from "../StoredRecord.ts"
import { hasWorkflows } from "./Settings.ts"
import type { Change } from "../Change.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ObjectName } from "../ObjectTypes.ts"
import type { StoredRecord } from "../StoredRecord.ts"
import type { Run } from "./Run.ts"
import type { Trigger, Workflow } from "./Workflow.ts"

export const objectNameOf = (workflow: Pick<Workflow, "objectType">): ObjectName =>
  workflow.objectType === "CONTACT" ? "contacts" : "deals"

const reached = (value: string | null, at: number): boolean => value !== null && value !== "" && Number(value) >= at

const fires = (trigger: Trigger, name: ObjectName, before: StoredRecord | undefined, after: StoredRecord): boolean => {
  if (trigger.type === "MANUAL") return false
  const type = objectTypes[name]
  const old = before === undefined ? null : valueOf(type, before, trigger.property)
  const value = valueOf(type, after, trigger.property)
  switch (trigger.type) {
    case "PROPERTY_SET":
      return old === null && value !== null
    case "PROPERTY_CHANGED":
      return value !== old && value !== null && (trigger.to === undefined || value === trigger.to)
    case "PROPERTY_AT_LEAST":
      return reached(value, trigger.value) && !reached(old, trigger.value)
  }
}

export const runOf = (state: HubSpotState, workflow: Workflow, objectId: string, ahead = 0): Run => ({
  id: state.automation.newRunId(ahead),
  workflowId: workflow.id,
  objectId,
  enrolledAt: state.now,
  status: "ACTIVE",
  position: workflow.first,
  dueAt: Date.parse(state.now),
  steps: [],
})

/** What else a commit has to hold. The changes are not applied yet. */
export const enrolments = (state: HubSpotState, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const { automation } = state
  const workflows = [...automation.workflows.values()].filter(({ enabled }) => enabled)
  if (workflows.length === 0 || !hasWorkflows(automation.settings)) return []
  const merged = new Set(changes.flatMap((change) => (change.op === "forward" ? [change.to] : [])))
  const made: Array<Change> = []
  const taken = new Set<string>()
  for (const change of changes) {
    if (change.op !== "record" || change.record.archived || merged.has(change.record.id)) continue
    const before = state.get(change.name, change.record.id)
    for (const workflow of workflows) {
      const { id } = change.record
      if (objectNameOf(workflow) !== change.name || !fires(workflow.trigger, change.name, before, change.record))
        continue
      const key = `${workflow.id}/${id}`
      if (taken.has(key) || automation.isEnrolled(workflow.id, id)) continue
      if (!workflow.reEnrol && automation.wasEnrolled(workflow.id, id)) continue
      taken.add(key)
      made.push({ op: "run", run: runOf(state, workflow, id, made.length) })
    }
  }
  return made
}
