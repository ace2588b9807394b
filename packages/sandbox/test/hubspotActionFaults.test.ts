/** Trouble between the HubSpot sandbox and an app's actions, callbacks at odd moments, and the fetching of options. */
import { afterEach, beforeEach, expect, it } from "vitest"
import * as HubSpotControl from "../src/hubspot/HubSpotControl.ts"
import { listen, outputs, projectFiles } from "./hubspotActionServer.ts"
import { start, temporaryDirectory } from "./hubspotPortal.ts"
import type { ActionServer } from "./hubspotActionServer.ts"
import type { Running } from "./hubspotPortal.ts"

let app: ActionServer
let portal: Running
let control: HubSpotControl.HubSpotControl
let workflowId: string

beforeEach(async () => {
  app = await listen()
  portal = await start()
  control = HubSpotControl.at(portal.url)
  await control.loadFiles(projectFiles(app.url))
  const workflow = await control.defineWorkflow({
    name: "Award",
    objectType: "CONTACT",
    trigger: { type: "PROPERTY_SET", property: "phone" },
    steps: [
      {
        id: "award",
        type: "APP_ACTION",
        action: "adv_award_points",
        inputs: { program: { type: "STATIC_VALUE", value: "main" }, points: { type: "STATIC_VALUE", value: 5 } },
      },
    ],
  })
  workflowId = workflow.id
})
afterEach(async () => {
  app.stop()
  await portal.stop()
})

const complete = (callbackId: string, outputFields: object) =>
  portal.call("POST", `/automation/actions/callbacks/2026-09/${callbackId}/complete`, { outputFields })

const onlyStep = async () => {
  const [run] = await control.runs(workflowId)
  const [step] = run?.steps ?? []
  if (step === undefined) throw new Error("There is no step")
  return step
}

it.each([
  ["TIMEOUT", ["timed-out", "answered"], 2],
  ["DROP", ["not-connected", "answered"], 2],
  ["UNREACHABLE", ["not-connected", "answered"], 1],
  ["DUPLICATE", ["answered"], 2],
  ["UNREADABLE", ["answered"], 1],
] as const)("brings about %s on order", async (kind, results, requests) => {
  await control.faults({ kind, action: "adv_other" })
  await control.faults({ kind, action: "adv_award_points" })
  app.answers.push(...Array.from({ length: 3 }, () => outputs({ balance: 5 })))
  await control.enrol(workflowId, "101")
  await control.advance({ minutes: 10 })
  const step = await onlyStep()
  expect(step.attempts.map(({ result }) => result.kind)).toEqual(results)
  expect(step.attempts[0]?.fault).toBe(kind)
  expect(step.outcome).toBe("SUCCEEDED")
  expect(step.outputs).toEqual(kind === "UNREADABLE" ? {} : { balance: "5" })
  expect(step.problems.length > 0).toBe(kind === "UNREADABLE")
  expect(app.requests).toHaveLength(requests)
  expect(new Set(app.requests.map(({ body }) => body.callbackId)).size).toBe(1)
})

it("posts later on order", async () => {
  await control.faults({ kind: "DELAY", delayMillis: 3_600_000 })
  await control.enrol(workflowId, "101")
  await control.advance({ minutes: 59 })
  expect(app.requests).toHaveLength(0)
  await control.advance({ minutes: 1 })
  expect(app.requests).toHaveLength(1)
})

it("tries again when the app hangs or is gone", async () => {
  await control.changeSettings({ answerTimeoutMillis: 50 })
  app.answers.push({ hang: true })
  await control.enrol(workflowId, "101")
  await control.settle()
  expect((await onlyStep()).attempts.map(({ result }) => result.kind)).toEqual(["timed-out"])
  app.stop()
  await control.changeSettings({ answerTimeoutMillis: 5_000 })
  await control.advance({ minutes: 1 })
  expect((await onlyStep()).attempts.map(({ result }) => result.kind)).toEqual(["timed-out", "not-connected"])
  expect((await onlyStep()).outcome).toBe("PENDING")
})

it("does not follow a redirect, and fails the action", async () => {
  app.answers.push({ status: 302, headers: { Location: `${app.url}/elsewhere` } })
  await control.enrol(workflowId, "101")
  await control.settle()
  expect(await onlyStep()).toMatchObject({ outcome: "FAILED", attempts: [{ result: { status: 302 } }] })
  expect(app.requests).toHaveLength(1)
})

it("takes a callback that overtakes the answer, and one after the answer was lost", async () => {
  app.answers.push(async ({ body }) => {
    const { status } = await complete(body.callbackId, { hs_execution_state: "SUCCESS", balance: "9" })
    return outputs({ hs_execution_state: "BLOCK", balance: String(status) })
  })
  await control.enrol(workflowId, "101")
  await control.settle()
  expect(await onlyStep()).toMatchObject({ outcome: "SUCCEEDED", endedBy: "CALLBACK", outputs: { balance: "9" } })
  expect((await onlyStep()).attempts).toHaveLength(1)
  await control.faults({ kind: "DROP" })
  await control.enrol(workflowId, "102")
  await control.settle()
  expect((await complete(app.requests[1]?.body.callbackId ?? "", { hs_execution_state: "SUCCESS" })).status).toBe(204)
  await control.advance({ days: 3 })
  expect((await control.runs(workflowId))[1]).toMatchObject({ status: "COMPLETED", steps: [{ endedBy: "CALLBACK" }] })
  expect(app.requests).toHaveLength(2)
})

