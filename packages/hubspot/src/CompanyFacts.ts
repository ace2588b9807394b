/** A company as a fact. Pure. Its name is kept beside the facts, for display. */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { createdOf, handleOf, type Mapping, placeOf, text, versionOf } from "./RecordFacts.ts"

/** What has to be asked for. */
export const properties: ReadonlyArray<string> = ["name", "domain", "createdate", "hs_lastmodifieddate"]

export const map: Mapping = (record) => {
  const company = handleOf("companies", record.id)
  const name = text(record, "name")
  const seen: Fact.CompanySeen = {
    _tag: "CompanySeen",
    key: Fact.key(placeOf("companies", record.id)),
    version: versionOf(record),
    rank: Fact.rank.api,
    occurredAt: createdOf(record),
    company,
    domain: text(record, "domain")?.toLowerCase() ?? null,
  }
  return { facts: [seen], personal: name === null ? [] : [{ handle: company, value: name }], rejected: [] }
}
