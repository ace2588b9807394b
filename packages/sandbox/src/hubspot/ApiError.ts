/**
 * What the simulated API says when it says no: a status and the body HubSpot would send.
 *
 * Handlers throw it before they commit anything, so that an error never leaves half a change behind. The
 * `correlationId` is added by the server. It knows no HTTP beyond the status code.
 */

export interface ErrorDetail {
  readonly message: string
  readonly code?: string
  readonly context?: Readonly<Record<string, ReadonlyArray<string>>>
}

export class ApiError extends Error {
  readonly status: number
  readonly category: string
  readonly errors: ReadonlyArray<ErrorDetail>
  readonly context: Readonly<Record<string, ReadonlyArray<string>>>

  constructor(
    status: number,
    category: string,
    message: string,
    errors: ReadonlyArray<ErrorDetail> = [],
    context: Readonly<Record<string, ReadonlyArray<string>>> = {},
  ) {
    super(message)
    this.name = "ApiError"
    this.status = status
    this.category = category
    this.errors = errors
    this.context = context
  }

  /** The body as HubSpot prints it; lists that are empty are left out. */
  toBody(correlationId: string): Readonly<Record<string, unknown>> {
    return {
      status: "error",
      message: this.message,
      correlationId,
      category: this.category,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
      ...(Object.keys(this.context).length > 0 ? { context: this.context } : {}),
    }
  }
}

export const invalid = (message: string, errors: ReadonlyArray<ErrorDetail> = []): ApiError =>
  new ApiError(400, "VALIDATION_ERROR", message, errors)

export const notFound = (message = "resource not found"): ApiError => new ApiError(404, "OBJECT_NOT_FOUND", message)

export const unauthorised = (): ApiError =>
  new ApiError(
    401,
    "INVALID_AUTHENTICATION",
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  )

export interface PropertyProblem {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** One answer for all the values of one record that do not hold. */
export const invalidProperties = (portalId: number, problems: ReadonlyArray<PropertyProblem>): ApiError => {
  const listed = problems.map((problem) => ({
    isValid: false,
    message: problem.message,
    error: problem.code,
    name: problem.name,
    localizedErrorMessage: problem.message,
    portalId,
  }))
  return invalid(
    `Property values were not valid: ${JSON.stringify(listed)}`,
    problems.map((problem) => ({
      message: problem.message,
      code: problem.code,
      context: { propertyName: [problem.name] },
    })),
  )
}
