/**
 * The properties and groups every portal has from the start, and the brand's own that precede the program.
 *
 * A subset of HubSpot's: what advocacy reads or a world carries. A world that names another property is
 * refused on loading, with this file as the place to add it.
 */
import { standard } from "./PropertyDefinition.ts"
import type { PropertyDefinition, PropertyGroup, Standard } from "./PropertyDefinition.ts"
import type { ObjectName } from "./ObjectTypes.ts"

const lifecycleStages = [
  "subscriber",
  "lead",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "opportunity",
  "customer",
  "evangelist",
  "other",
]
const dealStages = [
  "appointmentscheduled",
  "qualifiedtobuy",
  "presentationscheduled",
  "decisionmakerboughtin",
  "contractsent",
  "closedwon",
  "closedlost",
]
const ratings = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]

const instant: Standard = { type: "datetime" }
const computedInstant: Standard = { type: "datetime", readOnly: true }
const computedNumber: Standard = { type: "number", readOnly: true }
const line: Standard = {}

const everyObject: Readonly<Record<string, Standard>> = {
  hs_object_id: computedNumber,
  hs_createdate: computedInstant,
  hs_lastmodifieddate: computedInstant,
  hs_merged_object_ids: { type: "enumeration", fieldType: "checkbox", readOnly: true },
  hubspot_owner_id: line,
}

const ownProperties: Readonly<Record<ObjectName, Readonly<Record<string, Standard>>>> = {
  contacts: {
    createdate: computedInstant,
    lastmodifieddate: computedInstant,
    email: { unique: true },
    hs_additional_emails: { readOnly: true },
    firstname: line,
    lastname: line,
    phone: { fieldType: "phonenumber" },
    mobilephone: { fieldType: "phonenumber" },
    company: line,
    jobtitle: line,
    website: line,
    address: line,
    city: line,
    zip: line,
    country: line,
    hs_language: line,
    lifecyclestage: { type: "enumeration", fieldType: "radio", options: lifecycleStages },
    hs_email_optout: { type: "bool" },
    hs_marketable_status: { type: "bool", readOnly: true },
    hs_feedback_last_nps_rating: { type: "enumeration", options: ratings, readOnly: true },
    hs_feedback_last_nps_follow_up: { readOnly: true },
    hs_feedback_last_survey_date: computedInstant,
    referral_code: { unique: true, custom: true },
    referral_code_issued_at: { ...instant, custom: true },
    invited_by_code: { custom: true },
    invited_at: { ...instant, custom: true },
  },
  companies: {
    createdate: computedInstant,
    name: line,
    domain: line,
    website: line,
    industry: line,
    phone: { fieldType: "phonenumber" },
    city: line,
    country: line,
    numberofemployees: { type: "number" },
    annualrevenue: { type: "number" },
    lifecyclestage: { type: "enumeration", fieldType: "radio", options: lifecycleStages },
  },
  deals: {
    createdate: computedInstant,
    dealname: line,
    description: { fieldType: "textarea" },
    amount: { type: "number" },
    deal_currency_code: line,
    pipeline: { type: "enumeration", options: ["default"] },
    dealtype: { type: "enumeration", options: ["newbusiness", "existingbusiness"] },
    dealstage: { type: "enumeration", fieldType: "radio", options: dealStages },
    hs_is_closed_won: { type: "bool", readOnly: true },
    hs_is_closed: { type: "bool", readOnly: true },
    closedate: instant,
    referral_code_used: { custom: true },
  },
  feedback_submissions: {
    hs_survey_id: line,
    hs_survey_name: line,
    hs_survey_type: { type: "enumeration", options: ["NPS", "CSAT", "CES", "CUSTOM"] },
    hs_survey_channel: { type: "enumeration", options: ["EMAIL", "WEB", "LINK", "CHAT"] },
    hs_value: { type: "number" },
    hs_response_group: { type: "enumeration", options: ["PROMOTER", "PASSIVE", "DETRACTOR"] },
    hs_content: { fieldType: "textarea" },
    hs_sentiment: line,
    hs_contact_email_rollup: line,
    hs_contact_id: line,
    hs_submission_timestamp: instant,
  },
  notes: {
    hs_timestamp: instant,
    hs_note_body: { fieldType: "html" },
    hs_attachment_ids: line,
  },
}

const groupNames: Readonly<Record<ObjectName, string>> = {
  contacts: "contactinformation",
  companies: "companyinformation",
  deals: "dealinformation",
  feedback_submissions: "feedback_submission_information",
  notes: "engagement",
}

export const groups = (name: ObjectName): ReadonlyArray<PropertyGroup> => [
  { name: groupNames[name], label: `${name} information`, displayOrder: 0 },
]

export const definitions = (name: ObjectName): ReadonlyArray<PropertyDefinition> =>
  Object.entries({ ...everyObject, ...ownProperties[name] }).map(([property, shape]) =>
    standard(property, groupNames[name], shape),
  )
