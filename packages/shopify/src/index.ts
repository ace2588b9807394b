/**
 * `@advocacy-kit/shopify`: customers, orders and refunds of a Shopify shop in, reward codes out, webhooks verified.
 *
 * `Shopify.layer` and `ShopifySource.make` are what an application needs; `Webhook.verify` belongs in its HTTP route.
 */
export * as Access from "./Access.ts"
export { AccessTokens } from "./AccessTokens.ts"
export * as AppInstallation from "./AppInstallation.ts"
export * as AppProxy from "./AppProxy.ts"
export * as Capabilities from "./Capabilities.ts"
export * as CustomerFacts from "./CustomerFacts.ts"
export { InstallRefused } from "./InstallRefused.ts"
export { OAuth } from "./OAuth.ts"
export * as OrderFacts from "./OrderFacts.ts"
export * as RefundFacts from "./RefundFacts.ts"
export * as RewardFulfiller from "./RewardFulfiller.ts"
export * as Shopify from "./Shopify.ts"
export { ShopifyClient } from "./ShopifyClient.ts"
export { ShopifyConfig, ShopifyConfigInvalid, type ShopifyAppOptions, type ShopifyOptions } from "./ShopifyConfig.ts"
export { ShopifyError } from "./ShopifyError.ts"
export * as ShopifySource from "./ShopifySource.ts"
export * as Signature from "./Signature.ts"
export * as Webhook from "./Webhook.ts"
