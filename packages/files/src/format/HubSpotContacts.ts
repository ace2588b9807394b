/**
 * HubSpot's export of contacts: the person, the code that an earlier program issued to them, who invited them, and their last answer
 * about recommending.
 *
 * Promises: the same keys and handles as the connector, but for the answer, whose number the file does not have: it is known by its
 * contact and time. A contact with a cell that cannot be read is parked as a whole.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import * as HubSpotRecord from "./HubSpotRecord.ts"
import * as SurveyScore from "./SurveyScore.ts"

const fields = fieldsOf({
  ...HubSpotRecord.fields("Contact ID"),
  email: { titles: ["Email"], what: "the main e-mail", needed: true, personal: true },
  emails: {
    titles: ["Additional email addresses", "hs_additional_emails"],
    what: "further e-mails of the same contact, separated by semicolons",
    personal: true,
  },
  firstName: { titles: ["First Name"], what: "the first name", personal: true },
  lastName: { titles: ["Last Name"], what: "the last name", personal: true },
  phone: { titles: ["Phone Number", "phone"], what: "the phone number", personal: true },
  mobile: { titles: ["Mobile Phone Number", "mobilephone"], what: "the mobile phone number", personal: true },
  lifecycle: { titles: ["Lifecycle Stage"], what: "the lifecycle stage" },
  optedOut: { titles: ["Unsubscribed from all email", "hs_email_optout"], what: "whether they want no letters" },
  merged: {
    titles: ["Merged record IDs", "Merged object IDs", "hs_merged_object_ids"],
    what: "numbers of contacts that were merged into this one",
  },
  companies: { titles: ["Associated Company IDs"], what: "numbers of the companies that they belong to" },
  rating: {
    titles: ["hs_feedback_last_nps_rating_number", "Last NPS survey rating", "hs_feedback_last_nps_rating"],
    what: "the last answer about recommending, from 0 to 10",
  },
  ratedAt: { titles: ["Last NPS survey date", "hs_feedback_last_survey_date"], what: "when that answer was given" },
  code: { titles: ["Referral code"], what: "the code that an earlier program issued to them" },
  codeIssuedAt: { titles: ["Referral code issued at"], what: "when it was issued" },
  invitedBy: { titles: ["Invited by code", "Invited by"], what: "the code of whoever invited them" },
  invitedAt: { titles: ["Invited at"], what: "when they were invited" },
})
type Name = keyof typeof fields

/** HubSpot's own stages as the API calls them: their labels without spaces. */
const stages = new Set([
  "subscriber",
  "lead",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "opportunity",
  "customer",
  "evangelist",
  "other",
])

/** A stage that the brand added has a number in the API; its label stands for it, marked. */
const lifecycleOf = (row: Row<Name>): { readonly stage: string | null; readonly estimated: ReadonlyArray<string> } => {
  const text = row.text("lifecycle")
  if (text === null || /^\d+$/.test(text)) return { stage: text, estimated: [] }
  const stage = text.toLowerCase().replaceAll(" ", "")
  return stages.has(stage) ? { stage, estimated: [] } : { stage: text.slice(0, 255), estimated: ["lifecycle"] }
}

const marketingOf = (row: Row<Name>): Fact.PersonSeen["marketing"] => {
  const optedOut = row.truth("optedOut")
  return optedOut === null ? "unknown" : optedOut ? "denied" : "granted"
}

const phonesOf = (row: Row<Name>, key: Handle.HandleKey): ReadonlyArray<Handle.Handle> => {
  const found = (["phone", "mobile"] as const)
    .map((name) => Handle.phone(key, row.text(name) ?? ""))
    .filter((handle) => handle !== null)
  return [...new Set(found)].sort()
}

const codeOf = (row: Row<Name>, name: "code" | "invitedBy"): string | null => {
  const code = row.code(name)
  return code === null ? null : Handle.normaliseCode(code)
}

/** Whoever turns out to own the code is enrolled. Of several files that do not say since when the earliest counts. */
const issued = (row: Row<Name>, code: string, lens: Format.Lens): ReadonlyArray<Fact.Fact> => {
  const at = row.instant("codeIssuedAt")
  const created = at ?? row.instant("createdAt")
  const head = (key: string) =>
    created === null
      ? Format.headByThen(key, lens.asOf)
      : Format.head(key, created, lens, at === null ? ["occurredAt"] : [])
  const owner = Handle.code(code)
  const { program } = lens
  return [
    { _tag: "AssetIssued", ...head(`hubspot:asset/${code}`), code, owner, program },
    { _tag: "Enrolled", ...head(`hubspot:enrolment/${code}`), program, person: owner, via: "imported" },
  ]
}

