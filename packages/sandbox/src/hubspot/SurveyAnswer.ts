/**
 * A contact answers an NPS survey: the submission appears, is associated, and the contact carries the last answer.
 *
 * Real portals compute the contact's properties a while later (reported); here they change in the same commit.
 */
import { invalid } from "./ApiError.ts"
import * as Pair from "./AssociationPair.ts"
import { infer } from "./ObjectTypes.ts"
import * as Body from "./RequestBody.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { Json } from "./RequestBody.ts"
import type { StoredRecord } from "./StoredRecord.ts"

const groups = [
  { from: 9, name: "PROMOTER" },
  { from: 7, name: "PASSIVE" },
  { from: 0, name: "DETRACTOR" },
]

/** `{"contact": "101", "score": 9}`; answers the submission's id. */
export const answer = (state: HubSpotState, body: Json): Json => {
  const score = Body.integer(body, "score", -1)
  if (score < 0 || score > 10) throw invalid(`"score" must be a whole number from 0 to 10`)
  const contact = Pair.refOf(state, infer("contacts"), Body.text(body, "contact"))
  const record = state.get("contacts", contact.id)
  if (record === undefined) throw invalid(`contact ${contact.id} does not exist`)
  const submission = { name: "feedback_submissions", id: state.newId() } as const
  const at = state.tick()
  const submitted: StoredRecord = {
    id: submission.id,
    createdAt: at,
    updatedAt: at,
    archived: false,
    properties: {
      hs_survey_type: "NPS",
      hs_value: String(score),
      hs_response_group: groups.find(({ from }) => score >= from)?.name ?? "",
      hs_submission_timestamp: at,
    },
  }
  const answered: StoredRecord = {
    ...record,
    updatedAt: at,
    properties: {
      ...record.properties,
      hs_feedback_last_nps_rating: String(score),
      hs_feedback_last_survey_date: at,
    },
  }
  const kinds = [Pair.plainKind("feedback_submissions", "contacts")]
  state.commit([
    { op: "record", name: "feedback_submissions", record: submitted },
    { op: "record", name: "contacts", record: answered },
    ...Pair.linkChanges({ from: submission, to: contact, kinds }),
  ])
  return { id: submission.id }
}
