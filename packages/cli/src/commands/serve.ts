/**
 * `advocacy serve`: the addresses that both platforms call, webhooks and workflow actions, with the inbox worked through behind them.
 *
 * A message is answered once it is kept; what it stands for is read and credited by a loop of its own. A round that fails
 * is told on standard error and tried again. Interrupting ends it after the round that runs.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import { receiveAll } from "@advocacy-kit/core/flow/Sync"
import { Server } from "@advocacy-kit/server"
import { Clock, Effect, Layer, Schedule } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const port = Flag.Int("port").pipe(
  Flag.withDescription("Port to listen on"),
  Flag.withDefault(4000),
  Flag.filter(
    (value) => value >= 1 && value <= 65_535,
    (value) => `${value} is no port: use 1 to 65535`,
  ),
)
const host = Flag.String("host").pipe(Flag.withDescription("Address to listen on"), Flag.withDefault("127.0.0.1"))
const every = Flag.Int("every-seconds").pipe(
  Flag.withDescription("How long to wait between two looks into the inbox"),
  Flag.withDefault(3),
  Flag.filter(
    (value) => value >= 1,
    () => "wait at least one second",
  ),
)

/** One look into the inbox, and at what has changed or is due; what failed stands among the changes until the next. */
const round = Effect.gen(function* () {
  const { asOf, installation } = yield* Session.Session
  const sources = yield* FactSources
  const { workOff } = yield* Platforms.Platforms
  const completed = yield* workOff
  const received = yield* Effect.forEach(sources, receiveAll)
  const messages = received.reduce((sum, one) => sum + one.messages, 0)
  const { revisions } = yield* creditChanges(installation.settings.now === null ? yield* Clock.currentTimeMillis : asOf)
  if (messages + revisions > 0) yield* Output.note(`${messages} messages read, ${revisions} revisions posted`)
  if (completed > 0) yield* Output.note(`${completed} workflow steps completed that were blocked`)
}).pipe(Effect.withSpan("serve.round"))

const work = (seconds: number) => {
  const once = round.pipe(
    Effect.catch((error) => Output.note(`this round failed and is tried again: ${Failure.of(error).message}`)),
    Effect.uninterruptible,
  )
  return Effect.repeat(once, Schedule.spaced(`${seconds} seconds`))
}

interface Addresses extends Pick<Platforms.Platforms["Service"], "sandboxes"> {
  /** null: not connected. */
  readonly shopify: string | null
  readonly hubspot: string | null
  readonly health: string
}

const text = (terminal: Terminal.Terminal, { health, hubspot, sandboxes, shopify }: Addresses): string =>
  [
    Terminal.heading(terminal, "Webhooks"),
    ...(shopify === null ? [] : [`  Shopify  ${shopify}`]),
    ...(hubspot === null ? [] : [`  HubSpot  ${hubspot}`]),
    `  health   ${health}`,
    ...(sandboxes === null
      ? []
      : [
          Terminal.heading(terminal, "Sandboxes"),
          `  Shopify  ${sandboxes.shopify.url}`,
          `  HubSpot  ${sandboxes.hubspot.url}`,
        ]),
    "",
    "  stop with Ctrl-C",
  ].join("\n")

export const command = Command.make(
  "serve",
  { store: Session.store, port, host, every, json: Output.json },
  ({ every: seconds, host: hostname, json, port: number, store }) => {
    const address = `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${number}`
    const server = Layer.unwrap(
      Effect.gen(function* () {
        yield* Platforms.needed
        const { routes } = yield* Platforms.Platforms
        return Server.layer(routes, { port: number, host: hostname })
      }),
    )
    const services = Platforms.layer({
      webhookUrl: `${address}/hubspot/webhooks`,
      actionsUrl: `${address}/hubspot/actions`,
    }).pipe(Layer.provideMerge(Session.layer({ store })))
    return Effect.gen(function* () {
      const { sandboxes } = yield* Platforms.Platforms
      const connected = (yield* FactSources).map(({ name }) => name)
      const at = (name: string) => (connected.includes(name) ? `${address}/${name}/webhooks` : null)
      const addresses: Addresses = {
        shopify: at("shopify"),
        hubspot: at("hubspot"),
        health: `${address}/health`,
        sandboxes,
      }
      yield* Output.print(json, addresses, (terminal) => text(terminal, addresses))
      return yield* work(seconds)
    }).pipe(Effect.provide(server.pipe(Layer.provideMerge(services))), Effect.scoped, Failure.coded)
  },
).pipe(
  Command.withDescription("Receive the webhooks of Shopify and HubSpot, and credit what they announce"),
  Command.withExamples([
    { command: "advocacy serve", description: "On port 4000 of this machine, with the demo's sandboxes" },
    {
      command: "advocacy serve --store /srv/advocacy --host 0.0.0.0 --port 8080",
      description: "Behind a proxy that speaks HTTPS; HUBSPOT_WEBHOOK_URL names its public address",
    },
  ]),
)
