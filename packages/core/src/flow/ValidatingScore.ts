/**
 * Whether the advocate score would have found those who then brought friends, in this shop's own past.
 *
 * Promises: everybody is scored by what had occurred by one moment, and the outcome is what came after it; people are compared in the
 * order of their ids, which has to do with neither. Where too few brought somebody it says so with the numbers, and no more. It
 * writes nothing.
 *
 * Only who held a code by then could be seen to bring somebody, so that these are judged first; among all customers a score is also
 * rewarded for guessing who holds a code. Who is who, and consent, are as known now: sources do not tell what they said before.
 */
import * as Enrolment from "../advocate/Enrolment.ts"
import type { Candidate } from "../advocate/Identification.ts"
import { chancesOf, scoreModel, type ScoreModel } from "../advocate/ScoreModel.ts"
import * as ScoreValidation from "../advocate/ScoreValidation.ts"
import { singleSignals } from "../advocate/SingleSignals.ts"
import type { Fact } from "../fact/Fact.ts"
import { days, type Instant } from "../id/Instant.ts"
import type { PersonId } from "../person/People.ts"
import { evaluate } from "../program/Evaluation.ts"
import { candidatesOf } from "./Identifying.ts"
import { broughtBy } from "./KnownCustomers.ts"

export interface Population {
  readonly people: number
  /** Those who brought somebody in the window. */
  readonly positives: number
  /** Friends whom they brought. */
  readonly friends: number
  /** Null where too few brought somebody, or too few did not. */
  readonly report: ScoreValidation.Report | null
}

export interface ScoreValidated {
  readonly program: string
  readonly scoredAt: Instant
  readonly until: Instant
  readonly horizonDays: number
  /** Customers who held a code when they were scored. */
  readonly holders: Population
  readonly everybody: Population
  /** Of holders: chances that the score stands for, each from people not seen, and what came; null where there is no report. */
  readonly calibration: ScoreValidation.Calibrated | null
  readonly model: ({ readonly validated: ScoreValidation.Validated | null } & Pick<ScoreModel, "coefficients">) | null
  readonly choice: ScoreValidation.Choice
}

interface Outcome {
  readonly candidate: Candidate
  readonly friends: number
}

const populationOf = (all: ReadonlyArray<Outcome>): Population => {
  const friends = all.map((one) => one.friends)
  const outcomes = friends.map((count) => count > 0)
  const positives = outcomes.filter(Boolean).length
  const isEnough = Math.min(positives, all.length - positives) >= ScoreValidation.enoughToTell
  const candidates = all.map(({ candidate }) => candidate)
  return {
    people: all.length,
    positives,
    friends: friends.reduce((sum, count) => sum + count, 0),
    report: isEnough
      ? ScoreValidation.report(candidates.map(scoreOf), outcomes, singleSignals(candidates), friends)
      : null,
  }
}

/** The score before it is rounded: rounding makes ties. */
const scoreOf = ({ exact }: Candidate): number => exact

/** Scores everybody as at `horizonDays` before `asOf`, and holds the scores against what came since. */
export const validateScore = (
  facts: ReadonlyArray<Fact>,
  program: string,
  asOf: Instant,
  horizonDays = ScoreValidation.outcomeDays,
): ScoreValidated => {
  const scoredAt = asOf - days(horizonDays)
  const past = facts.filter(({ occurredAt }) => occurredAt <= scoredAt)
  const then = evaluate(past, program, scoredAt)
  const candidates = candidatesOf(past, then).toSorted((a, b) => (a.person < b.person ? -1 : 1))
  const { codes } = Enrolment.fold(past, then.history.people, program)
  const { brought, personOf } = broughtBy(evaluate(facts, program, asOf))
  const after = (person: PersonId): number =>
    [...(brought.get(personOf(person))?.values() ?? [])].filter((at) => at > scoredAt && at <= asOf).length
  const all = candidates.map((candidate): Outcome => ({ candidate, friends: after(candidate.person) }))
  const holding = all.filter(({ candidate }) => codes.has(candidate.person))
  const holders = populationOf(holding)
  const outcomes = holding.map(({ friends }) => friends > 0)
  const scores = holding.map(({ candidate }) => scoreOf(candidate))
  const model =
    holders.report === null || holders.positives < ScoreValidation.enoughPositives
      ? null
      : scoreModel(
          holding.map(({ candidate }) => candidate.signals),
          outcomes,
        )
  const chances = holders.report === null ? null : chancesOf(scores, outcomes)
  return {
    program,
    scoredAt,
    until: asOf,
    horizonDays,
    holders,
    everybody: populationOf(all),
    calibration: chances === null ? null : ScoreValidation.calibrate(chances, outcomes),
    model:
      model === null
        ? null
        : {
            coefficients: model.coefficients,
            validated: ScoreValidation.validate(
              model.chances,
              outcomes,
              holding.map(({ friends }) => friends),
            ),
          },
    choice: ScoreValidation.choose(scores, model?.chances ?? null, outcomes),
  }
}
