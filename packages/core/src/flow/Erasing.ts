/**
 * Erases a person and books what follows from it.
 *
 * Promises: after the erasure itself (see `Erasure`) every program is credited, so that what the person had open is forfeited in the
 * ledger. A crash in between leaves the erasure done and the forfeiting to the next crediting. It deletes nothing on a platform: a
 * platform that keeps the person's record goes on naming them, and whatever it says of the time before is stored with tombstones.
 */
import type { Tallies } from "../ledger/Tallies.ts"
import { Effect } from "effect"
import { Erasure, type ErasureReport, type ErasureRequest } from "../fact/Erasure.ts"
import type { FactLog, FactLogError } from "../fact/FactLog.ts"
import { isTombstone } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Unit } from "../ledger/Credit.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { credit, factsAt } from "./Crediting.ts"
import { programsIn } from "./Digesting.ts"

export interface ErasedPerson extends ErasureReport {
  /** What was forfeited, by unit. */
  readonly forfeited: ReadonlyMap<Unit, bigint>
  /** Revisions that crediting posted afterwards. */
  readonly posted: number
}

export type ErasingError = FactLogError | LedgerError
export type ErasingNeeds = Erasure | FactLog | Ledger | Tallies | CurrentTenant

const forfeitedIn = Effect.gen(function* () {
  const sums = new Map<Unit, bigint>()
  for (const { account, amountMinor, unit } of yield* (yield* Ledger).balances)
    if (isTombstone(account) && account.endsWith("#forfeited")) sums.set(unit, (sums.get(unit) ?? 0n) + amountMinor)
  return sums
})

/** Erases, and credits as at `asOf`, which is the request's own time unless told. */
export const erase = Effect.fn("Erasing.erase")(function* (
  request: ErasureRequest,
  asOf: Instant = request.at,
): Effect.fn.Return<ErasedPerson, ErasingError, ErasingNeeds> {
  const erasure = yield* Erasure
  const before = yield* forfeitedIn
  const report = yield* erasure.erase(request)
  const programs = programsIn(yield* factsAt(asOf))
  const credited = yield* Effect.forEach(programs, (program) => credit(program, asOf))
  const forfeited = [...(yield* forfeitedIn)]
    .map(([unit, amountMinor]) => [unit, amountMinor - (before.get(unit) ?? 0n)] as const)
    .filter(([, amountMinor]) => amountMinor !== 0n)
  return {
    ...report,
    forfeited: new Map(forfeited),
    posted: credited.reduce((total, { revisions }) => total + revisions, 0),
  }
})
