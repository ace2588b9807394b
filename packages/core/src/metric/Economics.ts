/**
 * What a referral program costs and brings, per customer and per unit of money spent.
 *
 * All amounts are in one currency and one unit. Attribution says who was credited; `incrementality` is the share of
 * referred customers who would not have come otherwise, from a holdout. Where it is unknown, what depends on it is null
 * and not the same as if all were caused. A denominator of zero gives null.
 */

export interface ProgramFigures {
  /** What the period cost: rewards on both sides, and everything else. */
  readonly rewards: number
  readonly otherCost: number
  readonly referredCustomers: number
  readonly referredRevenue: number
  /** Share of revenue left after the cost of goods, 0 to 1. */
  readonly grossMargin: number | null
  /** Share of referred customers caused by the program, 0 to 1. */
  readonly incrementality: number | null
  readonly monthlyMarginPerCustomer: number | null
  /** Expected margin of a referred customer over their time, discounted. */
  readonly lifetimeValue: number | null
}

export interface Economics {
  /** Cost per referred customer. */
  readonly acquisitionCost: number | null
  readonly incrementalCustomers: number | null
  /** Cost per customer who would not have come otherwise. */
  readonly incrementalAcquisitionCost: number | null
  /** Rewards over referred revenue. */
  readonly rewardCostRatio: number | null
  /** (revenue × margin − cost) / cost, as if all referred revenue were caused. */
  readonly grossReturn: number | null
  /** The same with the caused share of revenue only. */
  readonly incrementalReturn: number | null
  /** Months of a customer's margin until their acquisition cost has come back. */
  readonly paybackMonths: number | null
  readonly valueToCost: number | null
  /** Reward per referred customer at which the program neither gains nor loses: value × incrementality − other cost. */
  readonly breakEvenReward: number | null
}

/** `upper / lower`; null where either is unknown or the denominator is zero. */
const ratio = (upper: number | null, lower: number | null): number | null =>
  upper === null || lower === null || lower === 0 ? null : upper / lower

const product = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b)

const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)

export const economics = (figures: ProgramFigures): Economics => {
  const { grossMargin, incrementality, lifetimeValue, monthlyMarginPerCustomer } = figures
  const { otherCost, referredCustomers, referredRevenue, rewards } = figures
  const cost = rewards + otherCost
  const incrementalCustomers = product(referredCustomers, incrementality)
  const acquisitionCost = ratio(cost, referredCustomers)
  const margin = product(referredRevenue, grossMargin)
  return {
    acquisitionCost,
    incrementalCustomers,
    incrementalAcquisitionCost: ratio(cost, incrementalCustomers),
    rewardCostRatio: ratio(rewards, referredRevenue),
    grossReturn: ratio(less(margin, cost), cost),
    incrementalReturn: ratio(less(product(margin, incrementality), cost), cost),
    paybackMonths: ratio(acquisitionCost, monthlyMarginPerCustomer),
    valueToCost: ratio(lifetimeValue, acquisitionCost),
    breakEvenReward: less(product(lifetimeValue, incrementality), ratio(otherCost, referredCustomers)),
  }
}

/** Return on a reward that brings customers worth `uplift` more (Schmitt, Skiera, Van den Bulte 2011): (uplift − reward) / reward. */
export const rewardReturn = (uplift: number, reward: number): number | null => ratio(uplift - reward, reward)

/**
 * How much of advocacy hangs on rewards: referrals per day after a reward was withdrawn over those before, less than 1
 * where people referred for the reward. Null without days or referrals before.
 */
export const rewardDependence = (
  before: { readonly referrals: number; readonly days: number },
  after: { readonly referrals: number; readonly days: number },
): number | null => ratio(ratio(after.referrals, after.days), ratio(before.referrals, before.days))
