/** The workflow runner of the HubSpot sandbox: what apps are asked, what their answers mean, and what time does. */
import { afterEach, beforeEach, expect, it } from "vitest"
import * as HubSpotControl from "../src/hubspot/HubSpotControl.ts"
import { listen, outputs, projectFiles } from "./hubspotActionServer.ts"
import { start, temporaryDirectory } from "./hubspotPortal.ts"
import type { ActionServer } from "./hubspotActionServer.ts"
import type { Running } from "./hubspotPortal.ts"
import type { Description } from "../src/hubspot/workflow/Workflow.ts"

let app: ActionServer
let portal: Running
let control: HubSpotControl.HubSpotControl

beforeEach(async () => {
  app = await listen()
  portal = await start()
  control = HubSpotControl.at(portal.url)
})
afterEach(async () => {
  app.stop()
  await portal.stop()
})

const award = {
  id: "award",
  type: "APP_ACTION",
  action: "adv_award_points",
  inputs: {
    program: { type: "STATIC_VALUE", value: "main" },
    points: { type: "STATIC_VALUE", value: 50 },
    note: { type: "OBJECT_PROPERTY", propertyName: "firstname" },
  },
} as const

const workflow = (more: Partial<Description> = {}): Description => ({
  name: "Award",
  objectType: "CONTACT",
  trigger: { type: "MANUAL" },
  steps: [award],
  ...more,
})

const prepared = async (more: Partial<Description> = {}): Promise<string> => {
  await control.loadFiles(projectFiles(app.url))
  return (await control.defineWorkflow(workflow(more))).id
}

const patch = (id: string, properties: Record<string, string>) =>
  portal.call("PATCH", `/crm/objects/2026-09/contacts/${id}`, { properties })

const only = async (id: string) => {
  const [run] = await control.runs(id)
  if (run === undefined) throw new Error("There is no run")
  return run
}

it("asks the app as documented, signed, and records what it gave", async () => {
  const id = await prepared()
  app.answers.push(outputs({ balance: 150, link: "https://x.example/1", hs_execution_state: "SUCCESS" }))
  await control.enrol(id, "101")
  expect(app.requests).toHaveLength(0)
  await control.settle()
  const [request] = app.requests
  const run = await only(id)
  expect(request?.path).toBe("/award")
  expect(request?.signed).toMatchObject({ second: true, third: true })
  expect(Math.abs((request?.signed.timestamp ?? 0) - Date.now())).toBeLessThan(60_000)
  const action = (await control.project()).actions[0]?.definition
  expect(request?.body).toEqual({
    callbackId: `ap-4242-${run.id}-1-0`,
    origin: {
      portalId: 4242,
      userId: null,
      actionDefinitionId: Number(action?.id),
      actionDefinitionVersion: 1,
      actionExecutionIndexIdentifier: { enrollmentId: Number(run.id), actionExecutionIndex: 0 },
      extensionDefinitionId: Number(action?.id),
      extensionDefinitionVersionId: 1,
    },
    context: {
      source: "WORKFLOWS",
      workflowId: Number(id),
      actionId: 1,
      actionExecutionIndexIdentifier: { enrollmentId: Number(run.id), actionExecutionIndex: 0 },
    },
    object: {
      objectId: 101,
      objectType: "CONTACT",
      properties: { email: "person101@example.com", firstname: "Person 101" },
    },
    inputFields: { program: "main", points: "50", note: "Person 101" },
    fields: { program: "main", points: "50", note: "Person 101" },
    typedInputs: {
      program: { value: "main", type: "ENUMERATION" },
      points: { value: "50", type: "NUMBER" },
      note: { value: "Person 101", type: "STRING" },
    },
  })
  expect(run).toMatchObject({ status: "COMPLETED", position: null })
  expect(run.steps[0]).toMatchObject({
    outcome: "SUCCEEDED",
    endedBy: "ANSWER",
    outputs: { balance: "150", link: "https://x.example/1" },
    message: "The balance is 150",
    problems: [],
    attempts: [{ number: 1, verdict: "success", result: { kind: "answered", status: 200 } }],
  })
})

