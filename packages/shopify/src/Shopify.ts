/**
 * The Shopify connector as layers.
 *
 * `layer` gives the client, the configuration and the fulfiller for one shop; `ShopifySource.make` gives the source of
 * facts on top of them. Nothing is sent to the shop until it is used.
 */
import type { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import type { Installations } from "@advocacy-kit/core/connector/Installations"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { type Config, Layer } from "effect"
import { AccessTokens } from "./AccessTokens.ts"
import * as InstalledFulfiller from "./InstalledFulfiller.ts"
import { OAuth } from "./OAuth.ts"
import * as RewardFulfiller from "./RewardFulfiller.ts"
import { ShopifyClient } from "./ShopifyClient.ts"
import {
  layerConfig as configFromEnvironment,
  type ShopifyAppOptions,
  ShopifyConfig,
  type ShopifyConfigInvalid,
  type ShopifyOptions,
} from "./ShopifyConfig.ts"

export type Services = ShopifyClient | ShopifyConfig | AccessTokens | Fulfiller

const parts = RewardFulfiller.layer.pipe(Layer.provideMerge(ShopifyClient.layer))
const fixed = parts.pipe(Layer.provideMerge(AccessTokens.layerFixed))

/** A custom app with a token of its own. */
export const layer = (options: ShopifyOptions): Layer.Layer<Services, ShopifyConfigInvalid> =>
  fixed.pipe(Layer.provideMerge(ShopifyConfig.layer(options)))

/** An app that a merchant installs: see `AppInstallation`. Its tokens are those of the tenant's installation. */
export const layerApp = (
  options: ShopifyAppOptions,
): Layer.Layer<Services | OAuth, ShopifyConfigInvalid, Installations | CurrentTenant> =>
  InstalledFulfiller.layer.pipe(
    Layer.provideMerge(parts),
    Layer.provideMerge(AccessTokens.layerInstalled),
    Layer.provideMerge(OAuth.layer),
    Layer.provideMerge(ShopifyConfig.layer(options)),
  )

/** From the environment: see `ShopifyConfig.layerConfig`. */
export const layerConfig: Layer.Layer<Services, ShopifyConfigInvalid | Config.ConfigError> = fixed.pipe(
  Layer.provideMerge(configFromEnvironment),
)
