/**
 * What stands in an installation: people, credits with reasons, balances, effects, metrics, parked messages.
 *
 * It reads what is stored and posts nothing. `gather` reads once; the terminal, `--json` and the page tell of the same `Report`.
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
import * as Session from "../Session.ts"

export interface Counted {
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

/** The report, and what it was made of for whoever tells more of it. */
export const gather = Effect.gen(function* () {
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
  const study = Study.make({ facts: trail.facts, evaluation: trail.evaluation })
  const report = {
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
    metrics: Catalogue.readAll(study),
    inbox: yield* inbox.counts,
    parked: yield* inbox.parked,
    nextDueAt: trail.evaluation.nextDueAt === null ? null : toIso(trail.evaluation.nextDueAt),
  }
  return { report, trail, study }
})

export type Gathered = Effect.Success<typeof gather>
export type Report = Gathered["report"]
