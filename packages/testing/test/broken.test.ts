import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Broken from "../src/Broken.ts"
import * as ExclusiveBroken from "../src/broken/ExclusiveBroken.ts"
import * as ErasureBroken from "../src/broken/ErasureBroken.ts"
import * as FactLogBroken from "../src/broken/FactLogBroken.ts"
import * as InboxBroken from "../src/broken/InboxBroken.ts"
import * as InstallationsBroken from "../src/broken/InstallationsBroken.ts"
import * as LedgerBroken from "../src/broken/LedgerBroken.ts"
import * as LedgerReadBroken from "../src/broken/LedgerReadBroken.ts"
import * as RecordedBroken from "../src/broken/RecordedBroken.ts"
import * as OutboxBroken from "../src/broken/OutboxBroken.ts"
import * as TallyBroken from "../src/broken/TallyBroken.ts"
import * as Law from "../src/Law.ts"
import * as ExclusiveLaws from "../src/laws/ExclusiveLaws.ts"
import * as ErasureLaws from "../src/laws/ErasureLaws.ts"
import * as FactLogLaws from "../src/laws/FactLogLaws.ts"
import * as InboxLaws from "../src/laws/InboxLaws.ts"
import * as InstallationsLaws from "../src/laws/InstallationsLaws.ts"
import * as LedgerLaws from "../src/laws/LedgerLaws.ts"
import * as LedgerReadLaws from "../src/laws/LedgerReadLaws.ts"
import * as RecordedLaws from "../src/laws/RecordedLaws.ts"
import * as OutboxLaws from "../src/laws/OutboxLaws.ts"
import * as TallyLaws from "../src/laws/TallyLaws.ts"

/** Test of the tests: each broken store breaks its own law and no other, and no law goes without one. */
const proves = <R>(name: string, laws: ReadonlyArray<Law.Law<R>>, stores: ReadonlyArray<Broken.Store<R>>): void => {
  describe(name, () => {
    it("every law has a broken store", () => expect(Broken.unproved(laws, stores)).toEqual([]))

    for (const { breaks, layer } of stores) {
      it.effect(
        `a store breaks this and no other: ${breaks}`,
        () =>
          Effect.gen(function* () {
            expect(yield* Law.violations(laws, layer)).toEqual([breaks])
          }),
        30_000,
      )
    }
  })
}

proves("fact log", FactLogLaws.laws, FactLogBroken.stores)
proves("ledger", LedgerLaws.laws, LedgerBroken.stores)
proves("ledger read in part", LedgerReadLaws.laws, LedgerReadBroken.stores)
proves("tallies", TallyLaws.laws, TallyBroken.stores)
proves("exclusive work", ExclusiveLaws.laws, ExclusiveBroken.stores)
proves("what was known when", RecordedLaws.laws, RecordedBroken.stores)
proves("outbox", OutboxLaws.laws, OutboxBroken.stores)
proves("inbox", InboxLaws.laws, InboxBroken.stores)
proves("installations", InstallationsLaws.laws, InstallationsBroken.stores)
proves("erasure", ErasureLaws.laws, ErasureBroken.stores)
