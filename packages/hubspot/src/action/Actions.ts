/** Every workflow action, by its uid. A new one is a file and an entry here. */
import type { Action } from "./Action.ts"
import { requestReference, sendReferralInvitation } from "./Asking.ts"
import { awardPoints } from "./AwardPoints.ts"
import { checkTier } from "./CheckTier.ts"
import { enrolAdvocate } from "./EnrolAdvocate.ts"
import { getReferralLink } from "./GetReferralLink.ts"
import { recordConversion } from "./RecordConversion.ts"

export const actions: ReadonlyArray<Action> = [
  enrolAdvocate,
  getReferralLink,
  sendReferralInvitation,
  awardPoints,
  checkTier,
  recordConversion,
  requestReference,
]

export const named = (uid: string): Action | undefined => actions.find(({ definition }) => definition.uid === uid)
