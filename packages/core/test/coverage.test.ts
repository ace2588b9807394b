/**
 * Whether intervals hold what they say: of seeded draws from a known truth, how many intervals hold it.
 */
import { describe, expect, it } from "vitest"
import * as Draws from "./Draws.ts"
import * as Bootstrap from "../src/statistics/Bootstrap.ts"
import * as EventRate from "../src/statistics/EventRate.ts"
import * as Mean from "../src/statistics/Mean.ts"
import { countScores, difference, netPromoter, weighted } from "../src/statistics/NetPromoter.ts"
import * as Normal from "../src/statistics/Normal.ts"
import { clopperPearson, newcombe, wilson, type Interval } from "../src/statistics/Proportion.ts"
import { auc } from "../src/statistics/Roc.ts"
import { kaplanMeier } from "../src/statistics/Survival.ts"

const factor = Math.max(1, Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1))
const seed = 20_261_125

type Next = () => number

const successes = (next: Next, trials: number, share: number): number =>
  Array.from({ length: trials }, next).filter((one) => one < share).length

const normal = (next: Next, mean: number, deviation: number): number => mean + deviation * Draws.normal(next)

/** An answer from 0 to 10: 45 % promoters, 30 % passives, 25 % detractors, a score of 20. */
const score = (next: Next): number => {
  const drawn = next()
  return drawn < 0.45 ? 9 : drawn < 0.75 ? 7 : 3
}

const answers = (next: Next, count: number): ReadonlyArray<number> => Array.from({ length: count }, () => score(next))

const exponential = (next: Next, mean: number): number => -mean * Math.log(1 - next())

const eventsIn = (next: Next, exposure: number): number => {
  let events = 0
  for (let at = exponential(next, 1); at <= exposure; at += exponential(next, 1)) events++
  return events
}

interface Case {
  readonly name: string
  readonly truth: number
  readonly draw: (next: Next) => Interval | null
}

const nominal: ReadonlyArray<Case> = [
  { name: "Wilson's, of 40 at 30 %", truth: 0.3, draw: (next) => wilson(successes(next, 40, 0.3), 40) },
  { name: "Wilson's, of 200 at 6 %", truth: 0.06, draw: (next) => wilson(successes(next, 200, 0.06), 200) },
  {
    name: "Newcombe's, of 80 at 40 % less 60 at 25 %",
    truth: 0.15,
    draw: (next) =>
      newcombe(
        { successes: successes(next, 80, 0.4), trials: 80 },
        { successes: successes(next, 60, 0.25), trials: 60 },
      ),
  },
  {
    name: "adjusted Wald, of 50 answers",
    truth: 20,
    draw: (next) => netPromoter(countScores(answers(next, 50))),
  },
  {
    name: "of two Net Promoter Scores with 200 answers each",
    truth: 0,
    draw: (next) => difference(countScores(answers(next, 200)), countScores(answers(next, 200))),
  },
  {
    name: "Wald with Kish's size, of 300 answers that weigh 1 to 3",
    truth: 20,
    draw: (next) => weighted(answers(next, 300).map((one) => ({ score: one, weight: 1 + 2 * next() }))),
  },
  {
    name: "Student's, of a mean of 12",
    truth: 5,
    draw: (next) => Mean.interval(Mean.moments(Array.from({ length: 12 }, () => normal(next, 5, 2)))),
  },
  {
    name: "Welch's, of 15 and 25 with spreads of 1 and 3",
    truth: 2,
    draw: (next) =>
      Mean.welch(
        Mean.moments(Array.from({ length: 15 }, () => normal(next, 7, 1))),
        Mean.moments(Array.from({ length: 25 }, () => normal(next, 5, 3))),
      )?.interval ?? null,
  },
  {
    name: "log-log, of survival past one mean time of 80, a third censored",
    truth: Math.exp(-1),
    draw: (next) => {
      const people = Array.from({ length: 80 }, () => {
        const [event, end] = [exponential(next, 1), exponential(next, 2)]
        return { time: Math.min(event, end), event: event <= end }
      })
      const step = kaplanMeier(people).findLast(({ time }) => time <= 1)
      return step === undefined || step.low === null || step.high === null ? null : { low: step.low, high: step.high }
    },
  },
  {
    name: "DeLong's, of 120 scores with an area of .76",
    truth: Normal.cumulative(1 / Math.SQRT2),
    draw: (next) => {
      const outcomes = Array.from({ length: 120 }, (_, index) => index % 2 === 0)
      return (
        auc(
          outcomes.map((outcome) => normal(next, outcome ? 1 : 0, 1)),
          outcomes,
        )?.interval ?? null
      )
    },
  },
  {
    name: "percentile bootstrap, of a mean of 150 counts",
    truth: 1,
    draw: (next) =>
      Bootstrap.bootstrapMean(
        Array.from({ length: 150 }, () => eventsIn(next, 1)),
        Math.floor(next() * 2 ** 32),
        0.95,
        400,
      ),
  },
]

/** Exact ones hold at least what they say, hence more. */
const exact: ReadonlyArray<Case> = [
  {
    name: "Clopper and Pearson's, of 30 at 20 %",
    truth: 0.2,
    draw: (next) => clopperPearson(successes(next, 30, 0.2), 30),
  },
  { name: "Garwood's, of 8 expected events", truth: 1, draw: (next) => EventRate.exactPoisson(eventsIn(next, 8), 8) },
]

const coverage = ({ draw, truth }: Case): number => {
  const next = Draws.uniform(seed)
  const rounds = 1_000 * factor
  let held = 0
  for (let round = 0; round < rounds; round++) {
    const interval = draw(next)
    if (interval !== null && interval.low <= truth && truth <= interval.high) held++
  }
  return held / rounds
}

describe(`of 95 % intervals of ${1_000 * factor} draws from seed ${seed}, 93 to 97 % hold the truth`, () => {
  it.each(nominal)("$name", { timeout: 60_000 * factor }, (one) => {
    const held = coverage(one)
    expect(held).toBeGreaterThanOrEqual(0.93)
    expect(held).toBeLessThanOrEqual(0.97)
  })
})

describe("of exact 95 % intervals, at least as many", () => {
  it.each(exact)("$name", (one) => {
    expect(coverage(one)).toBeGreaterThanOrEqual(0.945)
  })
})

it("an interval that is too narrow is found out: Wald's for a small share", () => {
  const wald: Case = {
    name: "Wald's, of 40 at 5 %",
    truth: 0.05,
    draw: (next) => {
      const share = successes(next, 40, 0.05) / 40
      const half = 1.96 * Math.sqrt((share * (1 - share)) / 40)
      return { low: share - half, high: share + half }
    },
  }
  expect(coverage(wald)).toBeLessThan(0.93)
})
