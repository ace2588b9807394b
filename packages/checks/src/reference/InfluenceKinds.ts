/** Cases about what customers bring by influencing others. */
import * as ReferralValue from "@advocacy-kit/core/metric/ReferralValue"
import * as BetaBinomial from "@advocacy-kit/core/statistics/BetaBinomial"
import { asList, asNumber, asObject, has, isList, type Json, list, number, numberOr, numbers } from "./Json.ts"
import type { Kind, Kinds } from "./Kind.ts"

const perYear = (value: Json | undefined): number | ReadonlyArray<number> =>
  isList(value) ? asList(value).map(asNumber) : asNumber(value ?? 0)

const acquired = (referral: Json): ReferralValue.Acquired => ({
  typeOneChance: has(referral, "p1") ? number(referral, "p1") : number(referral, "type") === 1 ? 1 : 0,
  marginPerYear: has(referral, "marginPerYear") ? list(referral, "marginPerYear").map(asNumber) : [],
  retentionCostPerYear: perYear(asObject(referral)["retentionCostPerYear"]),
  acquisitionSaving: numberOr(referral, "acquisitionSaving", 0),
  reward: numberOr(referral, "referralReward", 0),
  yearAcquired: numberOr(referral, "yearAcquired", 1),
})

const empiricalBayes: Kind = {
  run: ({ inputs }) => {
    const trials = numbers(inputs, "referrals")
    const groups = numbers(inputs, "conversions").map((successes, at) => ({ successes, trials: trials[at] ?? 0 }))
    const prior = BetaBinomial.fit(groups)
    if (prior === null) return null
    const found = groups.map((group) => BetaBinomial.posterior(prior, group, numberOr(inputs, "tail", 0.05)))
    return {
      alpha: prior.alpha,
      beta: prior.beta,
      posteriorMean: found.map(({ mean }) => mean),
      lower05: found.map(({ lower }) => lower),
    }
  },
}

export const influenceKinds: Kinds = {
  "empirical-bayes": empiricalBayes,
  "customer-referral-value": {
    run: ({ inputs }) => {
      const found = ReferralValue.customerReferralValue(
        list(inputs, "referrals").map(acquired),
        number(inputs, "annualDiscount"),
      )
      return { typeOne: found.typeOne, typeTwo: found.typeTwo, crv: found.total }
    },
  },
}
