/** The rules about the app: installation, tokens, access, webhooks, storefront. Data for `EmulatedRule`. */

import { rule } from "./EmulatedRule.ts"
import type { RuleArea } from "./EmulatedRule.ts"

const library = "source of @shopify/shopify-api 15.0.0, which drives the sandbox in a test"
const reference = "shopify.dev, access tokens"

export const appRules: ReadonlyArray<RuleArea> = [
  {
    title: "OAuth and tokens",
    rules: [
      rule(
        "V",
        "The callback carries code, host, shop, state and timestamp, and a hexadecimal HMAC over all but itself, sorted.",
        library,
      ),
      rule(
        "V",
        "A session token is a JWT with HS256, the client id as audience and the shop as destination; one that is not valid is answered 400 `invalid_subject_token`.",
        library,
      ),
      rule("D", "A session token lives one minute.", "shopify.dev, session tokens"),
      rule(
        "D",
        "With `expiring=1` an offline token lives 60 minutes and its refresh token 90 days; without, it never ends.",
        "changelog of 10 December 2025",
      ),
      rule(
        "D",
        "A used refresh token stays usable until its replacement is used, at most 30 days from its first use and never beyond its own end.",
        "changelog of 28 August 2026",
      ),
      rule(
        "U",
        "Each use of the same refresh token gives a new pair; the first use of one replacement ends the others.",
        "a strict reading of that changelog",
      ),
      rule("U", "A refresh leaves earlier access tokens alone until they end.", "not documented"),
      rule(
        "D",
        "A permanent token is migrated by token exchange and does not open the API afterwards; for seven days the same request answers the same pair, unless that was refreshed or replaced.",
        "changelog on migration without a user session",
      ),
      rule("R", "Asking for a permanent token again answers the same one.", "reports of app developers"),
      rule("D", "Client credentials and online tokens live a day; answers say 86,399 seconds.", reference),
      rule(
        "R",
        "A code that is used or unknown is answered 400 `invalid_request` in these words.",
        "reports of app developers",
      ),
      rule(
        "U",
        "The codes `application_cannot_be_found`, `invalid_client`, `app_not_installed`, `invalid_grant` for other refusals; a code lives one hour.",
        "not documented",
      ),
      rule("R", "The token is dead when `app/uninstalled` arrives; the API answers 401.", "shopify-app-js issue 3242"),
      rule(
        "D",
        "After a rotation the secret before the newest may sign for an hour.",
        "shopify.dev, rotating client secrets",
      ),
    ],
  },
  {
    title: "Scopes and protected data",
    rules: [
      rule(
        "V",
        "Which scope a field or type needs; any one of a list is enough.",
        "scope index in @shopify/dev-mcp 1.16.0",
      ),
      rule("D", "A scope that writes includes the one that reads.", "shopify.dev, access scopes"),
      rule(
        "D",
        "A refused field is null with an error of the code `ACCESS_DENIED`, its words and `requiredAccess`, at HTTP 200.",
        "changelog of 15 June 2020",
      ),
      rule(
        "U",
        "Tags and metafields of a customer need `write_customers`, those of an order `write_orders`.",
        "not in the index",
      ),
      rule(
        "D",
        "Scopes that are granted or revoked count for existing tokens at once; `app/scopes_update` tells both lists.",
        "shopify.dev, manage access scopes; Shopify's app template",
      ),
      rule("V", "The codes with which `appRevokeAccessScopes` and `appUninstall` refuse.", "schema 2026-10"),
      rule(
        "R",
        "Without approval Order and Customer are refused, with it each personal field that was not approved, in these words.",
        "answers that app developers published",
      ),
      rule("U", "Which fields count as name, address, telephone and e-mail.", "the names of the fields"),
      rule("R", "Where every row has an error the list of errors is cut.", "reports of app developers"),
      rule("U", "It is cut after 100.", "not documented"),
      rule("D", "Without `read_all_orders` orders are seen for 60 days.", "shopify.dev, orders"),
      rule("U", "The 60 days count from `createdAt`; `numberOfOrders` counts all.", "not documented"),
    ],
  },
  {
    title: "Webhooks",
    rules: [
      rule("V", "Headers and signature: base64 HMAC-SHA256 over the raw bytes.", library),
      rule(
        "D",
        "Duplicates share the webhook id; all that one change sends share the event id.",
        "shopify.dev, webhooks",
      ),
      rule(
        "D",
        "A delivery may take five seconds; anything but 2xx fails, redirections too; eight retries within four hours with the first body.",
        "changelog of 10 September 2024",
      ),
      rule("U", "The spacing of the retries.", "not documented"),
      rule(
        "D",
        "After eight failed retries a subscription that was made through the API is removed; one of the app's configuration is not.",
        "shopify.dev, webhooks",
      ),
      rule("U", "Failures of one delivery count, not those of several in a row.", "not documented"),
      rule("D", "With `includeFields` a body that equals the last one is not sent.", "shopify.dev, webhooks"),
      rule("V", "Which topics there are and the scopes that they need.", "topic list of the same package"),
      rule(
        "R",
        "A topic with protected data is refused to an app without approval, in these words.",
        "answers that app developers published",
      ),
      rule("U", "The words of the refusal for a missing scope.", "not documented"),
      rule("D", "Customer bodies carry no tags, consent or totals.", "changelog of 1 January 2025"),
      rule("D", "`bulk_operations/finish` has the status in lower case.", "shopify.dev, bulk operations"),
      rule(
        "D",
        "`shop/redact` comes 48 hours after uninstalling; `customers/redact` ten days after the request, or once six months without an order have passed.",
        "shopify.dev, privacy law compliance",
      ),
      rule(
        "U",
        "Whoever installs again within the 48 hours is not redacted; a merge tells no `customers/delete`.",
        "not documented",
      ),
      rule(
        "D",
        "There is no order within or across topics, and no promise of delivery: faults on request.",
        "shopify.dev, webhooks",
      ),
    ],
  },
  {
    title: "Checkout and storefront",
    rules: [
      rule(
        "D",
        "The journey of an order is ready later than the order; the referral code comes from `ref`, `source` or `r`.",
        "schema 2026-10, descriptions",
      ),
      rule("U", "It is ready after ten minutes.", "a choice; `journeyAfterSeconds` changes it"),
      rule("D", "Codes work alone unless every one of them combines with order discounts.", "shopify.dev, discounts"),
      rule("U", "The usage limit counts each code of a discount by itself.", "to be confirmed on a development store"),
      rule("U", "How an amount is spread over the lines.", "by value, the rest on the last line"),
      rule(
        "V",
        "The app proxy signs sorted `key=value` pairs without anything between, several values joined by commas.",
        library,
      ),
      rule("R", "Cookies do not go through the proxy.", "reports of app developers"),
    ],
  },
]
