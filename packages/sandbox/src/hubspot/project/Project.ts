/**
 * Reads a project as an upload would: the app, its workflow actions, its webhooks; all mistakes at once, each with its
 * file and path. A component that the sandbox does not run is refused, not overlooked.
 */
import { z } from "zod"
import * as Shape from "./ProjectShape.ts"
import { inconsistencies } from "../workflow/ActionShape.ts"
import type { WorkflowActionFile } from "./ProjectShape.ts"
import type { ProjectFiles } from "./ProjectFiles.ts"

export interface ProjectProblem {
  readonly file: string
  readonly path: string
  readonly message: string
}

export interface Project {
  readonly name: string
  readonly platformVersion: string
  readonly app: z.infer<typeof Shape.app>
  readonly actions: ReadonlyArray<WorkflowActionFile>
  readonly webhooks: z.infer<typeof Shape.webhooks> | null
}

/** Where each kind of component must lie below the source folder. */
const folders: Readonly<Record<string, RegExp>> = {
  app: /^app\/[^/]+-hsmeta\.json$/,
  "workflow-action": /^app\/workflow-actions\/[^/]+-hsmeta\.json$/,
  webhooks: /^app\/webhooks\/[^/]+-hsmeta\.json$/,
}

const pathOf = (steps: ReadonlyArray<PropertyKey>): string =>
  steps
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "")

class Reading {
  readonly problems: Array<ProjectProblem> = []

  refuse(file: string, path: string, message: string): void {
    this.problems.push({ file, path, message })
  }

  json(file: string, text: string): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      this.refuse(file, "", `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
      return undefined
    }
  }

  shaped<A>(file: string, shape: z.ZodType<A>, value: unknown): A | undefined {
    const read = shape.safeParse(value)
    if (read.success) return read.data
    for (const { message, path } of read.error.issues) this.refuse(file, pathOf(path), message)
    return undefined
  }
}

interface Components {
  readonly apps: Array<Project["app"]>
  readonly actions: Array<WorkflowActionFile>
  readonly webhooks: Array<z.infer<typeof Shape.webhooks>>
}

const readComponent = (reading: Reading, into: Components, file: string, place: string, text: string): void => {
  const value = reading.json(file, text)
  if (value === undefined) return
  const head = reading.shaped(file, z.looseObject({ uid: z.string(), type: z.string() }), value)
  if (head === undefined) return
  const folder = folders[head.type]
  if (folder === undefined) {
    reading.refuse(file, "type", `the sandbox does not run components of type ${head.type}`)
    return
  }
  if (!folder.test(place)) reading.refuse(file, "type", `a component of type ${head.type} does not belong here`)
  if (head.type === "app") into.apps.push(...[reading.shaped(file, Shape.app, value)].flatMap((one) => one ?? []))
  else if (head.type === "webhooks")
    into.webhooks.push(...[reading.shaped(file, Shape.webhooks, value)].flatMap((one) => one ?? []))
  else {
    const action = reading.shaped(file, Shape.workflowAction, value)
    if (action === undefined) return
    const { isPublished: _, supportedClients: __, ...shared } = action.config
    for (const { message, path } of inconsistencies(shared)) reading.refuse(file, pathOf(["config", ...path]), message)
    if (into.actions.some(({ uid }) => uid === action.uid)) reading.refuse(file, "uid", `${action.uid} is used twice`)
    into.actions.push(action)
  }
}

export const read = (files: ProjectFiles): Project | ReadonlyArray<ProjectProblem> => {
  const reading = new Reading()
  const root = files["hsproject.json"]
  if (root === undefined) return [{ file: "hsproject.json", path: "", message: "is missing" }]
  const project = reading.shaped("hsproject.json", Shape.project, reading.json("hsproject.json", root))
  if (project === undefined) return reading.problems
  const components: Components = { apps: [], actions: [], webhooks: [] }
  const source = `${project.srcDir.replace(/^\.\//, "").replace(/\/+$/, "")}/`
  for (const [file, text] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (file === "hsproject.json") continue
    if (!file.startsWith(source) || !file.endsWith("-hsmeta.json"))
      reading.refuse(file, "", `is no component: those are ${source}**/*-hsmeta.json`)
    else readComponent(reading, components, file, file.slice(source.length), text)
  }
  const [app, ...otherApps] = components.apps
  if (otherApps.length > 0) reading.refuse(`${source}app`, "", "a project has one app")
  if (components.webhooks.length > 1) reading.refuse(`${source}app/webhooks`, "", "an app has one webhooks component")
  if (app === undefined && reading.problems.length === 0)
    reading.refuse(`${source}app/app-hsmeta.json`, "", "is missing")
  if (app === undefined || reading.problems.length > 0) return reading.problems
  const { name, platformVersion } = project
  return { name, platformVersion, app, actions: components.actions, webhooks: components.webhooks[0] ?? null }
}
