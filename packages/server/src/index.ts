/**
 * The HTTP surface of Advocacy Kit. The routes of each connector are subpaths (`/shopify`, `/hubspot`), so that nobody
 * installs an SDK that they do not use.
 */
export * as Advocacy from "./Advocacy.ts"
export * as Connector from "./Connector.ts"
export * as Server from "./Server.ts"
export * as WebhookRoute from "./WebhookRoute.ts"
