/**
 * What a referral program does: who takes part, what comes of it, what it costs, and whether it stays authentic.
 *
 * What attribution credits is `credited`: it does not say that the program caused it. Amounts are of the program's currency; points
 * are not money and are left out of costs.
 */
import type { PersonId } from "../person/People.ts"
import { days } from "../id/Instant.ts"
import { gini, topShare } from "../statistics/Concentration.ts"
import { none, type Metric, type Value } from "./Metric.ts"
import { economics } from "./Economics.ts"
import { shareOf, sum } from "./Shares.ts"
import type { Study } from "./Study.ts"
import * as ViralGrowth from "./ViralGrowth.ts"

type Credit = Study["credits"][number]

const advocateCredits = ({ credits }: Study): ReadonlyArray<Credit> => credits.filter(({ role }) => role === "advocate")

const isCredited = ({ outcome }: Credit): boolean => outcome === "credited"

const counted = (
  name: string,
  question: string,
  grain: Metric<Study>["grain"],
  read: Metric<Study>["read"],
): Metric<Study> => ({ name, question, unit: "share", grain, standing: "counted", read })

/** Advocates who shared, whose link was followed, who invited somebody, or whose code was used. */
const active = (study: Study): ReadonlySet<PersonId> =>
  new Set([
    ...study.sharings.map(({ advocate }) => advocate),
    ...study.shares.map(({ advocate }) => advocate),
    ...advocateCredits(study).flatMap(({ person, reason }) => (reason === "unknown-code" ? [] : [person])),
  ])

export const participationRate = counted(
  "participation-rate",
  "What share of enrolled advocates has shared: by what they told, a link that was followed, an invitation, a code that was used?",
  "advocate",
  (study) => {
    const sharing = active(study)
    return shareOf(
      [...study.advocates.keys()].filter((person) => sharing.has(person)).length,
      study.advocates.size,
      "nobody is enrolled yet",
    )
  },
)

export const advocateRate = counted(
  "advocate-rate",
  "What share of enrolled advocates has brought at least one friend?",
  "advocate",
  (study) => {
    const brought = new Set(
      advocateCredits(study)
        .filter(isCredited)
        .map(({ person }) => person),
    )
    return shareOf(
      [...study.advocates.keys()].filter((person) => brought.has(person)).length,
      study.advocates.size,
      "nobody is enrolled yet",
    )
  },
)

export const referralRate: Metric<Study> = {
  ...counted("referral-rate", "What share of new customers came by a credited referral?", "customer", (study) => {
    const first = study.purchases.filter(({ isFirst }) => isFirst)
    return shareOf(first.filter(({ advocate }) => advocate !== null).length, first.length, "no new customers")
  }),
  standing: "credited",
}

export const qualificationRate = counted(
  "qualification-rate",
  "What share of purchases with referral evidence is credited?",
  "referral",
  (study) => {
    const judged = advocateCredits(study)
    return shareOf(judged.filter(isCredited).length, judged.length, "no referral evidence yet")
  },
)

/** Distinct visitors of advocates' links, and which of them a credited purchase of their own followed. */
export const visitConversion: Metric<Study> = {
  ...counted(
    "referral-conversion-rate",
    "What share of those who followed a link went on to a credited first purchase?",
    "visitor",
    (study) => {
      const visitors = new Set(study.shares.flatMap(({ friend, kind }) => (kind === "visit" ? [friend] : [])))
      const bought = new Set(
        study.purchases.flatMap(({ advocate, isFirst, person }) =>
          advocate !== null && isFirst && person !== null ? [person] : [],
        ),
      )
      return shareOf(
        [...visitors].filter((friend) => bought.has(friend)).length,
        visitors.size,
        "nobody has followed a link yet",
        "by the people that visits and purchases name; who came on another device is not seen",
      )
    },
  ),
  standing: "credited",
}

const matureDays = 180

/** Everybody who bought, who brought them, and when. */
const membersOf = ({ purchases }: Study): ReadonlyArray<ViralGrowth.Member> =>
  purchases.flatMap(({ advocate, at, isFirst, person }) =>
    isFirst && person !== null ? [{ id: person, referrer: advocate, joinedAt: at / days(1) }] : [],
  )

const growth = (study: Study): ViralGrowth.ObservedGrowth =>
  ViralGrowth.observed(membersOf(study), { asOf: study.until / days(1), window: matureDays, seed: 1 })

/** Measured on customers who have had the whole of the window; younger ones would bias it down. */
export const viralCoefficient: Metric<Study> = {
  name: "viral-coefficient",
  question: `How many new customers does a customer bring within ${matureDays} days?`,
  unit: "ratio",
  grain: "customer",
  standing: "credited",
  read: (study) => {
    const { coefficient, interval, matured } = growth(study)
    return coefficient === null
      ? none(`nobody has been a customer for ${matureDays} days yet`)
      : { estimate: coefficient, interval, sample: matured, note: null }
  },
}

export const cycleTime: Metric<Study> = {
  name: "referral-cycle-time",
  question: "How many days pass, in the median, from a customer's first purchase to that of a friend?",
  unit: "days",
  grain: "referral",
  standing: "credited",
  read: (study) => {
    const { medianCycle } = growth(study)
    const sample = membersOf(study).filter(({ referrer }) => referrer !== null).length
    return medianCycle === null
      ? none("nobody who bought was brought by a customer yet", sample)
      : { estimate: medianCycle, interval: null, sample, note: "of those seen so far: early" }
  },
}

