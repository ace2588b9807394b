/**
 * How one HubSpot portal is connected: credentials, addresses, and what its own properties are called.
 *
 * Promises: every option is checked when the layer is built and a bad one is named with its remedy; secrets stay
 * redacted. It does not ask the portal anything.
 */
import { Config, Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import type { Client } from "@hubspot/api-client"
import * as Instant from "@advocacy-kit/core/id/Instant"
import * as Currency from "@advocacy-kit/core/money/Currency"

/** Contact and deal properties that an earlier referral program left behind. */
export interface EarlierProperties {
  readonly referralCode: string
  readonly referralCodeIssuedAt: string
  readonly invitedBy: string
  readonly invitedAt: string
  readonly dealCode: string
}

export const earlierProperties: EarlierProperties = {
  referralCode: "referral_code",
  referralCodeIssuedAt: "referral_code_issued_at",
  invitedBy: "invited_by_code",
  invitedAt: "invited_at",
  dealCode: "referral_code_used",
}

export type ApiVersion = "2026-09" | "2026-03"

export interface HubSpotOptions {
  /** Of a project app with static auth, or a service key. */
  readonly accessToken: Redacted.Redacted<string>
  readonly portalId: string
  /** The program that codes, enrolments and standings in this portal belong to. */
  readonly program: string
  /** For deals that name no currency of their own. */
  readonly currency: string
  /** The app's client secret; during a rotation the new one and the old one. */
  readonly webhookSecrets?: ReadonlyArray<Redacted.Redacted<string>>
  /** The public address that HubSpot posts to, exactly as registered; it is part of what is signed. */
  readonly webhookUrl?: string
  /** The public address under which HubSpot calls workflow actions, such as `https://example.com/hubspot/actions`. */
  readonly actionsUrl?: string
  /** A code's share link, for workflow actions. Default: the code itself. */
  readonly link?: (code: string) => string
  /** Another host, such as a local sandbox. */
  readonly basePath?: string
  readonly apiVersion?: ApiVersion
  readonly properties?: Partial<EarlierProperties>
  /** Before the names of the properties we write. */
  readonly writeBackPrefix?: string
  /** Share of the portal's call limit that we use; other apps of the account live on the rest. */
  readonly callShare?: number
  /** The account's zone: daily limits end at its midnight. */
  readonly timeZone?: string
  /** A client that the host already has; it must carry its own access token and base path. */
  readonly client?: Client
}

export class HubSpotConfigInvalid extends Schema.TaggedError<HubSpotConfigInvalid>()("HubSpotConfigInvalid", {
  option: Schema.String,
  message: Schema.String,
}) {
  readonly isRetryable = false
}

export interface HubSpotSettings {
  readonly accessToken: Redacted.Redacted<string>
  readonly portalId: string
  readonly program: string
  readonly currency: Currency.Currency
  readonly webhookSecrets: ReadonlyArray<Redacted.Redacted<string>>
  readonly webhookUrl: string | null
  readonly actionsUrl: string | null
  readonly link: (code: string) => string
  readonly basePath: string
  readonly apiVersion: ApiVersion
  readonly properties: EarlierProperties
  readonly writeBackPrefix: string
  readonly callShare: number
  readonly timeZone: string
  readonly client: Client | null
}

export class HubSpotConfig extends Context.Service<HubSpotConfig, HubSpotSettings>()(
  "@advocacy-kit/hubspot/HubSpotConfig",
) {}

/** What is wrong with the options, each with its remedy; empty when they can be used. */
export const problems = (options: HubSpotOptions): ReadonlyArray<HubSpotConfigInvalid> => {
  const found: Array<HubSpotConfigInvalid> = []
  const must = (holds: boolean, option: string, message: string): void => {
    if (!holds) found.push(new HubSpotConfigInvalid({ option, message: `${option}: ${message}` }))
  }
  must(/^\d{1,19}$/.test(options.portalId), "portalId", "give the portal's number, such as 48213377")
  must(
    /^[\x21-\x7e]+$/.test(Redacted.value(options.accessToken)),
    "accessToken",
    "give the app's access token, without spaces",
  )
  must(/^[^\s\0]{1,100}$/.test(options.program), "program", "give the program's id, such as refer-a-friend")
  must(Currency.isCurrency(options.currency), "currency", `${options.currency} is not an ISO 4217 code such as EUR`)
  must(
    (options.webhookSecrets ?? []).length <= 2,
    "webhookSecrets",
    "give at most two: the current secret and the one before",
  )
  must(
    (options.webhookSecrets ?? []).every((secret) => Redacted.value(secret).length > 0),
    "webhookSecrets",
    "a secret is empty: give the client secret from the app's Auth page",
  )
  must(
    isAddress(options.webhookUrl ?? "https://example.com"),
    "webhookUrl",
    "give the whole public address, such as https://example.com/hubspot",
  )
  must(
    isAddress(options.actionsUrl ?? "https://example.com"),
    "actionsUrl",
    "give the whole public address, such as https://example.com/hubspot/actions",
  )
  must(
    isAddress(options.basePath ?? "https://example.com"),
    "basePath",
    "give an address such as http://127.0.0.1:4010",
  )
  must(
    /^[a-z][a-z0-9_]{0,19}$/.test(options.writeBackPrefix ?? "adv_"),
    "writeBackPrefix",
    "use lower-case letters, digits and _, such as adv_",
  )
  const share = options.callShare ?? 0.9
  must(share > 0 && share <= 1, "callShare", "give a share above 0 and at most 1, such as 0.9")
  must(
    Instant.isTimeZone(options.timeZone ?? "UTC"),
    "timeZone",
    `${options.timeZone} is not an IANA time zone such as Europe/Berlin`,
  )
  return found
}

const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text)

