/**
 * What HubSpot's own documentation asks of every call, checked on the journal.
 *
 * Promises: a path that is not in the table of date-based paths is a fault, whatever the sandbox answered; batches hold at
 * most 100 inputs (associations more, as documented), a search page at most 200 results, and no search reaches past result
 * 10,000. The table is data.
 */
import { type JournalEntry, place } from "./JournalEntry.ts"

const version = "20[0-9]{2}-(?:03|09)"
const type = "[a-z_]+|[0-9]+-[0-9]+"
const id = "[0-9]+"

/** Method and path of every address that the current versions document and that we may use. */
export const paths: ReadonlyArray<readonly [method: string, path: RegExp]> = [
  ["GET", `/crm/objects/${version}/(?:${type})`],
  ["POST", `/crm/objects/${version}/(?:${type})`],
  ["GET", `/crm/objects/${version}/(?:${type})/${id}`],
  ["PATCH", `/crm/objects/${version}/(?:${type})/${id}`],
  ["POST", `/crm/objects/${version}/(?:${type})/search`],
  ["POST", `/crm/objects/${version}/(?:${type})/batch/(?:read|create|update|upsert|archive)`],
  ["GET", `/crm/properties/${version}/(?:${type})`],
  ["POST", `/crm/properties/${version}/(?:${type})`],
  ["GET", `/crm/properties/${version}/(?:${type})/groups`],
  ["POST", `/crm/properties/${version}/(?:${type})/groups`],
  ["POST", `/crm/properties/${version}/(?:${type})/batch/(?:read|create)`],
  ["PATCH", `/crm/properties/${version}/(?:${type})/[a-z0-9_]+`],
  ["GET", `/crm/associations/${version}/(?:${type})/(?:${type})/labels`],
  ["POST", `/crm/associations/${version}/(?:${type})/(?:${type})/labels`],
  [
    "POST",
    `/crm/associations/${version}/(?:${type})/(?:${type})/batch/(?:create|read|archive|labels/archive|associate/default)`,
  ],
  ["GET", `/account-info/${version}/(?:details|api-usage/daily/private-apps)`],
].map(([method = "", path = ""]) => [method, new RegExp(`^${path}$`)] as const)

const inputsMax = 100
/** Batches of associations may be larger. */
const associationInputsMax: Readonly<Record<string, number>> = { read: 1_000, create: 2_000 }
const searchLimitMax = 200
const searchReachMax = 10_000

const read = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const inputsMaxOf = (path: string): number => {
  const association = /^\/crm\/associations\/.*\/batch\/([a-z/]+)$/.exec(path)?.[1] ?? ""
  return associationInputsMax[association] ?? inputsMax
}

const batchFault = ({ requestBody, url }: JournalEntry): string | undefined => {
  const { inputs } = read(requestBody)
  const most = inputsMaxOf(new URL(url).pathname)
  if (!Array.isArray(inputs) || inputs.length === 0) {
    return "is a batch without inputs"
  }
  return inputs.length <= most ? undefined : `sends ${inputs.length} inputs, above ${most}`
}

const searchFault = ({ requestBody }: JournalEntry): string | undefined => {
  const { after, limit } = read(requestBody)
  const [reach, size] = [Number(after ?? 0), Number(limit ?? 10)]
  if (!(size >= 1 && size <= searchLimitMax)) {
    return `asks for ${size} results a page, above ${searchLimitMax}`
  }
  return reach + size <= searchReachMax ? undefined : `reaches for result ${reach + size}, past ${searchReachMax}`
}

const listFault = ({ url }: JournalEntry): string | undefined => {
  const limit = Number(new URL(url).searchParams.get("limit") ?? 10)
  return limit >= 1 && limit <= inputsMax ? undefined : `asks for ${limit} records a page, above ${inputsMax}`
}

const faultOf = (entry: JournalEntry): string | undefined => {
  const { pathname } = new URL(entry.url)
  if (!paths.some(([method, path]) => method === entry.method && path.test(pathname))) {
    return "is in no documented date-based path"
  }
  if (pathname.includes("/batch/")) {
    return batchFault(entry)
  }
  if (pathname.endsWith("/search")) {
    return searchFault(entry)
  }
  return entry.method === "GET" ? listFault(entry) : undefined
}

export const faults = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<string> =>
  entries.flatMap((entry, index) => {
    const fault = entry.platform === "hubspot" ? faultOf(entry) : undefined
    return fault === undefined ? [] : [`${place(entry, index)} ${fault}`]
  })
