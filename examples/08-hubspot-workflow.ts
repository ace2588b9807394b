/**
 * A workflow in HubSpot runs the program: who answers a survey with 9 or 10 is enrolled and invited, and gets a bonus once a friend's
 * order in Shopify, or a colleague's deal, was credited. Both platforms are the local sandboxes.
 *
 *     node examples/08-hubspot-workflow.ts
 */
import { Program, Referral, Reward } from "@advocacy-kit/core"
import { projectFiles } from "@advocacy-kit/hubspot"
import { HubSpotControl, HubSpotSandbox, ShopifySandbox, Simulator } from "@advocacy-kit/sandbox"
import { Advocacy } from "@advocacy-kit/server"
import * as HubSpot from "@advocacy-kit/server/hubspot"
import * as Shopify from "@advocacy-kit/server/shopify"
import { Effect, Redacted } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      conversions: ["order", "deal"],
      evidence: [Referral.Evidence.cartAttribute, Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "0 days",
      advocate: Reward.points(100),
      friend: null,
    }),
  ],
})

const world = Simulator.simulate({ seed: 8, customers: 400, orders: 800 })
const [token, secret] = ["pat-of-your-app", "secret-of-your-app"]

/** What HubSpot's editor would show: a survey answer starts the first, the property that the kit writes starts the second. */
const invite: HubSpotControl.Description = {
  name: "Invite promoters",
  objectType: "CONTACT",
  trigger: { type: "PROPERTY_AT_LEAST", property: "hs_feedback_last_nps_rating", value: 9 },
  steps: [
    {
      id: "enrol",
      type: "APP_ACTION",
      action: "adv_enrol_advocate",
      inputs: { program: { type: "STATIC_VALUE", value: program.name } },
    },
    {
      id: "invite",
      type: "APP_ACTION",
      action: "adv_send_referral_invite",
      inputs: { program: { type: "STATIC_VALUE", value: program.name } },
    },
    {
      id: "allowed",
      type: "BRANCH",
      when: { value: { type: "STEP_OUTPUT", step: "invite", output: "errorCode" }, operator: "IS_UNKNOWN" },
      met: [
        {
          id: "mail",
          type: "SEND_EMAIL",
          subject: "Share what you like",
          body: "Your link: {{ output.invite.referralLink }}",
        },
      ],
    },
  ],
}

const thank: HubSpotControl.Description = {
  name: "Thank advocates",
  objectType: "CONTACT",
  trigger: { type: "PROPERTY_AT_LEAST", property: "adv_referrals_converted", value: 1 },
  steps: [
    { id: "wait", type: "DELAY", days: 1 },
    {
      id: "bonus",
      type: "APP_ACTION",
      action: "adv_award_points",
      inputs: {
        program: { type: "STATIC_VALUE", value: program.name },
        points: { type: "STATIC_VALUE", value: 50 },
        reason: { type: "STATIC_VALUE", value: "first friend" },
        dedupeKey: { type: "STATIC_VALUE", value: "first friend" },
      },
    },
  ],
}

