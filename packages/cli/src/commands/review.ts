/**
 * `advocacy review`: what waits for a human, and the human's word about one of them.
 */
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { queue, review } from "@advocacy-kit/core/flow/Reviewing"
import { render } from "@advocacy-kit/core/because/Because"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { CreditKey } from "@advocacy-kit/core/ledger/Credit"
import type { Waiting } from "@advocacy-kit/core/program/ReviewQueue"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as PersonArgument from "../PersonArgument.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const action = Argument.Literals("action", ["list", "release", "reject"]).pipe(
  Argument.withDescription("list (the default), release or reject"),
  Argument.withDefault("list" as const),
)
const credit = Argument.String("credit").pipe(
  Argument.withDescription("The credit's key, in quotes, for release and reject"),
  Argument.optional,
)
const to = Flag.String("to").pipe(
  Flag.withDescription("With release: who shall have it, where the evidence names several"),
  Flag.optional,
)
const by = Flag.String("by").pipe(Flag.withDescription("With release and reject: who decides"), Flag.optional)
const reason = Flag.String("reason").pipe(Flag.withDescription("With release and reject: why"), Flag.optional)
const force = Flag.Boolean("force").pipe(
  Flag.withDescription("Decide although it is not held: reject what was granted, or take a decision back"),
  Flag.withDefault(false),
)

const millisADay = 86_400_000

const entryOf = (one: Waiting) => ({
  credit: one.credit,
  cause: one.cause,
  reason: one.reason,
  since: toIso(one.at),
  ageDays: Math.floor(one.ageMillis / millisADay),
  unit: one.unit,
  amount: one.amountMinor,
  handedOver: one.committedMinor,
  beneficiary: one.beneficiary,
  candidates: one.candidates,
  code: one.code,
  signals: one.signals,
  because: one.because,
})
type Entry = ReturnType<typeof entryOf>

const entryText = (terminal: Terminal.Terminal, one: Entry): ReadonlyArray<string> => [
  `  ${terminal.style("yellow", one.reason)}  ${one.credit}`,
  `      ${[
    amountIn(one.unit, one.amount),
    `for ${one.beneficiary ?? `one of ${one.candidates.join(", ")}`}`,
    `${Terminal.count(one.ageDays)} days`,
    ...(one.code === null ? [] : [`code ${one.code}`]),
    ...(one.handedOver === 0n ? [] : [`${amountIn(one.unit, one.handedOver)} handed over already`]),
  ].join(", ")}`,
  ...render(one.signals)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `      ${line}`),
]

const shown = 50

const listText = (terminal: Terminal.Terminal, entries: ReadonlyArray<Entry>): string =>
  [
    Terminal.heading(terminal, "Review queue"),
    entries.length === 0 ? "  nothing waits for a human" : `  ${Terminal.count(entries.length)} wait, the oldest first`,
    ...entries.slice(0, shown).flatMap((entry) => entryText(terminal, entry)),
    ...(entries.length > shown ? [`  and ${entries.length - shown} more: use --json`] : []),
  ].join("\n")

interface Asked {
  readonly verdict: "release" | "reject"
  readonly credit: string | null
  readonly to: string | null
  readonly by: string | null
  readonly reason: string | null
  readonly force: boolean
}

const decide = (asked: Asked) =>
  Effect.gen(function* () {
    const { asOf, program } = yield* Session.Session
    if (asked.credit === null)
      return yield* Failure.usage(
        `name the credit to ${asked.verdict}`,
        "`advocacy review list` shows the keys; put them in quotes",
      )
    if (asked.by === null || asked.reason === null)
      return yield* Failure.usage("say who decides and why", "add --by NAME --reason TEXT")
    const [beneficiary] = asked.to === null ? [] : (yield* PersonArgument.resolve([asked.to])).people
    return yield* review({
      program,
      credit: asked.credit,
      verdict: asked.verdict,
      ...(beneficiary === undefined ? {} : { beneficiary }),
      by: asked.by,
      reason: asked.reason,
      force: asked.force,
      asOf,
    })
  })

const list = (json: boolean) =>
  Effect.gen(function* () {
    const { asOf, program } = yield* Session.Session
    const entries = (yield* queue(program, asOf)).map(entryOf)
    yield* Output.print(json, { asOf: toIso(asOf), waiting: entries }, (terminal) => listText(terminal, entries))
  })

const decision = (json: boolean, asked: Asked) =>
  Effect.gen(function* () {
    const { evaluation, fact, isRepeated } = yield* decide(asked)
    const now = evaluation.credits.get(fact.credit as CreditKey)
    const result = {
      fact: fact.key,
      repeated: isRepeated,
      credit: fact.credit,
      verdict: fact.verdict,
      by: fact.by,
      reason: fact.reason,
      outcome: now?.outcome ?? null,
      review: now?.review ?? null,
      beneficiary: now?.beneficiary ?? null,
      unit: now?.unit ?? null,
      amount: now?.amountMinor ?? null,
    }
    yield* Output.print(json, result, (terminal) =>
      [
        isRepeated
          ? `  ${terminal.style("yellow", "decided before")} by ${fact.by}: ${fact.verdict} ${fact.credit}`
          : `  ${terminal.style("green", fact.verdict === "release" ? "released" : "rejected")} ${fact.credit}`,
        ...(now === undefined
          ? []
          : [`      it is ${now.outcome}: ${amountIn(now.unit, now.amountMinor)} for ${now.beneficiary}`]),
      ].join("\n"),
    )
  })

export const command = Command.make(
  "review",
  { action, credit, to, by, reason, force, store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ action: doing, by: who, credit: named, force: insists, json, reason: why, to: whom, ...options }) =>
    (doing === "list"
      ? list(json)
      : decision(json, {
          verdict: doing,
          credit: Option.getOrNull(named),
          to: Option.getOrNull(whom),
          by: Option.getOrNull(who),
          reason: Option.getOrNull(why),
          force: insists,
        })
    ).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What is held for a human, with reason, age, worth and signs; release one, or reject it, with who and why",
  ),
  Command.withExamples([
    { command: "advocacy review", description: "Everything that waits, the oldest first" },
    {
      command: "advocacy review release 'refer-a-friend|referral|shopify:order/7|advocate|' --by sam --reason 'family'",
      description: "Credit it, and its friend's credit with it",
    },
    {
      command: "advocacy review reject 'refer-a-friend|referral|shopify:order/7|advocate|' --by sam --reason 'fraud'",
      description: "Refuse it for good; what was handed over becomes a debt",
    },
  ]),
)
