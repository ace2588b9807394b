/**
 * The command of giving value to somebody else.
 *
 * Promises: what one person loses the other gets; nothing is created. It expires when the first of the lots it was made of would
 * have. A human answers for it: who, and why, is in the fact.
 */
import { Effect, Result } from "effect"
import type { ValueTransferred } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { pointsUnit } from "../ledger/Credit.ts"
import { totalMinor } from "../points/Lots.ts"
import { BadAmount, type CommandReason, SamePerson } from "./CommandError.ts"
import { carryOut, type CommandingError, type CommandingNeeds, type Done, type Situation } from "./Commanding.ts"
import { factKey, lotsOf, recordedAs, unitIn } from "./CommandInput.ts"

export interface Transfer {
  readonly program: string
  readonly from: Handle
  readonly to: Handle
  readonly amountMinor: bigint
  /** The program's points, or its currency; its points where it has any unless told. */
  readonly unit?: string | undefined
  readonly by: string
  readonly reason: string
  /** The caller's own name for this transfer: the same again is the same transfer. */
  readonly key: string
  readonly asOf: Instant
}

const decide = (asked: Transfer, situation: Situation): Result.Result<ValueTransferred, CommandReason> =>
  Result.gen(function* () {
    const { at, evaluation, terms } = situation
    const { personOf } = evaluation.history.people
    if (asked.amountMinor <= 0n) yield* Result.fail(new BadAmount({ amountMinor: asked.amountMinor }))
    if (personOf(asked.from) === personOf(asked.to))
      yield* Result.fail(new SamePerson({ from: asked.from, to: asked.to }))
    const unit = yield* unitIn(terms, asked.unit)
    const lots = yield* lotsOf(situation, asked.from, unit, asked.amountMinor)
    return {
      _tag: "ValueTransferred",
      key: factKey(asked.program, asked.key),
      version: 0,
      rank: Facts.rank.own,
      occurredAt: at,
      program: asked.program,
      from: asked.from,
      to: asked.to,
      unit,
      lots,
      by: asked.by,
      reason: asked.reason,
    }
  })

/** Transfers value from one person to another; refused where the giver has less. */
export const transfer: (asked: Transfer) => Effect.Effect<Done<ValueTransferred>, CommandingError, CommandingNeeds> =
  Effect.fn("Transferring.transfer")((asked: Transfer) =>
    carryOut({
      program: asked.program,
      asOf: asked.asOf,
      people: [asked.from, asked.to],
      key: factKey(asked.program, asked.key),
      recorded: recordedAs(
        "ValueTransferred",
        factKey(asked.program, asked.key),
        (fact, { personOf }) =>
          personOf(fact.from) === personOf(asked.from) &&
          personOf(fact.to) === personOf(asked.to) &&
          totalMinor(fact.lots) === asked.amountMinor &&
          (asked.unit === undefined ||
            fact.unit === (asked.unit === "points" ? pointsUnit(asked.program) : asked.unit)),
      ),
      decide: (situation) => decide(asked, situation),
    }),
  )
