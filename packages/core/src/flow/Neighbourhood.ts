/**
 * The facts that deciding about a few causes reads, found by name: not the whole history.
 *
 * Promises: evaluating these causes over these facts gives what evaluating them over all facts gives, with what stores know of
 * limits and earlier credits. It loads in rounds (the causes, who bought, whose codes, whose companies), each for all causes at
 * once, so that a thousand orders cost as many reads as one.
 */
import { Effect } from "effect"
import { key as factKey, type Fact, type FactKey, type FactTag } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { codeName, programName } from "../fact/Mention.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { partsOf } from "../ledger/Credit.ts"
import type { Program } from "../program/Program.ts"
import { termsOf, type Terms } from "../program/Terms.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

export interface Neighbourhood {
  readonly facts: ReadonlyArray<Fact>
  readonly terms: Terms
  /** The causes asked for, and those that they cannot be decided about without. */
  readonly causes: ReadonlySet<string>
  /** Conversions that only fraud signals read. */
  readonly neighbours: ReadonlySet<string>
}

type Needs = FactLog | CurrentTenant

/** What the versions of a program make it necessary to read. */
export interface Reach {
  readonly companies: boolean
  readonly leaks: boolean
  /** Later purchases of a friend are credited to whoever was credited for the first. */
  readonly recurs: boolean
}

export const reachOf = (programs: ReadonlyArray<Program>): Reach => {
  const mechanics = programs.flatMap(({ definition }) => definition.mechanics)
  const referrals = mechanics.filter((mechanic) => mechanic.kind === "referral")
  return {
    companies:
      referrals.some(({ qualifies }) =>
        qualifies.some(
          (rule) => rule.rule === "other-company" || (rule.rule === "new-customer" && rule.per === "company"),
        ),
      ) ||
      mechanics.some((mechanic) => mechanic.kind !== "tiers" && mechanic.limits.some(({ per }) => per === "company")),
    leaks: referrals.some(({ review }) => review.leakedPer24Hours !== null),
    recurs: referrals.some(({ recurring }) => recurring !== null),
  }
}

const identity: ReadonlyArray<FactTag> = ["PersonSeen", "PeopleMerged", "MergeUndone", "PersonErased", "PersonReturned"]
const ofCause: ReadonlyArray<FactTag> = [
  "RefundMade",
  "RewardCommitted",
  "CommitmentWithdrawn",
  "ReviewDecided",
  "ValueRedeemed",
  "ValueTransferred",
  "ValueAdjusted",
]
const ofBuyer: ReadonlyArray<FactTag> = [
  ...identity,
  "OrderPlaced",
  "DealChanged",
  "LinkVisited",
  "InvitationSent",
  "AssetIssued",
  "Enrolled",
  "TierAnnounced",
]
const ofAdvocate: ReadonlyArray<FactTag> = [...identity, "OrderPlaced", "Enrolled", "TierAnnounced"]
const conversionTags: ReadonlyArray<FactTag> = ["OrderPlaced", "DealChanged"]

/** Handles that a conversion names its buyers by. */
export const buyersOf = (fact: Fact): ReadonlyArray<Handle> =>
  fact._tag === "OrderPlaced"
    ? [fact.customer, fact.email].filter((handle) => handle !== null)
    : fact._tag === "DealChanged"
      ? fact.contacts
      : []

/** Names of the codes that a fact shows. */
export const codesOf = (fact: Fact): ReadonlyArray<string> => {
  if (fact._tag === "OrderPlaced")
    return [
      ...fact.codes.map(({ code }) => code),
      ...fact.attributes.map(({ value }) => value),
      ...fact.visits.flatMap(({ code }) => (code === null ? [] : [code])),
    ].map(codeName)
  if (fact._tag === "DealChanged") return fact.code === null ? [] : [codeName(fact.code)]
  return fact._tag === "LinkVisited" || fact._tag === "InvitationSent" || fact._tag === "AssetIssued"
    ? [codeName(fact.code)]
    : []
}

