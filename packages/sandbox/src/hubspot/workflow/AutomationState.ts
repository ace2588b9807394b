/**
 * What the portal remembers of apps' actions and of workflows. It is changed by commits only, so it survives as the rest
 * does. Ids follow from the seed and from how much there is already.
 */
import { isOver } from "./Run.ts"
import { initial } from "./Settings.ts"
import type { Project } from "../project/Project.ts"
import type { ActionDefinition } from "./ActionDefinition.ts"
import type { Run } from "./Run.ts"
import type { SentMessage } from "./SentMessage.ts"
import type { Settings } from "./Settings.ts"
import type { Workflow } from "./Workflow.ts"

export interface LoadedProject {
  readonly project: Project
  /** 1, 2, ... */
  readonly build: number
  readonly loadedAt: string
}

export type AutomationChange =
  | { readonly op: "project"; readonly project: LoadedProject }
  | { readonly op: "action"; readonly action: ActionDefinition }
  | { readonly op: "workflow"; readonly workflow: Workflow }
  | { readonly op: "run"; readonly run: Run }
  | { readonly op: "message"; readonly message: SentMessage }
  | { readonly op: "workflow-settings"; readonly settings: Settings }

export class AutomationState {
  readonly #seed: number
  project: LoadedProject | null = null
  settings: Settings = initial
  readonly actions = new Map<string, ActionDefinition>()
  readonly workflows = new Map<string, Workflow>()
  readonly runs = new Map<string, Run>()
  readonly messages: Array<SentMessage> = []
  /** Runs that are not over. */
  readonly #open = new Map<string, Run>()
  /** Workflow and record, of every run there ever was. */
  readonly #enrolled = new Set<string>()
  readonly #byCallback = new Map<string, string>()

  constructor(seed: number) {
    this.#seed = Math.abs(Math.trunc(seed)) % 1_000
  }

  /** `ahead`: how many are made before it in the same commit. */
  newActionId(ahead = 0): string {
    return String(200_000_001 + this.#seed * 10_000 + this.actions.size + ahead)
  }

  newWorkflowId(): string {
    return String(1_700_000_001 + this.#seed * 10_000 + this.workflows.size)
  }

  newRunId(ahead = 0): string {
    return String(400_000_000_001 + this.#seed * 1_000_000 + this.runs.size + ahead)
  }

  newMessageId(): string {
    return String(this.messages.length + 1)
  }

  /** By id, or by the uid of a project's action. */
  action(idOrUid: string): ActionDefinition | undefined {
    return this.actions.get(idOrUid) ?? [...this.actions.values()].find(({ uid }) => uid === idOrUid)
  }

  runsOf(workflowId: string): ReadonlyArray<Run> {
    return [...this.runs.values()].filter((run) => run.workflowId === workflowId)
  }

  runOfCallback(callbackId: string): Run | undefined {
    return this.runs.get(this.#byCallback.get(callbackId) ?? "")
  }

  wasEnrolled(workflowId: string, objectId: string): boolean {
    return this.#enrolled.has(`${workflowId}/${objectId}`)
  }

  isEnrolled(workflowId: string, objectId: string): boolean {
    for (const run of this.#open.values()) if (run.workflowId === workflowId && run.objectId === objectId) return true
    return false
  }

  /** The run whose turn comes first, at this instant at the latest. */
  nextDue(untilMillis: number): Run | undefined {
    let first: Run | undefined
    for (const run of this.#open.values())
      if (run.dueAt <= untilMillis && (first === undefined || run.dueAt < first.dueAt)) first = run
    return first
  }

  apply(change: AutomationChange): void {
    switch (change.op) {
      case "project":
        this.project = change.project
        return
      case "action":
        this.actions.set(change.action.id, change.action)
        return
      case "workflow":
        this.workflows.set(change.workflow.id, change.workflow)
        return
      case "message":
        this.messages.push(change.message)
        return
      case "workflow-settings":
        this.settings = change.settings
        return
      case "run":
        return this.#put(change.run)
    }
  }

  #put(run: Run): void {
    this.runs.set(run.id, run)
    this.#enrolled.add(`${run.workflowId}/${run.objectId}`)
    if (isOver(run)) this.#open.delete(run.id)
    else this.#open.set(run.id, run)
    const callbackId = run.steps.at(-1)?.callbackId
    if (callbackId !== undefined && callbackId !== null) this.#byCallback.set(callbackId, run.id)
  }
}
