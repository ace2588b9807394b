/**
 * The control endpoints of projects, workflows and the portal's clock, under `/__sandbox/`. They need no token: only
 * this computer reaches them. `HubSpotControl` has the same as typed functions.
 */
import { z } from "zod"
import { ApiError, invalid, notFound } from "../ApiError.ts"
import * as Clock from "../Clock.ts"
import * as Body from "../RequestBody.ts"
import * as Project from "../project/Project.ts"
import * as ProjectFiles from "../project/ProjectFiles.ts"
import { load } from "../project/ProjectLoad.ts"
import { latest, toWire } from "./ActionDefinition.ts"
import { objectNameOf, runOf } from "./Enrolment.ts"
import * as OptionsFetch from "./OptionsFetch.ts"
import * as Settings from "./Settings.ts"
import * as Workflow from "./Workflow.ts"
import { problemsOf } from "./WorkflowCheck.ts"
import * as WorkflowFaults from "./WorkflowFaults.ts"
import * as WorkflowRunner from "./WorkflowRunner.ts"
import type { ErrorDetail } from "../ApiError.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { Json } from "../RequestBody.ts"
import type { ActionStepContext } from "./ActionStep.ts"

export interface AutomationControl {
  /** `undefined` where the path is none of these. */
  readonly answer: (method: string, path: string, text: string) => Promise<Json | undefined>
}

const refuseAll = (what: string, problems: ReadonlyArray<string>): never => {
  const errors = problems.map((message): ErrorDetail => ({ message }))
  throw invalid(`${what}: ${problems.join("; ")}`, errors)
}

