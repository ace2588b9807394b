/**
 * What metrics are read of: what people were asked, answered, bought, published, shared and were credited, of a window of time and a
 * segment of people.
 *
 * Promises: people are counted once however many records they have; cancelled, test and wholly refunded purchases are left out;
 * what a purchase is (the first, or by whose referral) is known from everything before it, also from before the window. The window
 * is half-open and says when something happened, not what became of it: refunds count as known at `asOf`.
 */
import type { AskSent, ContentPublished, Fact } from "../fact/Fact.ts"
import { normaliseCode } from "../id/Handle.ts"
import { dateIn, days, type Instant } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import type { PersonId } from "../person/People.ts"
import type { Evaluation } from "../program/Evaluation.ts"

/** What the ready metrics fold over. */
export interface Input {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
}

export interface Answer {
  readonly person: PersonId
  readonly at: Instant
  readonly survey: "nps" | "csat" | "ces"
  readonly occasion: "relational" | "transactional"
  readonly score: number
}

export interface Purchase {
  readonly cause: string
  readonly at: Instant
  /** YYYY-MM-DD in the program's time zone. */
  readonly date: string
  /** Whose it is: the buyer, the first of several; null for an anonymous sale. */
  readonly person: PersonId | null
  readonly currency: string
  readonly grossMinor: bigint
  readonly netMinor: bigint
  readonly channel: string | null
  /** None of its buyers had bought before. */
  readonly isFirst: boolean
  /** Who was credited for it as an advocate. */
  readonly advocate: PersonId | null
}

/** Days within which asks of one person add up. */
export const askDays = 90

export interface Ask {
  readonly person: PersonId
  readonly at: Instant
  readonly ask: AskSent["ask"]
  readonly channel: string
  /** How many asks the person had in the `askDays` up to this one, itself included, also from before the window. */
  readonly nth: number
}

/** Content as it now stands; what was removed since is among it. */
export interface Content extends Pick<
  ContentPublished,
  "kind" | "channel" | "stars" | "impressions" | "engagements" | "rights" | "incentivised" | "removed"
> {
  readonly author: PersonId | null
  readonly at: Instant
}

/** An advocate shared their code. */
export interface Sharing {
  readonly advocate: PersonId
  readonly at: Instant
  readonly channel: string
}

/** An advocate's link was followed, or they invited somebody. */
export interface Share {
  readonly advocate: PersonId
  readonly friend: PersonId
  readonly at: Instant
  readonly kind: "visit" | "invitation"
}

export interface Study {
  readonly asOf: Instant
  /** What happened from `from` (null: from the beginning) to before `until`. */
  readonly from: Instant | null
  readonly until: Instant
  /** Whom it is about; null for everybody. */
  readonly segment: { readonly by: string; readonly value: string } | null
  readonly timeZone: string
  readonly currency: string | null
  /** In order of time. */
  readonly asks: ReadonlyArray<Ask>
  readonly answers: ReadonlyArray<Answer>
  readonly content: ReadonlyArray<Content>
  readonly sharings: ReadonlyArray<Sharing>
  /** In order of time. */
  readonly purchases: ReadonlyArray<Purchase>
  /** Credits by when their cause happened, tiers left out. */
  readonly credits: ReadonlyArray<Credit & { readonly person: PersonId }>
  readonly shares: ReadonlyArray<Share>
  /** Who is enrolled before `until`, since when. */
  readonly advocates: ReadonlyMap<PersonId, Instant>
  /** Each customer's first purchase of all, also where it lies before the window. */
  readonly firstPurchases: ReadonlyMap<PersonId, Purchase>
}

/** The whole of what an evaluation was made of. */
export const make = ({ evaluation, facts }: Input): Study => {
  const { asOf, history, terms } = evaluation
  const timeZone = terms?.definition.timeZone ?? "UTC"
  const past = facts.filter(({ occurredAt }) => occurredAt <= asOf)
  const { personOf } = history.people
  const purchases = purchasesOf(evaluation, timeZone)
  return {
    asOf,
    from: null,
    until: asOf + 1,
    segment: null,
    timeZone,
    currency: terms?.currency ?? null,
    asks: asksOf(past, evaluation),
    content: contentOf(past, evaluation),
    sharings: sharingsOf(past, evaluation),
    answers: past.flatMap((fact) =>
      fact._tag === "SurveyAnswered"
        ? [
            {
              person: personOf(fact.person),
              at: fact.occurredAt,
              survey: fact.survey,
              occasion: fact.occasion,
              score: fact.score,
            },
          ]
        : [],
    ),
    purchases,
    credits: [...evaluation.credits.values()]
      .filter(({ unit }) => !unit.startsWith("tier:"))
      .map((credit) => ({ ...credit, person: personOf(credit.beneficiary) })),
    shares: sharesOf(past, evaluation),
    advocates: history.enrolledAt,
    firstPurchases: firstOf(purchases),
  }
}

const firstOf = (purchases: ReadonlyArray<Purchase>): ReadonlyMap<PersonId, Purchase> => {
  const first = new Map<PersonId, Purchase>()
  for (const purchase of purchases)
    if (purchase.person !== null && !first.has(purchase.person)) first.set(purchase.person, purchase)
  return first
}

const kept = <Value>(
  map: ReadonlyMap<PersonId, Value>,
  has: (person: PersonId, value: Value) => boolean,
): ReadonlyMap<PersonId, Value> => new Map([...map].filter(([person, value]) => has(person, value)))

