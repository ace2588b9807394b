/**
 * Which shop, with which token or as which app, and how carefully.
 *
 * Promises: the domain is one of Shopify's own and nothing around it; the API version is one that Shopify's library
 * knows; secrets are redacted wherever they are printed. It does not talk to the shop.
 */
import { ApiVersion } from "@shopify/shopify-api"
import { Config, Context, Effect, Layer, Redacted, Schema } from "effect"
import { z } from "zod"

/** An app that merchants install; `webhookSecrets` holds its client secret. */
export interface AppOptions {
  readonly clientId: string
  /** Where the routes of `server/shopify` are reached from outside, such as `https://app.example`. */
  readonly url: string
  /** What is asked for by the authorisation code. Absent: what the app's configuration at Shopify says. */
  readonly scopes?: ReadonlyArray<string>
  /** `install` (default): by a merchant. `clientCredentials`: a shop of the app's own organisation, without anybody's doing. */
  readonly grant?: "install" | "clientCredentials"
}

interface CommonOptions {
  /** `something.myshopify.com` */
  readonly shop: string
  /** Default `2026-10`. */
  readonly apiVersion?: string
  /** The app's client secret; during a rotation the new and the old one. Without it no webhook is accepted. */
  readonly webhookSecrets?: ReadonlyArray<Redacted.Redacted>
  /** Where requests go instead of `https://<shop>`: a sandbox. Absent means the shop itself. */
  readonly baseUrl?: string
  /** Cart attributes that may hold a referral code; no other attribute is kept. Default `["ref"]`. */
  readonly referralAttributes?: ReadonlyArray<string>
  /** The cart attribute with the buyer's device id, kept as a keyed hash. Default `_device`. */
  readonly deviceAttribute?: string
  /** Name of the program, for the titles of discounts in the shop's admin. */
  readonly program?: string
  /** Whether the shop writes to customers when they are given store credit. Default true. */
  readonly notifyCustomers?: boolean
  /** How much of the shop's API budget is left to other code of the same app, in percent. Default 50. */
  readonly hostSharePercent?: number
  /** How long one request may take. Default 30,000. */
  readonly timeoutMillis?: number
  /** Takes the place of the global `fetch`, for instance to keep a journal. */
  readonly fetch?: typeof globalThis.fetch
}

/** A custom app with a token of its own. */
export interface ShopifyOptions extends CommonOptions {
  readonly accessToken: Redacted.Redacted
  readonly app?: never
}

/** An app whose tokens come from its installation. */
export interface ShopifyAppOptions extends CommonOptions {
  readonly app: AppOptions
  readonly accessToken?: never
}

export class ShopifyConfigInvalid extends Schema.TaggedError<ShopifyConfigInvalid>()("ShopifyConfigInvalid", {
  place: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `${this.place}: ${this.remedy}`
  }
}

/** Anchored at both ends, so that no other host can hide in it. */
export const isShopDomain = (domain: string): boolean =>
  /^[a-z0-9][a-z0-9-]{0,59}\.(?:myshopify\.com|myshopify\.io|shop\.dev)$/.test(domain)

const appShape = z.strictObject({
  clientId: z.string().regex(/^[\x21-\x7e]{1,200}$/, "give the app's client id"),
  url: z
    .url({ protocol: /^https?$/, error: "write the app's address, such as https://app.example" })
    .transform((url) => url.replace(/\/+$/, ""))
    .refine((url) => {
      const { hash, hostname, protocol, search } = new URL(url)
      return search === "" && hash === "" && (protocol === "https:" || /^(?:localhost|127\.0\.0\.1)$/.test(hostname))
    }, "must be https (except on this machine), without query and fragment"),
  scopes: z.array(z.string().regex(/^[a-z_]{1,100}$/, "a scope looks like read_orders")).optional(),
  grant: z.enum(["install", "clientCredentials"]).default("install"),
})
export type App = z.output<typeof appShape>

const versions: ReadonlyArray<string> = Object.values(ApiVersion)

