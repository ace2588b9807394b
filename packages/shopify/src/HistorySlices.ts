/**
 * How far the import of a history is, and how it is cut into slices of time.
 *
 * Promises: pure; slices follow each other without a gap and without an overlap, the last one has no end. A slice that
 * failed is halved, and after three failures of it or of what it was cut from it is read by pages. A slice with more lines
 * than we keep in memory is halved too, and so are those that come after it.
 */
import * as Instant from "@advocacy-kit/core/id/Instant"
import { z } from "zod"

const Slice = z.object({
  from: z.int(),
  /** null: as long as there is something. */
  until: z.int().nullable(),
  /** The bulk operation that was started for it. */
  operation: z.string().nullable(),
  failures: z.int(),
})
export type Slice = z.output<typeof Slice>

export const Slices = z.object({
  phase: z.literal("history"),
  /** Changes after this are found by the increment that follows. */
  watermark: z.int(),
  /** When the newest record came to be, as far as is known. */
  end: z.int(),
  sliceMillis: z.int(),
  /** Where the next slice begins. null: there is none. */
  next: z.int().nullable(),
  /** Those begun, oldest first. */
  slices: z.array(Slice),
  /** How many records of the first one are stored. */
  done: z.int(),
  /** Where its next page begins, when it is read by pages. */
  after: z.string().nullable(),
})
export type Slices = z.output<typeof Slices>

/** When there is something, and how much. */
export interface Span {
  readonly oldest: Instant.Instant
  readonly newest: Instant.Instant
  /** When the last of it changed. */
  readonly changedAt: Instant.Instant
  readonly count: number
}

/** Five run at a time in a shop. */
export const atOnce = 5
export const failuresMost = 3
/** Lines of one result that are in memory at a time: some 100 MB. */
export const linesMost = 40_000

const longestMillis = Instant.days(30)
const shortestMillis = 3_600_000
/** Records that a slice holds on average, so that few have to be cut again. */
const recordsAimed = 5_000

/** 30 days, or less where these hold too much. */
export const begin = (span: Span): Slices => {
  const spanMillis = span.newest - span.oldest + 1
  const aimed = Math.ceil(spanMillis / Math.max(1, span.count / recordsAimed))
  return {
    phase: "history",
    watermark: span.changedAt,
    end: span.newest,
    sliceMillis: Math.min(longestMillis, Math.max(shortestMillis, aimed)),
    next: span.oldest,
    slices: [],
    done: 0,
    after: null,
  }
}

/** One slice of everything, for records that cannot be told apart by time. */
export const whole = (changedAt: Instant.Instant): Slices => ({
  phase: "history",
  watermark: changedAt,
  end: changedAt,
  sliceMillis: longestMillis,
  next: null,
  slices: [{ from: 0, until: null, operation: null, failures: 0 }],
  done: 0,
  after: null,
})

/** Cuts off slices until as many have begun as may run at a time. */
export const cut = (state: Slices): Slices => {
  const slices = [...state.slices]
  let { next } = state
  while (next !== null && slices.length < atOnce) {
    const until: number = next + state.sliceMillis
    const isLast = until > state.end
    slices.push({ from: next, until: isLast ? null : until, operation: null, failures: 0 })
    next = isLast ? null : until
  }
  return { ...state, slices, next }
}

const afresh = { done: 0, after: null }

/** The same span as two slices, or undefined where it is too short, or not by time. */
const halves = (slice: Slice, end: Instant.Instant, failures: number): ReadonlyArray<Slice> | undefined => {
  const until = slice.until ?? Math.max(end, slice.from) + 1
  const middle = slice.from + Math.floor((until - slice.from) / 2)
  if (slice.from === 0 || middle - slice.from < shortestMillis / 2) return undefined
  return [
    { from: slice.from, until: middle, operation: null, failures },
    { from: middle, until: slice.until, operation: null, failures },
  ]
}

/** The first slice came to nothing. */
export const failed = (state: Slices): Slices => {
  const [first, ...others] = state.slices
  if (first === undefined) return state
  const failures = first.failures + 1
  const again = halves(first, state.end, failures) ?? [{ ...first, operation: null, failures }]
  return { ...state, ...afresh, slices: [...again, ...others] }
}

/** The first slice holds too much. Where it cannot be cut, it is read by pages. */
export const tooLarge = (state: Slices): Slices => {
  const [first, ...others] = state.slices
  if (first === undefined) return state
  const again = halves(first, state.end, first.failures)
  if (again === undefined)
    return { ...state, ...afresh, slices: [{ ...first, operation: null, failures: failuresMost }, ...others] }
  const sliceMillis = Math.max(
    shortestMillis,
    Math.min(state.sliceMillis, Math.ceil((again[0]?.until ?? 0) - first.from)),
  )
  return { ...state, ...afresh, sliceMillis, slices: [...again, ...others] }
}

/** The first slice is stored. */
export const finished = (state: Slices): Slices => ({ ...state, ...afresh, slices: state.slices.slice(1) })

/** The slice at `at` is under way. */
export const started = (state: Slices, at: number, operation: string): Slices => ({
  ...state,
  slices: state.slices.map((slice, index) => (index === at ? { ...slice, operation } : slice)),
})

export const isByPages = (slice: Slice): boolean => slice.failures >= failuresMost
