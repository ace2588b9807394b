/**
 * Lots: what of a person's credits lies open, and which of it a command takes.
 *
 * Promises: first in, first out, by the time of the cause and then by key; only what is available counts: not what is pending,
 * held, expired or owed; what is taken sums to what was asked, or nothing is taken.
 */
import type { Lot } from "../fact/Fact.ts"
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, Unit } from "../ledger/Credit.ts"
import type { People, PersonId } from "../person/People.ts"
import { availableMinor } from "../reward/Fulfilment.ts"

/** A lot that can be taken, with what tells its turn. */
export interface OpenLot extends Lot {
  readonly at: Instant
  readonly expiresAt: Instant | null
}

/** What a person can take of one unit, in the order in which it is taken. */
export const openLots = (
  credits: Iterable<Credit>,
  people: People,
  person: PersonId,
  unit: Unit,
): ReadonlyArray<OpenLot> =>
  [...credits]
    .filter((credit) => credit.unit === unit && people.personOf(credit.beneficiary) === person)
    .map((credit) => ({
      credit: credit.key,
      beneficiary: credit.beneficiary,
      amountMinor: availableMinor(credit),
      terms: credit.terms,
      ...(credit.share === undefined ? {} : { share: credit.share }),
      at: credit.at,
      expiresAt: credit.expiresAt,
    }))
    .filter(({ amountMinor }) => amountMinor > 0n)
    .sort((left, right) => left.at - right.at || ByteOrder.compare(left.credit, right.credit))

export const totalMinor = (lots: ReadonlyArray<Pick<Lot, "amountMinor">>): bigint =>
  lots.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/** The lots that `amountMinor` takes of those that are open; null where there is not enough. */
export const take = (open: ReadonlyArray<OpenLot>, amountMinor: bigint): ReadonlyArray<Lot> | null => {
  let left = amountMinor
  const taken: Array<Lot> = []
  for (const { amountMinor: has, at: _at, expiresAt: _expiresAt, ...lot } of open) {
    if (left <= 0n) break
    const minor = has < left ? has : left
    taken.push({ ...lot, amountMinor: minor })
    left -= minor
  }
  return left > 0n ? null : taken
}