const shape = z.strictObject({
  shop: z
    .string()
    .refine(isShopDomain, "write the shop's own domain, such as acme.myshopify.com, without https:// and path"),
  apiVersion: z
    .string()
    .refine((version) => versions.includes(version), `use one of ${versions.join(", ")}`)
    .default("2026-10"),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "write an address such as http://127.0.0.1:4000" })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  referralAttributes: z.array(z.string().min(1)).default(["ref"]),
  deviceAttribute: z.string().min(1).default("_device"),
  program: z.string().min(1).max(100).default("referral program"),
  notifyCustomers: z.boolean().default(true),
  hostSharePercent: z.number().min(0, "use 0 to 90").max(90, "use 0 to 90").default(50),
  timeoutMillis: z.int().min(1, "use a positive number of milliseconds").default(30_000),
  app: appShape.optional(),
})

export interface Settings extends z.output<typeof shape> {
  /** Undefined for an app that is installed. */
  readonly accessToken: Redacted.Redacted | undefined
  readonly webhookSecrets: ReadonlyArray<Redacted.Redacted>
  readonly fetch: typeof globalThis.fetch
}

/** Checked settings, or the option that is wrong and what to write instead. */
export const settings = (options: ShopifyOptions | ShopifyAppOptions): Effect.Effect<Settings, ShopifyConfigInvalid> =>
  Effect.gen(function* () {
    const { accessToken, fetch, webhookSecrets = [], ...plain } = options
    const parsed = shape.safeParse(plain)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return yield* new ShopifyConfigInvalid({
        place: issue?.path.join(".") || "options",
        remedy: issue?.message ?? "not readable",
      })
    }
    if (accessToken !== undefined && Redacted.value(accessToken) === "") {
      return yield* new ShopifyConfigInvalid({
        place: "accessToken",
        remedy: "is empty: give the app's Admin API access token",
      })
    }
    if (webhookSecrets.length > 2 || webhookSecrets.some((secret) => Redacted.value(secret) === "")) {
      return yield* new ShopifyConfigInvalid({
        place: "webhookSecrets",
        remedy: "give one secret, or two during a rotation, none of them empty",
      })
    }
    if (parsed.data.app !== undefined && webhookSecrets.length === 0) {
      return yield* new ShopifyConfigInvalid({
        place: "webhookSecrets",
        remedy: "give the app's client secret: an app needs it to be granted tokens",
      })
    }
    return { ...parsed.data, accessToken, webhookSecrets, fetch: fetch ?? globalThis.fetch }
  })

export class ShopifyConfig extends Context.Service<ShopifyConfig, Settings>()("@advocacy-kit/shopify/ShopifyConfig") {
  static readonly layer = (
    options: ShopifyOptions | ShopifyAppOptions,
  ): Layer.Layer<ShopifyConfig, ShopifyConfigInvalid> => Layer.effect(ShopifyConfig, settings(options))
}

const environment = Config.all({
  shop: Config.String("SHOPIFY_SHOP"),
  accessToken: Config.Redacted("SHOPIFY_ACCESS_TOKEN"),
  webhookSecret: Config.option(Config.Redacted("SHOPIFY_WEBHOOK_SECRET")),
  previousSecret: Config.option(Config.Redacted("SHOPIFY_WEBHOOK_SECRET_PREVIOUS")),
  apiVersion: Config.withDefault(Config.String("SHOPIFY_API_VERSION"), "2026-10"),
  baseUrl: Config.option(Config.String("SHOPIFY_BASE_URL")),
})

/** From SHOPIFY_SHOP, SHOPIFY_ACCESS_TOKEN, SHOPIFY_WEBHOOK_SECRET (_PREVIOUS), SHOPIFY_API_VERSION, SHOPIFY_BASE_URL. */
export const layerConfig = Layer.effect(
  ShopifyConfig,
  Effect.gen(function* () {
    const found = yield* environment
    const secrets = [found.webhookSecret, found.previousSecret].flatMap((secret) =>
      secret._tag === "Some" ? [secret.value] : [],
    )
    return yield* settings({
      shop: found.shop,
      accessToken: found.accessToken,
      webhookSecrets: secrets,
      apiVersion: found.apiVersion,
      ...(found.baseUrl._tag === "Some" ? { baseUrl: found.baseUrl.value } : {}),
    })
  }),
)
