/**
 * One attempt: posts a request to an action and waits for the answer, or brings about the trouble that was ordered.
 * Redirects are not followed. It judges nothing.
 */
import { headers } from "./ActionSignature.ts"
import type { AttemptResult } from "./Run.ts"
import type { FaultOrder } from "./WorkflowFaults.ts"

export interface ActionCallOptions {
  readonly secret: string
  readonly timestampMillis: number
  readonly timeoutMillis: number
  readonly signal: AbortSignal
}

const longestAnswer = 1_000_000

export const post = async (url: string, body: string, options: ActionCallOptions): Promise<AttemptResult> => {
  const timeout = AbortSignal.timeout(options.timeoutMillis)
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: headers(options.secret, url, body, options.timestampMillis),
      body,
      redirect: "manual",
      signal: AbortSignal.any([options.signal, timeout]),
    })
    const text = await response.text()
    return {
      kind: "answered",
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      body: text.slice(0, longestAnswer),
    }
  } catch (cause) {
    if (options.signal.aborted) return { kind: "interrupted" }
    if (timeout.aborted) return { kind: "timed-out" }
    const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : String(cause)
    return { kind: "not-connected", message: reason }
  }
}

export const attempt = async (
  url: string,
  body: string,
  fault: FaultOrder["kind"] | null,
  options: ActionCallOptions,
): Promise<AttemptResult> => {
  if (fault === "UNREACHABLE") return { kind: "not-connected", message: "ordered: not reachable" }
  const result = await post(url, body, options)
  switch (fault) {
    case "DUPLICATE":
      await post(url, body, options)
      return result
    case "TIMEOUT":
      return { kind: "timed-out" }
    case "DROP":
      return { kind: "not-connected", message: "ordered: the answer was lost" }
    case "UNREADABLE":
      return { kind: "answered", status: 200, retryAfter: null, body: "<html><body>OK</body></html>" }
    default:
      return result
  }
}
