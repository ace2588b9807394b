/** HubSpot as a source of facts and a place to show standings: `HubSpot.layer({ … })`, `HubSpot.layerConfig`. */
export * as HubSpot from "./HubSpot.ts"
export * as ActionWork from "./action/ActionWork.ts"
export { actions } from "./action/Actions.ts"
export { projectFiles, type ProjectOptions } from "./project/ProjectFiles.ts"
export { ActionRefused, HubSpotActions } from "./action/HubSpotActions.ts"
export { HubSpotClient } from "./HubSpotClient.ts"
export {
  type ApiVersion,
  type EarlierProperties,
  HubSpotConfig,
  HubSpotConfigInvalid,
  type HubSpotOptions,
  type HubSpotSettings,
} from "./HubSpotConfig.ts"
export { HubSpotError, type Reason as HubSpotErrorReason } from "./HubSpotError.ts"
export { HubSpotSource } from "./HubSpotSource.ts"
export { HubSpotTransport, type WireAnswer, type WireRequest } from "./HubSpotTransport.ts"
export { SignatureRefused } from "./Signature.ts"
export { HubSpotWebhooks, type Received, type WebhookRequest, WebhookRefused } from "./Webhook.ts"
