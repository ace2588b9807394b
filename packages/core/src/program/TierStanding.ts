/**
 * Which tiers people hold at a time, and which of them they were not told of yet.
 *
 * Of what a person reached under one rule, a tier counts that no other outdoes: higher or as high, and at least as long.
 */
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { tierUnit, type Credit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import type { Evaluation } from "./Evaluation.ts"
import type { Terms } from "./Terms.ts"

export interface TierHeld {
  readonly person: PersonId
  /** The handle that reached it. */
  readonly beneficiary: Handle
  readonly rule: string
  readonly tier: string
  /** From 1, the lowest. */
  readonly level: number
  readonly perks: ReadonlyArray<string>
  readonly since: Instant
  /** null: for ever. */
  readonly until: Instant | null
  /** They were told, of this or of something that outdoes it. */
  readonly isAnnounced: boolean
  readonly terms: string
}

const outlasts = (left: Instant | null, right: Instant | null): boolean =>
  left === null || (right !== null && left >= right)

const outdoes = (left: Credit, right: Credit): boolean =>
  left.amountMinor >= right.amountMinor && outlasts(left.expiresAt, right.expiresAt)

/** An announcement's cause is its own fact. */
const isAnnouncement = ({ history }: Evaluation, credit: Credit): boolean =>
  [...history.announced.values()].some((told) => told.some(({ key }) => key === credit.cause))

/** What nobody of the same list outdoes; of equals the first. */
const best = (credits: ReadonlyArray<Credit>): ReadonlyArray<Credit> =>
  credits.filter(
    (one, index) =>
      !credits.some(
        (other, place) => place !== index && outdoes(other, one) && (!outdoes(one, other) || place < index),
      ),
  )

/** The tiers that stand at the time of an evaluation, by person and rule, the highest first. */
export const tiersHeld = (evaluation: Evaluation, terms: Terms): ReadonlyArray<TierHeld> => {
  const { credits, history, program } = evaluation
  const standing = [...credits.values()].filter(
    ({ outcome, unit }) => unit === tierUnit(program) && outcome === "credited",
  )
  const byPerson = Map.groupBy(standing, ({ beneficiary, rule }) => `${history.people.personOf(beneficiary)} ${rule}`)
  return [...byPerson.keys()].sort().flatMap((name) => {
    // An announcement comes first among equals, so that what was announced is shown as announced.
    const all = (byPerson.get(name) ?? []).toSorted(
      (left, right) =>
        Number(isAnnouncement(evaluation, right)) - Number(isAnnouncement(evaluation, left)) ||
        left.at - right.at ||
        (left.key < right.key ? -1 : 1),
    )
    return best(all)
      .toSorted((left, right) => Number(right.amountMinor - left.amountMinor))
      .flatMap((credit): ReadonlyArray<TierHeld> => {
        const mechanic = terms.byHash(credit.terms)?.definition.mechanics.find(({ rule }) => rule === credit.rule)
        const tier = mechanic?.kind === "tiers" ? mechanic.tiers[Number(credit.amountMinor) - 1] : undefined
        if (tier === undefined) return []
        return [
          {
            person: history.people.personOf(credit.beneficiary),
            beneficiary: credit.beneficiary,
            rule: credit.rule,
            tier: tier.name,
            level: Number(credit.amountMinor),
            perks: tier.perks,
            since: credit.at,
            until: credit.expiresAt,
            isAnnounced: isAnnouncement(evaluation, credit),
            terms: credit.terms,
          },
        ]
      })
  })
}
