/** Loading projects into the HubSpot sandbox: folders, revisions, and mistakes told with file and path. */
import * as fs from "node:fs"
import * as path from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import * as HubSpotControl from "../src/hubspot/HubSpotControl.ts"
import { actionConfig, projectFiles } from "./hubspotActionServer.ts"
import { start, temporaryDirectory } from "./hubspotPortal.ts"
import type { Running } from "./hubspotPortal.ts"

let portal: Running
let control: HubSpotControl.HubSpotControl
beforeEach(async () => {
  portal = await start()
  control = HubSpotControl.at(portal.url)
})
afterEach(() => portal.stop())

const url = "https://app.example.com"
const file = "src/app/workflow-actions/award-hsmeta.json"

it("loads a folder, revises what differs, and archives what is gone", async () => {
  const directory = temporaryDirectory()
  for (const [name, content] of Object.entries(projectFiles(url))) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    fs.writeFileSync(path.join(directory, name), JSON.stringify(content))
  }
  fs.writeFileSync(path.join(directory, "README.md"), "Not a component")
  const first = await control.loadProject(directory)
  expect(first.project).toMatchObject({ name: "advocacy", platformVersion: "2026.03", build: 1 })
  expect(first.actions).toMatchObject([
    {
      uid: "adv_award_points",
      name: "Award points",
      archived: false,
      definition: { revisionId: "1", published: true },
    },
  ])
  expect((await control.loadProject(directory)).actions[0]?.definition.revisionId).toBe("1")
  const changed = await control.loadFiles(projectFiles(url, { isPublished: false }))
  expect(changed.actions[0]?.definition).toMatchObject({ revisionId: "2", published: false })
  const { [file]: gone, ...rest } = projectFiles(url)
  expect(gone).toBeDefined()
  expect((await control.loadFiles(rest)).actions).toMatchObject([{ archived: true }])
  await expect(control.loadProject(path.join(directory, "none"))).rejects.toThrow(/cannot be read/)
})

it("takes webhooks, and one app only", async () => {
  const webhooks = {
    uid: "webhooks",
    type: "webhooks",
    config: {
      settings: { targetUrl: `${url}/webhooks`, maxConcurrentRequests: 10 },
      subscriptions: {
        crmObjects: [
          { subscriptionType: "object.propertyChange", objectType: "contact", propertyName: "email", active: true },
        ],
        hubEvents: [{ subscriptionType: "contact.privacyDeletion", active: true }],
      },
    },
  }
  const files = { ...projectFiles(url), "src/app/webhooks/webhooks-hsmeta.json": webhooks }
  expect((await control.loadFiles(files)).project).toMatchObject({ webhooks: { uid: "webhooks" } })
  const app = projectFiles(url)["src/app/app-hsmeta.json"]
  const other = { ...projectFiles(url), "src/app/app-hsmeta.json": { ...app, uid: "another" } }
  await expect(control.loadFiles(other)).rejects.toThrow(/has the app "advocacy_app"/)
})

