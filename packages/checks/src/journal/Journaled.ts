/**
 * The stage that holds the demo's journal against the platforms' own schemas and rules.
 */
import { noneOf, finding, resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { baseline } from "../demo/Baseline.ts"
import * as HubSpotRules from "./HubSpotRules.ts"
import * as JournalEntry from "./JournalEntry.ts"
import * as ShopifyRules from "./ShopifyRules.ts"

/** What the sandboxes are opened with. */
const secrets = ["sandbox-token", "sandbox-secret"]

export const journaled = async ({ root }: StageContext): Promise<StageResult> => {
  const journal = JournalEntry.read((await baseline(root)).journal)
  const of = (platform: string): number => journal.entries.filter((entry) => entry.platform === platform).length
  const shopify = ShopifyRules.judge(ShopifyRules.loadSchema(root), journal.entries)
  return resultOf(
    [
      noneOf("every line has exactly the members of an exchange", journal.faults),
      finding(
        "both platforms are in the journal",
        of("shopify") > 10 && of("hubspot") > 10,
        () => `${of("shopify")} exchanges with Shopify, ${of("hubspot")} with HubSpot`,
      ),
      noneOf("no credential is in the journal", JournalEntry.credentials(journal, secrets)),
      noneOf("no call is refused", JournalEntry.refusals(journal)),
      noneOf("every exchange with Shopify fits the Admin API's schema", shopify.faults),
      finding("bulk results are in the journal", shopify.results >= 2, () => `${shopify.results} bulk results`),
      noneOf("every call to HubSpot keeps to its paths and sizes", HubSpotRules.faults(journal.entries)),
    ],
    [
      `${of("shopify")} exchanges with Shopify (${shopify.documents} documents, ${shopify.results} bulk results), ${of("hubspot")} with HubSpot.`,
    ],
  )
}
