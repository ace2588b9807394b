/**
 * `advocacy capabilities`: what each connected platform allows, feature by feature, and what to do about the rest.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import type { Capability } from "@advocacy-kit/core/connector/Capability"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

interface Told {
  readonly source: string
  /** null: the connector cannot tell. */
  readonly features: ReadonlyArray<Capability> | null
}

const colours = { on: "green", partly: "yellow", off: "red" } as const

const text = (terminal: Terminal.Terminal, platforms: ReadonlyArray<Told>): string =>
  platforms
    .flatMap(({ features, source }) => [
      Terminal.heading(terminal, source),
      ...(features === null
        ? ["  this connector does not tell what it is allowed"]
        : features.flatMap(({ feature, reason, remedy, standing }) => [
            `  ${terminal.style(colours[standing], standing.padEnd(6))} ${feature}: ${reason}`,
            ...(remedy === null ? [] : [`         ${remedy}`]),
          ])),
    ])
    .join("\n")

export const command = Command.make("capabilities", { store: Session.store, json: Output.json }, ({ json, store }) =>
  Effect.gen(function* () {
    yield* Platforms.needed
    const platforms = yield* Effect.forEach(yield* FactSources, ({ capabilities, name }) =>
      capabilities === undefined
        ? Effect.succeed<Told>({ source: name, features: null })
        : Effect.map(capabilities, (features): Told => ({ source: name, features })),
    )
    yield* Output.print(json, { platforms }, (terminal) => text(terminal, platforms))
  }).pipe(
    Effect.provide(Platforms.layer().pipe(Layer.provideMerge(Session.layer({ store })))),
    Effect.scoped,
    Failure.coded,
  ),
).pipe(
  Command.withDescription(
    "Tell what each connected platform allows: plan, scopes and approvals, what is missing, and where to switch it on",
  ),
  Command.withExamples([
    { command: "advocacy capabilities", description: "Of the demo's brand, or of an installation's shop" },
    { command: "advocacy capabilities --json", description: "The same for a program" },
  ]),
)
