/**
 * State rebuilt from facts alone, beside the state that is live.
 *
 * Promises: a fresh ledger in memory is told every fact that occurred at or before a time, each program is credited once, and
 * decisions, balances and the amounts of each credit are compared line by line with the ledger in use. Nothing is written to it.
 * The live ledger stands where it was last credited: one that lags, or went on after the time asked for, differs for that reason,
 * and `stands` says so.
 */
import { Effect, Layer } from "effect"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { ofLines } from "../id/Digest.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import { lines } from "../ledger/StateDigest.ts"
import * as Persons from "../person/People.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { credit, factsAt } from "./Crediting.ts"
import { programsIn, standsAt } from "./Digesting.ts"
import * as MemoryStores from "./MemoryStores.ts"

export interface StateLine {
  /** Which of the two says it. */
  readonly only: "ledger" | "replay"
  readonly line: string
}

export interface Replay {
  readonly asOf: Instant
  readonly facts: number
  readonly programs: ReadonlyArray<string>
  readonly decisions: number
  readonly isEqual: boolean
  readonly digest: { readonly ledger: string; readonly replay: string }
  /** Nothing in the live ledger is later than `asOf`, and time alone has changed nothing since it was credited. */
  readonly stands: boolean
  /** In order of text, both sides of one decision beside each other. */
  readonly differences: ReadonlyArray<StateLine>
}

/** Everything that a ledger says of these programs, a line each. */
const said = Effect.fn("Replaying.said")(function* (
  facts: ReadonlyArray<Fact>,
  programs: ReadonlyArray<string>,
  asOf: Instant,
): Effect.fn.Return<
  { readonly lines: ReadonlyArray<string>; readonly stands: boolean; readonly decisions: number },
  LedgerError,
  Ledger | CurrentTenant
> {
  const ledger = yield* Ledger
  const posted = yield* Effect.forEach(programs, ledger.posted)
  const all = posted.flatMap((of) => [...of.values()])
  const credits = all.map((one) => one.credit)
  const people = Persons.resolve(facts)
  return {
    stands: posted.every((of) => standsAt(asOf, of)),
    decisions: credits.filter(({ outcome }) => outcome !== "withdrawn").length,
    lines: [
      ...lines({ facts, people, credits, balances: yield* ledger.balances }),
      ...all.flatMap(({ credit: { key, unit }, legs }) =>
        legs.map(({ account, amountMinor }) => `leg ${key} ${account} ${unit} ${amountMinor}`),
      ),
    ],
  }
})

const without = (all: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlyArray<string> => {
  const known = new Set(others)
  return all.filter((line) => !known.has(line))
}

/** Rebuilds every program's state as of a time and compares it with the ledger. */
export const replay = Effect.fn("Replaying.replay")(function* (
  asOf: Instant,
): Effect.fn.Return<Replay, FactLogError | LedgerError, FactLog | Ledger | CurrentTenant> {
  const facts = yield* factsAt(asOf)
  const programs = programsIn(facts)
  const live = yield* said(facts, programs, asOf)
  const rebuilt = yield* Effect.gen(function* () {
    const log = yield* FactLog
    yield* log.append({ facts, personal: [] })
    yield* Effect.forEach(programs, (program) => credit(program, asOf))
    return yield* said(yield* factsAt(asOf), programs, asOf)
  }).pipe(Effect.provide(Layer.fresh(MemoryStores.layerMemory)))
  const differences: ReadonlyArray<StateLine> = [
    ...without(live.lines, rebuilt.lines).map((line) => ({ only: "ledger" as const, line })),
    ...without(rebuilt.lines, live.lines).map((line) => ({ only: "replay" as const, line })),
  ].sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
  return {
    asOf,
    facts: facts.length,
    programs,
    decisions: rebuilt.decisions,
    isEqual: differences.length === 0,
    digest: { ledger: ofLines(live.lines), replay: ofLines(rebuilt.lines) },
    stands: live.stands,
    differences,
  }
})