const purchasesOf = ({ credits, history }: Evaluation, timeZone: string): ReadonlyArray<Purchase> => {
  const { personOf } = history.people
  const advocates = new Map<string, PersonId>()
  for (const { beneficiary, cause, outcome, role } of credits.values())
    if (role === "advocate" && outcome === "credited" && !advocates.has(cause))
      advocates.set(cause, personOf(beneficiary))
  const bought = new Set<PersonId>()
  return history.conversions
    .filter(({ cancelledAt, netMinor, test }) => !test && cancelledAt === null && netMinor > 0n)
    .map(({ at, cause, channel, currency, friends, grossMinor, netMinor }) => {
      const buyers = friends.map(personOf)
      const isFirst = buyers.length > 0 && buyers.every((buyer) => !bought.has(buyer))
      for (const buyer of buyers) bought.add(buyer)
      return {
        cause,
        at,
        date: dateIn(at, timeZone),
        person: buyers[0] ?? null,
        currency,
        grossMinor,
        netMinor,
        channel,
        isFirst,
        advocate: advocates.get(cause) ?? null,
      }
    })
}

const asksOf = (facts: ReadonlyArray<Fact>, { history }: Evaluation): ReadonlyArray<Ask> => {
  const { personOf } = history.people
  const sent = facts
    .filter((fact) => fact._tag === "AskSent")
    .toSorted((left, right) => left.occurredAt - right.occurredAt || (left.key < right.key ? -1 : 1))
  const recent = new Map<PersonId, Array<Instant>>()
  return sent.map(({ ask, channel, occurredAt: at, person: handle }) => {
    const person = personOf(handle)
    const times = [...(recent.get(person) ?? []).filter((before) => before > at - days(askDays)), at]
    recent.set(person, times)
    return { person, at, ask, channel, nth: times.length }
  })
}

const contentOf = (facts: ReadonlyArray<Fact>, { history }: Evaluation): ReadonlyArray<Content> =>
  facts.flatMap((fact): ReadonlyArray<Content> => {
    if (fact._tag !== "ContentPublished") return []
    const {
      author,
      channel,
      engagements,
      impressions,
      incentivised,
      kind,
      occurredAt: at,
      removed,
      rights,
      stars,
    } = fact
    const said = { kind, channel, stars, impressions, engagements, rights, incentivised, removed }
    return [{ ...said, author: author === null ? null : history.people.personOf(author), at }]
  })

const sharingsOf = (facts: ReadonlyArray<Fact>, { history }: Evaluation): ReadonlyArray<Sharing> =>
  facts.flatMap((fact): ReadonlyArray<Sharing> => {
    if (fact._tag !== "AssetShared") return []
    const owner = history.touches.assets.get(normaliseCode(fact.code))?.owner
    return owner === undefined
      ? []
      : [{ advocate: history.people.personOf(owner), at: fact.occurredAt, channel: fact.channel }]
  })

const sharesOf = (facts: ReadonlyArray<Fact>, { history }: Evaluation): ReadonlyArray<Share> => {
  const { personOf } = history.people
  return facts.flatMap((fact): ReadonlyArray<Share> => {
    if (fact._tag !== "LinkVisited" && fact._tag !== "InvitationSent") return []
    const owner = history.touches.assets.get(normaliseCode(fact.code))?.owner
    if (owner === undefined) return []
    const [kind, friend] =
      fact._tag === "LinkVisited" ? (["visit", fact.visitor] as const) : (["invitation", fact.friend] as const)
    return [{ advocate: personOf(owner), friend: personOf(friend), at: fact.occurredAt, kind }]
  })
}

/** What happened in a window; `until` is no later than the study's own. */
export const within = (study: Study, window: { readonly from: Instant | null; readonly until: Instant }): Study => {
  const until = Math.min(window.until, study.until)
  const from = Math.max(window.from ?? Number.MIN_SAFE_INTEGER, study.from ?? Number.MIN_SAFE_INTEGER)
  const isIn = ({ at }: { readonly at: Instant }): boolean => at >= from && at < until
  return {
    ...study,
    from: from === Number.MIN_SAFE_INTEGER ? null : from,
    until,
    asks: study.asks.filter(isIn),
    answers: study.answers.filter(isIn),
    content: study.content.filter(isIn),
    sharings: study.sharings.filter(isIn),
    purchases: study.purchases.filter(isIn),
    credits: study.credits.filter(isIn),
    shares: study.shares.filter(isIn),
    advocates: kept(study.advocates, (_, at) => at < until),
  }
}

/** What concerns some people: what they were asked, answered, published, bought, were credited and shared. */
export const about = (
  study: Study,
  segment: { readonly by: string; readonly value: string },
  has: (person: PersonId) => boolean,
): Study => ({
  ...study,
  segment,
  asks: study.asks.filter(({ person }) => has(person)),
  answers: study.answers.filter(({ person }) => has(person)),
  content: study.content.filter(({ author }) => author !== null && has(author)),
  sharings: study.sharings.filter(({ advocate }) => has(advocate)),
  purchases: study.purchases.filter(({ person }) => person !== null && has(person)),
  credits: study.credits.filter(({ person }) => has(person)),
  shares: study.shares.filter(({ advocate }) => has(advocate)),
  advocates: kept(study.advocates, has),
  firstPurchases: kept(study.firstPurchases, has),
})
