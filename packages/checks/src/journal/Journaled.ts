/**
 * The stage that holds the demo's journal against the platforms' own schemas and rules.
 */
import { join } from "node:path"
import { noneOf, finding, resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { baseline, runToEnd, temporaryFolder } from "../demo/Baseline.ts"
import { fullSize } from "../demo/DemoProcess.ts"
import * as HubSpotRules from "./HubSpotRules.ts"
import * as JournalEntry from "./JournalEntry.ts"
import * as ShopifyRules from "./ShopifyRules.ts"

/** What the sandboxes are opened with. */
const secrets = ["sandbox-token", "sandbox-secret"]

const judge = (root: string, label: string, file: string): StageResult => {
  const journal = JournalEntry.read(file)
  const of = (platform: string): number => journal.entries.filter((entry) => entry.platform === platform).length
  const shopify = ShopifyRules.judge(ShopifyRules.loadSchema(root), journal.entries)
  return resultOf(
    [
      noneOf(`${label}: every line has exactly the members of an exchange`, journal.faults),
      finding(
        `${label}: both platforms are in the journal`,
        of("shopify") > 10 && of("hubspot") > 10,
        () => `${of("shopify")} exchanges with Shopify, ${of("hubspot")} with HubSpot`,
      ),
      noneOf(`${label}: no credential is in the journal`, JournalEntry.credentials(journal, secrets)),
      noneOf(`${label}: no call is refused`, JournalEntry.refusals(journal)),
      noneOf(`${label}: every exchange with Shopify fits the Admin API's schema`, shopify.faults),
      finding(
        `${label}: bulk results are in the journal`,
        shopify.results >= 2,
        () => `${shopify.results} bulk results`,
      ),
      noneOf(`${label}: every call to HubSpot keeps to its paths and sizes`, HubSpotRules.faults(journal.entries)),
    ],
    [
      `${label}: ${of("shopify")} exchanges with Shopify (${shopify.documents} documents, ${shopify.results} bulk results), ${of("hubspot")} with HubSpot.`,
    ],
  )
}

const both = (one: StageResult, other: StageResult): StageResult => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  report: `${one.report}\n${other.report}`,
})

export const journaled = async ({ deep, root }: StageContext): Promise<StageResult> => {
  const small = judge(root, "small brand", (await baseline(root)).journal)
  if (!deep) {
    return small
  }
  // Batches and pages are full only at the demo's default size.
  const folder = temporaryFolder()
  const journal = join(folder, "journal.ndjson")
  await runToEnd({ ...fullSize(2), root, store: join(folder, "store"), journal })
  return both(small, judge(root, "default size", journal))
}
