/**
 * `advocacy erase PERSON`: shows what is held about a person, and with `--yes` erases it everywhere.
 */
import * as Subject from "@advocacy-kit/core/flow/Subject"
import { erase } from "@advocacy-kit/core/flow/Erasing"
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { exportPerson, type PersonExport } from "@advocacy-kit/core/flow/Exporting"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

export const person = Argument.String("person").pipe(
  Argument.withDescription("A person by e-mail address, code, customer/7 or contact/9"),
)

const by = Flag.String("by").pipe(Flag.withDescription("Who erases, such as a name or a ticket; it is kept"))
const reason = Flag.String("reason").pipe(
  Flag.withDescription("Why, such as a request of that day; it is kept, so it must not name the person"),
)
const yes = Flag.Boolean("yes").pipe(
  Flag.withDescription("Do it; without this the command only shows what is held"),
  Flag.withDefault(false),
)

/** The person that a text names. Somebody of whom nothing is stored is nobody, unless `unknown` lets a spelled handle pass. */
export const find = Effect.fn("person.find")(function* (text: string, unknown: boolean) {
  const { asOf, program } = yield* Session.Session
  const { handleKey } = yield* CurrentTenant
  const subject = Subject.find(text, yield* Explaining.read(program, asOf), handleKey)
  if (subject._tag === "Person") return subject.handle
  const spelled =
    subject._tag === "NotFound" && subject.candidates.length === 0 ? Subject.handleIn(text, handleKey) : null
  if (unknown && spelled !== null) return spelled
  return yield* Failure.usage(
    subject._tag !== "NotFound"
      ? `"${text}" is no person`
      : subject.candidates.length > 0
        ? `"${text}" fits ${subject.candidates.join(" and ")}`
        : `nobody here is called "${text}"`,
    subject._tag === "NotFound" ? subject.hint : "give an e-mail address, a code, customer/7 or contact/9",
  )
})

interface Held {
  readonly handles: number
  readonly personalValues: number
  readonly facts: number
  readonly credits: number
  readonly open: ReadonlyArray<string>
  readonly effects: number
  readonly planned: number
}

const heldOf = (held: PersonExport): Held => ({
  handles: held.handles.length,
  personalValues: Object.keys(held.personal).length,
  facts: Object.values(held.facts).reduce((total, of) => total + of.length, 0),
  credits: held.credits.length,
  open: held.balances
    .filter(({ account }) => /#(?:pending|available)$/.test(account))
    .map(
      ({ account, amountMinor, unit }) =>
        `${amountIn(unit, amountMinor)} ${account.slice(account.lastIndexOf("#") + 1)}`,
    ),
  effects: held.effects.length,
  planned: held.effects.filter(({ state }) => state === "planned").length,
})

const heldText = (held: Held): ReadonlyArray<string> => [
  `  ${Terminal.count(held.handles)} handles, ${Terminal.count(held.personalValues)} personal values`,
  `  ${Terminal.count(held.facts)} facts that name them, ${Terminal.count(held.credits)} decisions in their favour`,
  held.open.length === 0 ? "  nothing open in the ledger" : `  open, to be forfeited: ${held.open.join(", ")}`,
  `  ${Terminal.count(held.effects)} rewards and codes, ${Terminal.count(held.planned)} of them not yet sent and to be undone`,
]

interface Options {
  readonly by: string
  readonly reason: string
  readonly json: boolean
}

const show = Effect.fn("erase.show")(function* (handle: Handle, { json }: Options) {
  const { asOf } = yield* Session.Session
  const held = heldOf(yield* exportPerson(handle, asOf))
  yield* Output.print(json, { erased: false, held }, (terminal) =>
    [
      Terminal.heading(terminal, "Held about this person"),
      ...heldText(held),
      "",
      "  nothing was changed; it cannot be taken back: run it again with --yes",
    ].join("\n"),
  )
})

const perform = Effect.fn("erase.perform")(function* (handle: Handle, { by: who, json, reason: why }: Options) {
  const { asOf } = yield* Session.Session
  const held = heldOf(yield* exportPerson(handle, asOf))
  const { forfeited, ...done } = yield* erase({ handles: [handle], at: asOf, by: who, reason: why })
  const amounts = [...forfeited].map(([unit, amountMinor]) => ({ unit, amountMinor }))
  yield* Output.print(json, { erased: true, held, ...done, forfeited: amounts }, (terminal) =>
    [
      Terminal.heading(terminal, "Erased"),
      `  known from now on as ${done.tombstone}`,
      `  ${Terminal.count(done.handles)} handles in ${Terminal.count(done.statements)} facts, ${Terminal.count(done.revisions)} ledger revisions, ${Terminal.count(done.effects)} rewards and codes, ${Terminal.count(done.messages)} messages`,
      `  ${Terminal.count(done.values)} personal values destroyed, ${Terminal.count(done.undone)} plans undone`,
      amounts.length === 0
        ? "  nothing was open, nothing is forfeited"
        : `  forfeited: ${amounts.map(({ amountMinor, unit }) => amountIn(unit, amountMinor)).join(", ")}`,
      "  on Shopify and HubSpot nothing was deleted; backups made before still hold the person: docs/operations.md says what to do",
    ].join("\n"),
  )
})

export const command = Command.make(
  "erase",
  { person, by, reason, yes, store: Session.store, json: Output.json },
  ({ by: who, json, person: text, reason: why, store, yes: really }) =>
    Effect.gen(function* () {
      const options = { by: who, reason: why, json }
      const handle = yield* find(text, true)
      yield* really ? perform(handle, options) : show(handle, options)
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Erase a person from facts, ledger, outbox, messages and vault; shows what is held until --yes is given",
  ),
  Command.withExamples([
    {
      command: "advocacy erase ada@example.com --by 'Kim' --reason 'request of 1 October'",
      description: "See what is held and what would be forfeited",
    },
    {
      command: "advocacy erase customer/7 --by 'Kim' --reason 'request of 1 October' --yes",
      description: "Erase; it cannot be taken back",
    },
  ]),
)
