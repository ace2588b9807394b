/**
 * The stage that finds advocates: score everybody at an explicit time, record the results as facts, enrol those whom the
 * program asks for.
 *
 * Promises: the same facts at the same time give the same scores, enrolments and codes; people who are enrolled already
 * stay as they are.
 */
import { Effect } from "effect"
import * as Enrolment from "../advocate/Enrolment.ts"
import {
  identify,
  marketingOf,
  newestAnswers,
  toFact,
  type Candidate,
  type Customer,
} from "../advocate/Identification.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Fact } from "../fact/Fact.ts"
import { isTombstone } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { principalHandle } from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import type { AdvocateRule } from "../program/Program.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"

export interface IdentifiedPeople {
  readonly candidates: ReadonlyArray<Candidate>
  /** How many were enrolled by this run. */
  readonly enrolled: number
}

/** Every customer with what identification reads of them; nobody who was erased. */
export const customers = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): ReadonlyArray<Customer> => {
  const { people, purchases, conversions } = evaluation.history
  const answers = newestAnswers(facts, people)
  const at = new Map(conversions.map((conversion) => [conversion.cause as string, conversion.at]))
  const brought = new Map<string, Array<Instant>>()
  for (const credit of evaluation.credits.values()) {
    if (credit.role !== "advocate" || credit.outcome !== "credited") continue
    const advocate = people.personOf(credit.beneficiary)
    brought.set(advocate, [...(brought.get(advocate) ?? []), at.get(credit.cause) ?? evaluation.asOf])
  }
  return [...purchases].flatMap(([person, bought]) => {
    if (isTombstone(person)) return []
    const kept = bought.filter(({ cancelledAt }) => cancelledAt === null)
    const [first] = kept
    const last = kept.at(-1)
    if (first === undefined || last === undefined) return []
    const [gross, net] = kept.reduce(([g, n], { grossMinor, netMinor }) => [g + grossMinor, n + netMinor], [0n, 0n])
    return [
      {
        person,
        orders: kept.length,
        firstOrderAt: first.at,
        lastOrderAt: last.at,
        refundedShare: gross === 0n ? 0 : 1 - Number(net) / Number(gross),
        nps: answers.get(person) ?? null,
        marketing: marketingOf(people, person),
        conversions: brought.get(person) ?? [],
      },
    ]
  })
}

const accepts = (rules: ReadonlyArray<AdvocateRule>, candidate: Candidate, marketing: Customer["marketing"]): boolean =>
  candidate.eligible &&
  rules.length > 0 &&
  rules.every((rule) => (rule.rule === "score-at-least" ? candidate.score >= rule.score : marketing === "granted"))

/** Identifies at `asOf` and enrols whom the program's rules accept. A program without such rules enrols nobody by itself. */
export const identifyAndEnrol = Effect.fn("Identifying.identifyAndEnrol")(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<IdentifiedPeople, FactLogError, FactLog | CurrentTenant> {
  const log = yield* FactLog
  const tenant = yield* CurrentTenant
  const facts = yield* factsAt(asOf)
  const evaluation = evaluate(facts, program, asOf)
  const { people } = evaluation.history
  const all = customers(facts, evaluation)
  const marketing = new Map(all.map((customer) => [customer.person, customer.marketing]))
  const candidates = identify(all, asOf)
  const { enrolled } = Enrolment.fold(facts, people, program)
  const rules = evaluation.terms?.definition.advocates ?? []
  const chosen = candidates.filter(
    (candidate) =>
      !enrolled.has(candidate.person) && accepts(rules, candidate, marketing.get(candidate.person) ?? "unknown"),
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
          returnedAt: evaluation.history.returnedAt.get(candidate.person),
        }),
      ),
    ],
    personal: [],
  })
  return { candidates, enrolled: chosen.length }
})
