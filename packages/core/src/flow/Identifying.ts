/**
 * The stage that finds advocates: score everybody at an explicit time, record the results as facts, enrol those whom the
 * program asks for.
 *
 * Promises: the same facts at the same time give the same scores, enrolments and codes; people who are enrolled already
 * stay as they are. `survey` scores alike and records nothing.
 */
import { Effect } from "effect"
import * as Enrolment from "../advocate/Enrolment.ts"
import { identify, toFact, type Candidate } from "../advocate/Identification.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import { principalHandle } from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import type { AdvocateRule } from "../program/Program.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"
import { knownCustomers } from "./KnownCustomers.ts"

export interface IdentifiedPeople {
  readonly candidates: ReadonlyArray<Candidate>
  /** How many were enrolled by this run. */
  readonly enrolled: number
}

const rulesOf = ({ terms }: Evaluation): ReadonlyArray<AdvocateRule> => terms?.definition.advocates ?? []

/** Every customer scored by what `facts` say; whoever said nothing about marketing may be asked unless the program asks for consent. */
export const candidatesOf = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): ReadonlyArray<Candidate> =>
  identify(knownCustomers(facts, evaluation), evaluation.asOf, {
    needsConsent: rulesOf(evaluation).some(({ rule }) => rule === "marketing-consent"),
  })

export interface Surveyed {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
  readonly candidates: ReadonlyArray<Candidate>
  readonly enrolments: Enrolment.Enrolments
}

/** Identifies at `asOf` and writes nothing. */
export const survey = Effect.fn("Identifying.survey")(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<Surveyed, FactLogError, FactLog | CurrentTenant> {
  const facts = yield* factsAt(asOf)
  const evaluation = evaluate(facts, program, asOf)
  return {
    facts,
    evaluation,
    candidates: candidatesOf(facts, evaluation),
    enrolments: Enrolment.fold(facts, evaluation.history.people, program),
  }
})

const accepts = (rules: ReadonlyArray<AdvocateRule>, { customer, eligible, score }: Candidate): boolean =>
  eligible &&
  rules.length > 0 &&
  rules.every((rule) => (rule.rule === "score-at-least" ? score >= rule.score : customer.marketing === "granted"))

/** Identifies at `asOf` and enrols whom the program's rules accept. A program without such rules enrols nobody by itself. */
export const identifyAndEnrol = Effect.fn("Identifying.identifyAndEnrol")(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<IdentifiedPeople, FactLogError, FactLog | CurrentTenant> {
  const log = yield* FactLog
  const tenant = yield* CurrentTenant
  const { candidates, enrolments, evaluation } = yield* survey(program, asOf)
  const { people, returnedAt } = evaluation.history
  const chosen = candidates.filter(
    (candidate) => !enrolments.enrolled.has(candidate.person) && accepts(rulesOf(evaluation), candidate),
  )
  yield* log.append({
    facts: [
      ...candidates.map((candidate) => toFact(program, people, candidate, asOf)),
      ...chosen.flatMap((candidate) =>
        Enrolment.enrol({
          program,
          person: principalHandle(people, candidate.person),
          at: asOf,
          via: "identified",
          key: tenant.handleKey,
          returnedAt: returnedAt.get(candidate.person),
        }),
      ),
    ],
    personal: [],
  })
  return { candidates, enrolled: chosen.length }
})