it("lets go of records that are deleted, and enrols nobody without the plan", async () => {
  app.answers.push(outputs({ hs_execution_state: "BLOCK" }))
  await control.enrol(workflowId, "101")
  await control.settle()
  await portal.call("DELETE", "/crm/objects/2026-09/contacts/101")
  await control.advance({ days: 8 })
  expect(await control.runs(workflowId)).toMatchObject([{ status: "UNENROLLED" }])
  await control.changeSettings({ plan: "STARTER" })
  await portal.call("PATCH", "/crm/objects/2026-09/contacts/102", { properties: { phone: "1" } })
  await control.settle()
  await expect(control.enrol(workflowId, "103")).rejects.toThrow(/need a Professional plan/)
  expect(await control.runs(workflowId)).toHaveLength(1)
  await control.changeSettings({ plan: "PROFESSIONAL" })
  await control.setEnabled(workflowId, false)
  await portal.call("PATCH", "/crm/objects/2026-09/contacts/103", { properties: { phone: "1" } })
  expect(await control.runs(workflowId)).toHaveLength(1)
})

it("fetches options page by page, and says what is wrong with an answer", async () => {
  const request = { action: "adv_award_points", inputFieldName: "program" }
  app.answers.push({
    body: { options: [{ label: "Main", value: "main", description: "" }], after: "2", searchable: true },
  })
  const page = await control.options({
    ...request,
    q: "ma",
    inputFields: { note: { type: "OBJECT_PROPERTY", propertyName: "firstname" } },
  })
  expect(page).toEqual({ options: [{ label: "Main", value: "main", description: "" }], after: "2", searchable: true })
  expect(app.requests[0]?.path).toBe("/award/options")
  expect(app.requests[0]?.signed).toMatchObject({ second: true, third: true })
  expect(app.requests[0]?.body).toEqual({
    origin: expect.objectContaining({ portalId: 4242, actionDefinitionVersion: 1 }) as object,
    objectTypeId: "0-1",
    inputFieldName: "program",
    inputFields: { note: { type: "OBJECT_PROPERTY", propertyName: "firstname" } },
    fetchOptions: { q: "ma", after: null },
  })
  app.answers.push({ body: { options: [] } })
  expect(await control.options({ ...request, after: "2" })).toEqual({ options: [] })
  expect(app.requests[1]?.body["fetchOptions"]).toEqual({ q: null, after: "2" })
  app.answers.push({ body: { options: [{ label: "Main" }] } }, { status: 503 })
  await expect(control.options(request)).rejects.toThrow(/options\.0\.value/)
  await expect(control.options(request)).rejects.toThrow(/answered 503/)
  await expect(control.options({ ...request, inputFieldName: "points" })).rejects.toThrow(/no input that fetches/)
})

/** Loads the project, blocks one contact and lets another fail, and tells everything that is on record. */
const scenario = async (url: string) => {
  const own = HubSpotControl.at(url)
  await own.loadFiles(projectFiles(app.url))
  const { id } = await own.defineWorkflow({
    name: "Award",
    objectType: "CONTACT",
    trigger: { type: "MANUAL" },
    steps: [
      {
        id: "award",
        type: "APP_ACTION",
        action: "adv_award_points",
        inputs: { program: { type: "STATIC_VALUE", value: "main" }, points: { type: "STATIC_VALUE", value: 5 } },
      },
      { id: "mail", type: "SEND_EMAIL", subject: "Hello", body: "{{ output.award.balance }}" },
    ],
  })
  return { own, id }
}

it("does the same again in another portal of the same seed", async () => {
  const seen: Array<string> = []
  for (let round = 0; round < 2; round += 1) {
    const one = await start()
    const { id, own } = await scenario(one.url)
    app.answers.push({ status: 503 }, outputs({ hs_execution_state: "BLOCK" }), outputs({ balance: 2 }))
    await own.enrol(id, "101")
    await own.enrol(id, "102")
    await own.advance({ days: 8 })
    seen.push(JSON.stringify([await own.runs(id), await own.messages(), await own.project(), await own.now()]))
    await one.stop()
  }
  expect(seen[0]).toBe(seen[1])
  expect(seen[0]).toContain("EXPIRED")
})

it("asks again with the same callback after it was ended in the middle of an attempt", async () => {
  const directory = temporaryDirectory()
  const first = await start({ directory })
  const { id, own } = await scenario(first.url)
  const asked = new Promise<void>((resolve) => {
    app.answers.push(() => {
      resolve()
      return { hang: true }
    })
  })
  await own.enrol(id, "101")
  const interrupted = own.settle().catch((cause: unknown) => String(cause))
  await asked
  await first.stop()
  expect(await interrupted).toContain("fetch failed")
  const second = await start({ directory })
  app.answers.push(outputs({ balance: 4 }))
  await HubSpotControl.at(second.url).settle()
  const [run] = await HubSpotControl.at(second.url).runs(id)
  expect(run).toMatchObject({
    status: "COMPLETED",
    steps: [{ outputs: { balance: "4" }, attempts: [{ number: 1 }] }, {}],
  })
  expect(app.requests).toHaveLength(2)
  expect(new Set(app.requests.map(({ text }) => text)).size).toBe(1)
  await second.stop()
})
