/**
 * A tiny app for the tests of workflows: it answers each request to an action as the test says, checks both signatures,
 * and remembers what came. And the project whose actions lead to it.
 */
import { createHash } from "node:crypto"
import * as Http from "node:http"
import { sign } from "../src/hubspot/WebhookSignature.ts"
import { secret } from "./hubspotPortal.ts"
import type { AddressInfo } from "node:net"

export interface ActionRequest {
  readonly path: string
  readonly text: string
  readonly body: {
    readonly callbackId: string
    readonly origin: Readonly<Record<string, unknown>>
    readonly context: Readonly<Record<string, unknown>>
    readonly object: { readonly objectId: number; readonly objectType: string; readonly properties?: object }
    readonly inputFields: Readonly<Record<string, string>>
    readonly [more: string]: unknown
  }
  readonly signed: { readonly second: boolean; readonly third: boolean; readonly timestamp: number }
}

export interface ActionAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body?: string | object
  readonly hang?: true
}

export interface ActionServer {
  readonly url: string
  readonly requests: Array<ActionRequest>
  /** What comes next, in order; SUCCESS for ever after. */
  readonly answers: Array<ActionAnswer | ((request: ActionRequest) => ActionAnswer | Promise<ActionAnswer>)>
  readonly stop: () => void
}

export const outputs = (outputFields: object): ActionAnswer => ({ body: { outputFields } })

const isSigned = (url: string, text: string, headers: Http.IncomingHttpHeaders): ActionRequest["signed"] => {
  const timestamp = Number(headers["x-hubspot-request-timestamp"])
  const second = createHash("sha256").update(`${secret}POST${url}${text}`).digest("hex")
  const third = sign(secret, { method: "POST", uri: url, body: text, timestampMillis: timestamp })
  return {
    second: headers["x-hubspot-signature"] === second && headers["x-hubspot-signature-version"] === "v2",
    third: headers["x-hubspot-signature-v3"] === third,
    timestamp,
  }
}

export const listen = async (): Promise<ActionServer> => {
  const requests: Array<ActionRequest> = []
  const answers: ActionServer["answers"] = []
  let url = ""
  const answer = async (incoming: Http.IncomingMessage, response: Http.ServerResponse, text: string) => {
    const path = incoming.url ?? "/"
    const request: ActionRequest = {
      path,
      text,
      body: JSON.parse(text) as ActionRequest["body"],
      signed: isSigned(url + path, text, incoming.headers),
    }
    requests.push(request)
    const next = answers.shift() ?? outputs({ hs_execution_state: "SUCCESS" })
    const { body = "", hang, headers = {}, status = 200 } = typeof next === "function" ? await next(request) : next
    if (hang === true) return
    response.writeHead(status, { "Content-Type": "application/json", ...headers })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  }
  const server = Http.createServer((incoming, response) => {
    let text = ""
    incoming.on("data", (chunk: Buffer) => (text += chunk.toString()))
    incoming.on("end", () => {
      answer(incoming, response, text).catch((cause: unknown) => {
        response.writeHead(500).end(String(cause))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url, requests, answers, stop }
}

type Files = Record<string, Record<string, unknown>>

export const actionConfig = (url: string, more: Readonly<Record<string, unknown>> = {}) => ({
  actionUrl: `${url}/award`,
  isPublished: true,
  supportedClients: [{ client: "WORKFLOWS" }],
  inputFields: [
    {
      typeDefinition: { name: "program", type: "enumeration", fieldType: "select", optionsUrl: `${url}/award/options` },
      supportedValueTypes: ["STATIC_VALUE"],
      isRequired: true,
    },
    {
      typeDefinition: { name: "points", type: "number", fieldType: "number" },
      supportedValueTypes: ["STATIC_VALUE", "OBJECT_PROPERTY"],
      isRequired: true,
    },
    {
      typeDefinition: { name: "note", type: "string", fieldType: "text" },
      supportedValueTypes: ["STATIC_VALUE", "OBJECT_PROPERTY"],
    },
  ],
  outputFields: [
    { typeDefinition: { name: "balance", type: "number" } },
    { typeDefinition: { name: "link", type: "string" } },
    { typeDefinition: { name: "errorCode", type: "string" } },
  ],
  objectRequestOptions: { properties: ["email", "firstname"] },
  executionRules: [
    { labelName: "closed", conditions: { errorCode: ["PROGRAM_CLOSED", "PROGRAM_UNKNOWN"] } },
    { labelName: "awarded", conditions: { hs_execution_state: "SUCCESS" } },
  ],
  labels: {
    en: {
      actionName: "Award points",
      actionCardContent: "Award {{points}} points",
      inputFieldLabels: { program: "Program", points: "Points", note: "Note" },
      outputFieldLabels: { balance: "Balance", link: "Link", errorCode: "Error" },
      executionRules: { closed: "Not awarded: {{errorCode}}", awarded: "The balance is {{ balance }}" },
    },
  },
  objectTypes: ["CONTACT", "DEAL"],
  ...more,
})

export const projectFiles = (url: string, more: Readonly<Record<string, unknown>> = {}): Files => ({
  "hsproject.json": { name: "advocacy", srcDir: "src", platformVersion: "2026.03" },
  "src/app/app-hsmeta.json": {
    uid: "advocacy_app",
    type: "app",
    config: {
      name: "Advocacy",
      description: "Advocacy in workflows",
      distribution: "private",
      auth: { type: "static", requiredScopes: ["crm.objects.contacts.read", "automation"] },
      permittedUrls: { fetch: [], iframe: [], img: [] },
    },
  },
  "src/app/workflow-actions/award-hsmeta.json": {
    uid: "adv_award_points",
    type: "workflow-action",
    config: actionConfig(url, more),
  },
})
