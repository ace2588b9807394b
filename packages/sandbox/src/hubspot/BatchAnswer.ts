/**
 * The answer of a batch: everything that went well, and, where something did not, status 207 with one error
 * per input. An error names its input by id, or by the `objectWriteTraceId` the client gave it.
 */
import { ApiError } from "./ApiError.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiResponse } from "./Route.ts"

export type Context = Readonly<Record<string, ReadonlyArray<string>>>

export interface BatchError {
  readonly error: ApiError
  readonly context: Context
}

export const answer = (
  state: HubSpotState,
  status: 200 | 201,
  results: ReadonlyArray<unknown>,
  errors: ReadonlyArray<BatchError> = [],
): ApiResponse => {
  const body: Json = { status: "COMPLETE", results, startedAt: state.now, completedAt: state.now }
  if (errors.length === 0) return { status, body }
  const printed = errors.map(({ error, context }) => ({
    status: "error",
    category: error.category,
    message: error.message,
    errors: error.errors,
    context: { ...error.context, ...context },
    links: {},
  }))
  return { status: 207, body: { ...body, numErrors: errors.length, errors: printed } }
}

/** Runs one input's work; what it refuses becomes an error of that input, anything else dies. */
export const attempt = <A>(work: () => A): A | ApiError => {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof ApiError) return cause
    throw cause
  }
}