const invited = (row: Row<Name>, id: string, code: string, lens: Format.Lens): Fact.InvitationSent => ({
  _tag: "InvitationSent",
  ...Format.head(
    `hubspot:invitation/${id}`,
    row.instant("invitedAt") ?? row.refuse("invitedAt", "is empty although somebody invited them: when was that?"),
    lens,
  ),
  code,
  friend: HubSpotRecord.handleOf("contact", id),
})

/** Some portals keep the group that an answer falls in: no number is made up for it. */
const groups = new Set(["promoter", "passive", "detractor"])

const answered = (row: Row<Name>, id: string, lens: Format.Lens): ReadonlyArray<Fact.SurveyAnswered> => {
  const rating = row.text("rating")
  if (rating === null || groups.has(rating.toLowerCase())) return []
  const at = row.instant("ratedAt") ?? row.refuse("ratedAt", "is empty although there is an answer: when was it given?")
  const key = `hubspot:feedback/of-contact-${id}-at-${at}`
  return [
    {
      _tag: "SurveyAnswered",
      ...Format.head(key, at, lens, ["occasion"]),
      person: HubSpotRecord.handleOf("contact", id),
      survey: "nps",
      occasion: SurveyScore.usualOccasion("nps"),
      score: SurveyScore.of(row, "rating", "nps"),
    },
  ]
}

const personalOf = (
  row: Row<Name>,
  person: Handle.Handle,
  emails: ReadonlyArray<PersonalValue>,
): ReadonlyArray<PersonalValue> => {
  const name = [row.text("firstName"), row.text("lastName")].filter((part) => part !== null).join(" ")
  return [...emails, ...(name === "" ? [] : [{ handle: person, value: name }])]
}

export const hubspotContacts = Format.make<Name>({
  name: "hubspot-contacts",
  what: "HubSpot: contacts (Contacts > Export, with all properties and associations)",
  fields,
  placeOf: HubSpotRecord.placeOf("contact"),
  read: ([row], lens) => {
    const id = HubSpotRecord.idOf(row)
    const person = HubSpotRecord.handleOf("contact", id)
    const emails = [...new Set([...row.emails("email"), ...row.emails("emails")])]
      .sort()
      .map((value) => ({ handle: Handle.email(lens.handleKey, value), value }))
    const code = codeOf(row, "code")
    const invitedBy = codeOf(row, "invitedBy")
    const lifecycle = lifecycleOf(row)
    const seen: Fact.PersonSeen = {
      _tag: "PersonSeen",
      ...HubSpotRecord.head(row, "contact", lens, lifecycle.estimated),
      person,
      aliases: [...emails.map(({ handle }) => handle), ...(code === null ? [] : [Handle.code(code)])],
      mergedFrom: row
        .ids("merged")
        .filter((merged) => merged !== id)
        .map((merged) => HubSpotRecord.handleOf("contact", merged)),
      companies: row.ids("companies").map((company) => HubSpotRecord.handleOf("company", company)),
      soft: phonesOf(row, lens.handleKey),
      marketing: marketingOf(row),
      lifecycle: lifecycle.stage,
    }
    return {
      facts: [
        seen,
        ...(code === null ? [] : issued(row, code, lens)),
        ...(invitedBy === null ? [] : [invited(row, id, invitedBy, lens)]),
        ...answered(row, id, lens),
      ],
      personal: personalOf(row, person, emails),
    }
  },
  cannotKnow: [
    ...HubSpotRecord.cannotKnow,
    "when a contact was made or a code was issued, where the file has no such column or cell",
    "since when somebody belongs to a company",
    "which e-mail came from which merged contact",
    "the internal name of a lifecycle stage that the portal added itself",
    "answers before the last one, whether it was a transactional survey, and its score where the portal keeps only Promoter, Passive or Detractor",
    "the number of an answer: once the portal is connected it tells the same answer a second time, which changes no score, for a person's newest counts",
  ],
})
