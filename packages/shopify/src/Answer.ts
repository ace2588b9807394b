/**
 * Reads one HTTP answer of the Admin API: data, what was withheld, what it cost, or why it failed.
 *
 * Promises: pure. Throttling inside a 200 is recognised with the time to wait; `Retry-After` is in seconds; an answer
 * with data and refused members keeps its data. Whether to try again is decided elsewhere.
 */
import { z } from "zod"
import type { ThrottleStatus } from "./CostBucket.ts"
import {
  AccessDenied,
  Invalid,
  Malformed,
  type Reason,
  ServerFault,
  Throttled,
  TooCostly,
  Unauthorised,
} from "./ShopifyError.ts"

/** The path of a member that came back null because this app may not see it. */
export type Withheld = ReadonlyArray<string | number>

export interface Cost {
  readonly requested: number
  readonly status: ThrottleStatus
}

export type Exchange =
  | { readonly data: unknown; readonly withheld: ReadonlyArray<Withheld>; readonly cost: Cost | undefined }
  | { readonly reason: Reason; readonly cost: Cost | undefined }

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .union([
      z.array(
        z.object({
          message: z.string().default(""),
          path: z.array(z.union([z.string(), z.number()])).optional(),
          extensions: z.object({ code: z.string().optional() }).optional(),
        }),
      ),
      z.string().transform((message) => [{ message, path: undefined, extensions: undefined }]),
    ])
    .default([]),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.number(),
        throttleStatus: z.object({
          maximumAvailable: z.number(),
          currentlyAvailable: z.number(),
          restoreRate: z.number(),
        }),
      }),
    })
    .optional()
    .catch(undefined),
})
type Envelope = z.output<typeof envelope>

const costOf = ({ extensions }: Envelope): Cost | undefined =>
  extensions === undefined
    ? undefined
    : { requested: extensions.cost.requestedQueryCost, status: extensions.cost.throttleStatus }

/** `Retry-After` counts seconds; without one a second is a fair guess. */
const waitOf = (retryAfter: string | null): number => {
  const seconds = Number(retryAfter ?? "1")
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(300_000, Math.ceil(seconds * 1000)) : 1000
}

const untilRestored = (cost: Cost | undefined): number =>
  cost === undefined
    ? 1000
    : Math.max(
        100,
        Math.ceil(((cost.requested - cost.status.currentlyAvailable) / Math.max(1, cost.status.restoreRate)) * 1000),
      )

const ofStatus = (status: number, retryAfter: string | null): Reason | undefined => {
  if (status === 429) return new Throttled({ waitMillis: waitOf(retryAfter) })
  if (status === 401 || status === 402 || status === 403 || status === 404 || status === 423)
    return new Unauthorised({ status })
  if (status >= 500) return new ServerFault({ status, detail: "" })
  if (status !== 200) return new Invalid({ detail: `Shopify answered with HTTP ${status}` })
  return undefined
}

const parse = (text: string): Envelope | undefined => {
  try {
    const parsed = envelope.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Codes that say: this member only. */
const withholds = new Set(["ACCESS_DENIED", "FORBIDDEN"])
const faults = new Set(["INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"])

const ofErrors = ({ data, errors }: Envelope, cost: Cost | undefined): Reason | undefined => {
  const code = (wanted: string) => errors.some((error) => error.extensions?.code === wanted)
  if (errors.length === 0)
    return data === undefined || data === null
      ? new Malformed({ detail: "the answer has neither data nor errors" })
      : undefined
  if (code("THROTTLED")) return new Throttled({ waitMillis: untilRestored(cost) })
  if (code("MAX_COST_EXCEEDED")) return new TooCostly({ detail: "the query costs more than Shopify accepts at once" })
  const fault = errors.find((error) => faults.has(error.extensions?.code ?? ""))
  if (fault !== undefined) return new ServerFault({ status: 200, detail: fault.extensions?.code ?? "" })
  const detail = errors
    .map((error) => error.message)
    .join("; ")
    .slice(0, 500)
  if (!errors.every((error) => withholds.has(error.extensions?.code ?? ""))) return new Invalid({ detail })
  const nothingLeft =
    data === undefined ||
    data === null ||
    (typeof data === "object" && Object.values(data).every((member) => member === null))
  return nothingLeft ? new AccessDenied({ detail }) : undefined
}

export const readExchange = (answer: {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}): Exchange => {
  const refused = ofStatus(answer.status, answer.retryAfter)
  if (refused !== undefined) return { reason: refused, cost: undefined }
  const read = parse(answer.text)
  if (read === undefined)
    return { reason: new Malformed({ detail: "the answer is not a GraphQL result" }), cost: undefined }
  const cost = costOf(read)
  const reason = ofErrors(read, cost)
  if (reason !== undefined) return { reason, cost }
  return {
    data: read.data,
    withheld: read.errors.flatMap((error) => (error.path === undefined ? [] : [error.path])),
    cost,
  }
}