const refused: ReadonlyArray<readonly [string, RegExp, Readonly<Record<string, unknown>>]> = [
  ["an unknown member", /award-hsmeta\.json at config: .*"secret"/, { secret: 1 }],
  ["another protocol", /at config\.actionUrl: must be an https/, { actionUrl: "http://app.example.com" }],
  [
    "a type of outputs only",
    /inputFields\[0\]\.typeDefinition\.type/,
    {
      inputFields: [{ typeDefinition: { name: "sum", type: "currency_number" } }],
    },
  ],
  [
    "no options",
    /inputFields\[0\]\.typeDefinition\.options: an enumeration needs/,
    {
      inputFields: [{ typeDefinition: { name: "program", type: "enumeration" } }],
    },
  ],
  [
    "a rule on nothing",
    /executionRules\[0\]\.conditions\.code: no output field/,
    {
      executionRules: [{ labelName: "closed", conditions: { code: "X" } }],
    },
  ],
  [
    "a rule without words",
    /executionRules\[0\]\.labelName: labels\.en\.executionRules has no lost/,
    {
      executionRules: [{ labelName: "lost", conditions: { errorCode: "X" } }],
    },
  ],
  [
    "a dependency on nothing",
    /inputFieldDependencies\[0\]: no input field is called campaign/,
    {
      inputFieldDependencies: [
        { dependencyType: "SINGLE_FIELD", controllingFieldName: "campaign", dependentFieldNames: ["note"] },
      ],
    },
  ],
  ["no English", /config\.labels: the labels in English/, { labels: { de: { actionName: "Punkte" } } }],
  [
    "no label of an input",
    /labels\.en\.inputFieldLabels: the input field program has no label/,
    {
      labels: { en: { actionName: "Award", executionRules: { closed: "", awarded: "" } } },
    },
  ],
  [
    "a token of nothing",
    /actionCardContent: {{sum}} is no input field/,
    {
      labels: { en: { ...actionConfig(url).labels.en, actionCardContent: "{{sum}}" } },
    },
  ],
]

it.each(refused)("refuses %s", async (_, message, more) => {
  await expect(control.loadFiles(projectFiles(url, more))).rejects.toThrow(message)
  expect((await control.project()).project).toBeNull()
})

it("tells every mistake of every file at once", async () => {
  const files = {
    ...projectFiles(url, { published: true }),
    "src/app/app-hsmeta.json": { uid: "advocacy_app", type: "app", config: { name: "Advocacy" } },
    "src/app/cards/card-hsmeta.json": { uid: "card", type: "card", config: {} },
    "src/app/workflow-actions/broken-hsmeta.json": "{",
    "elsewhere-hsmeta.json": {},
  }
  const answer = await portal.call("POST", "/__sandbox/projects", { files })
  expect(answer.status).toBe(400)
  const told = JSON.stringify(answer.body)
  for (const words of [
    "app-hsmeta.json at config.description",
    "app-hsmeta.json at config.auth",
    "card-hsmeta.json at type: the sandbox does not run components of type card",
    "broken-hsmeta.json: is not JSON",
    "award-hsmeta.json at config",
    "elsewhere-hsmeta.json: is no component",
  ])
    expect(told).toContain(words)
})

it("refuses a workflow that the editor would not allow, and one without the plan", async () => {
  await control.loadFiles(projectFiles(url))
  const action = {
    id: "award",
    type: "APP_ACTION",
    action: "adv_award_points",
    inputs: {
      program: { type: "OBJECT_PROPERTY", propertyName: "firstname" },
      points: { type: "STEP_OUTPUT", step: "later", output: "balance" },
      sum: { type: "STATIC_VALUE", value: 1 },
    },
  }
  const workflow = {
    name: "Wrong",
    objectType: "CONTACT",
    trigger: { type: "PROPERTY_SET", property: "none" },
    steps: [action, { ...action, action: "adv_none", id: "award" }],
  }
  const answer = await portal.call("POST", "/__sandbox/workflows", workflow)
  expect(answer.status).toBe(400)
  const told = JSON.stringify(answer.body)
  for (const words of [
    "trigger.property: the portal has no property",
    "steps[0].inputs.program: takes STATIC_VALUE, not OBJECT_PROPERTY",
    "steps[0].inputs.points.step: no earlier step is called",
    "steps[0].inputs.sum: the action has no such input",
    "steps[1].id:",
    "steps[1].action: the app has no action",
  ])
    expect(told).toContain(words)
  const unknown = await portal.call("POST", "/__sandbox/workflows", { ...workflow, speed: 1 })
  expect(JSON.stringify(unknown.body)).toContain("speed")
  await control.changeSettings({ plan: "STARTER" })
  expect((await portal.call("POST", "/__sandbox/workflows", workflow)).status).toBe(403)
})
