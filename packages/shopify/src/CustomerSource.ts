/**
 * Customers: all of them once, those that changed since, and single ones by id.
 *
 * Promises: Shopify compares `updated_at` of customers by whole days in the shop's time zone; the search therefore begins
 * a day early and what did not change is left out here. A customer that no longer exists is not among the answers.
 */
import type { Page, Pull } from "@advocacy-kit/core/connector/FactSource"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { ofCustomer } from "./CustomerFacts.ts"
import { changedAt } from "./HistoryPage.ts"
import * as HistoryPull from "./HistoryPull.ts"
import * as NodesById from "./NodesById.ts"
import { type RawRecord, together, withheldIn, withheldReport } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { Settings } from "./ShopifyConfig.ts"
import type { ShopifyError } from "./ShopifyError.ts"
import { customersAtOnce, customersBulk, customersById, customersPage, customersSpan } from "./wire/Customers.ts"

type Client = ShopifyClient["Service"]

const toPage =
  (config: Settings) =>
  (records: ReadonlyArray<RawRecord>): Effect.Effect<Page, never, CurrentTenant> =>
    Effect.gen(function* () {
      const { handleKey } = yield* CurrentTenant
      const lens = { handleKey, referralAttributes: config.referralAttributes, deviceAttribute: config.deviceAttribute }
      const all = together(records.map((raw) => ofCustomer(raw, lens)))
      return { ...all, rejected: [...all.rejected, ...withheldReport("customer", records)] }
    })

/** The day before the one that `since` falls in, in any time zone. */
const dayBefore = (since: Instant.Instant): string => Instant.toIso(since - Instant.days(1)).slice(0, 10)

export const pull = (client: Client, config: Settings): Pull =>
  HistoryPull.pull(client, {
    job: "shopify:customers",
    label: "customers",
    reach: {
      by: "whole",
      changedAt: Effect.map(client.query(customersSpan, {}, { priority: "backfill" }), ({ data }) => {
        const [changed] = data.changed.nodes
        return changed === undefined ? null : Instant.fromIso(changed.updatedAt)
      }),
      bulkQuery: customersBulk.text,
    },
    changes: (since, after) =>
      Effect.gen(function* () {
        const search = `updated_at:>='${dayBefore(since)}'`
        const { data, withheld } = yield* client.query(customersPage, { search, after }, { priority: "increment" })
        const of = withheldIn(withheld, ["customers", "nodes"])
        const records = data.customers.nodes
          .map((record, at): RawRecord => ({ record, children: [], withheld: of(at) }))
          .filter((raw) => (changedAt(raw) ?? since) >= since)
        return { records, next: data.customers.pageInfo.hasNextPage ? data.customers.pageInfo.endCursor : null }
      }),
    toPage: toPage(config),
  })

/** The customers with these ids as they now stand, and the ids that no longer exist. */
export const byId = (
  client: Client,
  config: Settings,
  ids: ReadonlyArray<string>,
): Effect.Effect<{ readonly page: Page; readonly missing: ReadonlyArray<string> }, ShopifyError, CurrentTenant> =>
  Effect.gen(function* () {
    const { missing, records } = yield* NodesById.read(
      client,
      {
        operation: customersById,
        idsPerQuery: customersAtOnce,
        complete: (record, withheld) => Effect.succeed({ record, children: [], withheld }),
      },
      ids,
    )
    return { page: yield* toPage(config)(records), missing }
  })
