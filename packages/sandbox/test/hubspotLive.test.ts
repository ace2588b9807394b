/** The live phase of the HubSpot sandbox: webhooks, their signatures, and what survives the end of the process. */
import { spawn } from "node:child_process"
import { createHmac } from "node:crypto"
import * as fs from "node:fs"
import * as Http from "node:http"
import * as path from "node:path"
import { afterEach, expect, it } from "vitest"
import { sign } from "../src/hubspot/WebhookSignature.ts"
import { at, record, secret, start, temporaryDirectory, token, world } from "./hubspotPortal.ts"
import type { AddressInfo } from "node:net"
import type { LiveChange } from "../src/world/World.ts"

interface Delivery {
  readonly body: string
  readonly signature: string
  readonly timestamp: string
  readonly events: ReadonlyArray<unknown>
}

const receivers: Array<Http.Server> = []
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.close()
})

/** Answers with the statuses given, then with 200 for ever. */
const receive = async (statuses: ReadonlyArray<number> = []) => {
  const deliveries: Array<Delivery> = []
  const left = [...statuses]
  const server = Http.createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => (body += chunk.toString()))
    request.on("end", () => {
      deliveries.push({
        body,
        signature: String(request.headers["x-hubspot-signature-v3"]),
        timestamp: String(request.headers["x-hubspot-request-timestamp"]),
        events: JSON.parse(body) as ReadonlyArray<unknown>,
      })
      response.writeHead(left.shift() ?? 200).end()
    })
  })
  receivers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/hubspot`
  return { webhookUrl, deliveries, events: () => deliveries.flatMap(({ events }) => events) }
}

const day = (number: number, minute = 0): string => new Date(Date.UTC(2026, 9, number, 0, minute)).toISOString()

const live: ReadonlyArray<LiveChange> = [
  {
    at: day(23),
    deliveries: [1],
    kind: "crm.contact",
    created: false,
    changed: ["lifecyclestage", "phone", "lastmodifieddate"],
    after: record(
      "101",
      { email: "person101@example.com", firstname: "Person 101", lifecyclestage: "evangelist", phone: "7" },
      day(23),
    ),
  },
  {
    at: day(24),
    deliveries: [2, 90_000],
    kind: "crm.contact",
    created: true,
    changed: ["email"],
    after: record("150", { email: "late@example.com" }, day(24)),
  },
  {
    at: day(24, 30),
    deliveries: [],
    kind: "crm.contact",
    created: false,
    changed: ["firstname"],
    after: record(
      "102",
      { email: "person102@example.com", firstname: "Lost", lifecyclestage: "customer" },
      day(24, 30),
    ),
  },
  {
    at: day(25, 30),
    deliveries: [0],
    kind: "crm.deal",
    created: true,
    changed: [],
    after: record("30002", { dealname: "Second", referral_code_used: "ANNA10" }, day(25, 30)),
  },
]

it("signs as the published example does", () => {
  const request = { method: "POST", uri: "https://www.example.com/webhook_uri", timestampMillis: 1_693_657_560_000 }
  expect(sign(secret, { ...request, body: "{'example_field':'example_value'}" })).toBe(
    "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
  )
  const uri = "https://example.com/a%2Fb?c=%40%20d"
  const expected = createHmac("sha256", secret).update("POSThttps://example.com/a/b?c=@%20d1").digest("base64")
  expect(sign(secret, { method: "POST", uri, body: "", timestampMillis: 1 })).toBe(expected)
})

it("applies every change and delivers duplicates, late ones and no lost ones, signed", async () => {
  const portal = await start({ world: world(5, live) })
  await portal.call("PATCH", "/crm/objects/2026-09/contacts/101", {
    properties: { invited_by_code: "MINE", firstname: "Edited" },
  })
  const receiver = await receive()
  const played = await portal.call("POST", "/__sandbox/play", { webhookUrl: receiver.webhookUrl })
  expect(played.body).toMatchObject({ applied: 4, delivered: 4, failed: 0, events: 7, requests: 4 })
  const told = receiver
    .events()
    .map((event) => [at(event, "subscriptionType"), at(event, "objectId"), at(event, "propertyName")])
  expect(told).toEqual([
    ["contact.propertyChange", 101, "lifecyclestage"],
    ["contact.propertyChange", 101, "phone"],
    ["contact.creation", 150, undefined],
    ["contact.propertyChange", 150, "email"],
    ["deal.creation", 30002, undefined],
    // The late duplicate, after the deal of half past midnight.
    ["contact.creation", 150, undefined],
    ["contact.propertyChange", 150, "email"],
  ])
  expect(receiver.events()[0]).toMatchObject({
    portalId: 4242,
    propertyValue: "evangelist",
    attemptNumber: 0,
    changeSource: "CRM_UI",
    occurredAt: Date.parse(day(23)),
  })
  for (const { body, signature, timestamp } of receiver.deliveries) {
    const expected = createHmac("sha256", secret)
      .update(`POST${receiver.webhookUrl}${body}${timestamp}`)
      .digest("base64")
    expect(signature).toBe(expected)
    expect(Math.abs(Date.now() - Number(timestamp))).toBeLessThan(60_000)
  }
  const query = "properties=lifecyclestage,invited_by_code,firstname"
  const changed = await portal.call("GET", `/crm/objects/2026-09/contacts/101?${query}`)
  expect(changed.body).toMatchObject({
    properties: { lifecyclestage: "evangelist", invited_by_code: "MINE", firstname: "Edited" },
  })
  const lost = await portal.call("GET", `/crm/objects/2026-09/contacts/102?${query}`)
  expect(lost.body).toMatchObject({ updatedAt: day(24, 30), properties: { firstname: "Lost" } })
  const again = await portal.call("POST", "/__sandbox/play", { webhookUrl: receiver.webhookUrl })
  expect(again.body).toMatchObject({ applied: 0, delivered: 0, failed: 0 })
  await portal.stop()
})

it("retries a refusal with a higher attempt number and a new signature", async () => {
  const portal = await start({ world: world(5, live.slice(0, 1)) })
  const receiver = await receive([500, 429])
  const played = await portal.call("POST", "/__sandbox/play", { webhookUrl: receiver.webhookUrl })
  expect(played.body).toMatchObject({ applied: 1, delivered: 1, failed: 0, requests: 3 })
  expect(receiver.deliveries.map(({ events }) => at(events, 0, "attemptNumber"))).toEqual([0, 1, 2])
  expect(new Set(receiver.deliveries.map(({ signature }) => signature)).size).toBe(3)
  await portal.stop()
})

it("repeats what was not acknowledged after a restart, and applies nothing twice", async () => {
  const directory = temporaryDirectory()
  const first = await start({ world: world(5, live), directory })
  const deaf = await receive(Array.from({ length: 11 }, () => 503))
  const played = await first.call("POST", "/__sandbox/play", { webhookUrl: deaf.webhookUrl })
  expect(played.body).toMatchObject({ applied: 4, delivered: 3, failed: 1 })
  await first.stop()
  const second = await start({ world: world(5, live), directory })
  const receiver = await receive()
  const repeated = await second.call("POST", "/__sandbox/play", { webhookUrl: receiver.webhookUrl })
  expect(repeated.body).toMatchObject({ applied: 0, delivered: 1, failed: 0 })
  expect(receiver.events().map((event) => at(event, "objectId"))).toEqual([101, 101])
  await second.stop()
})

/** Starts the sandbox as a process of its own and waits until it says that it is ready. */
const launch = async (directory: string) => {
  const file = path.join(directory, "world.json")
  fs.writeFileSync(file, JSON.stringify(world()))
  const entry = path.resolve(import.meta.dirname, "../src/hubspot/main.ts")
  const child = spawn(process.execPath, [
    entry,
    "--world",
    file,
    "--state",
    directory,
    "--port",
    "0",
    "--token",
    token,
    "--secret",
    secret,
  ])
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))
    child.stderr.once("data", (chunk: Buffer) => reject(new Error(chunk.toString())))
  })
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const { ready, port } = JSON.parse(line) as { ready: boolean; port: number }
  expect(ready).toBe(true)
  const call = async (method: string, where: string, body?: unknown): Promise<unknown> => {
    const headers = { Authorization: `Bearer ${token}` }
    const response = await fetch(`http://127.0.0.1:${port}${where}`, {
      method,
      headers,
      body: JSON.stringify(body) ?? null,
    })
    return response.json()
  }
  return { child, call, ended }
}

