/**
 * A deal as a fact: its amount, whether it is won, lost or open, and the people and companies it is about.
 *
 * Pure. A pipeline may name its stages freely: HubSpot's own `hs_is_closed_won` and `hs_is_closed` come first, the two
 * default stages second. `closedate` of an open deal is a forecast and is not taken over.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import {
  code,
  createdOf,
  handleOf,
  instant,
  type Mapping,
  type MappingContext,
  placeOf,
  text,
  Unusable,
  versionOf,
} from "./RecordFacts.ts"
import type { CrmRecord } from "./wire/Record.ts"

/** What has to be asked for. */
export const properties = (context: Pick<MappingContext, "properties">): ReadonlyArray<string> => [
  "amount",
  "deal_currency_code",
  "dealstage",
  "hs_is_closed_won",
  "hs_is_closed",
  "closedate",
  "createdate",
  "hs_lastmodifieddate",
  context.properties.dealCode,
]

export const outcomeOf = (record: CrmRecord): Fact.DealChanged["outcome"] => {
  const stage = text(record, "dealstage")
  if (text(record, "hs_is_closed_won") === "true" || stage === "closedwon") return "won"
  return text(record, "hs_is_closed") === "true" || stage === "closedlost" ? "lost" : "open"
}

const amountOf = (record: CrmRecord, fallback: Currency.Currency): Money.Money | null => {
  const named = text(record, "deal_currency_code")?.toUpperCase() ?? null
  if (named !== null && !Currency.isCurrency(named)) {
    throw new Unusable("deal_currency_code", `${named.slice(0, 20)} is not an ISO 4217 currency code such as EUR`)
  }
  const amount = text(record, "amount")
  if (amount === null) return null
  if (amount.length > 60) throw new Unusable("amount", "is longer than any amount of money")
  try {
    return Money.fromDecimal(amount, named === null ? fallback : Currency.make(named))
  } catch (cause) {
    throw new Unusable("amount", cause instanceof Error ? cause.message : "is not an amount")
  }
}

export const map: Mapping = (record, neighbours, context) => {
  const outcome = outcomeOf(record)
  const amount = amountOf(record, context.currency)
  const changed: Fact.DealChanged = {
    _tag: "DealChanged",
    key: Fact.key(placeOf("deals", record.id)),
    version: versionOf(record),
    rank: Fact.rank.api,
    occurredAt: createdOf(record),
    deal: handleOf("deals", record.id),
    contacts: (neighbours.contacts ?? []).map((id) => handleOf("contacts", id)),
    companies: (neighbours.companies ?? []).map((id) => handleOf("companies", id)),
    currency: amount?.currency ?? null,
    amountMinor: amount?.amountMinor ?? null,
    outcome,
    closedAt: outcome === "open" ? null : instant(record, "closedate"),
    code: code(record, context.properties.dealCode),
  }
  return { facts: [changed], personal: [], rejected: [] }
}
