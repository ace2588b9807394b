/**
 * The command of giving value by hand, or taking it back.
 *
 * Promises: a taking names the lots, which are worth less from then on, and takes no more than is available; a giving is a credit
 * of its own. A human answers for it: who, and why, is in the fact.
 */
import { Effect, Result } from "effect"
import type { ValueAdjusted } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { pointsUnit } from "../ledger/Credit.ts"
import { BadAmount, type CommandReason } from "./CommandError.ts"
import { carryOut, type CommandingError, type CommandingNeeds, type Done, type Situation } from "./Commanding.ts"
import { factKey, lotsOf, recordedAs, unitIn } from "./CommandInput.ts"

export interface Adjust {
  readonly program: string
  readonly person: Handle
  /** Above zero gives, below zero takes back; in minor units, or points. */
  readonly amountMinor: bigint
  /** The program's points, or its currency; its points where it has any unless told. */
  readonly unit?: string | undefined
  readonly by: string
  readonly reason: string
  /** The caller's own name for this adjustment: the same again is the same adjustment. */
  readonly key: string
  readonly asOf: Instant
}

const decide = (asked: Adjust, situation: Situation): Result.Result<ValueAdjusted, CommandReason> =>
  Result.gen(function* () {
    const { amountMinor } = asked
    if (amountMinor === 0n) yield* Result.fail(new BadAmount({ amountMinor }))
    const unit = yield* unitIn(situation.terms, asked.unit)
    const lots = amountMinor > 0n ? [] : yield* lotsOf(situation, asked.person, unit, -amountMinor)
    return {
      _tag: "ValueAdjusted",
      key: factKey(asked.program, asked.key),
      version: 0,
      rank: Facts.rank.own,
      occurredAt: situation.at,
      program: asked.program,
      person: asked.person,
      unit,
      amountMinor,
      lots,
      by: asked.by,
      reason: asked.reason,
    }
  })

/** Adjusts what a person has; a taking is refused where they have less. */
export const adjust: (asked: Adjust) => Effect.Effect<Done<ValueAdjusted>, CommandingError, CommandingNeeds> =
  Effect.fn("Adjusting.adjust")((asked: Adjust) =>
    carryOut({
      program: asked.program,
      asOf: asked.asOf,
      people: [asked.person],
      key: factKey(asked.program, asked.key),
      recorded: recordedAs(
        "ValueAdjusted",
        factKey(asked.program, asked.key),
        (fact, { personOf }) =>
          personOf(fact.person) === personOf(asked.person) &&
          fact.amountMinor === asked.amountMinor &&
          (asked.unit === undefined ||
            fact.unit === (asked.unit === "points" ? pointsUnit(asked.program) : asked.unit)),
      ),
      decide: (situation) => decide(asked, situation),
    }),
  )