/** Who has a credit by what was handed over, taken of it or decided about it. */
const beneficiariesOf = (fact: Fact): ReadonlyArray<Handle> => {
  if (fact._tag === "RewardCommitted" || fact._tag === "ReviewDecided")
    return fact.beneficiary === null ? [] : [fact.beneficiary]
  return fact._tag === "ValueRedeemed" || fact._tag === "ValueTransferred" || fact._tag === "ValueAdjusted"
    ? fact.lots.map(({ beneficiary }) => beneficiary)
    : []
}

/** Every handle of the people behind these. */
export const everybody = (
  handles: ReadonlyArray<Handle>,
  asOf: Instant,
): Effect.Effect<ReadonlyArray<Handle>, FactLogError, Needs> =>
  handles.length === 0
    ? Effect.succeed([])
    : Effect.flatMap(FactLog, (log) => Effect.map(log.joined({ handles, asOf }), (people) => people.flat()))

/** Facts by key, as they are gathered. */
class Basket {
  readonly facts = new Map<FactKey, Fact>()
  add(some: ReadonlyArray<Fact>): ReadonlyArray<Fact> {
    const fresh = some.filter(({ key }) => !this.facts.has(key))
    for (const fact of fresh) this.facts.set(fact.key, fact)
    return fresh
  }
}

/** When a conversion counts: a deal when it was won. */
const timeOf = (fact: Fact): Instant =>
  fact._tag === "DealChanged" ? (fact.closedAt ?? fact.occurredAt) : fact.occurredAt

/** Loads what deciding about `causes` reads. */
export const load = Effect.fn("Neighbourhood.load")(function* (
  program: string,
  causes: ReadonlySet<string>,
  asOf: Instant,
): Effect.fn.Return<Neighbourhood, FactLogError, Needs> {
  const log = yield* FactLog
  const basket = new Basket()
  const published = yield* log.mentioning({
    names: [programName(program)],
    asOf,
    tags: ["ProgramPublished", "ProgramCorrected"],
  })
  basket.add(published)
  const terms = termsOf(published, program, asOf)
  const reach = reachOf(terms.all)
  const all = new Set(causes)
  const own = yield* loadCauses(basket, all, asOf)
  const neighbours = reach.leaks ? yield* loadNeighbours(basket, own, asOf) : []
  yield* loadPeople(basket, [...own, ...neighbours], reach, asOf)
  return {
    facts: [...basket.facts.values()],
    terms,
    causes: all,
    neighbours: new Set(neighbours.map(({ key }) => key as string).filter((key) => !all.has(key))),
  }
})

/** The causes themselves with what is about them; what a command took its lots of belongs to it. */
const loadCauses = Effect.fnUntraced(function* (
  basket: Basket,
  all: Set<string>,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<Fact>, FactLogError, Needs> {
  const log = yield* FactLog
  const own: Array<Fact> = []
  let ahead: ReadonlyArray<string> = [...all]
  while (ahead.length > 0) {
    const found = yield* log.byKey({ keys: ahead.map(factKey), asOf })
    own.push(...basket.add(found))
    const orders = found.flatMap((fact) => (fact._tag === "OrderPlaced" ? [fact.order as string] : []))
    const about = yield* log.mentioning({ names: [...new Set([...ahead, ...orders])], asOf, tags: ofCause })
    basket.add(about)
    // A transfer's credit expires with its lots; the lots of other commands are read where they were taken.
    ahead = found
      .flatMap((fact) => (fact._tag === "ValueTransferred" ? fact.lots : []))
      .flatMap(({ credit }) => partsOf(credit)?.cause ?? [])
      .filter((cause) => !all.has(cause))
    for (const cause of ahead) all.add(cause)
  }
  return own
})

/** Conversions that show the same codes within a day. */
const loadNeighbours = Effect.fnUntraced(function* (
  basket: Basket,
  own: ReadonlyArray<Fact>,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<Fact>, FactLogError, Needs> {
  const log = yield* FactLog
  const conversions = own.filter(({ _tag }) => conversionTags.includes(_tag))
  const times = conversions.map(timeOf)
  const names = [...new Set(conversions.flatMap(codesOf))]
  if (names.length === 0) return []
  const [first, last] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))]
  const orders = yield* log.mentioning({
    names,
    asOf: Math.min(asOf, last + days(1)),
    from: first - days(1),
    tags: ["OrderPlaced"],
  })
  // A deal is found by when it was created and counts when it was won; there are few.
  const deals = yield* log.mentioning({ names, asOf, tags: ["DealChanged"] })
  const found = [...orders, ...deals]
  basket.add(found)
  return found
})

