/** Cases about scores, shares and times to an event. */
import * as LogRank from "@advocacy-kit/core/statistics/LogRank"
import * as NetPromoter from "@advocacy-kit/core/statistics/NetPromoter"
import * as Proportion from "@advocacy-kit/core/statistics/Proportion"
import * as Survival from "@advocacy-kit/core/statistics/Survival"
import { cell, numeric, type Row, rows } from "./Csv.ts"
import { asObject, field, has, type Json, list, number, numberOr, numbers, text, textOr } from "./Json.ts"
import type { Given, Kinds } from "./Kind.ts"

const ends = (interval: Proportion.Interval | null): Json => (interval === null ? null : [interval.low, interval.high])

const confidence = (inputs: Json): number => numberOr(inputs, "confidence", 0.95)

/** The column of scores in a table that names none. */
const scoreColumn = (row: Row | undefined): string =>
  ["score", "nps", "rating"].find((name) => row !== undefined && Object.hasOwn(row, name)) ??
  Object.keys(row ?? {})[0] ??
  "score"

const counts = (value: Json, folder: string): NetPromoter.Counts => {
  if (has(value, "file")) {
    const all = rows(folder, text(value, "file"))
    const column = textOr(value, "column", scoreColumn(all[0]))
    return NetPromoter.countScores(all.map((row) => (cell(row, column).trim() === "" ? NaN : numeric(row, column))))
  }
  if (has(value, "scores")) return NetPromoter.countScores(numbers(value, "scores"))
  return {
    promoters: numberOr(value, "promoters", 0),
    passives: numberOr(value, "passives", 0),
    detractors: numberOr(value, "detractors", 0),
  }
}

const nps = ({ folder, inputs }: Given): Json => {
  const counted = counts(inputs, folder)
  const { detractors, passives, promoters } = counted
  const found = NetPromoter.netPromoter(counted, confidence(inputs))
  return {
    nps: found?.score ?? null,
    var: found?.variance ?? null,
    se: found?.standardError ?? null,
    waldCI: ends(found?.wald ?? null),
    adjWaldPoint: found?.adjusted.point ?? null,
    adjWaldCI: ends(found?.adjusted ?? null),
    n: promoters + passives + detractors,
    promoters,
    passives,
    detractors,
  }
}

const npsDifference = ({ folder, inputs }: Given): Json => {
  const found = NetPromoter.difference(
    counts(field(inputs, "a"), folder),
    counts(field(inputs, "b"), folder),
    confidence(inputs),
  )
  return {
    a: found?.first ?? null,
    b: found?.second ?? null,
    diff: found?.difference ?? null,
    se: found?.standardError ?? null,
    z: found?.z ?? null,
    p: found?.p ?? null,
    ci: ends(found),
  }
}

const npsWeighted = ({ inputs }: Given): Json => {
  const found = NetPromoter.weighted(
    list(inputs, "responses").map((one) => ({ score: number(one, "score"), weight: numberOr(one, "weight", 1) })),
  )
  return {
    nps: found?.score ?? null,
    nEffKish: found?.effectiveAnswers ?? null,
    se: found?.standardError ?? null,
  }
}

const observations = (value: Json): ReadonlyArray<Survival.Observation> => {
  // Who is not said to have been lost had the event.
  const events = has(value, "event") ? list(value, "event") : []
  return numbers(value, "time").map((time, index) => ({
    time,
    event: (events[index] ?? 1) === 1 || events[index] === true,
  }))
}

const curveCase = ({ inputs }: Given): Json => {
  const curve = Survival.kaplanMeier(observations(inputs), confidence(inputs))
  return {
    time: curve.map(({ time }) => time),
    n: curve.map(({ atRisk }) => atRisk),
    d: curve.map(({ events }) => events),
    surv: curve.map(({ survival }) => survival),
    se: curve.map(({ standardError }) => standardError),
    lo: curve.map(({ low }) => low),
    hi: curve.map(({ high }) => high),
    median: Survival.medianTime(curve),
  }
}

/** The telco table: months of tenure until churn, advocates against others, at the months that are expected. */
const tableCase = ({ expected, folder, inputs }: Given): Json => {
  const all = rows(folder, text(inputs, "file"))
  const [time, event, group] = [
    textOr(inputs, "timeColumn", "Tenure in Months"),
    textOr(inputs, "eventColumn", "Churn Value"),
    textOr(inputs, "groupColumn", "Referred a Friend"),
  ]
  const part = (wanted: boolean) =>
    all
      .filter((row) => ["Yes", "1", "true"].includes(cell(row, group)) === wanted)
      .map((row) => ({ time: numeric(row, time), event: numeric(row, event) === 1 }))
  const [advocates, others] = [part(true), part(false)]
  const at = (who: ReadonlyArray<Survival.Observation>, asked: string): Json => {
    const curve = Survival.kaplanMeier(who)
    const times = has(expected, asked) ? Object.keys(asObject(field(expected, asked))) : []
    return Object.fromEntries(times.map((key) => [key, Survival.survivalAt(curve, Number(key))]))
  }
  return {
    advocates: at(advocates, "advocates"),
    others: at(others, "others"),
    logrankChi2: LogRank.logRank([advocates, others])?.chiSquared ?? null,
  }
}

const logRank = ({ inputs }: Given): Json => {
  const groups = has(inputs, "groups") ? list(inputs, "groups") : Object.values(asObject(inputs))
  const found = LogRank.logRank(
    groups.flatMap((group) => (group !== undefined && has(group, "time") ? [observations(group)] : [])),
  )
  return {
    chisq: found?.chiSquared ?? null,
    df: found?.degrees ?? null,
    p: found?.p ?? null,
    obs: found?.observed ?? null,
    exp: found?.expected ?? null,
  }
}

export const rateKinds: Kinds = {
  nps: { run: nps },
  "nps-difference": { run: npsDifference },
  "nps-weighted": { run: npsWeighted },
  wilson: {
    run: ({ inputs }) => {
      const [successes, trials] = [number(inputs, "x"), number(inputs, "n")]
      return {
        wilson: ends(Proportion.wilson(successes, trials, confidence(inputs))),
        exact: ends(Proportion.clopperPearson(successes, trials, confidence(inputs))),
      }
    },
  },
  "newcombe-difference": {
    run: ({ inputs }) => {
      const found = Proportion.newcombe(
        { successes: number(inputs, "x1"), trials: number(inputs, "n1") },
        { successes: number(inputs, "x2"), trials: number(inputs, "n2") },
        confidence(inputs),
      )
      return { diff: found?.difference ?? null, ci: ends(found) }
    },
  },
  "kaplan-meier": { run: (given) => (has(given.inputs, "file") ? tableCase(given) : curveCase(given)) },
  "log-rank": { run: logRank },
}
