/**
 * A scored customer as the commands show them: by their record's handle, never by name.
 */
import type { Candidate } from "@advocacy-kit/core/advocate/Identification"
import type { Enrolments } from "@advocacy-kit/core/advocate/Enrolment"
import { principalHandle, type People } from "@advocacy-kit/core/person/People"

/** What every command tells of a candidate. */
export const entryOf = (people: People, { codes }: Enrolments, candidate: Candidate) => ({
  person: candidate.person,
  record: principalHandle(people, candidate.person),
  score: candidate.score,
  eligible: candidate.eligible,
  code: codes.get(candidate.person)?.[0]?.code ?? null,
  inputs: candidate.inputs,
})
export type Entry = ReturnType<typeof entryOf>
