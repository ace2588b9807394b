/**
 * Points and tier of everybody, in one pass each: for who shows standings, or tells one.
 */
import { pointsUnit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import { availableMinor } from "../reward/Fulfilment.ts"
import type { Evaluation } from "./Evaluation.ts"
import type { Terms } from "./Terms.ts"
import { tiersHeld, type TierHeld } from "./TierStanding.ts"

export interface PointsHeld {
  /** What can be taken now. */
  readonly available: bigint
  /** Everything that was ever credited and stands, taken or not. */
  readonly ever: bigint
}

export const noPoints: PointsHeld = { available: 0n, ever: 0n }

/** Whoever has, or had, points of the program. */
export const pointsByPerson = ({ credits, history, program }: Evaluation): ReadonlyMap<PersonId, PointsHeld> => {
  const unit = pointsUnit(program)
  const held = new Map<PersonId, PointsHeld>()
  for (const credit of credits.values()) {
    if (credit.unit !== unit) continue
    const person = history.people.personOf(credit.beneficiary)
    const { available, ever } = held.get(person) ?? noPoints
    const left = availableMinor(credit)
    const given = credit.outcome === "credited" && credit.amountMinor > 0n ? credit.amountMinor : 0n
    held.set(person, { available: available + (left > 0n ? left : 0n), ever: ever + given })
  }
  return held
}

/** The highest tier of whoever holds one. */
export const tierByPerson = (evaluation: Evaluation, terms: Terms): ReadonlyMap<PersonId, TierHeld> => {
  const highest = new Map<PersonId, TierHeld>()
  for (const held of tiersHeld(evaluation, terms)) {
    const known = highest.get(held.person)
    if (known === undefined || held.level > known.level) highest.set(held.person, held)
  }
  return highest
}
