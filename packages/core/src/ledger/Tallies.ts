/**
 * What every conversion took of limits and added to tiers, kept so that one more does not need all of them again.
 *
 * It follows from facts like the ledger does and can be rebuilt from them at any time; nothing in it decides. Promises: what is
 * kept for a cause takes the place of what was kept before; asking what stands before a place costs about the same however much
 * was taken before it.
 */
import { Context, type Effect } from "effect"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { LedgerError } from "./Ledger.ts"
import type { Place, Seen, Taking } from "./Tally.ts"

export interface Question {
  readonly name: string
  readonly place: Place
}

export class Tallies extends Context.Service<
  Tallies,
  {
    /** Takes the place of what was kept for the same causes; a taking of nothing removes it. */
    readonly keep: (program: string, takings: ReadonlyArray<Taking>) => Effect.Effect<void, LedgerError, CurrentTenant>
    /** What is kept for causes, or for all; causes without any are absent. */
    readonly kept: (
      program: string,
      causes?: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyMap<string, Taking>, LedgerError, CurrentTenant>
    /** What stands before each place under a name, by `Tally.questionOf`; every question is answered. */
    readonly seen: (
      program: string,
      questions: ReadonlyArray<Question>,
    ) => Effect.Effect<ReadonlyMap<string, Seen>, LedgerError, CurrentTenant>
    /** The places after the one named, or all where it is null, that took of a name or asked for it. Each once, in order. */
    readonly concerned: (
      program: string,
      names: ReadonlyArray<{ readonly name: string; readonly after: Place | null }>,
    ) => Effect.Effect<ReadonlyArray<Place>, LedgerError, CurrentTenant>
  }
>()("@advocacy-kit/core/ledger/Tallies") {}
