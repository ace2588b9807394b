/** The record types that facts come from: what is asked of each, and how it is mapped. */
import * as CompanyFacts from "./CompanyFacts.ts"
import * as ContactFacts from "./ContactFacts.ts"
import * as DealFacts from "./DealFacts.ts"
import * as FeedbackFacts from "./FeedbackFacts.ts"
import type { HubSpotSettings } from "./HubSpotConfig.ts"
import type { ObjectType } from "./HubSpotPath.ts"
import type { RecordShape } from "./ObjectReader.ts"
import type { Mapping } from "./RecordFacts.ts"

export interface ObjectKind extends RecordShape {
  /** For a person. */
  readonly label: string
  /** How webhooks name the type: a number, and the first part of the older topics. */
  readonly typeId: string
  readonly topic: string
  readonly map: Mapping
}

export const kinds = (config: Pick<HubSpotSettings, "properties">): Readonly<Record<ObjectType, ObjectKind>> => ({
  contacts: {
    type: "contacts",
    label: "contacts",
    typeId: "0-1",
    topic: "contact",
    modifiedProperty: "lastmodifieddate",
    properties: ContactFacts.properties(config),
    neighbours: ["companies"],
    map: ContactFacts.map,
  },
  companies: {
    type: "companies",
    label: "companies",
    typeId: "0-2",
    topic: "company",
    modifiedProperty: "hs_lastmodifieddate",
    properties: CompanyFacts.properties,
    neighbours: [],
    map: CompanyFacts.map,
  },
  deals: {
    type: "deals",
    label: "deals",
    typeId: "0-3",
    topic: "deal",
    modifiedProperty: "hs_lastmodifieddate",
    properties: DealFacts.properties(config),
    neighbours: ["contacts", "companies"],
    map: DealFacts.map,
  },
  feedback_submissions: {
    type: "feedback_submissions",
    label: "survey answers",
    typeId: "0-19",
    topic: "feedback_submission",
    modifiedProperty: "hs_lastmodifieddate",
    properties: FeedbackFacts.properties,
    neighbours: ["contacts"],
    map: FeedbackFacts.map,
  },
})