it("sends only what is documented when told so", async () => {
  const id = await prepared()
  await control.changeSettings({ extendedPayload: false, signatureClock: "VIRTUAL" })
  await control.enrol(id, "102")
  await control.settle()
  expect(Object.keys(app.requests[0]?.body ?? {})).toEqual(["callbackId", "origin", "context", "object", "inputFields"])
  expect(app.requests[0]?.body.context).toEqual({ source: "WORKFLOWS", workflowId: Number(id) })
  expect(app.requests[0]?.signed.timestamp).toBe(Date.parse((await only(id)).steps[0]?.attempts[0]?.at ?? ""))
})

it("goes on after a failure, and tells why", async () => {
  const steps: Description["steps"] = [
    award,
    {
      id: "closed",
      type: "BRANCH",
      when: { value: { type: "STEP_OUTPUT", step: "award", output: "errorCode" }, operator: "IS_KNOWN" },
      met: [{ id: "mark", type: "SET_PROPERTY", property: "phone", value: { type: "STATIC_VALUE", value: "closed" } }],
      otherwise: [{ id: "pause", type: "DELAY", days: 1 }],
    },
  ]
  const id = await prepared({ steps })
  app.answers.push(outputs({ errorCode: "PROGRAM_CLOSED", hs_execution_state: "FAIL_CONTINUE" }), { status: 400 })
  await control.enrol(id, "101")
  await control.enrol(id, "102")
  await control.settle()
  const [first, second] = await control.runs(id)
  expect(first?.status).toBe("COMPLETED")
  expect(first?.steps[0]).toMatchObject({ outcome: "FAILED", message: "Not awarded: PROGRAM_CLOSED" })
  expect(first?.steps.map(({ step }) => step)).toEqual(["award", "closed", "mark"])
  const read = await portal.call("GET", "/crm/objects/2026-09/contacts/101?properties=phone")
  expect(read.body).toMatchObject({ properties: { phone: "closed" } })
  expect(second).toMatchObject({ status: "ACTIVE", position: "pause" })
  expect(second?.steps[0]).toMatchObject({
    outcome: "FAILED",
    attempts: [{ verdict: "failed" }],
    problems: ["The app answered 400; HubSpot does not try again"],
  })
  expect(app.requests).toHaveLength(2)
  await control.advance({ hours: 24 })
  expect((await control.runs(id))[1]?.status).toBe("COMPLETED")
})

it("blocks until the callback, which may come once", async () => {
  const steps: Description["steps"] = [
    award,
    { id: "mail", type: "SEND_EMAIL", subject: "For {{ contact.firstname }}", body: "Yours: {{ output.award.link }}" },
  ]
  const id = await prepared({ steps })
  app.answers.push(outputs({ hs_execution_state: "BLOCK", hs_expiration_duration: "PT1H", balance: 1 }))
  await control.enrol(id, "101")
  await control.advance({ minutes: 59 })
  const blocked = await only(id)
  expect(blocked).toMatchObject({ status: "BLOCKED", steps: [{ outcome: "BLOCKED", outputs: { balance: "1" } }] })
  const { callbackId } = app.requests[0]?.body ?? { callbackId: "" }
  const complete = (body: object) =>
    portal.call("POST", `/automation/actions/callbacks/2026-09/${callbackId}/complete`, body)
  expect((await complete({ outputFields: { hs_execution_state: "BLOCK" } })).status).toBe(400)
  expect((await complete({ outputFields: {}, whatever: 1 })).status).toBe(400)
  const outputFields = { hs_execution_state: "SUCCESS", link: "https://x.example/2" }
  expect((await complete({ outputFields, typedOutputs: {} })).status).toBe(204)
  expect((await complete({ outputFields })).status).toBe(400)
  const unknown = await portal.call("POST", "/automation/actions/callbacks/2026-03/ap-1-2-3-0/complete", {
    outputFields,
  })
  expect(unknown.status).toBe(404)
  await control.settle()
  expect(await only(id)).toMatchObject({
    status: "COMPLETED",
    steps: [{ outcome: "SUCCEEDED", endedBy: "CALLBACK", message: "The balance is 1" }, { outcome: "SUCCEEDED" }],
  })
  expect(await control.messages()).toMatchObject([
    { status: "SENT", to: "person101@example.com", subject: "For Person 101", body: "Yours: https://x.example/2" },
  ])
})

