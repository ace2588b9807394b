/** HubSpot's official client against the sandbox's workflow actions: definitions, revisions, functions, callbacks. */
import { Client } from "@hubspot/api-client"
import { PublicActionFunctionFunctionTypeEnum } from "@hubspot/api-client/lib/codegen/automation/actions/index.js"
import { afterEach, beforeEach, expect, it } from "vitest"
import * as HubSpotControl from "../src/hubspot/HubSpotControl.ts"
import { actionConfig, listen, outputs, projectFiles } from "./hubspotActionServer.ts"
import { start, token } from "./hubspotPortal.ts"
import type { PublicActionDefinitionEgg } from "@hubspot/api-client/lib/codegen/automation/actions/index.js"
import type { ActionServer } from "./hubspotActionServer.ts"
import type { Running } from "./hubspotPortal.ts"

const appId = 1_460_001
const preExecution = "PRE_ACTION_EXECUTION"

let app: ActionServer
let portal: Running
let control: HubSpotControl.HubSpotControl
/** The definitions take the developer's key, the callbacks the app's token. */
let developer: Client
let client: Client

beforeEach(async () => {
  app = await listen()
  portal = await start()
  control = HubSpotControl.at(portal.url)
  developer = new Client({ developerApiKey: "sandbox-developer-key", basePath: portal.url })
  client = new Client({ accessToken: token, basePath: portal.url })
})
afterEach(async () => {
  app.stop()
  await portal.stop()
})

/** Of a definition as the API takes it: the project file's members without those that only a project has. */
const egg = (): PublicActionDefinitionEgg => {
  const { isPublished, supportedClients: _, ...shared } = actionConfig(app.url)
  return { ...shared, published: isPublished, functions: [] } as unknown as PublicActionDefinitionEgg
}

it("creates, reads, changes and archives definitions, with a revision for each change", async () => {
  const { definitionsApi, revisionsApi } = developer.automation.actions
  const made = await definitionsApi.create(appId, egg())
  expect(made).toMatchObject({ revisionId: "1", published: true, actionUrl: `${app.url}/award`, functions: [] })
  expect(made.inputFields[0]).toMatchObject({
    isRequired: true,
    typeDefinition: { name: "program", externalOptions: true },
  })
  const changed = await definitionsApi.update(made.id, appId, { published: false })
  expect(changed).toMatchObject({ id: made.id, revisionId: "2", published: false, actionUrl: `${app.url}/award` })
  expect((await definitionsApi.getById(made.id, appId)).labels["en"]?.actionName).toBe("Award points")
  const page = await revisionsApi.getPage(made.id, appId, 1)
  expect(page.results.map(({ revisionId }) => revisionId)).toEqual(["2"])
  const rest = await revisionsApi.getPage(made.id, appId, 1, page.paging?.next?.after)
  expect(rest.results.map(({ revisionId }) => revisionId)).toEqual(["1"])
  expect((await revisionsApi.getById(made.id, "1", appId)).definition.published).toBe(true)
  expect((await revisionsApi.getById(made.id, "1", appId)).createdAt).toBeInstanceOf(Date)
  await definitionsApi.archive(made.id, appId)
  await expect(definitionsApi.getById(made.id, appId)).rejects.toMatchObject({ code: 404 })
  expect((await definitionsApi.getPage(appId)).results).toEqual([])
  expect((await definitionsApi.getPage(appId, 10, undefined, true)).results).toMatchObject([{ id: made.id }])
})

it("refuses what no definition may be, another app, and the wrong credentials", async () => {
  const { definitionsApi } = developer.automation.actions
  const wrong = { ...egg(), objectTypes: [] }
  await expect(definitionsApi.create(appId, wrong)).rejects.toMatchObject({ code: 400 })
  await expect(definitionsApi.getPage(1)).rejects.toMatchObject({ code: 404 })
  const stranger = new Client({ developerApiKey: "other", basePath: portal.url })
  await expect(stranger.automation.actions.definitionsApi.getPage(appId)).rejects.toMatchObject({ code: 401 })
  // An access token alone is no credential at the old address (verified: the client does not even send it), but at the dated one.
  expect((await portal.call("GET", `/automation/v4/actions/${appId}`)).status).toBe(401)
  expect((await portal.call("GET", `/automation/actions/2026-03/${appId}`)).status).toBe(200)
  const keyed = await fetch(`${portal.url}/automation/actions/2026-09/${appId}?hapikey=sandbox-developer-key`)
  expect(keyed.status).toBe(200)
})

