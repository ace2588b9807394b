/**
 * The addresses that the connector calls, in one table per API version.
 *
 * HubSpot's date-based versions moved resources about, so a path is never made by exchanging the version in another.
 * Every segment that comes from data is percent-encoded.
 */
import type { ApiVersion } from "./HubSpotConfig.ts"

export type ObjectType = "contacts" | "companies" | "deals" | "feedback_submissions"

const part = encodeURIComponent

const dated = (version: ApiVersion) => ({
  objects: (type: ObjectType) => `/crm/objects/${version}/${type}`,
  object: (type: ObjectType, id: string) => `/crm/objects/${version}/${type}/${part(id)}`,
  search: (type: ObjectType) => `/crm/objects/${version}/${type}/search`,
  batchRead: (type: ObjectType) => `/crm/objects/${version}/${type}/batch/read`,
  batchUpdate: (type: ObjectType) => `/crm/objects/${version}/${type}/batch/update`,
  properties: (type: ObjectType) => `/crm/properties/${version}/${type}`,
  property: (type: ObjectType, name: string) => `/crm/properties/${version}/${type}/${part(name)}`,
  propertiesCreate: (type: ObjectType) => `/crm/properties/${version}/${type}/batch/create`,
  groups: (type: ObjectType) => `/crm/properties/${version}/${type}/groups`,
  associationsRead: (from: ObjectType, to: ObjectType) => `/crm/associations/${version}/${from}/${to}/batch/read`,
  associationsCreate: (from: ObjectType, to: ObjectType) => `/crm/associations/${version}/${from}/${to}/batch/create`,
  associationsDefault: (from: ObjectType, to: ObjectType) =>
    `/crm/associations/${version}/${from}/${to}/batch/associate/default`,
  accountDetails: `/account-info/${version}/details`,
  dailyUsage: `/account-info/${version}/api-usage/daily/private-apps`,
  callbackComplete: (callback: string) => `/automation/actions/callbacks/${version}/${part(callback)}/complete`,
  associationLabels: (from: ObjectType, to: ObjectType) => `/crm/associations/${version}/${from}/${to}/labels`,
})

export const paths: Readonly<Record<ApiVersion, ReturnType<typeof dated>>> = {
  "2026-09": dated("2026-09"),
  "2026-03": dated("2026-03"),
}
export type Paths = ReturnType<typeof dated>