/** Credited referrals of each enrolled advocate, those without one too. */
const referralsEach = (study: Study): ReadonlyArray<number> => {
  const counts = new Map<PersonId, number>([...study.advocates.keys()].map((person) => [person, 0]))
  for (const { person } of advocateCredits(study).filter(isCredited)) counts.set(person, (counts.get(person) ?? 0) + 1)
  return [...counts.values()]
}

const spread = (name: string, question: string, of: (each: ReadonlyArray<number>) => number | null): Metric<Study> => ({
  ...counted(name, question, "advocate", (study) => {
    const each = referralsEach(study)
    const estimate = of(each)
    return estimate === null
      ? none("no credited referral yet", each.length)
      : { estimate, interval: null, sample: each.length, note: null }
  }),
  standing: "credited",
})

export const topTenth = spread(
  "referrals-of-top-tenth",
  "What share of credited referrals comes from the tenth of advocates who bring most?",
  (each) => topShare(each, 0.1),
)

export const concentration = spread(
  "referral-concentration",
  "How unevenly are credited referrals spread over advocates (Gini: 0 evenly, 1 one has all)?",
  gini,
)

interface Cost {
  readonly rewards: number
  readonly revenue: number
  readonly customers: number
  readonly causes: number
  readonly note: string | null
}

/** What was granted on both sides for credited purchases, and what these came to. */
const costOf = ({ credits, currency, purchases }: Study): Cost => {
  const causes = new Set(credits.filter(isCredited).map(({ cause }) => cause))
  const granted = credits.filter(({ cause, outcome }) => causes.has(cause) && outcome !== "refused")
  const money = granted.filter(({ unit }) => unit === currency)
  const bought = purchases.filter(({ cause, currency: of }) => causes.has(cause) && of === currency)
  const others = granted.filter(({ amountMinor, unit }) => unit !== currency && amountMinor > 0n).length
  return {
    rewards: Number(sum(money.map(({ amountMinor }) => amountMinor))),
    revenue: Number(sum(bought.map(({ netMinor }) => netMinor))),
    customers: bought.filter(({ isFirst }) => isFirst).length,
    causes: bought.length,
    note: others === 0 ? null : "points are not money and are left out",
  }
}

const economic = (
  name: string,
  question: string,
  unit: "currency" | "share",
  of: (
    figures: ReturnType<typeof economics>,
    cost: Cost,
  ) => { readonly estimate: number | null; readonly sample: number },
): Metric<Study> => ({
  name,
  question,
  unit,
  grain: "referral",
  standing: "credited",
  read: (study): Value => {
    const cost = costOf(study)
    const { estimate, sample } = of(
      economics({
        rewards: cost.rewards,
        otherCost: 0,
        referredCustomers: cost.customers,
        referredRevenue: cost.revenue,
        grossMargin: null,
        incrementality: null,
        monthlyMarginPerCustomer: null,
        lifetimeValue: null,
      }),
      cost,
    )
    return estimate === null
      ? none("no credited referral yet", sample)
      : { estimate, interval: null, sample, note: cost.note }
  },
})

export const rewardCostRatio = economic(
  "reward-cost-ratio",
  "What do rewards on both sides cost, as a share of the referred revenue credited?",
  "share",
  ({ rewardCostRatio: estimate }, { causes }) => ({ estimate, sample: causes }),
)

export const acquisitionCost = economic(
  "referral-acquisition-cost",
  "What do rewards cost for each new customer who came by a credited referral?",
  "currency",
  ({ acquisitionCost: estimate }, { customers }) => ({ estimate, sample: customers }),
)

/** Maturities in which we owe something to somebody. */
const isOwed = (account: string): boolean => account.endsWith("#pending") || account.endsWith("#available")

export const liability: Metric<Study> = {
  name: "reward-liability",
  question: "How much money is promised and not handed over yet?",
  unit: "currency",
  grain: "referral",
  standing: "counted",
  read: ({ credits, currency }) => {
    if (credits.length === 0) return none("nothing was granted yet")
    const open = credits
      .filter(({ unit }) => unit === currency)
      .map(({ legs }) => sum(legs.filter(({ account }) => isOwed(account)).map(({ amountMinor }) => amountMinor)))
      .filter((amountMinor) => amountMinor !== 0n)
    return {
      estimate: Number(sum(open)),
      interval: null,
      sample: open.length,
      note: credits.some(({ unit }) => unit.startsWith("points:")) ? "points are not money and are left out" : null,
    }
  },
}

export const heldRate = counted(
  "held-for-review-rate",
  "What share of purchases with referral evidence waits for a human?",
  "referral",
  (study) => {
    const judged = advocateCredits(study)
    return shareOf(judged.filter(({ review }) => review === "held").length, judged.length, "no referral evidence yet")
  },
)

export const selfReferralRate = counted(
  "self-referral-rate",
  "What share of purchases with referral evidence was by the advocates themselves?",
  "referral",
  (study) => {
    const judged = advocateCredits(study)
    return shareOf(
      judged.filter(({ reason }) => reason === "self-referral").length,
      judged.length,
      "no referral evidence yet",
    )
  },
)
