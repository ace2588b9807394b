/**
 * What the facts tell of every customer, for identification: purchases, answers, reviews, consent, friends brought, sharing,
 * suspicion.
 *
 * Promises: one pass over purchases, credits and shares, and a few numbers kept for each person. What carries an open sign of fraud,
 * comes from the advocates themselves, or goes round in a circle adds nothing to anybody. A friend who was refused only because a
 * limit was full did come. Nobody who was erased is a customer.
 */
import { marketingOf, newestAnswers, type Customer, type Reviews, type Sharing } from "../advocate/Identification.ts"
import type { Fact } from "../fact/Fact.ts"
import { rings } from "../fraud/ReferralPattern.ts"
import { isTombstone, normaliseCode, type Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import type { Conversion } from "../referral/Conversion.ts"

const sharedDays = 90

/** Everybody who bought and did not cancel it. */
export const knownCustomers = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): ReadonlyArray<Customer> => {
  const { people, purchases } = evaluation.history
  const referrals = referralsOf(evaluation)
  const sharing = sharingOf(facts, evaluation, referrals)
  const answers = newestAnswers(facts, people)
  const reviews = reviewsOf(facts, evaluation)
  const currency = evaluation.terms?.currency ?? null
  return [...purchases].flatMap(([person, bought]) => {
    const kept = bought.filter(({ cancelledAt }) => cancelledAt === null)
    const [first] = kept
    const last = kept.at(-1)
    if (isTombstone(person) || first === undefined || last === undefined) return []
    return [
      {
        person,
        orders: kept.length,
        fulfilled: kept.filter(({ netMinor, paid }) => paid && netMinor > 0n).length,
        firstOrderAt: first.at,
        lastOrderAt: last.at,
        spentMinor: kept.reduce((sum, one) => (one.currency === currency ? sum + one.netMinor : sum), 0n),
        refundedShare: refundedShareOf(kept),
        nps: answers.get(person) ?? null,
        marketing: marketingOf(people, person),
        conversions: [...(referrals.brought.get(person)?.values() ?? [])],
        sharing: sharing?.of(person) ?? null,
        reviews: reviews?.of(person) ?? null,
        suspicion: referrals.suspicions.get(person) ?? null,
      },
    ]
  })
}

/** What everybody wrote; null where no fact tells of a review. */
const reviewsOf = (
  facts: ReadonlyArray<Fact>,
  { asOf, history }: Evaluation,
): { readonly of: (person: PersonId) => Reviews } | null => {
  const written = new Map<PersonId, Array<number | null>>()
  let isKnown = false
  for (const fact of facts) {
    if (fact._tag !== "ContentPublished" || fact.kind !== "review" || fact.occurredAt > asOf) continue
    isKnown = true
    if (fact.author === null || fact.removed) continue
    const author = history.people.personOf(fact.author)
    written.set(author, [...(written.get(author) ?? []), fact.stars])
  }
  if (!isKnown) return null
  return {
    of: (person) => {
      const all = written.get(person) ?? []
      const stars = all.filter((one) => one !== null)
      const sum = stars.reduce((total, one) => total + one, 0)
      return { count: all.length, stars: stars.length === 0 ? null : sum / stars.length }
    },
  }
}

/** Amounts of one currency are weighed against each other alone; of several, each by its purchases. */
const refundedShareOf = (kept: ReadonlyArray<Conversion>): number => {
  const shares = [...Map.groupBy(kept, ({ currency }) => currency).values()].flatMap((list) => {
    const [gross, net] = list.reduce(([g, n], { grossMinor, netMinor }) => [g + grossMinor, n + netMinor], [0n, 0n])
    return gross === 0n ? [] : [{ share: 1 - Number(net) / Number(gross), weight: list.length }]
  })
  const all = shares.reduce((sum, { weight }) => sum + weight, 0)
  return all === 0 ? 0 : shares.reduce((sum, { share, weight }) => sum + share * weight, 0) / all
}

/** When each friend of an advocate bought first, by the friend; and who is behind a handle. */
export const broughtBy = (
  evaluation: Evaluation,
): Pick<Referrals, "brought"> & { readonly personOf: (handle: Handle) => PersonId } => ({
  brought: referralsOf(evaluation).brought,
  personOf: evaluation.history.people.personOf,
})

interface Referrals {
  /** When each friend of an advocate bought first, by the friend. */
  readonly brought: ReadonlyMap<PersonId, ReadonlyMap<string, Instant>>
  /** Why somebody is under suspicion. */
  readonly suspicions: ReadonlyMap<PersonId, string>
  /** Purchases whose evidence counts for nothing: the advocate's own, held, or rejected by a human. */
  readonly tainted: ReadonlySet<string>
  /** Codes that leaked: who came by them says nothing about their owner. */
  readonly leakedCodes: ReadonlySet<string>
}