it("lets a block expire, after a week when the app names no time", async () => {
  const id = await prepared()
  app.answers.push(outputs({ hs_execution_state: "BLOCK" }))
  await control.enrol(id, "101")
  await control.advance({ days: 6, hours: 23 })
  expect((await only(id)).status).toBe("BLOCKED")
  await control.advance({ hours: 2 })
  const run = await only(id)
  expect(run).toMatchObject({ status: "COMPLETED", steps: [{ outcome: "EXPIRED", endedBy: "EXPIRY" }] })
  const late = await portal.call("POST", "/automation/actions/callbacks/2026-09/complete", {
    inputs: [{ callbackId: app.requests[0]?.body.callbackId, outputFields: { hs_execution_state: "SUCCESS" } }],
  })
  expect(late.status).toBe(400)
})

it("waits the milliseconds of a 429, and doubles the gaps of other trouble", async () => {
  const id = await prepared()
  app.answers.push(
    { status: 429, headers: { "Retry-After": "5000" } },
    { status: 503 },
    { status: 500, body: "<html>" },
    outputs({ balance: 7 }),
  )
  await control.enrol(id, "101")
  await control.advance({ hours: 5 })
  const { attempts, outcome } = (await only(id)).steps[0] ?? { attempts: [], outcome: null }
  expect(outcome).toBe("SUCCEEDED")
  const at = attempts.map((attempt) => Date.parse(attempt.at))
  expect(at.slice(1).map((millis, index) => millis - (at[index] ?? 0))).toEqual([5_000, 120_000, 240_000])
  expect(new Set(app.requests.map(({ text }) => text)).size).toBe(1)
  expect(app.requests.every(({ signed }) => signed.second && signed.third)).toBe(true)
})

it("gives up after three days", async () => {
  const id = await prepared()
  app.answers.push(...Array.from({ length: 100 }, () => ({ status: 503 })))
  await control.enrol(id, "101")
  await control.advance({ days: 2, hours: 23 })
  expect((await only(id)).status).toBe("ACTIVE")
  await control.advance({ days: 1 })
  const run = await only(id)
  expect(run).toMatchObject({ status: "COMPLETED", steps: [{ outcome: "FAILED", endedBy: "RUNNER" }] })
  expect(run.steps[0]?.problems).toContain("HubSpot tries for three days and then gives up")
  const first = Date.parse(run.steps[0]?.attempts[0]?.at ?? "")
  const last = Date.parse(run.steps[0]?.attempts.at(-1)?.at ?? "")
  expect(last - first).toBe(3 * 86_400_000)
  expect(app.requests).toHaveLength(run.steps[0]?.attempts.length ?? 0)
})

it("enrols by changes of properties, and again only where that is allowed, with new callbacks", async () => {
  await control.loadFiles(projectFiles(app.url))
  const trigger = { type: "PROPERTY_CHANGED", property: "lifecyclestage", to: "evangelist" } as const
  const once = await control.defineWorkflow(workflow({ trigger }))
  const again = await control.defineWorkflow(workflow({ trigger, reEnrol: true }))
  const set = await control.defineWorkflow(workflow({ trigger: { type: "PROPERTY_SET", property: "phone" } }))
  for (const lifecyclestage of ["evangelist", "customer", "evangelist"]) {
    await patch("101", { lifecyclestage, phone: "1" })
    await control.settle()
  }
  expect(await control.runs(once.id)).toHaveLength(1)
  expect(await control.runs(again.id)).toHaveLength(2)
  expect(await control.runs(set.id)).toHaveLength(1)
  expect(new Set(app.requests.map(({ body }) => body.callbackId)).size).toBe(4)
})

