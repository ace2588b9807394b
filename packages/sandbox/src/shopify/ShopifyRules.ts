/**
 * What the Shopify sandbox imitates, rule by rule, what it does not, and what it resolves: for whoever wants to know
 * before trusting a test. The page `docs/sandbox-shopify-rules.md` is made of this. A rule that changes in the code
 * changes here.
 */

import { rootFields } from "./AdminSchema.ts"
import { apiRules } from "./EmulatedApiRules.ts"
import { appRules } from "./EmulatedAppRules.ts"
import type { RuleArea } from "./EmulatedRule.ts"

export type { Certainty, EmulatedRule, RuleArea } from "./EmulatedRule.ts"

export const areas: ReadonlyArray<RuleArea> = [...appRules, ...apiRules]

/** What a reader may expect and does not get, and how the sandbox says so. */
export const missing: ReadonlyArray<readonly [what: string, how: string]> = [
  [
    "Fields, queries and mutations that are not in the lists below",
    "GraphQL error `EMULATOR_NOT_IMPLEMENTED`, never null",
  ],
  ["Search fields, sort keys and saved searches that are not known", "GraphQL error `EMULATOR_NOT_IMPLEMENTED`"],
  [
    "Webhooks to Pub/Sub or EventBridge, with a filter, with metafields, in XML",
    "GraphQL error `EMULATOR_NOT_IMPLEMENTED`",
  ],
  [
    "Events of 2026-10 with their own headers and queries",
    "there is no way to declare one; only classic webhooks are sent",
  ],
  ["Client assertions and application-only tokens", "error `EMULATOR_NOT_IMPLEMENTED` of the token endpoint"],
  ["Bulk mutations and staged uploads", "GraphQL error `EMULATOR_NOT_IMPLEMENTED`"],
  ["`@idempotent`", "it is in the schema and has no effect; `refundCreate`, which demands it, is not implemented"],
  ["Staff permissions of online tokens", "an online token may what the app may"],
  ["Refusing permanent tokens of public apps from January 2027", "permanent tokens go on working"],
  ["Several shops or several apps in one sandbox", "one process is one shop with one app; start several"],
  [
    "Presentment currencies other than the shop's, taxes, fulfilments, draft orders, returns",
    "the simulated world has none; the checkout refuses other currencies",
  ],
  ["A search index that lags behind", "a search sees every change at once"],
  [
    "A clock that runs",
    "it stands still until `control.advance` or `POST /__sandbox/clock` moves it; the call budget alone goes by real time",
  ],
  ["Storefront, Customer Account and REST APIs", "404"],
]

/** Names of the root fields that are answered; every other one is refused loudly. */
export const implemented = (): {
  readonly queries: ReadonlyArray<string>
  readonly mutations: ReadonlyArray<string>
} => ({ queries: rootFields("QueryRoot"), mutations: rootFields("Mutation") })
