/**
 * `advocacy export person PERSON`: everything held about a person, as JSON for themselves, without other people's data.
 */
import { exportPerson, type PersonExport } from "@advocacy-kit/core/flow/Exporting"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { writeFileSync } from "node:fs"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"
import { find, person } from "../erase.ts"

const file = Flag.String("file").pipe(
  Flag.withDescription("Write the JSON to this new file instead of showing it; only its owner may read it"),
  Flag.optional,
)

const text = (terminal: Terminal.Terminal, held: PersonExport): string =>
  [
    Terminal.heading(terminal, `Held as of ${toIso(held.asOf)}`),
    Terminal.table(
      terminal,
      [{ title: "what" }, { title: "count", align: "right" }],
      [
        ["handles", Terminal.count(held.handles.length)],
        ["personal values", Terminal.count(Object.keys(held.personal).length)],
        ...Object.entries(held.facts).map(([kind, facts]) => [`${kind} facts`, Terminal.count(facts.length)]),
        ["credits", Terminal.count(held.credits.length)],
        ["balances", Terminal.count(held.balances.length)],
        ["rewards and codes", Terminal.count(held.effects.length)],
      ],
    ),
    "  --json shows all of it, --file FILE writes it",
  ].join("\n")

const write = (path: string, held: PersonExport) =>
  Effect.try({
    try: () => writeFileSync(path, `${Output.toJson(held)}\n`, { flag: "wx", mode: 0o600 }),
    catch: () => Failure.usage(`${path} cannot be written`, "name a new file in a directory that exists"),
  })

export const command = Command.make(
  "person",
  { person, file, store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ asOf, file: path, json, person: who, store }) =>
    Effect.gen(function* () {
      const session = yield* Session.Session
      const held = yield* exportPerson(yield* find(who, false), session.asOf)
      if (Option.isSome(path)) {
        yield* write(path.value, held)
        return yield* Output.note(`written to ${path.value}`)
      }
      yield* Output.print(json, held, (terminal) => text(terminal, held))
    }).pipe(Effect.provide(Session.layer({ store, asOf })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Everything held about a person: facts, personal values, credits with reasons, balances, rewards",
  ),
  Command.withExamples([
    { command: "advocacy export person ada@example.com", description: "How much is held" },
    { command: "advocacy export person customer/7 --file ada.json", description: "A file to give to the person" },
  ]),
)
