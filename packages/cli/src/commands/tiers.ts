/**
 * `advocacy tiers`: who holds which tier until when; with `--announce` each one that was not announced is.
 */
import { announce, tiers } from "@advocacy-kit/core/flow/Announcing"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { TierHeld } from "@advocacy-kit/core/program/TierStanding"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const announcing = Flag.Boolean("announce").pipe(
  Flag.withDescription("Record that people are told: from then on a tier stands to the time that was said"),
  Flag.withDefault(false),
)

const entryOf = (held: TierHeld) => ({
  person: held.person,
  handle: held.beneficiary,
  rule: held.rule,
  tier: held.tier,
  level: held.level,
  perks: held.perks,
  since: toIso(held.since),
  until: held.until === null ? null : toIso(held.until),
  announced: held.isAnnounced,
})
type Entry = ReturnType<typeof entryOf>

const shown = 50

const text = (terminal: Terminal.Terminal, entries: ReadonlyArray<Entry>, count: number | null): string =>
  [
    Terminal.heading(terminal, "Tiers"),
    ...(entries.length === 0
      ? ["  nobody holds a tier"]
      : [
          Terminal.table(
            terminal,
            [{ title: "tier" }, { title: "since" }, { title: "until" }, { title: "announced" }, { title: "person" }],
            entries
              .slice(0, shown)
              .map((one) => [
                one.tier,
                one.since.slice(0, 10),
                one.until?.slice(0, 10) ?? "for ever",
                one.announced ? "yes" : "no",
                one.handle,
              ]),
          ),
          ...(entries.length > shown ? [`  and ${entries.length - shown} more: use --json`] : []),
        ]),
    ...(count === null ? [] : [`  ${Terminal.count(count)} announced now`]),
  ].join("\n")

export const command = Command.make(
  "tiers",
  { announce: announcing, store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ announce: isAnnouncing, json, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { announced, held } = isAnnouncing
        ? yield* Effect.map(announce(program, asOf), (done) => ({ held: done.tiers, announced: done.announced }))
        : { held: yield* tiers(program, asOf), announced: null }
      const entries = held.map(entryOf)
      const result = { asOf: toIso(asOf), tiers: entries, announced: announced?.map(({ key }) => key) ?? null }
      yield* Output.print(json, result, (terminal) => text(terminal, entries, announced?.length ?? null))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Who holds which tier until when, and who was told; --announce records that they are told"),
  Command.withExamples([
    { command: "advocacy tiers", description: "Everybody who holds a tier" },
    { command: "advocacy tiers --announce", description: "Announce each tier once; a second run announces nothing" },
  ]),
)
