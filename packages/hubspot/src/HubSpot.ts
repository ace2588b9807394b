/**
 * Everything a portal needs, in one layer: client, source, webhooks, workflow actions and write-back.
 *
 * `layer` takes options, `layerConfig` the environment. Nothing is asked of HubSpot until it is used. Two portals are two
 * layers.
 */
import { type Config, Layer } from "effect"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as HubSpotActions from "./action/HubSpotActions.ts"
import * as ContactWriteBack from "./ContactWriteBack.ts"
import * as HubSpotClient from "./HubSpotClient.ts"
import * as HubSpotConfig from "./HubSpotConfig.ts"
import * as HubSpotSource from "./HubSpotSource.ts"
import * as HubSpotTransport from "./HubSpotTransport.ts"
import * as Webhook from "./Webhook.ts"

export type Services =
  | HubSpotConfig.HubSpotConfig
  | HubSpotClient.HubSpotClient
  | HubSpotSource.HubSpotSource
  | Webhook.HubSpotWebhooks
  | HubSpotActions.HubSpotActions
  | WriteBack

/** The services over any transport; for tests and recordings. */
export const layerTransport: Layer.Layer<
  Exclude<Services, HubSpotConfig.HubSpotConfig>,
  never,
  HubSpotConfig.HubSpotConfig | HubSpotTransport.HubSpotTransport
> = Layer.mergeAll(ContactWriteBack.layer, Webhook.layer, HubSpotActions.layer).pipe(
  Layer.provideMerge(HubSpotSource.layer),
  Layer.provideMerge(HubSpotClient.layer),
)

const live = layerTransport.pipe(Layer.provide(HubSpotTransport.layer))

export const layer = (
  options: HubSpotConfig.HubSpotOptions,
): Layer.Layer<Services, HubSpotConfig.HubSpotConfigInvalid> =>
  live.pipe(Layer.provideMerge(HubSpotConfig.layer(options)))

/** From the environment: see `HubSpotConfig.layerConfigWith`. */
export const layerConfigWith = (
  more: Pick<HubSpotConfig.HubSpotOptions, "link">,
): Layer.Layer<Services, HubSpotConfig.HubSpotConfigInvalid | Config.ConfigError> =>
  live.pipe(Layer.provideMerge(HubSpotConfig.layerConfigWith(more)))

export const layerConfig = layerConfigWith({})
