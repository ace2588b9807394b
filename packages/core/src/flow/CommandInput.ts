/**
 * What a command was given, and what that means under the program in force: its key, its unit, the lots that it takes.
 *
 * Pure. A text that fits nothing is a refusal with what would fit.
 */
import { Result } from "effect"
import type { Fact, FactOf, FactTag, Lot } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import { sha256Hex } from "../id/Digest.ts"
import type { Handle } from "../id/Handle.ts"
import { pointsUnit, type Unit } from "../ledger/Credit.ts"
import type { People } from "../person/People.ts"
import { openLots, take, totalMinor } from "../points/Lots.ts"
import type { Program } from "../program/Program.ts"
import { type CommandReason, KeyUsedOtherwise, NotEnough, UnknownUnit } from "./CommandError.ts"
import type { Command, Situation } from "./Commanding.ts"

/** The fact key that a caller's key becomes, the same for every kind of command; nothing of what the caller wrote is in it. */
export const factKey = (program: string, key: string): Facts.FactKey =>
  Facts.key(`advocacy:command/${program}/${sha256Hex(key).slice(0, 40)}`)

/** The command that was recorded under a key, if it was this one: of this kind, and the same input. */
export const recordedAs =
  <Tag extends FactTag>(
    tag: Tag,
    key: Facts.FactKey,
    isSame: (fact: FactOf<Tag>, people: People) => boolean,
  ): Command<FactOf<Tag>>["recorded"] =>
  ({ evaluation, facts }) => {
    const known = facts.find((fact) => fact.key === key)
    if (known === undefined) return Result.succeed(null)
    if (isTagged(tag, known) && isSame(known, evaluation.history.people)) return Result.succeed(known)
    return Result.fail(new KeyUsedOtherwise({ fact: known.key, what: known._tag, at: known.occurredAt }))
  }

const isTagged = <Tag extends FactTag>(tag: Tag, fact: Fact): fact is FactOf<Tag> => fact._tag === tag

/** What a person can take of a unit, and what of it an amount takes. */
export const lotsOf = (
  { evaluation }: Situation,
  person: Handle,
  unit: Unit,
  amountMinor: bigint,
): Result.Result<ReadonlyArray<Lot>, CommandReason> => {
  const { people } = evaluation.history
  const open = openLots(evaluation.credits.values(), people, people.personOf(person), unit)
  const lots = take(open, amountMinor)
  return lots === null
    ? Result.fail(new NotEnough({ person, unit, wantedMinor: amountMinor, availableMinor: totalMinor(open) }))
    : Result.succeed(lots)
}

/** What a program counts in: its points where it has any, and its money. */
export const unitsOf = ({ currency, definition, name }: Program): ReadonlyArray<Unit> => {
  const gives = definition.mechanics.some(
    (mechanic) =>
      mechanic.kind === "points" ||
      (mechanic.kind === "referral" &&
        [mechanic.advocate, mechanic.friend, mechanic.recurring?.reward].some((reward) => reward?.kind === "points")),
  )
  return [...(gives ? [pointsUnit(name)] : []), currency as string as Unit]
}

/** The unit that was meant: the first of the program's unless one is named; `points` is short for the program's. */
export const unitIn = (terms: Program, named: string | undefined): Result.Result<Unit, CommandReason> => {
  const units = unitsOf(terms)
  const wanted = named === "points" ? pointsUnit(terms.name) : named
  const unit = wanted === undefined ? units[0] : units.find((one) => one === wanted)
  return unit === undefined ? Result.fail(new UnknownUnit({ unit: named ?? "", units })) : Result.succeed(unit)
}
