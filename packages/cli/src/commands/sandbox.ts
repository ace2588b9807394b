/**
 * `advocacy sandbox`: the local Shopify and HubSpot of a simulated brand, to work against until it is interrupted.
 */
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Installation from "../Installation.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import type { Sandbox } from "../Sandboxes.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"
import * as exportFiles from "./sandbox/exports.ts"
import * as shopifyAlone from "./sandbox/shopify.ts"

const port = (name: string, otherwise: number) =>
  Flag.Int(name).pipe(
    Flag.withDescription("Loopback port; 0 takes any free one"),
    Flag.withDefault(otherwise),
    Flag.filter(
      (value) => value >= 0 && value <= 65_535,
      (value) => `${value} is no port: use 0 to 65535`,
    ),
  )

const text = (terminal: Terminal.Terminal, shop: string, portal: number, shopify: Sandbox, hubspot: Sandbox): string =>
  [
    Terminal.heading(terminal, "Sandboxes"),
    Terminal.table(
      terminal,
      [
        { title: "platform" },
        { title: "address" },
        { title: "account" },
        { title: "access token" },
        { title: "webhook secret" },
      ],
      [
        ["Shopify", shopify.url, shop, shopify.token, shopify.secret],
        ["HubSpot", hubspot.url, String(portal), hubspot.token, hubspot.secret],
      ],
    ),
    "",
    "  what you write is kept; stop with Ctrl-C",
  ].join("\n")

export const command = Command.make(
  "sandbox",
  {
    store: Session.store,
    shopifyPort: port("shopify-port", 4010),
    hubspotPort: port("hubspot-port", 4020),
    json: Output.json,
  },
  ({ hubspotPort, json, shopifyPort, store }) =>
    Effect.gen(function* () {
      const installation = yield* Installation.load(store)
      const { brand } = installation.settings
      if (brand === null) {
        return yield* Failure.usage(
          `${store} is a real installation: it has no sandboxes`,
          "name the directory of a demo with --store",
        )
      }
      const { hubspot, shopify } = yield* Platforms.startSandboxes(installation, {
        shopify: shopifyPort,
        hubspot: hubspotPort,
      })
      const result = {
        shopify: { ...shopify, shop: brand.shopDomain },
        hubspot: { ...hubspot, portalId: brand.portalId },
      }
      yield* Output.print(json, result, (terminal) =>
        text(terminal, brand.shopDomain, brand.portalId, shopify, hubspot),
      )
      return yield* Effect.never
    }).pipe(Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Run the simulated brand's Shopify and HubSpot on fixed ports until interrupted"),
  Command.withExamples([
    { command: "advocacy sandbox", description: "Shopify on port 4010, HubSpot on port 4020" },
    {
      command: "advocacy sandbox --shopify-port 0 --hubspot-port 0 --json",
      description: "Any free ports, told as JSON",
    },
  ]),
  Command.withSubcommands([shopifyAlone.command, exportFiles.command]),
)
