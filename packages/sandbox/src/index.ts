/**
 * Local Shopify and HubSpot over HTTP, and a simulated brand with known truth to fill them with.
 */
export * as HubSpotSandbox from "./hubspot/HubSpotSandbox.ts"
export * as ShopifySandbox from "./shopify/ShopifySandbox.ts"
export * as GroundTruth from "./world/GroundTruth.ts"
export * as Simulator from "./world/Simulator.ts"
export type * from "./world/World.ts"