it("keeps functions, but not those of an action that a project defines", async () => {
  const { definitionsApi, functionsApi } = developer.automation.actions
  const made = await definitionsApi.create(appId, egg())
  const source = "exports.main = (event, callback) => callback({ data: {} })"
  await functionsApi.createOrReplaceByFunctionType(made.id, preExecution, appId, source)
  await functionsApi.createOrReplace(made.id, "POST_FETCH_OPTIONS", "program", appId, source)
  const listed = await functionsApi.getPage(made.id, appId)
  expect(listed.results).toMatchObject([
    { functionType: preExecution },
    { functionType: "POST_FETCH_OPTIONS", id: "program" },
  ])
  const read = await functionsApi.getByFunctionType(made.id, preExecution, appId)
  expect(read.functionType).toBe(PublicActionFunctionFunctionTypeEnum.PreActionExecution)
  expect(read.functionSource).toContain("exports.main")
  await functionsApi.archiveByFunctionType(made.id, preExecution, appId)
  expect((await functionsApi.getPage(made.id, appId)).results).toHaveLength(1)
  const { actions } = await control.loadFiles(projectFiles(app.url))
  const ofProject = actions.find(({ uid }) => uid !== null)?.definition.id ?? ""
  await expect(
    functionsApi.createOrReplaceByFunctionType(ofProject, preExecution, appId, source),
  ).rejects.toMatchObject({ code: 415 })
})

it("goes on running an action where it is used after it is unpublished, and completes its callbacks", async () => {
  const { definitionsApi } = developer.automation.actions
  const made = await definitionsApi.create(appId, egg())
  const workflow: HubSpotControl.Description = {
    name: "Award",
    objectType: "CONTACT",
    trigger: { type: "MANUAL" },
    steps: [
      {
        id: "award",
        type: "APP_ACTION",
        action: made.id,
        inputs: { program: { type: "STATIC_VALUE", value: "main" }, points: { type: "STATIC_VALUE", value: 5 } },
      },
    ],
  }
  const { id } = await control.defineWorkflow(workflow)
  await definitionsApi.update(made.id, appId, { published: false })
  await expect(control.defineWorkflow(workflow)).rejects.toThrow(/is not published/)
  app.answers.push(...["101", "102", "103"].map(() => outputs({ hs_execution_state: "BLOCK" })))
  for (const contact of ["101", "102", "103"]) await control.enrol(id, contact)
  await control.settle()
  const [first, ...others] = app.requests.map(({ body }) => body.callbackId)
  expect(app.requests.map(({ body }) => body.origin["actionDefinitionVersion"])).toEqual([2, 2, 2])
  const { callbacksApi } = client.automation.actions
  await callbacksApi.complete(first ?? "", { outputFields: { hs_execution_state: "SUCCESS", balance: "5" } })
  await callbacksApi.completeBatch({
    inputs: others.map((callbackId) => ({ callbackId, outputFields: { hs_execution_state: "FAIL_CONTINUE" } })),
  })
  await expect(
    callbacksApi.complete(first ?? "", { outputFields: { hs_execution_state: "SUCCESS" } }),
  ).rejects.toMatchObject({ code: 400 })
  await control.settle()
  const runs = await control.runs(id)
  expect(runs.map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"])
  expect(runs.map(({ steps }) => steps[0]?.outcome)).toEqual(["SUCCEEDED", "FAILED", "FAILED"])
  expect(runs[0]?.steps[0]?.message).toBe("The balance is 5")
})
