/**
 * The stage that shows standing: what the CRM should say of every advocate, and which friend came by whom.
 *
 * The standings are computed from facts and credits each time; the connector sends only what differs.
 */
import { Effect } from "effect"
import * as Enrolment from "../advocate/Enrolment.ts"
import { newestAnswers } from "../advocate/Identification.ts"
import type { SourceError } from "../connector/FactSource.ts"
import { WriteBack, type ReferralLink, type Standing, type WriteBackReport } from "../connector/WriteBack.ts"
import type { Fact } from "../fact/Fact.ts"
import type { Credit } from "../ledger/Credit.ts"
import { make as money, toDecimal } from "../money/Money.ts"
import { recordHandle, type PersonId } from "../person/People.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import { noPoints, pointsByPerson, tierByPerson } from "../program/PersonStanding.ts"
import { termsOf } from "../program/Terms.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

export interface ShowingOptions {
  /** The CRM's record prefix, such as `hubspot:contact/`. */
  readonly record: string
  /** A code's share link. */
  readonly link: (code: string) => string
}

/** The standing of every enrolled person that the CRM knows. */
export const standings = (
  facts: ReadonlyArray<Fact>,
  evaluation: Evaluation,
  options: ShowingOptions,
): ReadonlyArray<Standing> => {
  const { people } = evaluation.history
  const { codes, enrolled } = Enrolment.fold(facts, people, evaluation.program)
  const answers = newestAnswers(facts, people)
  const byAdvocate = Map.groupBy(
    [...evaluation.credits.values()].filter(({ role }) => role === "advocate"),
    ({ beneficiary }) => people.personOf(beneficiary),
  )
  const scores = new Map(
    facts.flatMap((fact) => (fact._tag === "Identified" ? [[people.personOf(fact.person), fact.score] as const] : [])),
  )
  const points = pointsByPerson(evaluation)
  const tiers = tierByPerson(evaluation, termsOf(facts, evaluation.program, evaluation.asOf))
  const currency = evaluation.terms?.currency ?? null
  const referredBy = new Map<PersonId, string>()
  for (const { code, friend } of referrals(evaluation)) if (code !== null) referredBy.set(friend, code)
  return [...enrolled].sort().flatMap((person) => {
    const record = recordHandle(people, person, options.record)
    if (record === null) return []
    const code = codes.get(person)?.[0]?.code ?? null
    const credits = byAdvocate.get(person) ?? []
    const credited = credits.filter(({ outcome }) => outcome === "credited")
    const earned = credited.reduce(
      (total, { amountMinor, unit }) => ((unit as string) === currency ? total + amountMinor : total),
      0n,
    )
    return [
      {
        record,
        program: evaluation.program,
        status: "active",
        score: scores.get(person) ?? null,
        code,
        link: code === null ? null : options.link(code),
        referralsSent: credits.length,
        referralsConverted: credited.length,
        tier: tiers.get(person)?.tier ?? null,
        points: points.size === 0 ? null : (points.get(person) ?? noPoints),
        rewardsEarned: currency === null ? "0" : toDecimal(money(currency, earned)),
        lastActivityAt: credits.length === 0 ? null : Math.max(...credits.map(({ effectiveAt }) => effectiveAt)),
        lastNps: answers.get(person) ?? null,
        referredByCode: referredBy.get(person) ?? null,
      } satisfies Standing,
    ]
  })
}

interface CreditedReferral {
  readonly advocate: PersonId
  readonly code: string | null
  readonly friend: PersonId
}

const referrals = (evaluation: Evaluation): ReadonlyArray<CreditedReferral> => {
  const { conversions, people } = evaluation.history
  const byCause = new Map(conversions.map((conversion) => [conversion.cause as string, conversion]))
  return [...evaluation.credits.values()]
    .filter(({ outcome, role }: Credit) => outcome === "credited" && role === "advocate")
    .flatMap(({ beneficiary, cause, code }) => {
      const friend = byCause.get(cause)?.friends[0]
      if (friend === undefined) return []
      return [{ advocate: people.personOf(beneficiary), code, friend: people.personOf(friend) }]
    })
}

/** Credited referrals of which the CRM knows both sides. */
export const links = (evaluation: Evaluation, options: ShowingOptions): ReadonlyArray<ReferralLink> =>
  referrals(evaluation).flatMap(({ advocate, friend }) => {
    const { people } = evaluation.history
    const [from, to] = [recordHandle(people, advocate, options.record), recordHandle(people, friend, options.record)]
    return from === null || to === null ? [] : [{ advocate: from, friend: to }]
  })

/** Writes the difference to the CRM. */
export const show = (
  facts: ReadonlyArray<Fact>,
  evaluation: Evaluation,
  options: ShowingOptions,
): Effect.Effect<WriteBackReport, SourceError, WriteBack | CurrentTenant> =>
  Effect.flatMap(WriteBack, (writeBack) =>
    writeBack.write(standings(facts, evaluation, options), links(evaluation, options)),
  )
