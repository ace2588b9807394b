/**
 * What customers say of the brand: the Net Promoter Score, satisfaction and effort.
 *
 * Of several answers of one person to one kind of question the newest in the study counts. Relational and transactional surveys
 * are never pooled, and who stays silent is not made up for: no answers give no estimate.
 */
import type { PersonId } from "../person/People.ts"
import { countScores, netPromoter } from "../statistics/NetPromoter.ts"
import type { Interval } from "../statistics/Proportion.ts"
import { none, type Metric, type Value } from "./Metric.ts"
import * as Satisfaction from "./Satisfaction.ts"
import type { Answer, Study } from "./Study.ts"

/** The newest answer of each person; of two at one moment the lower, so that the order of telling does not matter. */
const newest = (answers: ReadonlyArray<Answer>): ReadonlyArray<number> => {
  const byPerson = new Map<PersonId, Answer>()
  for (const answer of answers) {
    const known = byPerson.get(answer.person)
    if (known === undefined || known.at < answer.at || (known.at === answer.at && answer.score < known.score))
      byPerson.set(answer.person, answer)
  }
  return [...byPerson.values()].map(({ score }) => score)
}

/** The scores that count: the newest of each person. */
export const scoresOf = (
  { answers }: Study,
  survey: Answer["survey"],
  occasion: Answer["occasion"] | null,
): ReadonlyArray<number> =>
  newest(answers.filter((one) => one.survey === survey && (occasion === null || one.occasion === occasion)))

const told = (
  estimate: number | null,
  interval: Interval | null,
  { answers, rejected }: { readonly answers: number; readonly rejected: number },
): Value =>
  estimate === null
    ? none("no answers yet")
    : {
        estimate,
        interval,
        sample: answers,
        note: rejected === 0 ? null : `${rejected} answers off the scale are left out`,
      }

const promoterScore = (name: string, occasion: Answer["occasion"], question: string): Metric<Study> => ({
  name,
  question,
  unit: "points",
  grain: "answer",
  standing: "counted",
  read: (study) => {
    const counts = countScores(scoresOf(study, "nps", occasion))
    const found = netPromoter(counts)
    const interval = found === null ? null : { low: found.low, high: found.high }
    return told(found?.score ?? null, interval, { answers: found?.answers ?? 0, rejected: counts.rejected })
  },
})

/** Reichheld 2003; adjusted Wald interval (Rocks 2016). */
export const relational = promoterScore(
  "net-promoter-score",
  "relational",
  "How many more customers would recommend the brand than would not?",
)

/** The same question after an event; never pooled with the relational score. */
export const transactional = promoterScore(
  "transactional-net-promoter-score",
  "transactional",
  "How many more customers would recommend the brand right after they dealt with it than would not?",
)

/** CSAT: the share of 4 and 5 on a scale of 1 to 5, with Wilson's interval. */
export const satisfaction: Metric<Study> = {
  name: "customer-satisfaction",
  question: "What share of answers is satisfied or very satisfied (4 or 5 of 5)?",
  unit: "share",
  grain: "answer",
  standing: "counted",
  read: (study) => {
    const found = Satisfaction.satisfaction(scoresOf(study, "csat", null))
    return told(found.share, found.interval, found)
  },
}

/** CES 2.0: the mean agreement, 1 to 7, that the brand made it easy (Dixon, Freeman and Toman 2010), with Student's interval. */
export const effort: Metric<Study> = {
  name: "customer-effort-score",
  question: "How much do customers agree, from 1 to 7, that the brand made it easy?",
  unit: "count",
  grain: "answer",
  standing: "counted",
  read: (study) => {
    const found = Satisfaction.effort(scoresOf(study, "ces", null))
    return told(found.mean, found.meanInterval, found)
  },
}
