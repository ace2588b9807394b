/**
 * A request as the simulated API sees it, and the table that finds its handler.
 *
 * The dated paths and the numbered ones lead to the same handlers: a path is first brought to one form
 * (`objects/contacts/batch/read`), then matched in the order of the table, fixed words before parameters.
 */
import type { HubSpotState } from "./HubSpotState.ts"
import type { Json } from "./RequestBody.ts"

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Empty where the route takes text. */
  readonly body: Json
  readonly text: string
}

export interface ApiResponse {
  readonly status: number
  /** Absent: an empty body. */
  readonly body?: Json
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly pattern: string
  /** The body is not JSON. */
  readonly isText?: true
  readonly handle: (request: ApiRequest, state: HubSpotState) => ApiResponse
}

const version = "(?:2026-09|2026-03)"
const families: ReadonlyArray<readonly [RegExp, string]> = [
  [new RegExp(`^/crm/objects/${version}/`), "objects/"],
  [/^\/crm\/v[34]\/objects\//, "objects/"],
  [new RegExp(`^/crm/properties/${version}/`), "properties/"],
  [/^\/crm\/v3\/properties\//, "properties/"],
  [new RegExp(`^/crm/associations/${version}/`), "associations/"],
  [/^\/crm\/(?:v4\/associations|associations\/v4)\//, "associations/"],
  [new RegExp(`^/automation/(?:actions/callbacks/${version}|v4/actions/callbacks)/`), "callbacks/"],
  [new RegExp(`^/automation/(?:actions/${version}|v4/actions)/`), "actions/"],
  [new RegExp(`^/account-info/(?:${version}|v3)/`), "account-info/"],
]

/** `null` where no API of this portal lives. */
export const canonicalPath = (path: string): string | null => {
  for (const [prefix, family] of families) {
    if (prefix.test(path)) return path.replace(prefix, family).replace(/\/+$/, "")
  }
  return null
}

/** Empty where the escapes are broken: no parameter may be. */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ""
  }
}

export const match = (pattern: string, path: string): Readonly<Record<string, string>> | null => {
  const expected = pattern.split("/")
  const given = path.split("/")
  if (expected.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of expected.entries()) {
    const value = decoded(given[index] as string)
    if (segment.startsWith(":")) {
      if (value === "") return null
      params[segment.slice(1)] = value
    } else if (segment !== value) return null
  }
  return params
}

export const param = (request: ApiRequest, name: string): string => {
  const value = request.params[name]
  if (value === undefined) throw new Error(`The route has no parameter "${name}".`)
  return value
}
