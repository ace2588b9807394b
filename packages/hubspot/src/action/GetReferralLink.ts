/** Tells the code and link of an advocate, for messages that HubSpot sends. */
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { programInput } from "./ActionDefinition.ts"
import { failed, succeeded } from "./ActionOutcome.ts"
import * as Standing from "./Standing.ts"

export const getReferralLink = Action.make({
  definition: {
    uid: "adv_get_referral_link",
    name: "Get referral link",
    description: "Gives the contact's referral code and link in an advocacy program.",
    card: "Get the link for {{program}}",
    inputs: [programInput],
    outputs: [
      { name: "referralCode", type: "string", label: "Referral code" },
      { name: "referralLink", type: "string", label: "Referral link" },
    ],
    isReadOnly: true,
  },
  reading: "once",
  inputs: z.object({ program: Action.program }),
  perform: ({ program }, occasion) =>
    Effect.map(Standing.read(program, occasion), ({ code, isEnrolled }) =>
      isEnrolled && code !== null
        ? succeeded({ referralCode: code, referralLink: occasion.link(code) })
        : failed("NOT_ENROLLED", `${occasion.contact} has no code in ${program}: enrol the contact first`),
    ),
})
