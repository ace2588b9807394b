/**
 * `advocacy reconcile`: what the platforms show now against what is stored here, both ways, and the difference made good.
 */
import type * as Drift from "@advocacy-kit/core/flow/Drift"
import { reconcile, type Reconciled } from "@advocacy-kit/core/flow/Reconciling"
import { Effect, Layer } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Change nothing; exit code 1 when anything differs"),
  Flag.withDefault(false),
)

const some = ({ count, examples }: Drift.Tally): string => `${examples.slice(0, 3).join(", ")}${count > 3 ? ", …" : ""}`

const rows = (source: string, how: string, tallies: Drift.Tallies): ReadonlyArray<ReadonlyArray<string>> =>
  Object.entries(tallies).map(([kind, tally]) => [source, how, kind, Terminal.count(tally.count), some(tally)])

const one = (kind: string, tally: Drift.Tally): Drift.Tallies => (tally.count === 0 ? {} : { [kind]: tally })

const text = (terminal: Terminal.Terminal, isDry: boolean, { drift, effects, facts }: Reconciled): string => {
  const differing = [
    ...facts.flatMap((of) => [
      ...rows(of.source, "missing here", of.missing),
      ...rows(of.source, "outdated here", of.outdated),
      ...rows(of.source, "newer here", of.newerHere),
      ...rows(of.source, "shown no longer", of.vanished ?? {}),
      ...rows(of.source, "not understood", one("record", of.rejected)),
    ]),
    ...rows("outbox", "exists there", effects.recorded),
    ...rows("outbox", "not there", one("in doubt", effects.missing)),
    ...rows("outbox", "gone from there", one("confirmed", effects.gone)),
    ...rows("outbox", "there again", one("confirmed", effects.back)),
    ...rows("outbox", "waits for you", effects.waiting),
  ]
  return [
    Terminal.heading(terminal, isDry ? "Compared, and changed nothing" : "Compared, and made good"),
    ...facts.map(
      ({ same, shown, source, vanished }) =>
        `  ${source}: ${Terminal.count(shown)} facts shown, ${Terminal.count(same)} of them held as they are${vanished === null ? "; too many to tell which have vanished" : ""}`,
    ),
    ...facts.flatMap(({ caveats, source }) => caveats.map((caveat) => `  ${source}: ${caveat}`)),
    `  outbox: ${Terminal.count(effects.lookedUp)} effects looked up, ${Terminal.count(effects.same)} of them confirmed on both sides`,
    ...(differing.length === 0
      ? []
      : [
          "",
          Terminal.table(
            terminal,
            [
              { title: "where" },
              { title: "how it differs" },
              { title: "what" },
              { title: "count", align: "right" },
              { title: "such as" },
            ],
            differing,
          ),
        ]),
    ...(effects.resolved === null
      ? []
      : [
          `  sent again: ${Terminal.count(effects.resolved.confirmed)} confirmed, ${Terminal.count(effects.resolved.unknown)} unknown, ${Terminal.count(effects.resolved.failed)} failed`,
        ]),
    "",
    drift === 0
      ? `  ${terminal.style("green", "no drift")}`
      : isDry
        ? `  ${terminal.style("red", `drift ${Terminal.count(drift)}`)}: run this without --dry-run`
        : `  drift ${Terminal.count(drift)}, made good: run \`advocacy credit\` to post what follows from it`,
  ].join("\n")
}

export const command = Command.make(
  "reconcile",
  { dryRun, store: Session.store, json: Output.json },
  ({ dryRun: isDry, json, store }) =>
    Effect.gen(function* () {
      yield* Platforms.needed
      const reconciled = yield* reconcile({ dryRun: isDry })
      yield* Output.print(json, { dryRun: isDry, ...reconciled }, (terminal) => text(terminal, isDry, reconciled))
      const [away] = reconciled.effects.resolved?.away ?? []
      if (away !== undefined) return yield* away.error
      if (isDry && reconciled.drift > 0) {
        return yield* Failure.check(
          `the platforms and this store differ in ${reconciled.drift} places`,
          "run `advocacy reconcile` without --dry-run, then `advocacy credit`",
        )
      }
    }).pipe(
      Effect.provide(Platforms.layer().pipe(Layer.provideMerge(Session.layer({ store })))),
      Effect.scoped,
      Failure.coded,
    ),
).pipe(
  Command.withDescription(
    "Compare what Shopify and HubSpot show now with what is stored, and make the difference good; a second run finds none",
  ),
  Command.withExamples([
    { command: "advocacy reconcile --dry-run", description: "Only look; exit code 1 when anything differs" },
    { command: "advocacy reconcile --json", description: "Make it good, and tell a program what differed" },
  ]),
)
