/**
 * The control endpoints as typed functions, for the tests of whoever integrates: `HubSpotControl.at(url)`. Each rejects
 * with the sandbox's own words when it is refused. It works over HTTP, so the sandbox may run in another process.
 */
import * as ControlCall from "../ControlCall.ts"
import type { Span } from "./Clock.ts"
import type { OptionsPage, OptionsRequest } from "./workflow/OptionsFetch.ts"
import type { Run } from "./workflow/Run.ts"
import type { SentMessage } from "./workflow/SentMessage.ts"
import type { Settings } from "./workflow/Settings.ts"
import type { Description, Workflow } from "./workflow/Workflow.ts"

export type { Description, OptionsPage, OptionsRequest, Run, SentMessage, Settings, Span, Workflow }

export interface ActionReport {
  /** Null where it was made over REST. */
  readonly uid: string | null
  readonly name: string
  readonly archived: boolean
  /** As the definitions API prints it. */
  readonly definition: { readonly id: string; readonly revisionId: string; readonly published: boolean }
}

export interface ProjectReport {
  readonly project: {
    readonly name: string
    readonly platformVersion: string
    readonly build: number
    readonly loadedAt: string
  } | null
  readonly actions: ReadonlyArray<ActionReport>
}

export interface WorkflowFault {
  readonly kind: "DUPLICATE" | "TIMEOUT" | "DROP" | "UNREACHABLE" | "DELAY" | "UNREADABLE"
  readonly count?: number
  /** The uid or id of an action; any by default. */
  readonly action?: string
  readonly delayMillis?: number
}

export interface HubSpotControl {
  /** The portal's present instant. */
  readonly now: () => Promise<string>
  /** Moves the clock and does what is due until then, now at least. */
  readonly advance: (by: Span) => Promise<{ readonly now: string; readonly steps: number }>
  readonly setClock: (to: string) => Promise<{ readonly now: string; readonly steps: number }>
  /** Does what is due without moving the clock. */
  readonly settle: () => Promise<{ readonly now: string; readonly steps: number }>
  /** As `hs project upload` of that folder, which the sandbox must be able to read. */
  readonly loadProject: (directory: string) => Promise<ProjectReport>
  /** The same with the files by path, as text or as JSON. */
  readonly loadFiles: (files: Readonly<Record<string, string | object>>) => Promise<ProjectReport>
  readonly project: () => Promise<ProjectReport>
  readonly defineWorkflow: (workflow: Description) => Promise<Workflow>
  readonly workflows: () => Promise<ReadonlyArray<Workflow>>
  /** The contact answers an NPS survey, 0 to 10. */
  readonly answerSurvey: (contactId: string, score: number) => Promise<{ readonly id: string }>
  /** Enrols a record by hand. */
  readonly enrol: (workflowId: string, objectId: string) => Promise<Run>
  readonly setEnabled: (workflowId: string, enabled: boolean) => Promise<Workflow>
  readonly runs: (workflowId: string) => Promise<ReadonlyArray<Run>>
  readonly messages: () => Promise<ReadonlyArray<SentMessage>>
  readonly options: (request: OptionsRequest) => Promise<OptionsPage>
  readonly settings: () => Promise<Settings>
  readonly changeSettings: (settings: Partial<Settings>) => Promise<Settings>
  /** Adds to the faults that are pending. */
  readonly faults: (fault: WorkflowFault) => Promise<void>
}

export const at = (url: string): HubSpotControl => {
  const call = ControlCall.at("HubSpot", url)
  const listed = async <A>(route: string): Promise<ReadonlyArray<A>> =>
    (await call<{ readonly results: ReadonlyArray<A> }>(route)).results
  return {
    now: async () => (await call<{ readonly now: string }>("clock")).now,
    advance: (by) => call("clock", by),
    setClock: (to) => call("clock", { set: to }),
    settle: () => call("clock", {}),
    loadProject: (directory) => call("projects", { directory }),
    loadFiles: (files) => call("projects", { files }),
    project: () => call("projects"),
    defineWorkflow: (workflow) => call("workflows", workflow),
    workflows: () => listed("workflows"),
    answerSurvey: (contact, score) => call("survey-answers", { contact, score }),
    enrol: (workflowId, objectId) => call(`workflows/${workflowId}/enrol`, { objectId }),
    setEnabled: (workflowId, enabled) => call(`workflows/${workflowId}/enabled`, { enabled }),
    runs: (workflowId) => listed(`workflows/${workflowId}/runs`),
    messages: () => listed("messages"),
    options: (request) => call("action-options", request),
    settings: () => call("workflow-settings"),
    changeSettings: (settings) => call("workflow-settings", settings),
    faults: async (fault) => void (await call("workflow-faults", fault)),
  }
}
