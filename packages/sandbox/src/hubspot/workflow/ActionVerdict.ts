/**
 * What an answer of an app means to the workflow. 2xx is success unless the outputs say otherwise, whatever the body
 * (reported: HubSpot takes even a page of HTML for success); 4xx is a failure and the workflow goes on, but for 429; 5xx,
 * no answer and no connection are tried again (documented). `Retry-After` counts milliseconds here (documented).
 *
 * ASYNC is taken for BLOCK: what it means is not documented. Redirects are not followed and are failures (unverified).
 */
import * as IsoDuration from "./IsoDuration.ts"
import { check } from "./OutputCheck.ts"
import { isObject } from "../RequestBody.ts"
import type { OutputField } from "./ActionShape.ts"
import type { AttemptResult } from "./Run.ts"

export interface ActionVerdict {
  readonly kind: "success" | "failed" | "blocked" | "retry"
  readonly outputs: Readonly<Record<string, string>>
  readonly problems: ReadonlyArray<string>
  /** Of a retry, where the answer wants one. */
  readonly retryAfterMillis: number | null
  /** Of a block. */
  readonly expiresInMillis: number | null
}

const plain = (kind: ActionVerdict["kind"], problems: ReadonlyArray<string> = []): ActionVerdict => ({
  kind,
  outputs: {},
  problems,
  retryAfterMillis: null,
  expiresInMillis: null,
})

/** The member `outputFields`, or what is wrong with the body. */
const outputFieldsOf = (body: string): { readonly value: unknown; readonly problem: string | null } => {
  if (body.trim() === "") return { value: undefined, problem: null }
  try {
    const parsed: unknown = JSON.parse(body)
    if (isObject(parsed)) return { value: parsed["outputFields"], problem: null }
    return { value: undefined, problem: "The answer is no JSON object; HubSpot takes it for success without outputs" }
  } catch {
    return { value: undefined, problem: "The answer is not JSON; HubSpot takes it for success without outputs" }
  }
}

const states = ["SUCCESS", "FAIL_CONTINUE", "BLOCK", "ASYNC"]

const succeeded = (fields: ReadonlyArray<OutputField>, body: string): ActionVerdict => {
  const { problem, value } = outputFieldsOf(body)
  const { control, outputs, problems } = check(fields, value)
  const found = [...(problem === null ? [] : [problem]), ...problems]
  const state = control["hs_execution_state"] ?? "SUCCESS"
  if (!states.includes(String(state)))
    found.push(`hs_execution_state must be ${states.join(", ")}, not "${String(state)}"; it counts as SUCCESS`)
  const verdict = { outputs, problems: found, retryAfterMillis: null, expiresInMillis: null }
  if (state === "FAIL_CONTINUE") return { ...verdict, kind: "failed" }
  if (state !== "BLOCK" && state !== "ASYNC") return { ...verdict, kind: "success" }
  if (state === "ASYNC") found.push("ASYNC is not documented; the sandbox waits for the callback as with BLOCK")
  const wanted = control["hs_expiration_duration"]
  const duration = wanted === undefined ? IsoDuration.weekMillis : IsoDuration.parse(String(wanted))
  if (duration === null)
    found.push(`hs_expiration_duration must be an ISO 8601 duration, not "${String(wanted)}"; it counts as a week`)
  return { ...verdict, kind: "blocked", expiresInMillis: duration ?? IsoDuration.weekMillis }
}

const throttled = (retryAfter: string | null): ActionVerdict => {
  if (retryAfter === null) return plain("retry")
  if (!/^\d+$/.test(retryAfter)) return plain("retry", [`Retry-After must be milliseconds, not "${retryAfter}"`])
  const millis = Number(retryAfter)
  // Whoever means seconds sends small numbers.
  const problems = millis < 1_000 ? [`Retry-After: ${retryAfter} means ${retryAfter} milliseconds to HubSpot`] : []
  return { ...plain("retry", problems), retryAfterMillis: millis }
}

export const judge = (fields: ReadonlyArray<OutputField>, result: AttemptResult): ActionVerdict => {
  if (result.kind !== "answered") return plain("retry")
  const { body, retryAfter, status } = result
  if (status >= 200 && status < 300) return succeeded(fields, body)
  if (status === 429) return throttled(retryAfter)
  if (status >= 500) return plain("retry")
  return plain("failed", [`The app answered ${status}; HubSpot does not try again`])
}