/** Any server that speaks `Request` and `Response` would do. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray())
const listen = async (handler: Advocacy.Advocacy["handler"], server = createServer()) => {
  server.on("request", async (request, response) => {
    const { headers, method = "GET", url = "/" } = request
    const answer = await handler(
      new Request(new URL(url, "http://localhost"), {
        method,
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        body: method === "GET" ? null : new Uint8Array(await bodyOf(request)),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const directory = mkdtempSync(join(tmpdir(), "workflow-"))

const story = Effect.gen(function* () {
  const shop = yield* ShopifySandbox.serve({ world, accessToken: token, clientSecret: secret })
  const portal = yield* HubSpotSandbox.serve({ world, directory, port: 0, token, secret })
  yield* Effect.promise(() => tell(shop, portal.url))
})

const tell = async (shop: ShopifySandbox.Running, portalUrl: string): Promise<void> => {
  const hubspot = HubSpotControl.at(portalUrl)
  // The address is part of what HubSpot signs, so it has to be known before the kit is opened.
  let handler: Advocacy.Advocacy["handler"] = async () => new Response(null, { status: 503 })
  const { server, url } = await listen((request) => handler(request))
  const advocacy = await Advocacy.open({
    tenant: "acme",
    handleKey: "5ca1ab1e".repeat(4),
    program,
    effectiveFrom: world.brand.now,
    store: { directory: "memory" },
    link: (code) => `https://${world.brand.shopDomain}/?ref=${code}`,
    connectors: [
      Shopify.connect({ shop: world.brand.shopDomain, accessToken: Redacted.make(token), baseUrl: shop.url }),
      HubSpot.connect({
        accessToken: Redacted.make(token),
        portalId: String(world.brand.portalId),
        program: program.name,
        currency: "EUR",
        basePath: portalUrl,
        webhookSecrets: [Redacted.make(secret)],
        actionsUrl: `${url}/hubspot/actions`,
        link: (code) => `https://${world.brand.shopDomain}/?ref=${code}`,
      }),
    ],
  })
  handler = advocacy.handler
  // The portal's clock is ahead by a day for each day that a workflow waits below, and nothing comes from the future.
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
  await Promise.all([hubspot.setClock(daysAgo(3)), shop.control.setClock(daysAgo(0))])

  const app = projectFiles({ name: "Acme advocacy", baseUrl: url, supportEmail: "help@acme.example", auth: "static" })
  const { actions } = await hubspot.loadFiles(Object.fromEntries(app))
  console.log(`The app is uploaded: ${actions.length} workflow actions`)
  await advocacy.run()
  /** As somebody else's integration would. */
  const create = async (
    type: string,
    properties: Readonly<Record<string, string>>,
    associations: ReadonlyArray<readonly [id: string, kind: number]> = [],
  ): Promise<string> => {
    const answer = await fetch(`${portalUrl}/crm/objects/2026-09/${type}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        properties,
        associations: associations.map(([id, kind]) => ({
          to: { id },
          types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: kind }],
        })),
      }),
    })
    const { id, message } = (await answer.json()) as { readonly id?: string; readonly message?: string }
    if (id === undefined) throw new Error(`${type}: ${message}`)
    return id
  }
  /** A step that takes long blocks, and is completed a moment later. */
  const settled = async (workflow: string): Promise<ReadonlyArray<HubSpotControl.Run>> => {
    for (;;) {
      await hubspot.settle()
      const runs = await hubspot.runs(workflow)
      if (runs.every(({ status }) => status !== "BLOCKED")) return runs
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const [inviting, thanking] = [await hubspot.defineWorkflow(invite), await hubspot.defineWorkflow(thank)]

  const willing = world.portal.contacts.filter(({ properties }) => properties["hs_email_optout"] !== "true")
  const [ada = "", ben = ""] = willing.map(({ id }) => id)
  await hubspot.answerSurvey(ada, 10)
  await hubspot.answerSurvey(ben, 9)
  await hubspot.settle()
  for (const { outcome, step } of (await hubspot.runs(inviting.id))[0]?.steps ?? [])
    console.log(`  ${step}: ${outcome}`)
  const [adasCode = "", bensCode = ""] = (await hubspot.messages()).map(
    ({ body }) => new URL(body.replace("Your link: ", "")).searchParams.get("ref") ?? "",
  )
  console.log(`Ada's mail holds the code ${adasCode}, Ben's ${bensCode}`)

  const bonusOf = async (contact: string): Promise<string> => {
    const run = (await settled(thanking.id)).find(({ objectId }) => objectId === contact)
    const bonus = run?.steps.find(({ step }) => step === "bonus")
    return `${bonus?.outcome}, points now ${bonus?.outputs["newBalance"]}`
  }

  // The shop's theme keeps the code of the link in the cart.
  await shop.control.checkout({
    email: "friend@example.org",
    attributes: [{ key: "ref", value: adasCode }],
    lines: [{ unitPrice: "80.00" }],
  })
  await advocacy.run()
  await hubspot.advance({ days: 1 })
  console.log(`A friend's order: Ada's bonus ${await bonusOf(ada)}`)

  // Sales notes the code that the buyer named; the buyer works at another company than Ben.
  const buyer = await create("contacts", { email: "cto@other.example", firstname: "Chris" })
  const company = await create("companies", { name: "Other Ltd", domain: "other.example" }, [[buyer, 280]])
  await create(
    "deals",
    { dealname: "Pilot", amount: "12000", dealstage: "closedwon", closedate: daysAgo(2), referral_code_used: bensCode },
    [
      [buyer, 3],
      [company, 341],
    ],
  )
  await advocacy.run()
  await hubspot.advance({ days: 1 })
  console.log(`A colleague's deal: Ben's bonus ${await bonusOf(ben)}`)

  await advocacy.close()
  server.close()
}

await Effect.runPromise(Effect.scoped(story)).finally(() => rmSync(directory, { recursive: true }))
