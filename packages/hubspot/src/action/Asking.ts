/**
 * The actions that ask an advocate for something: they decide whether this contact may be asked now, record it, and see that what a
 * message needs stands on the contact. The message itself is the workflow's next step.
 */
import { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import { ask, type Ask } from "@advocacy-kit/core/flow/Asking"
import { standings } from "@advocacy-kit/core/flow/Showing"
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { type ActionDefinition, type InputField, programInput } from "./ActionDefinition.ts"
import { failed, succeeded } from "./ActionOutcome.ts"
import * as Standing from "./Standing.ts"

const restInput: InputField = {
  name: "minimumDaysBetween",
  type: "number",
  label: "Days since the last ask",
  description: "The contact is not asked sooner than this after the last ask, of whatever kind. 30 where left empty.",
  isRequired: false,
  mayBeProperty: false,
}
const restDays = 30

const inputs = z.object({
  program: Action.program,
  minimumDaysBetween: Action.whole("the days")
    .refine((days) => days >= 0n && days <= 3_650n, "give 0 to 3650 days")
    .optional(),
})

const asking = (what: Ask["ask"], definition: ActionDefinition): Action.Action =>
  Action.make({
    definition,
    reading: "anew",
    inputs,
    perform: ({ minimumDaysBetween, program }, occasion) =>
      Effect.gen(function* () {
        const { asOf, contact, key, link } = occasion
        const { code, facts, isEnrolled } = yield* Standing.read(program, occasion)
        if (!isEnrolled || code === null)
          return failed("NOT_ENROLLED", `${contact} has no code in ${program}: enrol the contact first`)
        const days = minimumDaysBetween === undefined ? restDays : Number(minimumDaysBetween)
        const { evaluation, fact, isRepeated } = yield* ask({
          program,
          person: contact,
          ask: what,
          channel: "hubspot-workflow",
          minimumDaysBetween: days,
          key,
          asOf,
        })
        const shown = standings(facts, evaluation, { record: "hubspot:contact/", link }).filter(
          ({ record }) => evaluation.history.people.personOf(record) === evaluation.history.people.personOf(contact),
        )
        yield* (yield* WriteBack).write(shown, [])
        return succeeded({ referralCode: code, referralLink: link(code), askId: fact.key, alreadyAsked: isRepeated })
      }),
  })

const outputs: ActionDefinition["outputs"] = [
  { name: "referralCode", type: "string", label: "Referral code" },
  { name: "referralLink", type: "string", label: "Referral link" },
  { name: "askId", type: "string", label: "Id of the ask" },
  { name: "alreadyAsked", type: "bool", label: "Was asked by this step before" },
]

export const sendReferralInvitation = asking("referral", {
  uid: "adv_send_referral_invite",
  name: "Prepare referral invitation",
  description:
    "Sees that the advocate may be asked now (consent, rest since the last ask), records the ask, and puts code and link on the contact. Send the e-mail in the next step.",
  card: "Invite to refer for {{program}}",
  inputs: [programInput, restInput],
  outputs,
  isReadOnly: false,
})

export const requestReference = asking("reference", {
  uid: "adv_request_reference",
  name: "Request a reference",
  description:
    "Sees that the advocate may be asked now, and records that they are asked for a reference. Write to them in the next step.",
  card: "Ask for a reference in {{program}}",
  inputs: [programInput, restInput],
  outputs,
  isReadOnly: false,
})
