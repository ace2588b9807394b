/**
 * Which features a portal's plan, the app's scopes and what is set up here allow.
 *
 * Promises: pure; each feature with its reason, the scopes that are missing, and where to switch it on. What can only be known by
 * changing something in the portal is said as such.
 */
import type { Capability } from "@advocacy-kit/core/connector/Capability"
import type { Access, Tried } from "./Access.ts"
import type { ObjectType } from "./HubSpotPath.ts"

const inApp = "in the app (src/app/app-hsmeta.json, requiredScopes), upload it, and install it anew"

const on = (feature: string, reason: string): Capability => ({
  feature,
  standing: "on",
  reason,
  remedy: null,
  missing: [],
})

interface Wanted {
  readonly feature: string
  readonly works: string
  /** What HubSpot asks for, where it does not name it itself. */
  readonly scopes: ReadonlyArray<string>
  /** What else may be in the way. */
  readonly plan?: string
}

const judged = (tried: Tried, { feature, plan, scopes, works }: Wanted): Capability => {
  if (tried === "allowed") return on(feature, works)
  const missing = tried.missing.length > 0 ? tried.missing : scopes
  const also = plan === undefined ? "" : `; ${plan}`
  return {
    feature,
    standing: "off",
    reason: `HubSpot refuses it: the scope ${missing.join(", ")} is missing${also}`,
    remedy: `add ${missing.join(", ")} ${inApp}`,
    missing,
  }
}

const objects: Readonly<Record<ObjectType, Wanted>> = {
  contacts: {
    feature: "contacts",
    works: "contacts, their consent and their merges are read",
    scopes: ["crm.objects.contacts.read"],
  },
  companies: { feature: "companies", works: "companies are read", scopes: ["crm.objects.companies.read"] },
  deals: {
    feature: "deals",
    works: "deals are read, and count where a program counts them",
    scopes: ["crm.objects.deals.read"],
  },
  feedback_submissions: {
    feature: "survey answers",
    works: "NPS answers are read",
    scopes: ["crm.objects.feedback_submissions.read"],
    plan: "or the account has no Service Hub Professional",
  },
}

const labelled = ({ hasLabel, labels }: Access): Capability => {
  const feature = "who referred whom"
  if (hasLabel) return on(feature, 'contacts are associated as "Referred" and "Referred by"')
  return {
    feature,
    standing: "partly",
    reason:
      labels === "allowed"
        ? "the label is made when the first referral is shown, where the plan (Professional) has labels; else contacts are associated without direction"
        : "contacts are associated without direction: the account's plan or the app's scopes have no association labels",
    remedy: null,
    missing: labels === "allowed" ? [] : labels.missing,
  }
}

const setUp = (isSet: boolean, feature: string, works: string, remedy: string): Capability =>
  isSet ? on(feature, works) : { feature, standing: "off", reason: "it is not set up here", remedy, missing: [] }

const calls = ({ account, calls: day }: Access): Capability =>
  day === null
    ? {
        feature: "call budget",
        standing: "partly",
        reason: `${account === null ? "an account" : `account of type ${account.type}`}: HubSpot does not tell this app how many calls are left today`,
        remedy: null,
        missing: [],
      }
    : on("call budget", `${day.used.toLocaleString("en-US")} of ${day.limit.toLocaleString("en-US")} calls used today`)

const zone = ({ account, timeZone }: Access): ReadonlyArray<Capability> =>
  account === null || account.timeZone === timeZone
    ? []
    : [
        {
          feature: "time zone",
          standing: "partly",
          reason: `the account's day ends by ${account.timeZone}, and ${timeZone} is set here: a used-up day is waited for until the wrong midnight`,
          remedy: `set HUBSPOT_TIME_ZONE to ${account.timeZone}`,
          missing: [],
        },
      ]

export const report = (access: Access): ReadonlyArray<Capability> => [
  ...Object.entries(objects).map(([type, wanted]) => judged(access.objects[type as ObjectType], wanted)),
  judged(access.propertyDefinitions, {
    feature: "standings on contacts",
    works: "a group of properties is made and kept up to date",
    scopes: ["crm.schemas.contacts.read", "crm.schemas.contacts.write", "crm.objects.contacts.write"],
  }),
  labelled(access),
  setUp(
    access.webhooks,
    "webhooks",
    "changes are announced",
    "set HUBSPOT_WEBHOOK_URL and HUBSPOT_WEBHOOK_SECRET, and upload the app that `advocacy hubspot project` writes; a service key has no webhooks",
  ),
  setUp(
    access.actions,
    "workflow actions",
    "workflows can call this installation, on a Professional plan of any hub",
    "set HUBSPOT_ACTIONS_URL and HUBSPOT_WEBHOOK_SECRET, and upload the app that `advocacy hubspot project` writes",
  ),
  calls(access),
  ...zone(access),
]
