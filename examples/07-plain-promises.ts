/**
 * The kit without Effect: open it, tell it facts, read what they are worth, and mount one handler in your own server.
 *
 *     node examples/07-plain-promises.ts
 */
import { Because, Fact, Program, Referral, Reward } from "@advocacy-kit/core"
import { Advocacy } from "@advocacy-kit/server"
import * as Shopify from "@advocacy-kit/server/shopify"
import { Scenario } from "@advocacy-kit/testing"
import { Redacted } from "effect"

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: Referral.Qualify.all(Referral.Qualify.newCustomer),
      hold: "14 days",
      advocate: Reward.discount({ percentOfOrder: 5 }),
      friend: null,
    }),
  ],
})

const advocacy = await Advocacy.open({
  tenant: "acme",
  handleKey: "5ca1ab1e".repeat(4), // your own secret: openssl rand -hex 32
  program,
  effectiveFrom: "2026-01-01T00:00:00Z",
  store: { directory: "memory" }, // or a directory, or { url: "postgres://…" }
  connectors: [
    Shopify.connect({
      shop: "acme.myshopify.com",
      accessToken: Redacted.make("shpat-of-your-app"),
      webhookSecrets: [Redacted.make("secret-of-your-app")],
    }),
  ],
})

// With a token that holds, `advocacy.run()` pulls, identifies, credits, hands over and measures. Facts of your own are JSON:
const facts = [
  Scenario.asset({ code: "ADA-7", owner: "ada" }),
  Scenario.order({ order: 1, customer: "ben", code: "ADA-7", total: "80.00", day: 2 }),
]
await advocacy.record(facts.map((fact) => Fact.encode(fact)))

for (const credit of await advocacy.credit({ asOf: "2026-11-01T00:00:00Z" })) {
  console.log(`${credit.cause}: ${credit.outcome}, ${credit.amountMinor} cents to ${credit.beneficiary}`)
  console.log(Because.render(credit.because))
}

// Express, Hono, Next.js, a worker: whatever speaks Request and Response.
const unsigned = new Request("https://advocacy.acme.example/shopify/webhooks", { method: "POST", body: "{}" })
console.log(`\nA webhook without a signature is answered with ${(await advocacy.handler(unsigned)).status}.`)

await advocacy.close()
