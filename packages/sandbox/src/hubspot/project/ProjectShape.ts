/**
 * The files of a HubSpot project other than its actions: `hsproject.json`, the app, its webhooks. Strict, as HubSpot's
 * upload is (verified on HubSpot's templates for 2025.2, 2026.03 and 2026.09; its own schemas are not public).
 */
import { z } from "zod"
import { members } from "../workflow/ActionShape.ts"

const uid = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: "must be letters, digits, _ and -" })
const address = z.string().refine((text) => URL.canParse(text), { error: "must be an address" })
const addresses = z.array(address)
const scopes = z.array(z.string().min(1))

export const project = z.strictObject({
  name: z.string().min(1),
  srcDir: z.string().min(1),
  platformVersion: z.enum(["2025.2", "2026.03", "2026.03-beta", "2026.09", "2026.09-beta"]),
})

const auth = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("static"),
    redirectUrls: addresses.optional(),
    requiredScopes: scopes,
    optionalScopes: scopes.optional(),
    conditionallyRequiredScopes: scopes.optional(),
  }),
  z.strictObject({
    type: z.literal("oauth"),
    redirectUrls: addresses.min(1),
    requiredScopes: scopes,
    optionalScopes: scopes.optional(),
    conditionallyRequiredScopes: scopes.optional(),
  }),
])

export const app = z.strictObject({
  uid,
  type: z.literal("app"),
  config: z.strictObject({
    name: z.string().min(1),
    description: z.string(),
    logo: z.string().optional(),
    distribution: z.enum(["private", "marketplace"]),
    auth,
    permittedUrls: z
      .strictObject({ fetch: addresses.optional(), iframe: addresses.optional(), img: addresses.optional() })
      .optional(),
    support: z
      .strictObject({
        supportEmail: z.string().optional(),
        documentationUrl: address.optional(),
        supportUrl: address.optional(),
        supportPhone: z.string().optional(),
      })
      .optional(),
  }),
})

export const workflowAction = z.strictObject({
  uid,
  type: z.literal("workflow-action"),
  config: z.strictObject({
    ...members,
    isPublished: z.boolean(),
    supportedClients: z.array(z.strictObject({ client: z.enum(["WORKFLOWS", "AGENTS"]) })).min(1),
  }),
})

const subscription = z.strictObject({
  subscriptionType: z.string().regex(/^\w+\.\w+$/),
  objectType: z.string().optional(),
  propertyName: z.string().optional(),
  active: z.boolean(),
})

export const webhooks = z.strictObject({
  uid,
  type: z.literal("webhooks"),
  config: z.strictObject({
    settings: z.strictObject({ targetUrl: address, maxConcurrentRequests: z.int().min(5) }),
    subscriptions: z.strictObject({
      crmObjects: z.array(subscription).optional(),
      legacyCrmObjects: z.array(subscription).optional(),
      hubEvents: z.array(subscription).optional(),
    }),
  }),
})

export type WorkflowActionFile = z.infer<typeof workflowAction>
