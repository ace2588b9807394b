/**
 * The reference model, part 4: what was handed over, taken as lots, taken back by hand, and decided by people. See docs/crediting.md,
 * "After the handing-over" and "Points".
 */
import type { ReviewDecided } from "@advocacy-kit/core/fact/Fact"
import { all, type Commitment, type ModelHistory } from "./ModelHistory.ts"

export const keyOf = (history: ModelHistory, rule: string, cause: string, role: string, part = ""): string =>
  `${history.program}|${rule}|${cause}|${role}|${part}`

/** The rule, cause, role and part that a key names. A cause may hold the separator; null for a text that is no key. */
export const partsOf = (key: string) => {
  const [program, rule, ...rest] = key.split("|")
  const [role, part] = rest.slice(-2)
  return rule === undefined || role === undefined || part === undefined || rest.length < 3
    ? null
    : { program, rule, cause: rest.slice(0, -2).join("|"), role, part }
}

/** All that is committed to in the program, in order. Of one ordinal the first telling counts, unless it was withdrawn. */
export const commitments = (history: ModelHistory): ReadonlyArray<Commitment> => {
  const withdrawn = all(history, "CommitmentWithdrawn")
  const handedOver = all(history, "RewardCommitted").filter(
    (one, place, told) =>
      told.findIndex(({ credit, ordinal }) => credit === one.credit && ordinal === one.ordinal) === place &&
      !withdrawn.some(({ credit, ordinal }) => credit === one.credit && ordinal === one.ordinal),
  )
  const lots = [...all(history, "ValueRedeemed"), ...all(history, "ValueTransferred")].flatMap((fact) =>
    fact.lots.map((lot) => ({ lot, fact })),
  )
  return [
    ...handedOver.map((one) => ({ ...one, at: one.occurredAt, into: "settled" as const })),
    ...lots.map(({ fact, lot }) => ({
      ...lot,
      key: fact.key as string,
      ordinal: Number.MAX_SAFE_INTEGER,
      at: fact.occurredAt,
      unit: fact.unit,
      into: fact._tag === "ValueRedeemed" ? ("settled" as const) : ("transferred" as const),
    })),
  ]
    .filter(({ credit }) => credit.startsWith(`${history.program}|`))
    .sort((a, b) => a.ordinal - b.ordinal || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

export const committedTo = (history: ModelHistory, key: string): ReadonlyArray<Commitment> =>
  history.committed.filter(({ credit }) => credit === key)

export const sum = (amounts: ReadonlyArray<{ readonly amountMinor: bigint }>): bigint =>
  amounts.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/** What people took back by hand of a credit in a unit, and when last. */
export const takenBack = (history: ModelHistory, key: string, unit: string) => {
  const taken = all(history, "ValueAdjusted")
    .filter((fact) => fact.unit === unit)
    .flatMap(({ lots, occurredAt }) =>
      lots.filter(({ credit }) => credit === key).map(({ amountMinor }) => ({ amountMinor, at: occurredAt })),
    )
  return { amountMinor: sum(taken), at: Math.max(0, ...taken.map(({ at }) => at)) }
}

/** The last human decision about a credit. */
export const reviewOf = (history: ModelHistory, key: string): ReviewDecided | null =>
  all(history, "ReviewDecided")
    .filter(({ credit }) => credit === key)
    .at(-1) ?? null
