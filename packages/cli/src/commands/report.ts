/**
 * `advocacy report`: what stands in an installation: people, credits with reasons, balances, effects, metrics, parked messages.
 *
 * It reads what is stored and posts nothing.
 */
import { fold } from "@advocacy-kit/core/advocate/Enrolment"
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { balancesOf, standsAt } from "@advocacy-kit/core/flow/Digesting"
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import type { Balance } from "@advocacy-kit/core/ledger/Ledger"
import * as Catalogue from "@advocacy-kit/core/metric/Catalogue"
import * as Study from "@advocacy-kit/core/metric/Study"
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as Amount from "../Amount.ts"
import * as Failure from "../Failure.ts"
import * as MetricText from "../MetricText.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

interface Counted {
  readonly role: string
  readonly outcome: string
  readonly reason: string | null
  readonly review: string
  readonly unit: string
  readonly count: number
  readonly amountMinor: bigint
}

const total = (amounts: Iterable<{ readonly amountMinor: bigint }>): bigint => {
  let sum = 0n
  for (const { amountMinor } of amounts) sum += amountMinor
  return sum
}

const countCredits = (credits: ReadonlyArray<Credit>): ReadonlyArray<Counted> =>
  [
    ...Map.groupBy(credits, ({ outcome, reason, review, role, unit }) =>
      JSON.stringify([role, outcome, reason, review, unit]),
    ),
  ]
    .flatMap(([, group]): ReadonlyArray<Counted> => {
      const [one] = group
      if (one === undefined) return []
      return [
        {
          role: one.role,
          outcome: one.outcome,
          reason: one.reason,
          review: one.review,
          unit: one.unit,
          count: group.length,
          amountMinor: total(group),
        },
      ]
    })
    .sort((left, right) => (left.role === right.role ? right.count - left.count : left.role < right.role ? -1 : 1))

/** Sums per maturity of handles' accounts, and what programs have granted in all. */
const sumBalances = (balances: ReadonlyArray<Balance>) =>
  [...Map.groupBy(balances, ({ account, unit }) => `${account.slice(account.lastIndexOf("#") + 1)} ${unit}`)]
    .map(([name, group]) => {
      const [maturity = "", unit = ""] = name.split(" ")
      return { maturity, unit, accounts: group.length, amountMinor: total(group) }
    })
    .sort((left, right) => (`${left.unit} ${left.maturity}` < `${right.unit} ${right.maturity}` ? -1 : 1))

const gather = Effect.gen(function* () {
  const { asOf, program } = yield* Session.Session
  const inbox = yield* Inbox
  const trail = yield* Explaining.read(program, asOf)
  const { people } = trail.evaluation.history
  // The ledger is asked while it stands at that time; for any other time, what the rules say of the facts then.
  const fromLedger = trail.posted.size > 0 && standsAt(asOf, trail.posted)
  const credits = fromLedger
    ? [...trail.posted.values()].map(({ credit }) => credit)
    : [...trail.evaluation.credits.values()]
  const byState = Map.groupBy(trail.effects, ({ effect, state }) => `${effect._tag} ${state}`)
  return {
    asOf: toIso(asOf),
    program,
    source: fromLedger ? "ledger" : "facts",
    terms: trail.evaluation.terms?.hash ?? null,
    currency: trail.evaluation.terms?.currency ?? null,
    people: {
      all: people.all.length,
      withSeveralRecords: people.all.filter((person) => people.recordsOf(person).length > 1).length,
      buyers: trail.evaluation.history.purchases.size,
      enrolled: fold(trail.facts, people, program).enrolled.size,
    },
    credits: countCredits(credits),
    balances: sumBalances(fromLedger ? trail.balances : balancesOf(credits)),
    effects: [...byState]
      .map(([name, group]) => ({
        effect: name.split(" ")[0] ?? "",
        state: name.split(" ")[1] ?? "",
        count: group.length,
      }))
      .sort((left, right) => (`${left.effect}${left.state}` < `${right.effect}${right.state}` ? -1 : 1)),
    metrics: Catalogue.readAll(Study.make({ facts: trail.facts, evaluation: trail.evaluation })),
    inbox: yield* inbox.counts,
    parked: yield* inbox.parked,
    nextDueAt: trail.evaluation.nextDueAt === null ? null : toIso(trail.evaluation.nextDueAt),
  }
})

type Report = Effect.Success<typeof gather>

const text = (terminal: Terminal.Terminal, report: Report): string => {
  const number = { align: "right" } as const
  const table = (titles: ReadonlyArray<Terminal.Column>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
    rows.length === 0 ? "  none" : Terminal.table(terminal, titles, rows)
  return [
    Terminal.heading(terminal, `${report.program} as of ${report.asOf}`),
    `  ${Terminal.count(report.people.all)} people (${Terminal.count(report.people.withSeveralRecords)} of them with several records), ${Terminal.count(report.people.buyers)} of them buyers, ${Terminal.count(report.people.enrolled)} enrolled`,
    Terminal.heading(terminal, "Credits"),
    table(
      [
        { title: "role" },
        { title: "outcome" },
        { title: "reason" },
        { title: "review" },
        { title: "count", ...number },
        { title: "worth", ...number },
      ],
      report.credits.map((one) => [
        one.role,
        one.outcome,
        one.reason ?? "-",
        one.review,
        Terminal.count(one.count),
        Amount.format(one.unit, one.amountMinor),
      ]),
    ),
    Terminal.heading(terminal, "Balances"),
    table(
      [{ title: "maturity" }, { title: "accounts", ...number }, { title: "sum", ...number }],
      report.balances.map((one) => [
        one.maturity,
        Terminal.count(one.accounts),
        Amount.format(one.unit, one.amountMinor),
      ]),
    ),
    Terminal.heading(terminal, "Outbox"),
    table(
      [{ title: "effect" }, { title: "state" }, { title: "count", ...number }],
      report.effects.map((one) => [one.effect, one.state, Terminal.count(one.count)]),
    ),
    Terminal.heading(terminal, "Metrics"),
    MetricText.table(
      terminal,
      "metric",
      report.metrics.map((reading) => ({ label: reading.name, reading })),
      report.currency,
    ),
    Terminal.heading(terminal, "Messages"),
    `  ${Terminal.count(report.inbox.open)} waiting, ${Terminal.count(report.inbox.done)} done, ${Terminal.count(report.inbox.parked)} parked`,
    ...report.parked.slice(0, 20).map(({ eventKey, reason, source }) => `  ${source} ${eventKey}: ${reason}`),
  ].join("\n")
}

export const command = Command.make(
  "report",
  { store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ json, ...options }) =>
    Effect.gen(function* () {
      const report = yield* gather
      yield* Output.print(json, report, (terminal) => text(terminal, report))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What stands: people, credits by outcome and reason, balances, rewards, metrics with intervals, parked messages",
  ),
  Command.withExamples([
    { command: "advocacy report", description: "Report on the demo's store" },
    { command: "advocacy report --json", description: "The same for a program to read" },
  ]),
)
