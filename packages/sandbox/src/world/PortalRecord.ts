/**
 * Renders drafts as HubSpot would show them at an instant.
 *
 * Promises: a record at an instant holds exactly the properties it had by then, all as strings, and merged
 * records name the ids they were merged from. Only what exists at that instant is rendered or associated.
 */
import { iso } from "./Calendar.ts"
import type { ContactDraft, RecordDraft, Story } from "./Draft.ts"
import type { CrmAssociation, CrmRecord, Portal } from "./World.ts"

const propertiesAt = (draft: ContactDraft | RecordDraft, at: number): Record<string, string> =>
  Object.assign(
    {},
    draft.properties,
    ...draft.changes.filter((change) => change.at <= at).map(({ properties }) => properties),
  )

const lastChange = (draft: ContactDraft | RecordDraft, at: number): number =>
  Math.max(draft.createdAt, ...draft.changes.filter((change) => change.at <= at).map((change) => change.at))

export const contactAt = (contact: ContactDraft, at: number): CrmRecord => ({
  id: contact.id,
  createdAt: iso(contact.createdAt),
  updatedAt: iso(Math.max(contact.touchedAt, lastChange(contact, at))),
  archived: false,
  properties: {
    ...propertiesAt(contact, at),
    ...(contact.mergedFrom.length === 0
      ? {}
      : { hs_merged_object_ids: contact.mergedFrom.map(({ id }) => id).join(";") }),
  },
})

export const recordAt = (record: RecordDraft, at: number): CrmRecord => ({
  id: record.id,
  createdAt: iso(record.createdAt),
  updatedAt: iso(lastChange(record, at)),
  archived: false,
  properties: propertiesAt(record, at),
})

/** One direction each; HubSpot shows every association from both ends. */
const associationsAt = (records: ReadonlyArray<RecordDraft>, at: number): Array<CrmAssociation> =>
  records.flatMap((record) => [
    ...record.contacts
      .filter((contact) => contact.createdAt <= at)
      .map((contact): CrmAssociation => ({
        fromType: "contacts",
        fromId: contact.id,
        toType: record.type,
        toId: record.id,
      })),
    ...(record.company === null
      ? []
      : [
          {
            fromType: record.type,
            fromId: record.id,
            toType: "companies",
            toId: record.company.id,
          } as const,
        ]),
  ])

export const portalAt = (story: Story, at: number): Portal => {
  const contacts = story.people
    .flatMap((person) => person.contacts)
    .filter((contact) => contact.createdAt <= at)
    .sort((left, right) => left.createdAt - right.createdAt || Number(left.id) - Number(right.id))
  const records = story.records
    .filter((record) => record.createdAt <= at)
    .sort((left, right) => left.createdAt - right.createdAt)
  const ofType = (type: RecordDraft["type"]) =>
    records.filter((record) => record.type === type).map((record) => recordAt(record, at))
  return {
    contacts: contacts.map((contact) => contactAt(contact, at)),
    companies: ofType("companies"),
    deals: ofType("deals"),
    feedbackSubmissions: ofType("feedback_submissions"),
    associations: associationsAt(records, at),
    forwards: contacts.flatMap((contact) => contact.mergedFrom.map(({ id }) => ({ from: id, to: contact.id }))),
  }
}
