/**
 * Tiers: what a person has reached by counting, and what they were told they have.
 *
 * A tier is reached at the conversion that fills its count within a period, and stands to the end of the last period that it is
 * kept for. An announced tier stands to the time that was announced. Both are decisions of their own, without postings.
 */
import { noted, passed } from "../because/Because.ts"
import type { Handle } from "../id/Handle.ts"
import { periodOf, periodSpan, toIso, type Instant } from "../id/Instant.ts"
import { tierUnit, type Credit } from "../ledger/Credit.ts"
import type { Currency } from "../money/Currency.ts"
import { format, fromDecimal, make as money } from "../money/Money.ts"
import type { PersonId } from "../person/People.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { TiersMechanic } from "../tier/Tiers.ts"
import { creditKey } from "./Case.ts"
import type { Draft } from "./Draft.ts"
import type { History } from "./History.ts"
import type { Program } from "./Program.ts"
import type { Place, Tally } from "../ledger/Tally.ts"
import type { Terms } from "./Terms.ts"

/** What is added up: versions that count the same thing count together, and units never add. */
export const nameOf = (mechanic: TiersMechanic, person: PersonId, period: string, currency: Currency): string =>
  ["tier", mechanic.rule, mechanic.counts === "spend" ? currency : mechanic.counts, person, period].join("|")

export const needed = (mechanic: TiersMechanic, atLeast: string, currency: Currency): bigint =>
  mechanic.counts === "spend" ? fromDecimal(atLeast, currency).amountMinor : BigInt(atLeast)

/** The number of the highest tier that `total` reaches, from 1; 0 for none. */
export const levelOf = (mechanic: TiersMechanic, total: bigint, currency: Currency): number =>
  mechanic.tiers.findLastIndex(({ atLeast }) => total >= needed(mechanic, atLeast, currency)) + 1

export const tiersIn = ({ definition }: Program): ReadonlyArray<TiersMechanic> =>
  definition.mechanics.filter((mechanic) => mechanic.kind === "tiers")

/** The period of a moment and those before it whose tiers are still kept then. */
const keptPeriods = (mechanic: TiersMechanic, at: Instant, zone: string): ReadonlyArray<string> => {
  const names: Array<string> = []
  for (let [moment, left] = [at, mechanic.keeps]; left >= 0; left--) {
    names.push(periodOf(moment, mechanic.period, zone))
    const span = periodSpan(moment, mechanic.period, zone)
    if (span === null) break
    moment = span.from - 1
  }
  return names
}

/** The name of the tier that a person holds before `place`; null for none. */
export const heldAt = (
  history: History,
  tally: Tally,
  program: Program,
  person: PersonId,
  place: Place,
): ReadonlyArray<string> =>
  tiersIn(program).flatMap((mechanic) => {
    const reached = keptPeriods(mechanic, place.at, program.definition.timeZone).map((period) =>
      levelOf(
        mechanic,
        tally.seenFrom(place, nameOf(mechanic, person, period, program.currency)).before,
        program.currency,
      ),
    )
    const told = (history.announced.get(person) ?? [])
      .filter(
        ({ occurredAt, rule, until }) =>
          rule === mechanic.rule && occurredAt <= place.at && (until === null || place.at < until),
      )
      .map(({ tier }) => mechanic.tiers.findIndex(({ name }) => name === tier) + 1)
    const held = mechanic.tiers[Math.max(...reached, ...told, 0) - 1]
    return held === undefined ? [] : [held.name]
  })

/** When a tier that was reached at `at` ends; null: never. */
const endOf = (mechanic: TiersMechanic, at: Instant, zone: string): Instant | null => {
  let until = periodSpan(at, mechanic.period, zone)?.until ?? null
  for (let left = mechanic.keeps; left > 0 && until !== null; left--)
    until = periodSpan(until, mechanic.period, zone)?.until ?? null
  return until
}

