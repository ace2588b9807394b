/**
 * Customer referral value: what a customer's referrals are worth, apart from what the customer buys.
 *
 * After Kumar, Petersen and Leone (2007; 2010): whoever would not have come otherwise (type one) brings their margin and
 * saves the cost of acquiring them; whoever would have come anyway (type two) saves that cost only. The reward is paid
 * for both, so a type two can be worth less than nothing. Amounts are in one currency, per person, in whole years.
 * Never add it to the lifetime value of the friends: it is the same money seen from the other side.
 */

export interface Acquired {
  /**
   * Chance that they would not have come without the referral: 1 for type one, 0 for type two; in between from a survey
   * ("would you have bought without it?") or as 1 less the baseline of a holdout.
   */
  readonly typeOneChance: number
  /** Contribution margin of the first, second, … year after the referral. */
  readonly marginPerYear: ReadonlyArray<number>
  /** Cost of keeping the customer, the same every year or year by year. */
  readonly retentionCostPerYear: number | ReadonlyArray<number>
  /** What acquiring the customer by other means would have cost. */
  readonly acquisitionSaving: number
  /** What both sides were paid for the referral. */
  readonly reward: number
  /** The year in which the customer came: saving and reward are discounted from there. */
  readonly yearAcquired: number
}

export interface ReferralValue {
  readonly typeOne: number
  readonly typeTwo: number
  readonly total: number
}

const costIn = (cost: Acquired["retentionCostPerYear"], year: number): number =>
  typeof cost === "number" ? cost : (cost[year] ?? 0)

/** What comes once with every referral, and what comes besides with one of type one. */
const valueOf = (referral: Acquired, annualDiscount: number): { readonly once: number; readonly margin: number } => ({
  once: (referral.acquisitionSaving - referral.reward) / (1 + annualDiscount) ** referral.yearAcquired,
  margin: referral.marginPerYear.reduce(
    (total, margin, year) =>
      total + (margin - costIn(referral.retentionCostPerYear, year)) / (1 + annualDiscount) ** (year + 1),
    0,
  ),
})

/**
 * CRV = Σ type one [Σ_t (margin_t − retention cost_t)/(1 + r)^t + (saving − reward)/(1 + r)^acquired] + Σ type two
 * (saving − reward)/(1 + r)^acquired; t counts years from 1. A referral of uncertain type counts for both by its chance. Somebody without referrals is worth 0 in this sense: that is
 * a statement, not missing data.
 */
export const customerReferralValue = (referrals: ReadonlyArray<Acquired>, annualDiscount: number): ReferralValue => {
  let [typeOne, typeTwo] = [0, 0]
  for (const referral of referrals) {
    const { margin, once } = valueOf(referral, annualDiscount)
    typeOne += referral.typeOneChance * (once + margin)
    typeTwo += (1 - referral.typeOneChance) * once
  }
  return { typeOne, typeTwo, total: typeOne + typeTwo }
}