it(
  "keeps everything it has answered for when it is killed, and ends with its parent",
  { timeout: 60_000 },
  async () => {
    const directory = temporaryDirectory()
    const first = await launch(directory)
    const types = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 449 }]
    const definition = {
      name: "adv_tier",
      label: "Tier",
      groupName: "contactinformation",
      type: "string",
      fieldType: "text",
    }
    await first.call("POST", "/crm/properties/2026-09/contacts", definition)
    await first.call("PATCH", "/crm/objects/2026-09/contacts/102", { properties: { adv_tier: "gold" } })
    await first.call("POST", "/crm/associations/2026-09/contacts/contacts/batch/create", {
      inputs: [{ from: { id: "103" }, to: { id: "104" }, types }],
    })
    await first.call("POST", "/crm/objects/2026-09/contacts/merge", { primaryObjectId: "104", objectIdToMerge: "105" })
    const before = await first.call("GET", "/__sandbox/state")
    first.child.kill("SIGKILL")
    await first.ended
    // A line that was being written when the process died.
    fs.appendFileSync(path.join(directory, "hubspot.ndjson"), '{"clock":1,"changes":[{"op":"era')
    const second = await launch(directory)
    expect(await second.call("GET", "/__sandbox/state")).toEqual(before)
    expect(at(before, "contacts")).toEqual([{ id: "102", properties: { adv_tier: "gold" } }])
    const written = await second.call("PATCH", "/crm/objects/2026-09/contacts/103", {
      properties: { adv_tier: "silver" },
    })
    expect(at(written, "updatedAt")).toBe("2026-11-01T00:00:00.005Z")
    second.child.stdin.end()
    expect(await second.ended).toBe(0)
    const third = await launch(directory)
    expect(
      at(await third.call("GET", "/crm/objects/2026-09/contacts/103?properties=adv_tier"), "properties", "adv_tier"),
    ).toBe("silver")
    third.child.kill("SIGTERM")
    expect(await third.ended).toBe(0)
  },
)

it("refuses the state of another world", async () => {
  const directory = temporaryDirectory()
  await (await start({ directory })).stop()
  const other = { ...world(), brand: { ...world().brand, seed: 8 } }
  await expect(start({ directory, world: other })).rejects.toThrow(/state of another world/)
})
