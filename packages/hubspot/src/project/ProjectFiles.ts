/**
 * The app as HubSpot's command line uploads it: `hsproject.json`, the app, its webhooks, and one file for each workflow action.
 *
 * Pure: texts by path. An app with static auth serves the one account that it is installed in; with OAuth it may be installed in many.
 */
import { actions } from "../action/Actions.ts"
import { actionFile } from "./ActionFile.ts"

export interface ProjectOptions {
  /** The app's name in HubSpot. */
  readonly name: string
  /** Where `advocacy serve` can be reached, such as `https://advocacy.example.com`. */
  readonly baseUrl: string
  readonly supportEmail: string
  readonly auth: "static" | "oauth"
}

const requiredScopes = [
  "oauth",
  "automation",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.schemas.contacts.read",
  "crm.schemas.contacts.write",
]
/** What works without them is said in `docs/connect-hubspot.md`. */
const optionalScopes = ["crm.objects.companies.read", "crm.objects.deals.read", "crm.objects.feedback_submissions.read"]

const app = ({ auth, baseUrl, name, supportEmail }: ProjectOptions) => ({
  uid: "advocacy_app",
  type: "app",
  config: {
    name,
    description: "Customer advocacy: who to ask, what they share, what they earned, and why",
    distribution: "private",
    auth: {
      type: auth,
      ...(auth === "oauth" ? { redirectUrls: [`${baseUrl}/hubspot/callback`] } : {}),
      requiredScopes: auth === "oauth" ? requiredScopes : requiredScopes.filter((scope) => scope !== "oauth"),
      optionalScopes,
      conditionallyRequiredScopes: [],
    },
    permittedUrls: { fetch: [baseUrl], iframe: [], img: [] },
    support: { supportEmail },
  },
})

const changing = ["email", "lifecyclestage", "hs_email_optout", "hs_feedback_last_survey_date"]
const objects = ["contact", "company", "deal", "feedback_submission"]

/** HubSpot sends them to one address for all accounts of the app. */
const webhooks = ({ baseUrl }: ProjectOptions) => ({
  uid: "advocacy_webhooks",
  type: "webhooks",
  config: {
    settings: { targetUrl: `${baseUrl}/hubspot/webhooks`, maxConcurrentRequests: 10 },
    subscriptions: {
      crmObjects: [
        ...objects.flatMap((objectType) =>
          ["object.creation", "object.deletion", "object.merge", "object.restore"]
            .filter((topic) => objectType !== "feedback_submission" || topic === "object.creation")
            .map((subscriptionType) => ({ subscriptionType, objectType, active: true })),
        ),
        ...changing.map((propertyName) => ({
          subscriptionType: "object.propertyChange",
          objectType: "contact",
          propertyName,
          active: true,
        })),
        ...["dealstage", "amount"].map((propertyName) => ({
          subscriptionType: "object.propertyChange",
          objectType: "deal",
          propertyName,
          active: true,
        })),
      ],
      legacyCrmObjects: [],
      hubEvents: [{ subscriptionType: "contact.privacyDeletion", active: true }],
    },
  },
})

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Texts by path, in the order in which they are best read. */
export const projectFiles = (options: ProjectOptions): ReadonlyMap<string, string> => {
  const told = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, "") }
  return new Map([
    ["hsproject.json", text({ name: "advocacy", srcDir: "src", platformVersion: "2026.03" })],
    ["src/app/app-hsmeta.json", text(app(told))],
    ["src/app/webhooks/webhooks-hsmeta.json", text(webhooks(told))],
    ...actions.map(
      ({ definition }) =>
        [
          `src/app/workflow-actions/${definition.uid.replaceAll("_", "-")}-hsmeta.json`,
          text(actionFile(definition, `${told.baseUrl}/hubspot/actions`)),
        ] as const,
    ),
  ])
}
