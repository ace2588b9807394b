/**
 * A person's standing in a program, for the actions that tell of it.
 */
import * as Enrolment from "@advocacy-kit/core/advocate/Enrolment"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { UnknownProgram, refuse } from "@advocacy-kit/core/flow/CommandError"
import { pointsUnit } from "@advocacy-kit/core/ledger/Credit"
import { evaluate, type Evaluation } from "@advocacy-kit/core/program/Evaluation"
import { holdingsOf } from "@advocacy-kit/core/program/Holdings"
import { termsOf } from "@advocacy-kit/core/program/Terms"
import { tiersHeld, type TierHeld } from "@advocacy-kit/core/program/TierStanding"
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
  const { people } = evaluation.history
  const unit = pointsUnit(evaluation.program)
  const now = holdingsOf(evaluation, contact).find((holding) => holding.unit === unit)?.availableMinor ?? 0n
  const ever = [...evaluation.credits.values()].reduce(
    (sum, credit) =>
      credit.unit === unit &&
      credit.outcome === "credited" &&
      credit.amountMinor > 0n &&
      people.personOf(credit.beneficiary) === people.personOf(contact)
        ? sum + credit.amountMinor
        : sum,
    0n,
  )
  return { now: Number(now), ever: Number(ever) }
}

/** The highest tier that a person holds; null where they hold none. */
export const tierOf = (facts: ReadonlyArray<Fact>, evaluation: Evaluation, contact: Handle): TierHeld | null => {
  const { asOf, history, program } = evaluation
  const person = history.people.personOf(contact)
  const mine = tiersHeld(evaluation, termsOf(facts, program, asOf)).filter((held) => held.person === person)
  return mine.reduce<TierHeld | null>((best, held) => (best === null || held.level > best.level ? held : best), null)
}
