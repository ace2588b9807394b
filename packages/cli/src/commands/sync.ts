/**
 * `advocacy sync`: bring in what is new on the platforms, and read what webhooks announced.
 */
import * as Flow from "@advocacy-kit/core/flow/Flow"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

type Synchronised = Effect.Success<typeof Flow.sync>

const text = (terminal: Terminal.Terminal, { received, synced }: Synchronised): string => {
  const rejected = synced.flatMap((one) => one.rejected)
  const pulled = Terminal.table(
    terminal,
    [
      { title: "source" },
      { title: "records" },
      { title: "new facts", align: "right" },
      { title: "known", align: "right" },
      { title: "not understood", align: "right" },
    ],
    synced.map((one) => [
      one.source,
      one.label,
      Terminal.count(one.recorded),
      Terminal.count(one.duplicates),
      Terminal.count(one.rejected.length),
    ]),
  )
  const read = received.map(
    ({ messages, parked, recorded, source }) =>
      `  ${source}: ${Terminal.count(messages)} messages, ${Terminal.count(recorded)} new facts, ${Terminal.count(parked)} parked`,
  )
  const stopped = synced.flatMap((one) =>
    one.stopped === undefined ? [] : [`  ${one.source} ${one.label}: nothing was pulled: ${one.stopped}`],
  )
  const caveats = [...new Set(synced.flatMap((one) => one.caveats))].map((caveat) => `  ${caveat}`)
  const odd = rejected.slice(0, 10).map(({ place, reason }) => `  ${place}: ${reason}`)
  return [
    Terminal.heading(terminal, "Pulled"),
    pulled,
    ...stopped,
    Terminal.heading(terminal, "Webhooks"),
    ...read,
    ...(caveats.length === 0 ? [] : [Terminal.heading(terminal, "Not shown by the platform"), ...caveats]),
    ...(odd.length === 0 ? [] : [Terminal.heading(terminal, "Not understood, kept aside"), ...odd]),
  ].join("\n")
}

export const command = Command.make("sync", { store: Session.store, json: Output.json }, ({ json, store }) =>
  Effect.gen(function* () {
    yield* Platforms.needed
    const result = yield* Flow.sync
    yield* Output.print(json, result, (terminal) => text(terminal, result))
  }).pipe(
    Effect.provide(Platforms.layer().pipe(Layer.provideMerge(Session.layer({ store })))),
    Effect.scoped,
    Failure.coded,
  ),
).pipe(
  Command.withDescription("Bring in what is new on Shopify and HubSpot, from where the last sync ended"),
  Command.withExamples([
    { command: "advocacy sync", description: "Sync the demo's brand with its sandboxes" },
    {
      command: "advocacy sync --store /srv/advocacy --json",
      description: "Sync a real installation; connections come from SHOPIFY_… and HUBSPOT_…",
    },
  ]),
)