const shaped = <A>(what: string, shape: z.ZodType<A>, body: Json): A => {
  const read = shape.safeParse(body)
  if (read.success) return read.data
  return refuseAll(
    what,
    read.error.issues.map(({ message, path }) =>
      path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`,
    ),
  )
}

const projectReport = (state: HubSpotState): Json => {
  const { actions, project } = state.automation
  return {
    project: project && {
      name: project.project.name,
      platformVersion: project.project.platformVersion,
      build: project.build,
      loadedAt: project.loadedAt,
      app: project.project.app,
      webhooks: project.project.webhooks,
    },
    actions: [...actions.values()].map((action) => ({
      uid: action.uid,
      name: latest(action).body.labels.en?.actionName ?? "",
      archived: action.archivedAt !== null,
      definition: toWire(action),
    })),
  }
}

const upload = z.union([
  z.strictObject({ directory: z.string().min(1) }),
  z.strictObject({ files: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())])) }),
])

const loadProject = (state: HubSpotState, body: Json): Json => {
  const given = shaped("The project", upload, body)
  let files: ProjectFiles.ProjectFiles
  if ("directory" in given) {
    try {
      files = ProjectFiles.read(given.directory)
    } catch (cause) {
      throw invalid(`The project cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  } else
    files = Object.fromEntries(
      Object.entries(given.files).map(([file, content]) => [
        file,
        typeof content === "string" ? content : JSON.stringify(content),
      ]),
    )
  const read = Project.read(files)
  if (!("app" in read))
    return refuseAll(
      "The project is refused",
      read.map(({ file, message, path }) => `${file}${path === "" ? "" : ` at ${path}`}: ${message}`),
    )
  state.commit(load(state, read))
  return projectReport(state)
}

const refuseWithoutPlan = ({ automation: { settings } }: HubSpotState): void => {
  if (!Settings.hasWorkflows(settings))
    throw new ApiError(403, "FORBIDDEN", `Workflows need a Professional plan; this portal has ${settings.plan}`)
}

const defineWorkflow = (state: HubSpotState, body: Json): Json => {
  refuseWithoutPlan(state)
  const { steps, ...described } = shaped("The workflow is refused", Workflow.shape, body)
  const problems = problemsOf(state, { ...described, steps })
  if (problems.length > 0)
    refuseAll(
      "The workflow is refused",
      problems.map(({ message, path }) => `${path}: ${message}`),
    )
  const id = state.automation.newWorkflowId()
  const workflow = { id, ...described, enabled: true, createdAt: state.tick(), ...Workflow.place(steps) }
  state.commit([{ op: "workflow", workflow }])
  return { ...workflow }
}

const workflowOf = (state: HubSpotState, id: string): Workflow.Workflow => {
  const workflow = state.automation.workflows.get(id)
  if (workflow === undefined) throw notFound(`No workflow ${id}`)
  return workflow
}

/** By hand: also a record that was in the workflow before (unverified), but none that is in it. */
const enrol = (state: HubSpotState, workflow: Workflow.Workflow, body: Json): Json => {
  refuseWithoutPlan(state)
  const record = state.resolve(objectNameOf(workflow), Body.text(body, "objectId"))
  if (record === undefined || record.archived)
    throw notFound(`No ${workflow.objectType} ${Body.text(body, "objectId")}`)
  if (!workflow.enabled) throw invalid(`The workflow ${workflow.id} is switched off`)
  if (state.automation.isEnrolled(workflow.id, record.id))
    throw new ApiError(409, "CONFLICT", `${record.id} is in the workflow ${workflow.id} already`)
  const run = runOf(state, workflow, record.id)
  state.commit([{ op: "run", run }])
  return { ...run }
}

const enable = (state: HubSpotState, workflow: Workflow.Workflow, body: Json): Json => {
  const { enabled } = shaped("enabled", z.strictObject({ enabled: z.boolean() }), body)
  state.commit([{ op: "workflow", workflow: { ...workflow, enabled } }])
  return { ...workflow, enabled }
}

const ofWorkflow = (state: HubSpotState, call: string, id: string, body: () => Json): Json | undefined => {
  switch (call) {
    case "GET ":
      return { ...workflowOf(state, id) }
    case "GET runs":
      return { results: state.automation.runsOf(workflowOf(state, id).id) }
    case "POST enrol":
      return enrol(state, workflowOf(state, id), body())
    case "POST enabled":
      return enable(state, workflowOf(state, id), body())
    default:
      return undefined
  }
}

const changeSettings = (state: HubSpotState, body: Json): Json => {
  const given = shaped("The settings", Settings.shape, body)
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const settings = { ...state.automation.settings, ...said }
  state.commit([{ op: "workflow-settings", settings }])
  return { ...settings }
}

export const make = (
  context: ActionStepContext & { readonly faults: WorkflowFaults.WorkflowFaults },
): AutomationControl => {
  const { faults, state } = context
  const runner = WorkflowRunner.make(context)

  const answer: AutomationControl["answer"] = async (method, path, text) => {
    const body = () => Body.parse(text)
    const ofOne = /^workflows\/(\d+)(?:\/(\w+))?$/.exec(path)
    if (ofOne !== null) return ofWorkflow(state, `${method} ${ofOne[2] ?? ""}`, ofOne[1] ?? "", body)
    switch (`${method} ${path}`) {
      case "GET clock":
        return { now: state.now }
      case "POST clock": {
        const steps = await runner.advance(Clock.target(body(), state.now))
        return { now: state.now, steps }
      }
      case "GET projects":
        return projectReport(state)
      case "POST projects":
        return loadProject(state, body())
      case "GET workflows":
        return { results: [...state.automation.workflows.values()] }
      case "POST workflows":
        return defineWorkflow(state, body())
      case "GET messages":
        return { results: state.automation.messages }
      case "GET workflow-settings":
        return { ...state.automation.settings }
      case "POST workflow-settings":
        return changeSettings(state, body())
      case "POST workflow-faults":
        faults.order(shaped("The fault", WorkflowFaults.shape, body()))
        return { pending: faults.pending }
      case "POST action-options":
        return { ...(await OptionsFetch.fetchOptions(context, shaped("The request", OptionsFetch.request, body()))) }
      default:
        return undefined
    }
  }
  return { answer }
}
