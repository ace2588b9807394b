/**
 * One record's way through a workflow, with everything that happened on it: steps, attempts, answers, outputs, rule
 * messages, and what was wrong. A run is a value; each change replaces it as a whole.
 */

export type AttemptResult =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfter: string | null; readonly body: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "not-connected"; readonly message: string }
  /** The sandbox ended before the answer came. */
  | { readonly kind: "interrupted" }

export interface Attempt {
  readonly number: number
  readonly at: string
  readonly result: AttemptResult
  readonly verdict: "success" | "failed" | "blocked" | "retry"
  readonly retryAt: string | null
  /** The trouble that was ordered for it. */
  readonly fault: string | null
}

export interface StepRecord {
  readonly step: string
  readonly type: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly outcome: "PENDING" | "BLOCKED" | "SUCCEEDED" | "FAILED" | "EXPIRED"
  readonly endedBy: "ANSWER" | "CALLBACK" | "EXPIRY" | "RUNNER" | null
  readonly callbackId: string | null
  readonly definitionId: string | null
  readonly revision: number | null
  /** The body of every attempt, which are equal. */
  readonly request: string | null
  readonly attempts: ReadonlyArray<Attempt>
  readonly outputs: Readonly<Record<string, string>>
  /** What the rules of the action say to the user of the workflow. */
  readonly message: string | null
  readonly problems: ReadonlyArray<string>
  readonly expiresAt: string | null
}

export interface Run {
  readonly id: string
  readonly workflowId: string
  readonly objectId: string
  readonly enrolledAt: string
  readonly status: "ACTIVE" | "BLOCKED" | "COMPLETED" | "UNENROLLED"
  /** The step to be done next; null at the end. */
  readonly position: string | null
  readonly dueAt: number
  readonly steps: ReadonlyArray<StepRecord>
}

export const isOver = (run: Run): boolean => run.status === "COMPLETED" || run.status === "UNENROLLED"

/** The record of the step at the run's position, if it has begun. */
export const current = (run: Run): StepRecord | undefined => {
  const last = run.steps.at(-1)
  return last !== undefined && last.endedAt === null ? last : undefined
}

/** With the last step replaced. */
export const withCurrent = (run: Run, step: StepRecord): Run => ({ ...run, steps: [...run.steps.slice(0, -1), step] })

export const outputsOf = (run: Run): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  Object.fromEntries(run.steps.map(({ outputs, step }) => [step, outputs]))

export const begun = (step: string, type: string, startedAt: string): StepRecord => ({
  step,
  type,
  startedAt,
  endedAt: null,
  outcome: "PENDING",
  endedBy: null,
  callbackId: null,
  definitionId: null,
  revision: null,
  request: null,
  attempts: [],
  outputs: {},
  message: null,
  problems: [],
  expiresAt: null,
})
