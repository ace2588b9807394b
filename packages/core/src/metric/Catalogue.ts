/**
 * The metrics that come with the library.
 *
 * Shares carry Wilson's 95 % interval, the Net Promoter Score the adjusted Wald interval. What attribution credits is
 * labelled credited: it does not say that advocacy caused it.
 */
import * as Enrolment from "../advocate/Enrolment.ts"
import { newestAnswers } from "../advocate/Identification.ts"
import type { Fact } from "../fact/Fact.ts"
import { dateIn } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import { countScores, netPromoter } from "../statistics/NetPromoter.ts"
import { wilson } from "../statistics/Proportion.ts"
import * as Metric from "./Metric.ts"

/** What the ready metrics fold over. */
export interface Input {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
}

type Definition = Metric.Metric<Input>

const share = (successes: number, trials: number, nothing: string) => ({
  estimate: trials === 0 ? null : successes / trials,
  interval: wilson(successes, trials),
  sample: trials,
  note: trials === 0 ? nothing : null,
})

const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}

const kept = ({ evaluation }: Input): ReadonlyArray<Conversion> =>
  evaluation.history.conversions.filter(
    ({ cancelledAt, netMinor, test }) => !test && cancelledAt === null && netMinor > 0n,
  )

const creditedCauses = ({ evaluation }: Input): ReadonlySet<string> =>
  new Set([...evaluation.credits.values()].filter(({ outcome }) => outcome === "credited").map(({ cause }) => cause))

/** Each buyer's first kept conversion. */
const firstPurchases = (input: Input): ReadonlyArray<Conversion> => {
  const seen = new Set<PersonId>()
  return kept(input).filter(({ friends }) => {
    const buyers = friends.map(input.evaluation.history.people.personOf)
    if (buyers.length === 0 || buyers.some((buyer) => seen.has(buyer))) return false
    for (const buyer of buyers) seen.add(buyer)
    return true
  })
}

const nps: Definition = {
  name: "net-promoter-score",
  question: "How many more customers would recommend the brand than would not?",
  unit: "points",
  read: ({ evaluation, facts }) => {
    const relational = facts.filter((fact) => fact._tag === "SurveyAnswered" && fact.occasion === "relational")
    const scores = [...newestAnswers(relational, evaluation.history.people).values()]
    const found = netPromoter(countScores(scores))
    return {
      estimate: found?.score ?? null,
      interval: found === null ? null : { low: found.low, high: found.high },
      sample: found?.answers ?? 0,
      note: found === null ? "no answers yet" : "newest relational answer of each person",
    }
  },
}

const referralRate: Definition = {
  name: "referral-rate",
  question: "What share of new customers came by a credited referral?",
  unit: "share",
  read: (input) => {
    const first = firstPurchases(input)
    const credited = creditedCauses(input)
    return share(first.filter(({ cause }) => credited.has(cause)).length, first.length, "no customers yet")
  },
}

const qualificationRate: Definition = {
  name: "qualification-rate",
  question: "What share of purchases with referral evidence is credited?",
  unit: "share",
  read: (input) => {
    const advocates = [...input.evaluation.credits.values()].filter(({ role }) => role === "advocate")
    return share(
      advocates.filter(({ outcome }) => outcome === "credited").length,
      advocates.length,
      "no referral evidence yet",
    )
  },
}

const advocateRate: Definition = {
  name: "advocate-rate",
  question: "What share of enrolled advocates has brought at least one friend?",
  unit: "share",
  read: ({ evaluation, facts }) => {
    const { people } = evaluation.history
    const { enrolled } = Enrolment.fold(facts, people, evaluation.program)
    const brought = new Set(
      [...evaluation.credits.values()]
        .filter(({ outcome, role }) => outcome === "credited" && role === "advocate")
        .map(({ beneficiary }) => people.personOf(beneficiary)),
    )
    return share([...enrolled].filter((person) => brought.has(person)).length, enrolled.size, "nobody is enrolled yet")
  },
}

const repeatRate: Definition = {
  name: "repeat-purchase-rate",
  question: "What share of customers has bought on at least two days?",
  unit: "share",
  read: (input) => {
    const bought = new Map<PersonId, Set<string>>()
    const zone = input.evaluation.terms?.definition.timeZone ?? "UTC"
    for (const { at, friends } of kept(input)) {
      for (const buyer of new Set(friends.map(input.evaluation.history.people.personOf))) {
        bought.set(buyer, (bought.get(buyer) ?? new Set()).add(dateIn(at, zone)))
      }
    }
    return share([...bought.values()].filter((dates) => dates.size > 1).length, bought.size, "no customers yet")
  },
}

const rewardCostRatio: Definition = {
  name: "reward-cost-ratio",
  question: "What do rewards on both sides cost, as a share of the referred revenue credited?",
  unit: "share",
  read: (input) => {
    const credits = [...input.evaluation.credits.values()]
    const causes = creditedCauses(input)
    const revenue = sum(
      input.evaluation.history.conversions.filter(({ cause }) => causes.has(cause)).map(({ netMinor }) => netMinor),
    )
    const cost = sum(credits.filter(({ cause }) => causes.has(cause)).map(({ amountMinor }: Credit) => amountMinor))
    return {
      estimate: revenue === 0n ? null : Number(cost) / Number(revenue),
      interval: null,
      sample: causes.size,
      note: revenue === 0n ? "no referred revenue yet" : "credited, not caused",
    }
  },
}

export const catalogue: ReadonlyArray<Definition> = [
  nps,
  referralRate,
  qualificationRate,
  advocateRate,
  repeatRate,
  rewardCostRatio,
]

/** Reads all metrics of the catalogue, or those given. */
export const readAll = (input: Input, metrics: ReadonlyArray<Definition> = catalogue): ReadonlyArray<Metric.Reading> =>
  metrics.map((metric) => Metric.read(metric, input))
