/**
 * HubSpot's export of deals: the amount, whether it is won, lost or open, and the people and companies it is about.
 *
 * Promises: the same keys and handles as the connector. HubSpot's own columns of what is closed go before the stage's label; a stage
 * that says neither counts as open, marked. The close date of an open deal is a forecast and is not taken over.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Currency from "@advocacy-kit/core/money/Currency"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import * as HubSpotRecord from "./HubSpotRecord.ts"

const fields = fieldsOf({
  ...HubSpotRecord.fields("Deal ID"),
  stage: { titles: ["Deal Stage", "dealstage"], what: "the deal's stage", needed: true },
  amount: { titles: ["Amount"], what: "what it is worth, in its own currency" },
  currency: { titles: ["Currency", "deal_currency_code"], what: "the deal's currency" },
  closedAt: { titles: ["Close Date", "closedate"], what: "when it was won or lost" },
  won: { titles: ["Is Closed Won", "hs_is_closed_won"], what: "whether it is won" },
  lost: { titles: ["Is closed lost", "hs_is_closed_lost"], what: "whether it is lost" },
  closed: { titles: ["Is Deal Closed?", "Is Closed", "hs_is_closed"], what: "whether it is won or lost" },
  contacts: { titles: ["Associated Contact IDs"], what: "numbers of the contacts it is about" },
  companies: { titles: ["Associated Company IDs"], what: "numbers of the companies it is about" },
  code: { titles: ["Referral code used"], what: "the referral code behind the deal" },
})
type Name = keyof typeof fields

interface Outcome {
  readonly outcome: Fact.DealChanged["outcome"]
  readonly estimated: ReadonlyArray<string>
}

const openStages = new Set([
  "appointmentscheduled",
  "qualifiedtobuy",
  "presentationscheduled",
  "decisionmakerboughtin",
  "contractsent",
])

/** As the API calls the stage; some exports name the pipeline behind it, in brackets. */
const stageOf = (row: Row<Name>): string =>
  (row.text("stage") ?? "")
    .replace(/\s*\([^()]*\)$/, "")
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "")

const outcomeOf = (row: Row<Name>): Outcome => {
  const stage = stageOf(row)
  const [won, lost, closed] = [row.truth("won"), row.truth("lost"), row.truth("closed")]
  if (won === true || stage === "closedwon") return { outcome: "won", estimated: [] }
  if (lost === true || stage === "closedlost" || (closed === true && won === false))
    return { outcome: "lost", estimated: [] }
  if (closed === true) return row.refuse("closed", "does not say whether it is won or lost: export Is Closed Won too")
  const isSaid = openStages.has(stage) || closed === false || (won === false && lost === false)
  return { outcome: "open", estimated: isSaid ? [] : ["outcome"] }
}

const amountOf = (row: Row<Name>, lens: Format.Lens): Pick<Fact.DealChanged, "amountMinor" | "currency"> => {
  const code = row.text("currency")?.toUpperCase() ?? lens.currency
  if (code !== null && !Currency.isCurrency(code)) return row.refuse("currency", "is no ISO 4217 currency such as EUR")
  if (row.text("amount") === null) return { amountMinor: null, currency: null }
  if (code === null) return row.refuse("currency", "is empty although there is an amount: say which currency it is")
  const currency = Currency.make(code)
  return { amountMinor: row.amount("amount", currency), currency }
}

export const hubspotDeals = Format.make<Name>({
  name: "hubspot-deals",
  what: "HubSpot: deals (Deals > Export, with all properties and associations)",
  fields,
  placeOf: HubSpotRecord.placeOf("deal"),
  read: ([row], lens) => {
    const { estimated, outcome } = outcomeOf(row)
    const code = row.code("code")
    const changed: Fact.DealChanged = {
      _tag: "DealChanged",
      ...HubSpotRecord.head(row, "deal", lens, estimated),
      deal: HubSpotRecord.handleOf("deal", HubSpotRecord.idOf(row)),
      contacts: row.ids("contacts").map((id) => HubSpotRecord.handleOf("contact", id)),
      companies: row.ids("companies").map((id) => HubSpotRecord.handleOf("company", id)),
      ...amountOf(row, lens),
      outcome,
      closedAt: outcome === "open" ? null : row.instant("closedAt"),
      code: code === null ? null : Handle.normaliseCode(code),
    }
    return { facts: [changed], personal: [] }
  },
  cannotKnow: [
    ...HubSpotRecord.cannotKnow,
    "when a deal was made, where the file has no Create Date",
    "whether a deal is won or lost where the pipeline has stages of its own and the file has neither Is Closed Won nor Is closed lost: it counts as open, marked as estimated",
    "what a deal was worth before it was changed",
  ],
})
