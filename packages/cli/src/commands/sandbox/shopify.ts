/**
 * `advocacy sandbox shopify`: the local Shopify alone, on a plan of choice and with faults that happen now and then, to
 * build an app or a connector against.
 */
import { ShopFaults, ShopPlans } from "@advocacy-kit/sandbox"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { DirectoryLock } from "@advocacy-kit/sql"
import * as Failure from "../../Failure.ts"
import * as Installation from "../../Installation.ts"
import * as Output from "../../Output.ts"
import * as Sandboxes from "../../Sandboxes.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const planNames = Object.keys(ShopPlans.plans).filter(ShopPlans.isPlanName)
const profileNames = Object.keys(ShopFaults.profiles)

const plan = Flag.Literals("plan", planNames).pipe(
  Flag.withDescription("The shop's plan, which decides how fast the API may be called"),
  Flag.withDefault("plus" as const),
)
const faults = Flag.String("faults").pipe(
  Flag.withDescription(`Faults, with commas between: ${profileNames.join(", ")}`),
  Flag.optional,
)
const port = Flag.Int("port").pipe(
  Flag.withDescription("Loopback port; 0 takes any free one"),
  Flag.withDefault(4010),
  Flag.filter(
    (value) => value >= 0 && value <= 65_535,
    (value) => `${value} is no port: use 0 to 65535`,
  ),
)

const namesOf = (text: Option.Option<string>) =>
  Effect.gen(function* () {
    const names = Option.match(text, { onNone: () => [], onSome: (value) => value.split(",").map((one) => one.trim()) })
    const strange = names.find((name) => !ShopFaults.isProfile(name))
    if (strange !== undefined)
      return yield* Failure.usage(`there is no fault "${strange}"`, `use some of ${profileNames.join(", ")}`)
    return names
  })

interface Started extends Sandboxes.Sandbox {
  readonly shop: string
  readonly clientId: string
  readonly plan: string
  readonly faults: ReadonlyArray<string>
}

const text = (terminal: Terminal.Terminal, started: Started): string =>
  [
    Terminal.heading(terminal, "Shopify sandbox"),
    Terminal.table(
      terminal,
      [{ title: "what" }, { title: "value" }],
      [
        ["address", started.url],
        ["shop", started.shop],
        ["access token", started.token],
        ["client id", started.clientId],
        ["client secret", started.secret],
        ["plan", started.plan],
        ["faults", started.faults.length === 0 ? "none" : started.faults.join(", ")],
      ],
    ),
    "",
    `  its clock stands still: POST {"hours":1} to ${started.url}/__sandbox/clock moves it`,
    "  what you write is kept; stop with Ctrl-C",
  ].join("\n")

export const command = Command.make(
  "shopify",
  { plan, faults, port, store: Session.store, json: Output.json },
  ({ faults: wanted, json, plan: name, port: at, store }) =>
    Effect.gen(function* () {
      const installation = yield* Installation.load(store)
      const { brand } = installation.settings
      if (brand === null)
        return yield* Failure.usage(
          `${store} is a real installation: it has no sandboxes`,
          "name the directory of a demo with --store",
        )
      const names = yield* namesOf(wanted)
      yield* DirectoryLock.acquire(Installation.sandboxDirectory(installation.directory))
      const more = ["--plan", name, "--faults", names.join(","), "--client-id", Sandboxes.clientId]
      const shopify = yield* Sandboxes.startOne(installation.directory, "shopify", { port: at, more })
      const started: Started = {
        ...shopify,
        shop: brand.shopDomain,
        clientId: Sandboxes.clientId,
        plan: name,
        faults: names,
      }
      yield* Output.print(json, started, (terminal) => text(terminal, started))
      return yield* Effect.never
    }).pipe(Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Run the simulated brand's Shopify alone, on a plan and with faults of choice"),
  Command.withExamples([
    {
      command: "advocacy sandbox shopify --plan plus --faults late-webhooks,dropped-responses",
      description: "One in five webhooks comes a day late, one in ten mutations commits and loses its answer",
    },
    {
      command: "advocacy sandbox shopify --plan standard --port 0 --json",
      description: "A slow plan on any free port, told as JSON",
    },
  ]),
)
