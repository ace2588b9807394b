import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ErasurePlan from "../src/fact/ErasurePlan.ts"
import type { Fact } from "../src/fact/Fact.ts"
import { versioned } from "../src/fact/FactVersion.ts"
import { namesAny } from "../src/fact/Tombstone.ts"
import { soft, tombstone } from "../src/id/Handle.ts"
import { customer, day, email, order, person } from "./Story.ts"

const key = new Uint8Array(32).fill(3)
const device = soft(key, "device", "1")

/** What an erasure reads of some facts. */
const reading = (facts: ReadonlyArray<Fact>): ErasurePlan.Reading<never, never> => ({
  undone: Effect.succeed(new Set()),
  statements: (handles, keys) =>
    Effect.succeed(
      facts
        .filter((fact) => keys.includes(fact.key) || namesAny(fact, new Set<string>(handles)))
        .map((fact) => ({ ...versioned(fact), isNewest: true })),
    ),
})

describe("an erasure by facts that came in late", () => {
  const stone = tombstone(key, customer(7))
  const record = person(7, { person: stone, aliases: [email("ada")], soft: [device] })
  const purchase = order(4, { customer: tombstone(key, customer(4)), email: null, soft: [device] })
  const planned = (...late: ReadonlyArray<Fact>) =>
    Effect.map(
      ErasurePlan.make({ handles: [], keys: late.map((fact) => fact.key), at: day(50) }, reading([record, purchase])),
      ({ handles }) => handles,
    )

  it.effect("is about everybody whom they join to the tombstone", () =>
    Effect.gen(function* () {
      expect(yield* planned(record)).toEqual([device, email("ada")].sort())
    }),
  )

  it.effect("is not about somebody else who was erased and had the same device", () =>
    Effect.gen(function* () {
      expect(yield* planned(purchase)).toEqual([device])
    }),
  )
})
