/** Cases about what a program costs and brings. */
import * as EarnedMedia from "@advocacy-kit/core/metric/EarnedMedia"
import * as Economics from "@advocacy-kit/core/metric/Economics"
import * as ViralGrowth from "@advocacy-kit/core/metric/ViralGrowth"
import { asNumber, asObject, field, has, type Json, list, number, numberOr, textOr } from "./Json.ts"
import type { Given, Kinds } from "./Kind.ts"

const known = (inputs: Json, key: string): number | null => (has(inputs, key) ? number(inputs, key) : null)

const numbersByName = (value: Json | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(asObject(value ?? {})).map(([name, one]) => [name, asNumber(one)]))

const viral = ({ inputs }: Given): Json => {
  const k = has(inputs, "k")
    ? number(inputs, "k")
    : ViralGrowth.coefficient(number(inputs, "invitesPerCustomer"), number(inputs, "conversion"))
  const [seed, cycle, time] = [known(inputs, "seed"), known(inputs, "cycleTime"), known(inputs, "t")]
  const amplification = ViralGrowth.amplification(k)
  return {
    k,
    users: seed === null || cycle === null || time === null ? null : ViralGrowth.customersAfter(k, seed, cycle, time),
    totalProgenyIfSubcritical: seed === null || amplification === null ? null : seed * amplification,
    amplification,
  }
}

const economics = ({ inputs }: Given): Json => {
  if (has(inputs, "schmitt")) {
    const told = field(inputs, "schmitt")
    return { roi: Economics.rewardReturn(number(told, "clvUplift"), number(told, "reward")) }
  }
  const spend = numbersByName(field(inputs, "referralSpend"))
  const rewards = spend["rewards"] ?? 0
  const found = Economics.economics({
    rewards,
    otherCost: Object.values(spend).reduce((sum, one) => sum + one, 0) - rewards,
    referredCustomers: numberOr(inputs, "referredCustomers", 0),
    referredRevenue: numberOr(inputs, "referredRevenue", 0),
    grossMargin: known(inputs, "grossMargin"),
    incrementality: known(inputs, "incrementality"),
    monthlyMarginPerCustomer: known(inputs, "monthlyMarginPerCustomer"),
    lifetimeValue: known(inputs, "clv"),
  })
  return {
    cac: found.acquisitionCost,
    incrementalCustomers: found.incrementalCustomers,
    icac: found.incrementalAcquisitionCost,
    rewardCostRatio: found.rewardCostRatio,
    grossRoi: found.grossReturn,
    incrementalRoi: found.incrementalReturn,
    paybackMonths: found.paybackMonths,
    clvToCac: found.valueToCost,
    breakEvenReward: found.breakEvenReward,
  }
}

const earnedMedia = ({ inputs }: Given): Json => {
  const rates = field(inputs, "rates")
  const posts = list(inputs, "posts").map((post) => ({
    channel: textOr(post, "channel", ""),
    impressions: numberOr(post, "impressions", 0),
    engagements: has(post, "engagements") ? numbersByName(field(post, "engagements")) : {},
  }))
  const found = EarnedMedia.earnedMedia(posts, {
    perThousand: numbersByName(asObject(rates)["cpm"]),
    perEngagement: numbersByName(asObject(rates)["perEngagement"]),
  })
  return { emv: found.costEquivalent, unpriced: found.unpriced }
}

export const growthKinds: Kinds = {
  viral: { run: viral },
  economics: { run: economics },
  "earned-media-value": { run: earnedMedia },
}
