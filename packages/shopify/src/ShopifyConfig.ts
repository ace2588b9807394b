/**
 * Which shop, with which token, and how carefully.
 *
 * Promises: the domain is one of Shopify's own and nothing around it; the API version is one that Shopify's library
 * knows; secrets are redacted wherever they are printed. It does not talk to the shop.
 */
import { ApiVersion } from "@shopify/shopify-api"
import { Config, Context, Effect, Layer, Redacted, Schema } from "effect"
import { z } from "zod"

export interface ShopifyOptions {
  /** `something.myshopify.com` */
  readonly shop: string
  readonly accessToken: Redacted.Redacted
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
})

export interface Settings extends z.output<typeof shape> {
  readonly accessToken: Redacted.Redacted
  readonly webhookSecrets: ReadonlyArray<Redacted.Redacted>
  readonly fetch: typeof globalThis.fetch
}

/** Checked settings, or the option that is wrong and what to write instead. */
export const settings = (options: ShopifyOptions): Effect.Effect<Settings, ShopifyConfigInvalid> =>
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
    if (Redacted.value(accessToken) === "") {
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
    return { ...parsed.data, accessToken, webhookSecrets, fetch: fetch ?? globalThis.fetch }
  })

export class ShopifyConfig extends Context.Service<ShopifyConfig, Settings>()("@advocacy-kit/shopify/ShopifyConfig") {
  static readonly layer = (options: ShopifyOptions): Layer.Layer<ShopifyConfig, ShopifyConfigInvalid> =>
    Layer.effect(ShopifyConfig, settings(options))
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
