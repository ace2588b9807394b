/**
 * HubSpot's export of companies.
 *
 * Promises: the same keys and handles as the connector. Who belongs to a company is told by the export of contacts.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import * as HubSpotRecord from "./HubSpotRecord.ts"

const fields = fieldsOf({
  ...HubSpotRecord.fields("Company ID"),
  name: { titles: ["Company name", "name"], what: "the company's name", personal: true },
  domain: { titles: ["Company Domain Name", "domain"], what: "the company's domain", needed: true },
})
type Name = keyof typeof fields

export const hubspotCompanies = Format.make<Name>({
  name: "hubspot-companies",
  what: "HubSpot: companies (Companies > Export)",
  fields,
  placeOf: HubSpotRecord.placeOf("company"),
  read: ([row], lens) => {
    const company = HubSpotRecord.handleOf("company", HubSpotRecord.idOf(row))
    const name = row.text("name")
    const seen: Fact.CompanySeen = {
      _tag: "CompanySeen",
      ...HubSpotRecord.head(row, "company", lens),
      company,
      domain: row.text("domain")?.toLowerCase() ?? null,
    }
    return { facts: [seen], personal: name === null ? [] : [{ handle: company, value: name }] }
  },
  cannotKnow: [
    ...HubSpotRecord.cannotKnow,
    "when a company was made, where the file has no Create Date",
    "since when somebody belongs to a company; who does is read from the file of contacts",
  ],
})
