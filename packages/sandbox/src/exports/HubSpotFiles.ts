/**
 * The portal as HubSpot's record exports: one file each for contacts, companies and deals.
 *
 * Promises: every live record is a row, in order of creation; columns are the properties' labels, enumerations show their
 * options' labels, instants are minutes in the portal's zone without its offset, lists are joined by ";".
 *
 * Sure, from lists of properties with their labels: those of contacts, companies and deals, among them "Merged object IDs",
 * which newer portals call "Merged record IDs" (an option), and "Record ID" for what was "Contact ID". Likely, from code that
 * reads such files: "Associated Company IDs" and "Associated Contact IDs", the form of instants, `true` for a ticked box.
 * The brand's own properties have labels of its choice. What no column says: since when somebody belongs to a company, the
 * seconds of an instant, and which e-mail came from which merged record.
 */
import type { CrmRecord, World } from "../world/World.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { ExportTable } from "./ExportTable.ts"
import * as Present from "./Present.ts"
import * as ShopClock from "./ShopClock.ts"

export interface HubSpotFilesOptions {
  /** What the portal calls the ids that were merged into a record. */
  readonly mergedLabel?: "Merged record IDs" | "Merged object IDs"
}

export interface HubSpotFiles {
  readonly contacts: ExportTable
  readonly companies: ExportTable
  readonly deals: ExportTable
}

const lifecycleStages: Readonly<Record<string, string>> = {
  subscriber: "Subscriber",
  lead: "Lead",
  marketingqualifiedlead: "Marketing Qualified Lead",
  salesqualifiedlead: "Sales Qualified Lead",
  opportunity: "Opportunity",
  customer: "Customer",
  evangelist: "Evangelist",
  other: "Other",
}

const dealStages: Readonly<Record<string, string>> = {
  appointmentscheduled: "Appointment Scheduled",
  qualifiedtobuy: "Qualified To Buy",
  presentationscheduled: "Presentation Scheduled",
  decisionmakerboughtin: "Decision Maker Bought-In",
  contractsent: "Contract Sent",
  closedwon: "Closed Won",
  closedlost: "Closed Lost",
}

type Ids = ReadonlyMap<string, ReadonlyArray<string>>

/** For each record, the ids of records of another type that it is associated with, from both ends. */
const linked = (associations: Present.Present["associations"], from: string, to: string): Ids => {
  const found = new Map<string, Array<string>>()
  for (const { fromId, fromType, toId, toType } of associations) {
    const ends =
      fromType === from && toType === to ? [fromId, toId] : fromType === to && toType === from ? [toId, fromId] : null
    if (ends === null) continue
    const [own = "", other = ""] = ends
    found.set(own, [...(found.get(own) ?? []), other])
  }
  return found
}

const live = (records: ReadonlyArray<CrmRecord>): ReadonlyArray<CrmRecord> =>
  records.filter(({ archived }) => !archived)

const list = (ids: Ids, record: CrmRecord): string => (ids.get(record.id) ?? []).join(";")

interface Shown {
  readonly text: (record: CrmRecord, property: string) => string
  readonly instant: (record: CrmRecord, property: string) => string
  readonly created: (record: CrmRecord) => string
  readonly modified: (record: CrmRecord) => string
}

const shown = (clock: ShopClock.ShopClock): Shown => ({
  text: ({ properties }, property) => properties[property] ?? "",
  instant: ({ properties }, property) => {
    const value = properties[property]
    return value === undefined || value === "" ? "" : clock.toMinute(value)
  },
  created: ({ createdAt }) => clock.toMinute(createdAt),
  modified: ({ updatedAt }) => clock.toMinute(updatedAt),
})

const table = (
  fileName: string,
  columns: ReadonlyArray<string>,
  amounts: ReadonlyArray<string>,
  records: ReadonlyArray<CrmRecord>,
  cellsOf: (record: CrmRecord) => Readonly<Record<string, string>>,
): ExportTable => {
  const toRow = placed(columns)
  return {
    fileName,
    columns,
    amounts: new Set(amounts),
    rows: anew(function* () {
      for (const record of live(records)) yield toRow({ "Record ID": record.id, ...cellsOf(record) })
    }),
  }
}

