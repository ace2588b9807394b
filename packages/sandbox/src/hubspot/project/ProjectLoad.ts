/**
 * What loading a project changes: every action that is new or differs gets a revision, every one that is gone is
 * archived. A portal serves one app, so a project of another app is refused.
 */
import { invalid } from "../ApiError.ts"
import { latest, revised } from "../workflow/ActionDefinition.ts"
import type { Change } from "../Change.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ActionBody, ActionDefinition } from "../workflow/ActionDefinition.ts"
import type { WorkflowActionFile } from "./ProjectShape.ts"
import type { Project } from "./Project.ts"

const bodyOf = ({ config }: WorkflowActionFile): ActionBody => {
  const { isPublished, supportedClients: _, ...shared } = config
  return { ...shared, published: isPublished }
}

export const load = (state: HubSpotState, project: Project): ReadonlyArray<Change> => {
  const { automation } = state
  const before = automation.project
  if (before !== null && before.project.app.uid !== project.app.uid)
    throw invalid(`This portal has the app "${before.project.app.uid}"; it does not take "${project.app.uid}" besides`)
  const at = state.tick()
  const changes: Array<Change> = []
  let made = 0
  for (const file of project.actions) {
    const body = bodyOf(file)
    const present = automation.action(file.uid)
    if (present === undefined) {
      const revisions = [{ number: 1, createdAt: at, body }]
      const action: ActionDefinition = {
        id: automation.newActionId(made),
        uid: file.uid,
        revisions,
        functions: [],
        requiresObject: true,
        archivedAt: null,
      }
      made += 1
      changes.push({ op: "action", action })
    } else if (present.archivedAt !== null || JSON.stringify(latest(present).body) !== JSON.stringify(body))
      changes.push({ op: "action", action: { ...revised(present, body, at), archivedAt: null } })
  }
  const uids = new Set(project.actions.map(({ uid }) => uid))
  for (const action of automation.actions.values())
    if (action.uid !== null && !uids.has(action.uid) && action.archivedAt === null)
      changes.push({ op: "action", action: { ...action, archivedAt: at } })
  return [...changes, { op: "project", project: { project, build: (before?.build ?? 0) + 1, loadedAt: at } }]
}
