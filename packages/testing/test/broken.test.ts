import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Broken from "../src/Broken.ts"
import * as FactLogBroken from "../src/broken/FactLogBroken.ts"
import * as Law from "../src/Law.ts"
import * as FactLogLaws from "../src/laws/FactLogLaws.ts"

const proves = <R>(name: string, laws: ReadonlyArray<Law.Law<R>>, stores: ReadonlyArray<Broken.Store<R>>): void =>
  describe(name, () => {
    it("every law has a broken store", () => expect(Broken.unproved(laws, stores)).toEqual([]))

    for (const { breaks, layer } of stores) {
      it.effect(`a store breaks this and no other: ${breaks}`, () =>
        Effect.gen(function* () {
          expect(yield* Law.violations(laws, layer)).toEqual([breaks])
        }), 30_000)
    }
  })

proves("fact log", FactLogLaws.laws, FactLogBroken.stores)