const contactsTable = (present: Present.Present, show: Shown, merged: string): ExportTable => {
  const companies = linked(present.associations, "contacts", "companies")
  const names = new Map(present.companies.map((company) => [company.id, show.text(company, "name")]))
  return table(
    "hubspot-crm-exports-all-contacts.csv",
    columnNames(
      "Record ID, First Name, Last Name, Email, Additional email addresses, Phone Number, Lifecycle Stage",
      "Create Date, Last Modified Date, Unsubscribed from all email",
      merged,
      "Associated Company IDs, Associated Company, Last NPS survey rating, Last NPS survey date",
      "Referral code, Referral code issued at, Invited by code, Invited at",
    ),
    [],
    present.contacts,
    (contact) => ({
      "First Name": show.text(contact, "firstname"),
      "Last Name": show.text(contact, "lastname"),
      Email: show.text(contact, "email"),
      "Additional email addresses": show.text(contact, "hs_additional_emails"),
      "Phone Number": show.text(contact, "phone"),
      "Lifecycle Stage": lifecycleStages[show.text(contact, "lifecyclestage")] ?? "",
      "Create Date": show.created(contact),
      "Last Modified Date": show.modified(contact),
      "Unsubscribed from all email": show.text(contact, "hs_email_optout"),
      [merged]: show.text(contact, "hs_merged_object_ids"),
      "Associated Company IDs": list(companies, contact),
      "Associated Company": (companies.get(contact.id) ?? []).map((id) => names.get(id) ?? "").join(";"),
      "Last NPS survey rating": show.text(contact, "hs_feedback_last_nps_rating"),
      "Last NPS survey date": show.instant(contact, "hs_feedback_last_survey_date"),
      "Referral code": show.text(contact, "referral_code"),
      "Referral code issued at": show.instant(contact, "referral_code_issued_at"),
      "Invited by code": show.text(contact, "invited_by_code"),
      "Invited at": show.instant(contact, "invited_at"),
    }),
  )
}

const companiesTable = (present: Present.Present, show: Shown, merged: string): ExportTable => {
  const contacts = linked(present.associations, "companies", "contacts")
  return table(
    "hubspot-crm-exports-all-companies.csv",
    columnNames(
      "Record ID, Company name, Company Domain Name, Create Date, Last Modified Date",
      merged,
      "Associated Contact IDs",
    ),
    [],
    present.companies,
    (company) => ({
      "Company name": show.text(company, "name"),
      "Company Domain Name": show.text(company, "domain"),
      "Create Date": show.created(company),
      "Last Modified Date": show.modified(company),
      [merged]: show.text(company, "hs_merged_object_ids"),
      "Associated Contact IDs": list(contacts, company),
    }),
  )
}

const dealsTable = (present: Present.Present, show: Shown): ExportTable => {
  const contacts = linked(present.associations, "deals", "contacts")
  const companies = linked(present.associations, "deals", "companies")
  return table(
    "hubspot-crm-exports-all-deals.csv",
    columnNames(
      "Record ID, Deal Name, Pipeline, Deal Stage, Amount, Currency, Close Date, Create Date, Last Modified Date",
      "Is Closed Won, Is closed lost, Associated Contact IDs, Associated Company IDs, Referral code used",
    ),
    ["Amount"],
    present.deals,
    (deal) => ({
      "Deal Name": show.text(deal, "dealname"),
      Pipeline: "Sales Pipeline",
      "Deal Stage": dealStages[show.text(deal, "dealstage")] ?? "",
      Amount: show.text(deal, "amount"),
      Currency: show.text(deal, "deal_currency_code"),
      "Close Date": show.instant(deal, "closedate"),
      "Create Date": show.created(deal),
      "Last Modified Date": show.modified(deal),
      "Is Closed Won": show.text(deal, "hs_is_closed_won"),
      "Is closed lost": String(show.text(deal, "dealstage") === "closedlost"),
      "Associated Contact IDs": list(contacts, deal),
      "Associated Company IDs": list(companies, deal),
      "Referral code used": show.text(deal, "referral_code_used"),
    }),
  )
}

export const tables = (world: World, options: HubSpotFilesOptions = {}): HubSpotFiles => {
  const present = Present.of(world)
  const show = shown(ShopClock.make(present.brand.timeZone))
  const merged = options.mergedLabel ?? "Merged record IDs"
  return {
    contacts: contactsTable(present, show, merged),
    companies: companiesTable(present, show, merged),
    deals: dealsTable(present, show),
  }
}
