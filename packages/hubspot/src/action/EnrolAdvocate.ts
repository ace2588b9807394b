/** Enrols the contact as an advocate, and gives the code and link that they share. */
import { enrol } from "@advocacy-kit/core/flow/Enrolling"
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { programInput } from "./ActionDefinition.ts"
import { succeeded } from "./ActionOutcome.ts"

export const enrolAdvocate = Action.make({
  definition: {
    uid: "adv_enrol_advocate",
    name: "Enrol as advocate",
    description:
      "Enrols the contact in an advocacy program and issues their share code. Enrolling again changes nothing.",
    card: "Enrol in {{program}}",
    inputs: [programInput],
    outputs: [
      { name: "referralCode", type: "string", label: "Referral code" },
      { name: "referralLink", type: "string", label: "Referral link" },
      { name: "alreadyEnrolled", type: "bool", label: "Was enrolled before" },
    ],
    isReadOnly: false,
  },
  reading: "once",
  inputs: z.object({ program: Action.program }),
  perform: ({ program }, { asOf, contact, link }) =>
    Effect.map(enrol({ program, person: contact, asOf }), ({ code, isRepeated }) =>
      succeeded({ referralCode: code, referralLink: link(code), alreadyEnrolled: isRepeated }),
    ),
})
