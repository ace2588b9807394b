/**
 * The alternative to the default score: a logistic model of who refers, learned from this shop's own past.
 *
 * Each person's chance comes from a model that has not seen them: people are dealt into five folds by their place, so that whoever
 * gives them must not order them by anything that has to do with the outcome. Null where a fold has no single maximum. It predicts
 * who refers, not whom asking would change.
 */
import * as Logistic from "../statistics/Logistic.ts"
import type { Signals } from "./AdvocateScore.ts"

const folds = 5
const dayMillis = 86_400_000

type Feature = readonly [string, (signals: Signals, known: Means) => number]

/** Means of what is not known of everybody. */
interface Means {
  readonly nps: number
  readonly latest: number
}

const features: ReadonlyArray<Feature> = [
  ["NPS", ({ nps }, means) => nps ?? means.nps],
  ["NPS unknown", ({ nps }) => (nps === null ? 1 : 0)],
  ["refunded share", ({ refundedShare }) => refundedShare],
  ["ln(1 + friends brought, newer counting more)", ({ recentReferrals }) => Math.log1p(recentReferrals)],
  ["ln(1 + friends brought)", ({ conversions }) => Math.log1p(conversions)],
  ["ln(1 + shares in 90 days)", ({ shares90d }) => Math.log1p(shares90d ?? 0)],
  ["ln(1 + shares)", ({ shares }) => Math.log1p(shares ?? 0)],
  ["ln(1 + days since the last order)", ({ recency }, { latest }) => Math.log1p((latest - recency) / dayMillis)],
  ["ln(1 + orders)", ({ orders }) => Math.log1p(orders)],
]

const meansOf = (people: ReadonlyArray<Signals>): Means => {
  const known = people.flatMap(({ nps }) => (nps === null ? [] : [nps]))
  return {
    nps: known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length,
    latest: people.reduce((most, { recency }) => Math.max(most, recency), Number.NEGATIVE_INFINITY),
  }
}

/** A column without variation says nothing, and one that repeats another says nothing new: both would make the system singular. */
const telling = (columns: ReadonlyArray<readonly [string, ReadonlyArray<number>]>) => {
  const seen = new Set<string>()
  return columns.filter(([, values]) => {
    const text = values.join()
    if (new Set(values).size < 2 || seen.has(text)) return false
    seen.add(text)
    return true
  })
}

export interface ScoreModel {
  /** For each person, from a model that has not seen them. */
  readonly chances: ReadonlyArray<number>
  /** Of the model of everybody: ln of the odds for each unit, by feature; the constant is left out. */
  readonly coefficients: Readonly<Record<string, number>>
}

const heldOut = (rows: ReadonlyArray<ReadonlyArray<number>>, outcomes: ReadonlyArray<boolean>) =>
  Logistic.heldOut(
    rows,
    outcomes,
    rows.map((_, at) => at % folds),
  )

export const scoreModel = (people: ReadonlyArray<Signals>, outcomes: ReadonlyArray<boolean>): ScoreModel | null => {
  const means = meansOf(people)
  const columns = telling(features.map(([name, read]) => [name, people.map((one) => read(one, means))] as const))
  const rows = people.map((_, at) => columns.map(([, values]) => values[at] ?? 0))
  const chances = heldOut(rows, outcomes)
  const whole = Logistic.fit(rows, outcomes)
  if (chances === null || whole === null) return null
  return {
    chances,
    coefficients: Object.fromEntries(columns.map(([name], at) => [name, whole.coefficients[at + 1] ?? 0])),
  }
}

/** Chances that a score stands for, each from people not seen: a score from 0 to 100 is no chance by itself. */
export const chancesOf = (
  scores: ReadonlyArray<number>,
  outcomes: ReadonlyArray<boolean>,
): ReadonlyArray<number> | null =>
  heldOut(
    scores.map((score) => [score]),
    outcomes,
  )