/** Who bought and what they did, whose codes were shown, who is in the same companies. */
const loadPeople = Effect.fnUntraced(function* (
  basket: Basket,
  conversions: ReadonlyArray<Fact>,
  reach: Reach,
  asOf: Instant,
): Effect.fn.Return<void, FactLogError, Needs> {
  const log = yield* FactLog
  const members = conversions.flatMap((fact) =>
    fact._tag === "ValueRedeemed" || fact._tag === "ValueAdjusted" || fact._tag === "TierAnnounced"
      ? [fact.person]
      : fact._tag === "ValueTransferred"
        ? [fact.from, fact.to]
        : [],
  )
  const beneficiaries = [...basket.facts.values()].flatMap(beneficiariesOf)
  const buyers = yield* everybody([...conversions.flatMap(buyersOf), ...members], asOf)
  basket.add(yield* log.mentioning({ names: buyers, asOf, tags: ofBuyer }))
  const codes = new Set([...basket.facts.values()].flatMap(codesOf))
  const assets = yield* log.mentioning({ names: [...codes], asOf, tags: ["AssetIssued"] })
  basket.add(assets)
  const owners = assets.flatMap((fact) => (fact._tag === "AssetIssued" ? [fact.owner] : []))
  const known = new Set<string>(buyers)
  const advocates = (yield* everybody([...owners, ...beneficiaries], asOf)).filter((handle) => !known.has(handle))
  basket.add(yield* log.mentioning({ names: advocates, asOf, tags: ofAdvocate }))
  yield* loadUndone(basket, asOf)
  if (reach.companies) yield* loadCompanies(basket, asOf)
})

/** What takes back merges among the facts. */
const loadUndone = Effect.fnUntraced(function* (
  basket: Basket,
  asOf: Instant,
): Effect.fn.Return<void, FactLogError, Needs> {
  const log = yield* FactLog
  const merges = [...basket.facts.values()].filter(({ _tag }) => _tag === "PeopleMerged" || _tag === "CompaniesMerged")
  if (merges.length === 0) return
  basket.add(yield* log.mentioning({ names: merges.map(({ key }) => key), asOf, tags: ["MergeUndone"] }))
})

/** Everybody in the companies of these people, by any of their merged names, and what they bought. */
const loadCompanies = Effect.fnUntraced(function* (
  basket: Basket,
  asOf: Instant,
): Effect.fn.Return<void, FactLogError, Needs> {
  const log = yield* FactLog
  const companies = new Set<string>(
    [...basket.facts.values()].flatMap((fact) => (fact._tag === "PersonSeen" ? fact.companies : [])),
  )
  for (let size = -1; size !== companies.size;) {
    size = companies.size
    const merges = yield* log.mentioning({ names: [...companies], asOf, tags: ["CompaniesMerged"] })
    basket.add(merges)
    for (const merge of merges)
      if (merge._tag === "CompaniesMerged") for (const company of [merge.into, ...merge.from]) companies.add(company)
  }
  yield* loadUndone(basket, asOf)
  const people = yield* log.mentioning({ names: [...companies], asOf, tags: ["PersonSeen"] })
  const handles = yield* everybody(
    people.flatMap((fact) => (fact._tag === "PersonSeen" ? [fact.person] : [])),
    asOf,
  )
  basket.add(yield* log.mentioning({ names: handles, asOf, tags: [...identity, ...conversionTags] }))
  yield* loadUndone(basket, asOf)
})
