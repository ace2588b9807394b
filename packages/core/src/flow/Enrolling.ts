/**
 * The command of enrolling one person in a program by hand, and their share code.
 *
 * Promises: one at a time for each tenant, so that a person has one enrolment and one code however often, and by whichever of
 * their handles, they are enrolled. Who is enrolled stays as they are.
 */
import { Effect, Result } from "effect"
import * as Enrolment from "../advocate/Enrolment.ts"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { isTombstone, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import { principalHandle } from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import { type CommandError, refuse, UnknownPerson, UnknownProgram } from "./CommandError.ts"
import * as Crediting from "./Crediting.ts"
import { isKnown } from "./Subject.ts"

export interface Enrol {
  readonly program: string
  /** Any handle of theirs. */
  readonly person: Handle
  readonly asOf: Instant
}

export interface EnrolledNow {
  /** What they share. */
  readonly code: string
  /** They were enrolled before. */
  readonly isRepeated: boolean
  /** As it was before. */
  readonly evaluation: Evaluation
}

type Told = Result.Result<EnrolledNow & { readonly facts: ReadonlyArray<Fact> }, UnknownPerson | UnknownProgram>

const decide = (
  { asOf, person, program }: Enrol,
  facts: ReadonlyArray<Fact>,
  { handleKey }: CurrentTenant["Service"],
): Told => {
  const evaluation = evaluate(facts, program, asOf)
  const { people, returnedAt } = evaluation.history
  if (evaluation.terms === null) return Result.fail(new UnknownProgram({ program, at: asOf }))
  if (isTombstone(person) || !isKnown(evaluation, person)) return Result.fail(new UnknownPerson({ person }))
  const enrolments = Enrolment.fold(facts, people, program)
  const who = people.personOf(person)
  const isRepeated = enrolments.enrolled.has(who)
  const known = enrolments.codes.get(who)?.[0]
  const [enrolled, issued] = Enrolment.enrol({
    program,
    person: principalHandle(people, who),
    at: asOf,
    via: "manual",
    key: handleKey,
    returnedAt: returnedAt.get(who),
  })
  return Result.succeed({
    code: (known ?? issued).code,
    isRepeated,
    evaluation,
    facts: [...(isRepeated ? [] : [enrolled]), ...(known === undefined ? [issued] : [])],
  })
}

/** Enrols a person, or answers the code that they have. */
export const enrol = Effect.fn("Enrolling.enrol")(function* (
  asked: Enrol,
): Effect.fn.Return<EnrolledNow, CommandError | FactLogError | LedgerError, FactLog | Ledger | CurrentTenant> {
  const log = yield* FactLog
  const ledger = yield* Ledger
  const tenant = yield* CurrentTenant
  const told = yield* ledger.exclusively(
    Crediting.turn,
    Effect.gen(function* () {
      const decided = decide(asked, yield* Crediting.factsAt(asked.asOf), tenant)
      if (Result.isSuccess(decided) && decided.success.facts.length > 0)
        yield* log.append({ facts: decided.success.facts, personal: [] })
      return decided
    }),
  )
  return Result.isSuccess(told) ? told.success : yield* refuse(told.failure)
})