/** A friend who came: credited, or refused because the advocate had brought too many already. */
const isBrought = ({ outcome, reason, review, role }: Credit): boolean =>
  role === "advocate" &&
  review === "clear" &&
  (outcome === "credited" || (outcome === "refused" && reason === "limit-reached"))

/** Held for a sign of fraud; that several people claim one friend is no fraud. */
const isSuspect = ({ outcome, reason, review, role }: Credit): boolean =>
  role === "advocate" && (review === "held" || outcome === "held") && reason !== "ambiguous"

const referralsOf = ({ credits, history }: Evaluation): Referrals => {
  const { personOf } = history.people
  const byCause = new Map(history.conversions.map((conversion) => [conversion.cause as string, conversion]))
  const buyerOf = ({ cause }: Credit): PersonId | null => {
    const [friend] = byCause.get(cause)?.friends ?? []
    return friend === undefined ? null : personOf(friend)
  }
  const all = [...credits.values()].filter(({ role }) => role === "advocate")
  const pairs = all.filter(isBrought).map((credit) => ({
    credit,
    customer: buyerOf(credit) ?? credit.cause,
    referrer: personOf(credit.beneficiary),
  }))
  const circleOf = new Map(rings(pairs).flatMap((circle, number) => circle.map((person) => [person, number] as const)))
  const suspicions = new Map<PersonId, string>()
  const brought = new Map<PersonId, Map<string, Instant>>()
  for (const { credit, customer, referrer } of pairs) {
    const circle = circleOf.get(referrer)
    if (circle !== undefined) suspicions.set(referrer, "referrals in a circle")
    if (circle !== undefined && circleOf.get(customer) === circle) continue
    // Who earns by a friend again and again brought one friend.
    const friends = brought.get(referrer) ?? new Map<string, Instant>()
    brought.set(referrer, friends.set(customer, Math.min(credit.at, friends.get(customer) ?? credit.at)))
  }
  const suspect = all.filter(isSuspect)
  for (const credit of suspect) {
    const why = credit.reason ?? "a referral"
    const buyer = buyerOf(credit)
    suspicions.set(personOf(credit.beneficiary), why)
    // Who found a leaked code on the web is a stranger; who shares a device with the advocate may be the advocate.
    if (buyer !== null && why !== "leaked-code") suspicions.set(buyer, why)
  }
  const own = all.filter(({ reason }) => reason === "self-referral" || reason === "rejected")
  return {
    brought,
    suspicions,
    tainted: new Set([...suspect, ...own].map(({ cause }) => cause)),
    leakedCodes: new Set(
      suspect.flatMap(({ code, reason }) => (reason === "leaked-code" && code !== null ? [normaliseCode(code)] : [])),
    ),
  }
}

/** Who reached whom, by everybody's codes; null where no fact shows sharing at all. */
const sharingOf = (
  facts: ReadonlyArray<Fact>,
  { asOf, history }: Evaluation,
  { brought, leakedCodes, suspicions, tainted }: Referrals,
): { readonly of: (person: PersonId) => Sharing } | null => {
  const { personOf } = history.people
  /** When each friend was last reached, by advocate. */
  const reached = new Map<PersonId, Map<PersonId, Instant>>()
  let [isKnown, knowsOthers] = [false, false]
  const reach = (code: string, friend: PersonId, at: Instant): void => {
    const owner = history.touches.assets.get(normaliseCode(code))?.owner
    if (owner === undefined || leakedCodes.has(normaliseCode(code))) return
    const advocate = personOf(owner)
    if (friend === advocate || (suspicions.has(friend) && suspicions.has(advocate))) return
    const friends = reached.get(advocate) ?? new Map<PersonId, Instant>()
    reached.set(advocate, friends.set(friend, Math.max(at, friends.get(friend) ?? at)))
  }
  for (const fact of facts) {
    if ((fact._tag !== "LinkVisited" && fact._tag !== "InvitationSent") || fact.occurredAt > asOf) continue
    ;[isKnown, knowsOthers] = [true, true]
    reach(fact.code, personOf(fact._tag === "LinkVisited" ? fact.visitor : fact.friend), fact.occurredAt)
  }
  for (const { cause, friends, test, visits } of history.conversions) {
    if (visits.length > 0) isKnown = true
    const [friend] = friends
    if (friend === undefined || test || tainted.has(cause)) continue
    for (const { at, code } of visits) if (code !== null) reach(code, personOf(friend), at)
  }
  if (!isKnown) return null
  const none: ReadonlyMap<PersonId, Instant> = new Map()
  return {
    of: (person) => {
      const friends = reached.get(person) ?? none
      return {
        reached: friends.size,
        reached90d: [...friends.values()].filter((at) => asOf - at <= days(sharedDays)).length,
        // A friend who typed the code at the checkout was referred without being seen before.
        referred: knowsOthers
          ? new Set<string>([...friends.keys(), ...(brought.get(person)?.keys() ?? [])]).size
          : null,
      }
    },
  }
}