it("enrols when a number reaches a limit, also deals", async () => {
  await control.loadFiles(projectFiles(app.url))
  const { id } = await control.defineWorkflow(
    workflow({
      objectType: "DEAL",
      trigger: { type: "PROPERTY_AT_LEAST", property: "amount", value: 500 },
      steps: [
        {
          ...award,
          inputs: {
            ...award.inputs,
            points: { type: "OBJECT_PROPERTY", propertyName: "amount" },
            note: { type: "STATIC_VALUE", value: "won" },
          },
        },
        {
          id: "mail",
          type: "SEND_EMAIL",
          subject: "{{ deal.dealname }}",
          body: "{{ contact.email }} {{ contact.none }}",
        },
      ],
    }),
  )
  for (const amount of ["499.99", "500", "600"]) {
    await portal.call("PATCH", "/crm/objects/2026-09/deals/30001", { properties: { amount } })
    await control.settle()
  }
  expect(app.requests.map(({ body }) => [body.object.objectType, body.inputFields["points"]])).toEqual([
    ["DEAL", "500"],
  ])
  expect(await control.messages()).toMatchObject([{ subject: "First", body: "person101@example.com " }])
  expect((await only(id)).steps[1]?.problems).toEqual(["{{ contact.none }} had no value and was left empty"])
})

it("sends nothing to those who opted out", async () => {
  await control.loadFiles(projectFiles(app.url))
  const steps: Description["steps"] = [{ id: "mail", type: "SEND_EMAIL", subject: "Hello", body: "Hello" }]
  const { id } = await control.defineWorkflow(workflow({ steps }))
  await patch("101", { hs_email_optout: "true" })
  await control.enrol(id, "101")
  await control.settle()
  expect(await control.messages()).toMatchObject([{ status: "REFUSED", reason: "OPTED_OUT" }])
  expect((await only(id)).steps[0]?.outcome).toBe("FAILED")
})

it("is loud about outputs and inputs that do not fit", async () => {
  await control.loadFiles(projectFiles(app.url))
  const points = { type: "OBJECT_PROPERTY", propertyName: "phone" } as const
  const { id } = await control.defineWorkflow(workflow({ steps: [{ ...award, inputs: { ...award.inputs, points } }] }))
  await patch("101", { phone: "1" })
  app.answers.push(outputs({ balance: "many", reward: "x", link: { a: 1 }, hs_execution_state: "DONE" }))
  await control.enrol(id, "101")
  await control.enrol(id, "102")
  await control.settle()
  const [first, second] = await control.runs(id)
  expect(first?.steps[0]).toMatchObject({ outcome: "SUCCEEDED", outputs: {} })
  expect(first?.steps[0]?.problems).toEqual([
    'The output "balance" is no number: it is not recorded',
    'The action has no output field "reward"; it is not recorded',
    'The output "link" must be a string; it is not recorded',
    'hs_execution_state must be SUCCESS, FAIL_CONTINUE, BLOCK, ASYNC, not "DONE"; it counts as SUCCESS',
    'The rule "awarded" names {{ balance }}, which the action did not give',
  ])
  expect(second?.steps[0]).toMatchObject({
    outcome: "FAILED",
    attempts: [],
    problems: ['The required input "points" has no value; the action was not called'],
  })
  expect(app.requests).toHaveLength(1)
})

it("keeps everything over the end of the process, and repeats nothing that was decided", async () => {
  const directory = temporaryDirectory()
  const first = await start({ directory })
  const before = HubSpotControl.at(first.url)
  await before.loadFiles(projectFiles(app.url))
  const { id } = await before.defineWorkflow(workflow())
  app.answers.push({ status: 503 }, outputs({ balance: 3 }))
  await before.enrol(id, "101")
  await before.settle()
  const left = { project: await before.project(), runs: await before.runs(id), now: await before.now() }
  await first.stop()
  const second = await start({ directory })
  const after = HubSpotControl.at(second.url)
  expect({ project: await after.project(), runs: await after.runs(id), now: await after.now() }).toEqual(left)
  await after.advance({ minutes: 1 })
  expect(await after.runs(id)).toMatchObject([{ status: "COMPLETED", steps: [{ outputs: { balance: "3" } }] }])
  expect(new Set(app.requests.map(({ body }) => body.callbackId)).size).toBe(1)
  await second.stop()
})