export interface Counting {
  readonly conversion: Conversion
  readonly beneficiary: Handle
  readonly part: string
  readonly counts: TiersMechanic["counts"]
  readonly amount: bigint
}

/** Counts something for a person and answers the tiers that it reaches. */
export const count = (
  history: History,
  tally: Tally,
  program: Program,
  { amount, beneficiary, conversion, counts, part }: Counting,
): ReadonlyArray<Draft> => {
  if (amount <= 0n) return []
  const person = history.people.personOf(beneficiary)
  return tiersIn(program)
    .filter((mechanic) => mechanic.counts === counts)
    .flatMap((mechanic): ReadonlyArray<Draft> => {
      const zone = program.definition.timeZone
      const period = periodOf(conversion.at, mechanic.period, zone)
      const name = nameOf(mechanic, person, period, program.currency)
      const { before } = tally.seenFrom(conversion, name)
      tally.grant(conversion, { name, amount })
      const [from, to] = [before, before + amount].map((total) => levelOf(mechanic, total, program.currency))
      const tier = mechanic.tiers[(to ?? 0) - 1]
      if (tier === undefined || to === undefined || to === from) return []
      return [
        moveOf(history, {
          key: creditKey(program.name, mechanic, conversion.cause, "member", part),
          program: program.name,
          rule: mechanic.rule,
          cause: conversion.cause,
          part,
          beneficiary,
          at: conversion.at,
          amountMinor: BigInt(to),
          terms: program.hash,
          changedAt: conversion.changedAt,
          expiresAt: endOf(mechanic, conversion.at, zone),
          because: [
            passed("tier reached", {
              tier: tier.name,
              counts,
              before: shown(mechanic, before, program.currency),
              adds: shown(mechanic, amount, program.currency),
              by: conversion.cause,
              total: shown(mechanic, before + amount, program.currency),
              atLeast: tier.atLeast,
              period,
            }),
          ],
        }),
      ]
    })
}

/** A count as it is, spend as money. */
export const shown = (mechanic: TiersMechanic, total: bigint, currency: Currency): string =>
  mechanic.counts === "spend" ? format(money(currency, total)) : String(total)

interface Stands extends Omit<
  Credit,
  "role" | "code" | "unit" | "outcome" | "reason" | "review" | "legs" | "effectiveAt" | "nextDueAt"
> {
  readonly changedAt: Instant
}

const moveOf = ({ asOf }: History, { changedAt, ...told }: Stands): Draft => {
  const { expiresAt } = told
  const isOver = expiresAt !== null && asOf >= expiresAt
  return {
    credit: {
      ...told,
      role: "member",
      code: null,
      unit: tierUnit(told.program),
      outcome: isOver ? "lapsed" : "credited",
      reason: null,
      review: "clear",
      effectiveAt: isOver ? expiresAt : changedAt,
      nextDueAt: isOver ? null : expiresAt,
    },
    sheet: null,
    maturesAt: told.at,
    fellAt: told.at,
  }
}

/** The tiers that people were told they have. One whose terms or name are unknown stands as number 0. */
export const announced = (history: History, terms: Terms): ReadonlyArray<Draft> =>
  [...history.announced.values()].flat().map((told) => {
    const program = terms.byHash(told.terms)
    const tiers = program === undefined ? [] : tiersIn(program).filter(({ rule }) => rule === told.rule)
    return moveOf(history, {
      key: creditKey(told.program, told, told.key, "member"),
      program: told.program,
      rule: told.rule,
      cause: told.key,
      part: "",
      beneficiary: told.person,
      at: told.occurredAt,
      amountMinor: BigInt(1 + (tiers[0]?.tiers.findIndex(({ name }) => name === told.tier) ?? -1)),
      terms: told.terms,
      changedAt: told.occurredAt,
      expiresAt: told.until,
      because: [
        noted("announced", {
          tier: told.tier,
          until: told.until === null ? "for ever" : toIso(told.until),
          shownBy: told.key,
        }),
      ],
    })
  })
