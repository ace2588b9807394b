/**
 * The program of the demo: a store's refer-a-friend, with rewards on both sides.
 *
 * It is written as an integrator would write it, from the brand's published rules.
 */
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"

export const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  advocates: [{ rule: "score-at-least", score: 70 }, { rule: "marketing-consent" }],
  mechanics: [
    Referral.make({
      evidence: [
        Referral.Evidence.code,
        Referral.Evidence.cartAttribute,
        Referral.Evidence.click,
        Referral.Evidence.invitation,
      ],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: Referral.Qualify.all(Referral.Qualify.newCustomer, Referral.Qualify.minimum("40.00")),
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
      limits: [Referral.Limits.perAdvocate({ count: 10, per: "year" })],
    }),
  ],
})