/** Fills in the defaults; fails with the first option that cannot be used. */
export const make = (options: HubSpotOptions): Effect.Effect<HubSpotSettings, HubSpotConfigInvalid> => {
  const [problem] = problems(options)
  if (problem !== undefined) return Effect.fail(problem)
  return Effect.succeed({
    accessToken: options.accessToken,
    portalId: options.portalId,
    program: options.program,
    currency: Currency.make(options.currency),
    webhookSecrets: options.webhookSecrets ?? [],
    webhookUrl: options.webhookUrl ?? null,
    actionsUrl: options.actionsUrl?.replace(/\/+$/, "") ?? null,
    link: options.link ?? ((code) => code),
    basePath: (options.basePath ?? "https://api.hubapi.com").replace(/\/+$/, ""),
    apiVersion: options.apiVersion ?? "2026-09",
    properties: { ...earlierProperties, ...options.properties },
    writeBackPrefix: options.writeBackPrefix ?? "adv_",
    callShare: options.callShare ?? 0.9,
    timeZone: options.timeZone ?? "UTC",
    client: options.client ?? null,
  })
}

export const layer = (options: HubSpotOptions): Layer.Layer<HubSpotConfig, HubSpotConfigInvalid> =>
  Layer.effect(HubSpotConfig, make(options))

/** Reads the `HUBSPOT_…` settings and `ADVOCACY_PROGRAM`, `ADVOCACY_CURRENCY` from the environment. */
const fromEnvironment = Config.all({
  accessToken: Config.Redacted("HUBSPOT_ACCESS_TOKEN"),
  portalId: Config.String("HUBSPOT_PORTAL_ID"),
  program: Config.String("ADVOCACY_PROGRAM"),
  currency: Config.String("ADVOCACY_CURRENCY"),
  secret: Config.option(Config.Redacted("HUBSPOT_WEBHOOK_SECRET")),
  formerSecret: Config.option(Config.Redacted("HUBSPOT_WEBHOOK_SECRET_FORMER")),
  webhookUrl: Config.option(Config.String("HUBSPOT_WEBHOOK_URL")),
  actionsUrl: Config.option(Config.String("HUBSPOT_ACTIONS_URL")),
  basePath: Config.option(Config.String("HUBSPOT_BASE_PATH")),
  timeZone: Config.withDefault(Config.String("HUBSPOT_TIME_ZONE"), "UTC"),
})

/** From the environment, and what it cannot say. */
export const layerConfigWith = (
  more: Pick<HubSpotOptions, "link">,
): Layer.Layer<HubSpotConfig, HubSpotConfigInvalid | Config.ConfigError> =>
  Layer.effect(
    HubSpotConfig,
    Effect.gen(function* () {
      const found = yield* fromEnvironment
      return yield* make({
        ...more,
        accessToken: found.accessToken,
        portalId: found.portalId,
        program: found.program,
        currency: found.currency,
        timeZone: found.timeZone,
        webhookSecrets: [found.secret, found.formerSecret].flatMap((secret) => Option.toArray(secret)),
        ...(Option.isSome(found.webhookUrl) ? { webhookUrl: found.webhookUrl.value } : {}),
        ...(Option.isSome(found.actionsUrl) ? { actionsUrl: found.actionsUrl.value } : {}),
        ...(Option.isSome(found.basePath) ? { basePath: found.basePath.value } : {}),
      })
    }),
  )

export const layerConfig = layerConfigWith({})
