/**
 * The two sides of workflow actions meet: the sandbox loads the project that we generate, runs a workflow over it, and our
 * server answers on the address that the project names. Neither knows the other's code.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import * as HubSpot from "@advocacy-kit/hubspot"
import { HubSpotControl, HubSpotSandbox } from "@advocacy-kit/sandbox"
import { Server } from "@advocacy-kit/server"
import * as HubSpotConnector from "@advocacy-kit/server/hubspot"
import { Effect, Layer, Redacted } from "effect"
import { expect, it } from "vitest"
import { program, unwilling, willing, world } from "./actionAddress.ts"
import type { AddressInfo } from "node:net"

const [token, secret] = ["pat-of-this-portal", "hush"]

/** The project names the port, so it has to be known before the server listens. */
const freePort = Effect.promise(
  () =>
    new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        server.close(() => resolve(port))
      })
    }),
)

const connected = (portalUrl: string, baseUrl: string) =>
  Layer.mergeAll(
    MemoryStores.layerMemory,
    Layer.succeed(CurrentTenant, {
      id: TenantIdOf("tea"),
      handleKey: new TextEncoder().encode("sixteen bytes, at least"),
    }),
    HubSpot.HubSpot.layer({
      accessToken: Redacted.make(token),
      portalId: String(world.brand.portalId),
      program: program.name,
      currency: "EUR",
      basePath: portalUrl,
      webhookSecrets: [Redacted.make(secret)],
      actionsUrl: `${baseUrl}/hubspot/actions`,
      link: (code) => `https://shop.example/?ref=${code}`,
    }),
  )

const withBoth = <A>(use: (control: HubSpotControl.HubSpotControl) => Promise<A>): Promise<A> =>
  Effect.gen(function* () {
    const directory = mkdtempSync(join(tmpdir(), "hubspot-workflow-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(directory, { recursive: true, force: true })))
    const { url } = yield* HubSpotSandbox.serve({ world, directory, port: 0, token, secret })
    const port = yield* freePort
    const baseUrl = `http://127.0.0.1:${port}`
    const project = HubSpot.projectFiles({ name: "Advocacy", baseUrl, supportEmail: "us@example.com", auth: "static" })
    const server = Server.layer(HubSpotConnector.routes, { port })
    return yield* Effect.gen(function* () {
      yield* Flow.publish(program, 0)
      const control = HubSpotControl.at(url)
      return yield* Effect.promise(async () => {
        await control.loadFiles(Object.fromEntries(project))
        return use(control)
      })
    }).pipe(Effect.provide(server.pipe(Layer.provideMerge(connected(url, baseUrl)))))
  }).pipe(Effect.scoped, Effect.runPromise)

const inputs = { program: { type: "STATIC_VALUE", value: program.name } } as const

const workflow: HubSpotControl.Description = {
  name: "Promoters",
  objectType: "CONTACT",
  trigger: { type: "MANUAL" },
  steps: [
    { id: "enrol", type: "APP_ACTION", action: "adv_enrol_advocate", inputs },
    {
      id: "refused",
      type: "BRANCH",
      when: { value: { type: "STEP_OUTPUT", step: "enrol", output: "errorCode" }, operator: "IS_UNKNOWN" },
      met: [
        { id: "pause", type: "DELAY", hours: 2 },
        {
          id: "award",
          type: "APP_ACTION",
          action: "adv_award_points",
          inputs: {
            ...inputs,
            points: { type: "STATIC_VALUE", value: 120 },
            reason: { type: "STATIC_VALUE", value: "spoke at an event" },
          },
        },
        {
          id: "mail",
          type: "SEND_EMAIL",
          subject: "Your link",
          body: "{{ output.enrol.referralLink }} {{ output.award.newBalance }}",
        },
      ],
    },
  ],
}

it("runs the generated actions in a workflow, once however often they are delivered", () =>
  withBoth(async (control) => {
    const { id } = await control.defineWorkflow(workflow)
    await control.faults({ kind: "DUPLICATE", action: "adv_award_points" })
    await control.faults({ kind: "DROP", action: "adv_award_points" })
    await control.enrol(id, willing)
    await control.advance({ hours: 3 })
    const [run] = await control.runs(id)
    expect(run?.steps.map(({ outcome, step }) => [step, outcome])).toEqual([
      ["enrol", "SUCCEEDED"],
      ["refused", "SUCCEEDED"],
      ["pause", "SUCCEEDED"],
      ["award", "SUCCEEDED"],
      ["mail", "SUCCEEDED"],
    ])
    expect(run?.steps.flatMap(({ problems }) => problems)).toEqual([])
    expect(run?.steps[3]).toMatchObject({ outputs: { newBalance: "120" } })
    await control.enrol(id, willing)
    await control.advance({ hours: 3 })
    const [, again] = await control.runs(id)
    expect(again?.steps[0]).toMatchObject({ outputs: { alreadyEnrolled: "true" } })
    expect(again?.steps[3]).toMatchObject({ outputs: { newBalance: "240" } })
    const link = run?.steps[0]?.outputs["referralLink"] ?? ""
    expect(link).toMatch(/^https:\/\/shop\.example\/\?ref=[0-9A-Z]{8}$/)
    expect((await control.messages()).map(({ body }) => body)).toEqual([`${link} 120`, `${link} 240`])
  }))

it("shows a marketer why a step did nothing, and gives the programs to choose from", () =>
  withBoth(async (control) => {
    const page = await control.options({ action: "adv_enrol_advocate", inputFieldName: "program" })
    expect(page.options.map(({ value }) => value)).toEqual([program.name])
    const { id } = await control.defineWorkflow({
      ...workflow,
      steps: [{ id: "invite", type: "APP_ACTION", action: "adv_send_referral_invite", inputs }],
    })
    await control.enrol(id, unwilling)
    await control.settle()
    const [run] = await control.runs(id)
    expect(run?.steps[0]).toMatchObject({ outcome: "FAILED", outputs: { errorCode: "OPTED_OUT" }, problems: [] })
    expect(run?.steps[0]?.message).toMatch(/^The contact does not want to be asked: ./)
  }))
