/**
 * What the tests of workflow actions share: the action routes on a real port over stores in memory, a sandbox portal behind them, and
 * calls signed as HubSpot signs them.
 */
import { createHash, createHmac } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import * as HubSpot from "@advocacy-kit/hubspot"
import { HubSpotSandbox, Simulator } from "@advocacy-kit/sandbox"
import { Server } from "@advocacy-kit/server"
import * as HubSpotConnector from "@advocacy-kit/server/hubspot"
import { Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"

export const world = Simulator.simulate({ seed: 3, customers: 400, orders: 800 })
export const actionsUrl = "https://advocacy.example/hubspot/actions"
const [token, secret] = ["pat-of-this-portal", "hush"]

/** A contact who may be asked, and one who may not. */
const contactWhere = (optedOut: boolean): string =>
  world.portal.contacts.find(({ properties }) => (properties["hs_email_optout"] === "true") === optedOut)?.id ?? ""
export const willing = contactWhere(false)
export const unwilling = contactWhere(true)

export const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [Points.make({ perUnit: 1 })],
})

export interface Call {
  readonly callback?: string
  readonly contact?: string
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly portal?: number
}

export const bodyOf = ({ callback = "ap-1-1-1-1", contact = willing, inputs = {}, portal }: Call): string =>
  JSON.stringify({
    callbackId: callback,
    origin: { portalId: portal ?? world.brand.portalId, actionDefinitionId: 1, actionDefinitionVersion: 1 },
    context: { source: "WORKFLOWS", workflowId: 1 },
    object: { objectId: Number(contact), objectType: "CONTACT", properties: {} },
    inputFields: { program: "refer-a-friend", ...inputs },
  })

export type Headers = Readonly<Record<string, string>>

export const signedV3 = (path: string, body: string, at: number = Date.now()): Headers => ({
  "x-hubspot-signature-v3": createHmac("sha256", secret)
    .update(`POST${actionsUrl}/${path}${body}${at}`)
    .digest("base64"),
  "x-hubspot-request-timestamp": String(at),
})

export const signedV2 = (path: string, body: string): Headers => ({
  "x-hubspot-signature": createHash("sha256").update(`${secret}POST${actionsUrl}/${path}${body}`).digest("hex"),
})

export interface Address {
  readonly portalUrl: string
  readonly token: string
  readonly post: (path: string, body: string, headers: Headers) => Effect.Effect<Response>
  /** Signed; its answer's outputs. */
  readonly act: (action: string, call?: Call) => Effect.Effect<Readonly<Record<string, unknown>>>
}

type Services = Layer.Success<typeof MemoryStores.layerMemory> | CurrentTenant | HubSpot.HubSpotActions | WriteBack

export const withActions = <A, E>(use: (address: Address) => Effect.Effect<A, E, Services>): Promise<A> =>
  Effect.gen(function* () {
    const directory = mkdtempSync(join(tmpdir(), "hubspot-actions-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(directory, { recursive: true, force: true })))
    const { url } = yield* HubSpotSandbox.serve({ world, directory, port: 0, token, secret })
    const tenant = Layer.succeed(CurrentTenant, {
      id: TenantIdOf("tea"),
      handleKey: new TextEncoder().encode("sixteen bytes, at least"),
    })
    const connected = Layer.mergeAll(
      MemoryStores.layerMemory,
      tenant,
      HubSpot.HubSpot.layer({
        accessToken: Redacted.make(token),
        portalId: String(world.brand.portalId),
        program: program.name,
        currency: "EUR",
        basePath: url,
        webhookSecrets: [Redacted.make(secret)],
        actionsUrl,
        link: (code) => `https://shop.example/?ref=${code}`,
      }),
    )
    const server = Server.layer(HubSpotConnector.routes, { port: 0 })
    return yield* Effect.gen(function* () {
      yield* Flow.publish(program, 0)
      const { address } = yield* HttpServer.HttpServer
      if (address._tag === "UnixPathAddress") return yield* Effect.die("the server listens on no port")
      const base = `http://127.0.0.1:${address.port}/hubspot/actions`
      const post: Address["post"] = (path, body, headers) =>
        Effect.promise(() =>
          fetch(`${base}/${path}`, {
            method: "POST",
            body,
            headers: { "content-type": "application/json", ...headers },
          }),
        )
      const act: Address["act"] = (action, call = {}) =>
        Effect.gen(function* () {
          const body = bodyOf(call)
          const answer = yield* post(action, body, signedV3(action, body))
          const read = (yield* Effect.promise(() => answer.json())) as {
            readonly outputFields: Record<string, unknown>
          }
          return { status: answer.status, ...read.outputFields }
        })
      return yield* use({ portalUrl: url, token, post, act })
    }).pipe(Effect.provide(server.pipe(Layer.provideMerge(connected))))
  }).pipe(Effect.scoped, Effect.runPromise)
