/** The rules about the Admin API itself: schema, cost, search, bulk operations, rewards. Data for `EmulatedRule`. */

import { rule } from "./EmulatedRule.ts"
import type { RuleArea } from "./EmulatedRule.ts"

const schema = "schemas of 2026-10 and 2026-07 in @shopify/dev-mcp 1.16.0"

export const apiRules: ReadonlyArray<RuleArea> = [
  {
    title: "Schema, limits and cost",
    rules: [
      rule(
        "V",
        "Documents are validated and executed on the vendor's whole schema, so a wrong field fails as in production.",
        schema,
      ),
      rule(
        "D",
        "Points a second: 100 on standard plans, 200 on Advanced, 1,000 on Plus, 2,000 on Enterprise; 1,000 at most for one query, lists of 250.",
        "shopify.dev, API limits",
      ),
      rule("R", "The bucket holds twenty times the rate.", "`throttleStatus` as shops report it"),
      rule("D", "A mutation costs 10, an object 1, a scalar 0.", "shopify.dev, API limits"),
      rule("R", "A connection costs `2 + row * floor(2 ln max(2, first))`.", "an open reimplementation"),
      rule(
        "D",
        "What was not used is given back; without points the answer is `THROTTLED` at HTTP 200.",
        "shopify.dev, API limits",
      ),
      rule("D", "Ids may exceed 2^53.", "sample bodies of shopify.dev"),
    ],
  },
  {
    title: "Search and pages",
    rules: [
      rule(
        "V",
        "`discount_code` finds the first code of an order only; `Order.discountCodes` has all.",
        "schema, descriptions",
      ),
      rule("V", "`updated_at` of customers matches whole days, that of orders instants.", "schema, descriptions"),
      rule("U", "The days are those of the shop's time zone.", "not documented"),
      rule("U", "Cursors, and which rows they skip when something changes between two pages.", "by sort value and id"),
    ],
  },
  {
    title: "Bulk operations",
    rules: [
      rule(
        "D",
        "Five queries at a time for an app and shop; one to five connections, two levels deep, rows that implement Node, none below a list.",
        "shopify.dev, bulk operations; changelog of 15 December 2025",
      ),
      rule(
        "D",
        "Objects are not grouped unless asked: the sandbox shuffles the lines, children may come before parents.",
        "changelog of 29 October 2025",
      ),
      rule(
        "D",
        "Counters are strings; an empty result has no address; results are kept seven days.",
        "shopify.dev, bulk operations",
      ),
      rule("U", "After that the status is `EXPIRED`.", "the name of the status"),
      rule("V", "The codes `ACCESS_DENIED`, `INTERNAL_SERVER_ERROR`, `TIMEOUT`.", schema),
      rule("R", "`partialDataUrl` may come later than the failure.", "airbyte pull request 62499"),
      rule("U", "A minute later, with the first half of the lines.", "a choice"),
      rule("D", "The shop may cancel an operation that is stalled.", "shopify.dev, bulk operations"),
    ],
  },
  {
    title: "Discounts and rewards",
    rules: [
      rule(
        "D",
        "Codes are unique in the shop without regard to case; up to 250 are added at a time, later than the answer, each with its own error.",
        "schema, descriptions",
      ),
      rule(
        "V",
        "No reward mutation takes `@idempotent`, and a store credit has no key or memo: the same request twice credits twice.",
        schema,
      ),
      rule(
        "D",
        "A store credit goes to a customer or an account; the first in a currency opens it; a debit spends what expires first.",
        "schema, descriptions",
      ),
      rule(
        "U",
        "`expires_at` keeps whole seconds; an account holds 10,000 units; among credits without expiry the oldest goes first.",
        "not documented",
      ),
      rule(
        "D",
        "A gift card's code has 8 to 20 letters and digits, is unique without regard to case, and is shown whole once.",
        "schema, descriptions",
      ),
      rule("U", "A gift card holds 2,000 units at most.", "not documented"),
      rule("D", "A Flow trigger takes 50 KB and cannot be looked up.", "schema, descriptions"),
      rule("D", "`metafieldsSet` takes 25, all or none, with compare-and-set by digest.", "schema, descriptions"),
    ],
  },
]
