/**
 * Local Shopify and HubSpot over HTTP, a simulated brand with known truth to fill them with, and its data as export files.
 */
export * as Dialect from "./exports/Dialect.ts"
export * as ExportSet from "./exports/ExportSet.ts"
export type { ExportTable } from "./exports/ExportTable.ts"
export * as HubSpotFiles from "./exports/HubSpotFiles.ts"
export * as Incumbent from "./exports/Incumbent.ts"
export * as NpsFiles from "./exports/NpsFiles.ts"
export type { PlantedFault } from "./exports/PlantedFault.ts"
export * as RewardFiles from "./exports/RewardFiles.ts"
export * as ShopifyCustomersFile from "./exports/ShopifyCustomers.ts"
export * as ShopifyOrdersFile from "./exports/ShopifyOrders.ts"
export * as HubSpotControl from "./hubspot/HubSpotControl.ts"
export * as HubSpotSandbox from "./hubspot/HubSpotSandbox.ts"
export * as ShopifySandbox from "./shopify/ShopifySandbox.ts"
export * as GroundTruth from "./world/GroundTruth.ts"
export * as Simulator from "./world/Simulator.ts"
export type * from "./world/World.ts"
