/**
 * The digest of a store: one SHA-256 by which two installations that were told the same agree.
 *
 * Decisions and balances are those that the ledger holds while it stands at the time asked for; for any other time they
 * are what the rules say of the facts then. Nothing is posted here. `behind` says how many changes the ledger lacks.
 */
import { Effect } from "effect"
import type { Fact } from "../fact/Fact.ts"
import type { FactLog, FactLogError } from "../fact/FactLog.ts"
import type { Instant } from "../id/Instant.ts"
import type { Account, Credit, CreditKey, Unit } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type Balance, type LedgerError, type Posted } from "../ledger/Ledger.ts"
import { digest } from "../ledger/StateDigest.ts"
import type { People } from "../person/People.ts"
import * as Persons from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"

export interface Digested {
  readonly asOf: Instant
  readonly digest: string
  /** Where decisions and balances were read from. */
  readonly source: "ledger" | "facts"
  /** Revisions that the ledger lacks; null where the ledger was not asked. */
  readonly behind: number | null
  readonly facts: number
  readonly people: number
  readonly decisions: number
  readonly balances: number
}

/** The programs that were ever published, in order of name. */
export const programsIn = (facts: Iterable<Fact>): ReadonlyArray<string> =>
  [...new Set([...facts].flatMap((fact) => (fact._tag === "ProgramPublished" ? [fact.program] : [])))].sort()

/** What accounts hold when every credit stands as it says. */
export const balancesOf = (credits: Iterable<Credit>): ReadonlyArray<Balance> => {
  const sums = new Map<Unit, Map<Account, bigint>>()
  for (const { legs, unit } of credits) {
    const accounts = sums.get(unit) ?? new Map<Account, bigint>()
    sums.set(unit, accounts)
    for (const { account, amountMinor } of legs) accounts.set(account, (accounts.get(account) ?? 0n) + amountMinor)
  }
  return [...sums].flatMap(([unit, accounts]) =>
    [...accounts]
      .filter(([, amountMinor]) => amountMinor !== 0n)
      .map(([account, amountMinor]) => ({ account, unit, amountMinor })),
  )
}

/** Whether what was posted is what stands at `asOf`: nothing posted is later, and time has changed nothing since. */
export const standsAt = (asOf: Instant, posted: ReadonlyMap<CreditKey, Posted>): boolean =>
  [...posted.values()].every(
    ({ credit }) => credit.effectiveAt <= asOf && (credit.nextDueAt === null || credit.nextDueAt > asOf),
  )

/** Digests everything that follows from the facts that occurred at or before `asOf`. */
export const digestAt = Effect.fn("Digesting.digestAt")(function* (
  asOf: Instant,
): Effect.fn.Return<Digested, FactLogError | LedgerError, FactLog | Ledger | CurrentTenant> {
  const ledger = yield* Ledger
  const facts = yield* factsAt(asOf)
  const programs = programsIn(facts)
  const evaluations: ReadonlyArray<Evaluation> = programs.map((program) => evaluate(facts, program, asOf))
  const posted = yield* Effect.forEach(programs, ledger.posted)
  const fromLedger = posted.some(({ size }) => size > 0) && posted.every((credits) => standsAt(asOf, credits))
  const credits = fromLedger
    ? posted.flatMap((of) => [...of.values()].map(({ credit }) => credit))
    : evaluations.flatMap((evaluation) => [...evaluation.credits.values()])
  const balances = fromLedger ? yield* ledger.balances : balancesOf(credits)
  const people: People = evaluations[0]?.history.people ?? Persons.resolve(facts)
  return {
    asOf,
    digest: digest({ facts, people, credits, balances }),
    source: fromLedger ? "ledger" : "facts",
    behind: fromLedger
      ? evaluations.reduce(
          (total, evaluation, index) => total + difference(evaluation.credits, posted[index] ?? new Map()).length,
          0,
        )
      : null,
    facts: facts.length,
    people: people.all.length,
    decisions: credits.filter(({ outcome }) => outcome !== "withdrawn").length,
    balances: balances.length,
  }
})
