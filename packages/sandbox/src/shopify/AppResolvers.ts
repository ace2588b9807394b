/**
 * The app and its installation as the Admin API shows them, and what an app can do to itself: uninstall, and give
 * optional scopes back. Which codes these refusals have is the schema's; when each is given is as documented.
 */

import { withImplied } from "./AppAccess.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { findOfType, shopNumber } from "./NodeLookup.ts"

const scopeRow = (handle: string) => ({ handle, description: handle.replaceAll("_", " ") })

const app = { __typename: "App" }
const installation = { __typename: "AppInstallation" }

const appFields = fields<unknown>("App", {
  id: () => GlobalId.make("App", shopNumber),
  apiKey: (_, __, { state }) => state.access.configuration.clientId,
  handle: () => "sandbox-app",
  title: () => "Sandbox app",
  embedded: () => true,
  installation: (_, __, { state }) => (state.access.installed ? installation : null),
  requestedAccessScopes: (_, __, { state }) => state.access.configuration.scopes.map(scopeRow),
  optionalAccessScopes: (_, __, { state }) => state.access.configuration.optionalScopes.map(scopeRow),
})

const installationFields = fields<unknown>("AppInstallation", {
  id: () => GlobalId.make("AppInstallation", shopNumber),
  app: () => app,
  accessScopes: (_, __, { scopes }) => scopes.map(scopeRow),
  activeSubscriptions: () => [],
  ...metafieldFields<unknown>(() => GlobalId.make("AppInstallation", shopNumber)),
})

const uninstall = (_: unknown, __: unknown, execution: Execution) => {
  execution.commit({ type: "app.uninstalled", at: execution.state.now })
  return { app, userErrors: [] }
}

const revocationProblem = (scopes: ReadonlyArray<string>, { state: { access } }: Execution) => {
  const { optionalScopes, scopes: required } = access.configuration
  const problem = (code: string, message: string) => ({ field: ["scopes"], code, message })
  for (const scope of scopes) {
    if (required.includes(scope))
      return problem("CANNOT_REVOKE_REQUIRED_SCOPES", `The scope ${scope} is required and cannot be revoked`)
    if (withImplied(required).has(scope))
      return problem("CANNOT_REVOKE_IMPLIED_SCOPES", `The scope ${scope} is implied by another and cannot be revoked`)
    if (!optionalScopes.includes(scope))
      return problem("CANNOT_REVOKE_UNDECLARED_SCOPES", `The scope ${scope} is not declared by the app`)
  }
  return undefined
}

const revoke = (_: unknown, args: { readonly scopes: ReadonlyArray<string> }, execution: Execution) => {
  const problem = revocationProblem(args.scopes, execution)
  if (problem !== undefined) return { revoked: null, userErrors: [problem] }
  const { access, now } = execution.state
  const revoked = access.granted.filter((scope) => args.scopes.includes(scope))
  if (revoked.length > 0) {
    const granted = access.granted.filter((scope) => !args.scopes.includes(scope))
    execution.commit({ type: "app.scopes", granted, at: now })
  }
  return { revoked: revoked.map(scopeRow), userErrors: [] }
}

export const appTables: ReadonlyArray<TypeFields> = [
  appFields,
  installationFields,
  fields<unknown>("QueryRoot", {
    app: (_, args: { readonly id?: string | null }, execution) =>
      args.id === undefined || args.id === null ? app : findOfType("App", args.id, execution),
    currentAppInstallation: () => installation,
    appInstallation: (_, args: { readonly id?: string | null }, execution) =>
      args.id === undefined || args.id === null ? installation : findOfType("AppInstallation", args.id, execution),
  }),
  fields<unknown>("Mutation", { appUninstall: uninstall, appRevokeAccessScopes: revoke }),
]
