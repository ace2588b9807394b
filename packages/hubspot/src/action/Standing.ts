/**
 * A person's standing in a program, for the actions that tell of it.
 */
import * as Enrolment from "@advocacy-kit/core/advocate/Enrolment"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { UnknownProgram, refuse } from "@advocacy-kit/core/flow/CommandError"
import { evaluate, type Evaluation } from "@advocacy-kit/core/program/Evaluation"
import { noPoints, pointsByPerson, tierByPerson } from "@advocacy-kit/core/program/PersonStanding"
import { termsOf } from "@advocacy-kit/core/program/Terms"
import type { TierHeld } from "@advocacy-kit/core/program/TierStanding"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { Effect } from "effect"
import type { Occasion } from "./Action.ts"

export interface Standing {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
  readonly isEnrolled: boolean
  /** Null where none was issued. */
  readonly code: string | null
}

export const read = Effect.fn("Standing.read")(function* (
  program: string,
  { asOf, contact }: Pick<Occasion, "asOf" | "contact">,
) {
  const facts = yield* factsAt(asOf)
  const evaluation = evaluate(facts, program, asOf)
  if (evaluation.terms === null) return yield* refuse(new UnknownProgram({ program, at: asOf }))
  const { people } = evaluation.history
  const { codes, enrolled } = Enrolment.fold(facts, people, program)
  const person = people.personOf(contact)
  return {
    facts,
    evaluation,
    isEnrolled: enrolled.has(person),
    code: codes.get(person)?.[0]?.code ?? null,
  } satisfies Standing
})

/** Available points, and all that were ever credited. */
export const pointsOf = (evaluation: Evaluation, contact: Handle): { readonly now: number; readonly ever: number } => {
  const { available, ever } = pointsByPerson(evaluation).get(evaluation.history.people.personOf(contact)) ?? noPoints
  return { now: Number(available), ever: Number(ever) }
}

/** The highest tier that a person holds; null where they hold none. */
export const tierOf = (facts: ReadonlyArray<Fact>, evaluation: Evaluation, contact: Handle): TierHeld | null => {
  const { asOf, history, program } = evaluation
  return tierByPerson(evaluation, termsOf(facts, program, asOf)).get(history.people.personOf(contact)) ?? null
}
