/** Cases about what customers bring by influencing others. */
import * as ReferralValue from "@advocacy-kit/core/metric/ReferralValue"
import { asList, asNumber, asObject, has, isList, type Json, list, number, numberOr } from "./Json.ts"
import type { Kinds } from "./Kind.ts"

const perYear = (value: Json | undefined): number | ReadonlyArray<number> =>
  isList(value) ? asList(value).map(asNumber) : asNumber(value ?? 0)

const acquired = (referral: Json): ReferralValue.Acquired => ({
  type: number(referral, "type") === 1 ? "one" : "two",
  marginPerYear: has(referral, "marginPerYear") ? list(referral, "marginPerYear").map(asNumber) : [],
  retentionCostPerYear: perYear(asObject(referral)["retentionCostPerYear"]),
  acquisitionSaving: numberOr(referral, "acquisitionSaving", 0),
  reward: numberOr(referral, "referralReward", 0),
  yearAcquired: numberOr(referral, "yearAcquired", 1),
})

export const influenceKinds: Kinds = {
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
