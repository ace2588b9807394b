/**
 * The Shopify connector as layers.
 *
 * `layer` gives the client, the configuration and the fulfiller for one shop; `ShopifySource.make` gives the source of
 * facts on top of them. Nothing is sent to the shop until it is used.
 */
import type { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { type Config, Layer } from "effect"
import * as RewardFulfiller from "./RewardFulfiller.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import {
  layerConfig as configFromEnvironment,
  ShopifyConfig,
  type ShopifyConfigInvalid,
  type ShopifyOptions,
} from "./ShopifyConfig.ts"

export type Services = ShopifyClient | ShopifyConfig | Fulfiller

const parts = RewardFulfiller.layer.pipe(Layer.provideMerge(ShopifyClient.layer))

export const layer = (options: ShopifyOptions): Layer.Layer<Services, ShopifyConfigInvalid> =>
  parts.pipe(Layer.provideMerge(ShopifyConfig.layer(options)))

/** From the environment: see `ShopifyConfig.layerConfig`. */
export const layerConfig: Layer.Layer<Services, ShopifyConfigInvalid | Config.ConfigError> = parts.pipe(
  Layer.provideMerge(configFromEnvironment),
)
