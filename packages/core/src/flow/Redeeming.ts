/**
 * The command of turning points into what the program offers for them.
 *
 * Promises: it takes the price of the offer in force, no more and no less, the oldest lots first; money that it gives is a credit
 * of its own, handed over like any reward. A perk is only recorded; switching it on is another system's work.
 */
import { Effect, Result } from "effect"
import type { ValueRedeemed } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { pointsUnit } from "../ledger/Credit.ts"
import { fromDecimal } from "../money/Money.ts"
import type { Offer } from "../points/Offer.ts"
import type { Program } from "../program/Program.ts"
import { type CommandReason, UnknownOffer } from "./CommandError.ts"
import { carryOut, type CommandingError, type CommandingNeeds, type Done, type Situation } from "./Commanding.ts"
import { factKey, lotsOf, recordedAs } from "./CommandInput.ts"

export interface Redeem {
  readonly program: string
  readonly person: Handle
  /** The offer's name. */
  readonly offer: string
  /** The caller's own name for this redemption: the same again is the same redemption. */
  readonly key: string
  readonly asOf: Instant
}

/** Everything that a program's points can be turned into. */
export const offersIn = ({ definition }: Program): ReadonlyArray<Offer> =>
  definition.mechanics.flatMap((mechanic) => (mechanic.kind === "points" ? mechanic.redeem : []))

const decide = (asked: Redeem, situation: Situation): Result.Result<ValueRedeemed, CommandReason> => {
  const { at, terms } = situation
  const offers = offersIn(terms)
  const offer = offers.find(({ name }) => name === asked.offer)
  if (offer === undefined)
    return Result.fail(
      new UnknownOffer({ program: terms.name, offer: asked.offer, offers: offers.map(({ name }) => name) }),
    )
  const unit = pointsUnit(terms.name)
  return Result.map(lotsOf(situation, asked.person, unit, BigInt(offer.points)), (lots) => ({
    _tag: "ValueRedeemed",
    key: factKey(asked.program, asked.key),
    version: 0,
    rank: Facts.rank.own,
    occurredAt: at,
    program: asked.program,
    person: asked.person,
    unit,
    lots,
    gives:
      offer.gives === null
        ? null
        : { unit: terms.currency, amountMinor: fromDecimal(offer.gives.amount, terms.currency).amountMinor },
    label: offer.name,
  }))
}

/** Redeems an offer for a person; refused where they have less than it costs. */
export const redeem: (asked: Redeem) => Effect.Effect<Done<ValueRedeemed>, CommandingError, CommandingNeeds> =
  Effect.fn("Redeeming.redeem")((asked: Redeem) =>
    carryOut({
      program: asked.program,
      asOf: asked.asOf,
      people: [asked.person],
      key: factKey(asked.program, asked.key),
      recorded: recordedAs(
        "ValueRedeemed",
        factKey(asked.program, asked.key),
        (fact, { personOf }) => personOf(fact.person) === personOf(asked.person) && fact.label === asked.offer,
      ),
      decide: (situation) => decide(asked, situation),
    }),
  )
