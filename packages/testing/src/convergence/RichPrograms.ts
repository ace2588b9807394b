/**
 * Versions of a program with all mechanics together, and all that they can ask: shared and recurring credits, budgets and limits of
 * companies, points that expire and tiers that multiply them, terms as shared.
 *
 * Promises: the same chance gives the same versions; numbers are small, so that limits are reached and tiers climbed in a short
 * history. Versions keep the names of their rules, mostly, so that their credits meet.
 */
import type { Currency } from "@advocacy-kit/core/money/Currency"
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import * as Tiers from "@advocacy-kit/core/tier/Tiers"
import type { Chance } from "./Chance.ts"
import * as TroubledPrograms from "./TroubledPrograms.ts"

const { decimal, name, rule } = TroubledPrograms

const some = <A>(chance: Chance, percent: number, make: () => A): ReadonlyArray<A> =>
  chance.percent(percent) ? [make()] : []

const limits = (chance: Chance, currency: Currency): ReadonlyArray<Referral.Limit> => {
  const period = () => chance.pick("day", "week", "month", "quarter", "year", "ever")
  const of = () => chance.pick(Referral.Limits.perAdvocate, Referral.Limits.perCompany, Referral.Limits.budget)
  return [
    ...some(chance, 45, () => of()({ count: chance.between(1, 3), per: period() })),
    ...some(chance, 35, () => of()({ amount: decimal(chance, currency, 50), per: period() })),
    ...some(chance, 10, () => of()({ count: chance.between(1, 3), per: period() })),
  ]
}

const reward = (chance: Chance, currency: Currency): Reward.Reward =>
  chance.pick(
    Reward.discount({ amount: decimal(chance, currency, 20) }),
    Reward.discount({ percentOfOrder: chance.between(1, 33) }),
    Reward.points(chance.between(1, 60)),
  )

const referral = (chance: Chance, currency: Currency): Referral.ReferralMechanic => {
  const plain = TroubledPrograms.mechanic(chance, currency)
  return {
    ...plain,
    conversions: chance.pick(["order", "deal"], ["order", "deal"], ["order"], ["deal"]),
    attribution: { ...plain.attribution, model: chance.pick("last-touch", "first-touch", "shared", "shared") },
    terms: chance.percent(30) ? "asShared" : "atConversion",
    qualifies: [
      ...some(chance, 15, () => Referral.Qualify.enrolled),
      ...some(chance, 20, () => Referral.Qualify.otherCompany),
      ...plain.qualifies,
      ...some(chance, 8, () => Referral.Qualify.channels("web", "pos")),
    ],
    advocate: chance.percent(6) ? null : reward(chance, currency),
    friend: chance.pick(
      Reward.discount({ percent: 10, timing: "atCheckout" }),
      Reward.discount({ percentOfOrder: 7 }),
      Reward.points(9),
      null,
    ),
    recurring: chance.percent(45)
      ? {
          withinDays: chance.between(5, 80),
          count: chance.pick(1, 2, null),
          reward: chance.percent(50) && plain.advocate !== null ? plain.advocate : reward(chance, currency),
        }
      : null,
    limits: [...limits(chance, currency)],
  }
}

const points = (chance: Chance, named: string, currency: Currency): Points.PointsMechanic =>
  Points.make({
    rule: named,
    conversions: chance.pick(["order"], ["order", "deal"]),
    members: chance.percent(75) ? "everybody" : "enrolled",
    perUnit: chance.between(1, 3),
    qualifies: some(chance, 20, () => Referral.Qualify.minimum(decimal(chance, currency, 30))),
    holdDays: chance.pick(0, 7, 14),
    ...(chance.percent(50) ? { expiresAfterDays: chance.between(1, 40) } : {}),
    tierPercent: chance.percent(60) ? { silver: 150, gold: 233 } : {},
    limits: some(chance, 25, () =>
      chance.pick(Referral.Limits.perAdvocate, Referral.Limits.budget)({ count: chance.between(1, 4), per: "month" }),
    ),
  })

const tiers = (chance: Chance, named: string): Tiers.TiersMechanic => {
  const counts = chance.pick("referrals", "points", "spend")
  const low = counts === "referrals" ? chance.between(1, 2) : chance.between(10, 60)
  return Tiers.make({
    rule: named,
    counts,
    period: chance.pick("month", "quarter", "year", "ever"),
    keeps: chance.below(3),
    tiers: [
      { name: "silver", atLeast: `${low}` },
      { name: "gold", atLeast: `${low * 2}` },
    ],
  })
}

const version = (chance: Chance, currency: Currency): Program.Program =>
  Program.make(name, {
    currency,
    timeZone: chance.pick("Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"),
    mechanics: [
      ...some(chance, 95, () => referral(chance, currency)),
      ...some(chance, 8, () => ({ ...referral(chance, currency), rule: "partners" })),
      points(chance, "points", currency),
      ...some(chance, 15, () => points(chance, "bonus", currency)),
      ...some(chance, 75, () => tiers(chance, "tiers")),
      ...some(chance, 25, () => tiers(chance, "club")),
    ],
  })

/** Two to four versions, the first first; most of them in one currency. */
export const draw = (chance: Chance): readonly [Program.Program, ...ReadonlyArray<Program.Program>] => {
  const currency = TroubledPrograms.drawCurrency(chance)
  const make = () => version(chance, chance.percent(12) ? TroubledPrograms.drawCurrency(chance) : currency)
  return [version(chance, currency), ...Array.from({ length: chance.between(1, 3) }, make)]
}

export { name, rule }
