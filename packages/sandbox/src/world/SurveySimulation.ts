/**
 * The brand's NPS survey in HubSpot: answers of customers, some of whom answer twice.
 *
 * Promises: exactly as many answers as asked for, all before the live phase; the newest one stands on the contact.
 * Only people with a single contact are asked, so that "newest per person" has one meaning.
 */
import { day, iso, seasonal } from "./Calendar.ts"
import type { ContactDraft, PersonDraft, Story } from "./Draft.ts"
import type { RandomSource } from "./RandomSource.ts"

const responseGroup = (rating: number): string => (rating >= 9 ? "PROMOTER" : rating >= 7 ? "PASSIVE" : "DETRACTOR")

/** Survey answers, some people twice; the newest stands on the contact. */
export const answer = (story: Story, random: RandomSource, count: number): void => {
  const { liveFrom } = story.period
  const asked = random.shuffle(
    story.people.filter(
      (person) =>
        person.contacts.length === 1 &&
        person.accounts.length > 0 &&
        (person.contacts[0]?.createdAt ?? liveFrom) < liveFrom - 30 * day,
    ),
  )
  const twice = Math.floor(count * 0.06)
  if (asked.length < count - twice) {
    throw new RangeError(
      `${count} survey answers need ${count - twice} contacts of customers; there are ${asked.length}`,
    )
  }
  const rate = (person: PersonDraft, contact: ContactDraft, from: number, to: number): number => {
    const mood = person.referral !== null ? 8.9 : 7.7
    const rating = Math.max(0, Math.min(10, Math.round(mood + random.normal() * 2)))
    const at = seasonal(random, from, to)
    story.records.push({
      type: "feedback_submissions",
      createdAt: at,
      properties: {
        hs_survey_type: "NPS",
        hs_value: String(rating),
        hs_response_group: responseGroup(rating),
        hs_submission_timestamp: iso(at),
        hs_survey_channel: random.pick(["EMAIL", "EMAIL", "WEB"]),
      },
      changes: [],
      contacts: [contact],
      company: null,
      id: "",
    })
    contact.properties["hs_feedback_last_nps_rating"] = String(rating)
    contact.properties["hs_feedback_last_survey_date"] = iso(at)
    contact.touchedAt = Math.max(contact.touchedAt, at)
    return at
  }
  asked.slice(0, count - twice).forEach((person, index) => {
    const contact = person.contacts[0]
    if (contact === undefined) return
    const middle = (contact.createdAt + liveFrom) / 2
    const first = rate(person, contact, contact.createdAt + 5 * day, index < twice ? middle : liveFrom)
    if (index < twice) rate(person, contact, first + 5 * day, liveFrom)
  })
}
