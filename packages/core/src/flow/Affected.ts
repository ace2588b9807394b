/**
 * Which causes may be decided otherwise because facts have changed.
 *
 * Promises: every cause whose decision reads a changed fact, by its old names and its new ones, is among them, but for those that
 * only a limit connects: those are found when what was taken has changed. More than needed costs time, never a wrong balance.
 */
import { Effect } from "effect"
import { key as factKey, type Fact, type FactTag } from "../fact/Fact.ts"
import { FactLog, type Change, type FactLogError } from "../fact/FactLog.ts"
import { kindOf, type Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { buyersOf, codesOf, everybody, type Reach } from "./Neighbourhood.ts"

type Needs = FactLog | CurrentTenant
type Causes = Effect.Effect<ReadonlyArray<string>, FactLogError, Needs>

const conversions: ReadonlyArray<FactTag> = ["OrderPlaced", "DealChanged"]
const softKinds = new Set(["phone", "address", "device", "payment"])

/** About one cause each; their names tell which. */
const aboutCauses = new Set<FactTag>([
  "RefundMade",
  "RewardCommitted",
  "CommitmentWithdrawn",
  "ReviewDecided",
  "ValueRedeemed",
  "ValueTransferred",
  "ValueAdjusted",
])

const isHandle = (name: string): name is Handle => {
  const kind = kindOf(name as Handle)
  return kind !== "program" && !softKinds.has(kind)
}
const isSoft = (name: string): boolean => softKinds.has(kindOf(name as Handle))
const isCode = (name: string): boolean => kindOf(name as Handle) === "code"

const keysOf = (facts: ReadonlyArray<Fact>): ReadonlyArray<string> => facts.map(({ key }) => key)

/** Causes that the changes are about, and those that read them. */
export const affected = Effect.fn("Affected.affected")(function* (
  program: string,
  changes: ReadonlyArray<Change>,
  reach: Reach,
  asOf: Instant,
): Effect.fn.Return<
  { readonly own: ReadonlySet<string>; readonly others: ReadonlySet<string> },
  FactLogError | LedgerError,
  Needs | Ledger
> {
  const own = new Set<string>()
  for (const { key, names, tag } of changes) {
    if (conversions.includes(tag) || tag === "TierAnnounced" || tag.startsWith("Value")) own.add(key)
    if (aboutCauses.has(tag)) for (const name of names) own.add(name)
  }
  const bought = changes.filter(({ tag }) => conversions.includes(tag))
  const others = [
    ...(yield* laterPurchases(bought, reach, asOf)),
    ...(reach.leaks ? yield* sameCodes(bought, asOf) : []),
    ...(yield* byPeople(
      program,
      changes.filter(({ tag }) => !conversions.includes(tag) && !aboutCauses.has(tag)),
      reach,
      asOf,
    )),
  ]
  return { own, others: new Set(others.filter((cause) => !own.has(cause))) }
})

/** What the same people, or their colleagues, bought from then on, and what reads the soft handles of an advocate's own purchase. */
const laterPurchases = Effect.fnUntraced(function* (
  bought: ReadonlyArray<Change>,
  reach: Reach,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<string>, FactLogError, Needs> {
  if (bought.length === 0) return []
  const log = yield* FactLog
  const from = bought.reduce((first, { at }) => Math.min(first, at), Number.MAX_SAFE_INTEGER)
  const names = new Set(bought.flatMap((change) => change.names).filter(isHandle))
  const buyers = yield* everybody(
    [...names].filter((name) => !isCode(name)),
    asOf,
  )
  const people = reach.companies ? yield* withColleagues(buyers, asOf) : buyers
  const found = yield* log.mentioning({ names: people, asOf, tags: [...conversions, "AssetIssued"] })
  // A deal counts when it was won, however long after.
  const later = found.filter(
    (fact) => fact._tag === "DealChanged" || (fact._tag === "OrderPlaced" && fact.occurredAt >= from),
  )
  const isOwner = found.some(({ _tag }) => _tag === "AssetIssued")
  return [...keysOf(later), ...(isOwner ? yield* sharers(bought, asOf) : [])]
})

/** Conversions that show a soft handle, or whose buyers have it. */
const sharers = Effect.fnUntraced(function* (
  changes: ReadonlyArray<Change>,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<string>, FactLogError, Needs> {
  const log = yield* FactLog
  const soft = [...new Set(changes.flatMap(({ names }) => names.filter(isSoft)))]
  if (soft.length === 0) return []
  const found = yield* log.mentioning({ names: soft, asOf, tags: ["OrderPlaced", "PersonSeen"] })
  const people = yield* everybody(
    found.flatMap((fact) => (fact._tag === "PersonSeen" ? [fact.person] : buyersOf(fact))),
    asOf,
  )
  return keysOf(yield* log.mentioning({ names: people, asOf, tags: conversions }))
})

/** Purchases with the same codes within a day, which a leak counts together. */
const sameCodes = (bought: ReadonlyArray<Change>, asOf: Instant): Causes =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const names = [...new Set(bought.flatMap((change) => change.names.filter(isCode)))]
    if (names.length === 0) return []
    const times = bought.map(({ at }) => at)
    const orders = yield* log.mentioning({
      names,
      from: times.reduce((a, b) => Math.min(a, b)) - days(1),
      asOf: Math.min(asOf, times.reduce((a, b) => Math.max(a, b)) + days(1)),
      tags: ["OrderPlaced"],
    })
    return keysOf([...orders, ...(yield* log.mentioning({ names, asOf, tags: ["DealChanged"] }))])
  })

/** Everybody whose identity has changed, by the names they had and those they have: their debts may be paid by others now. */
export const identified = (
  changes: ReadonlyArray<Change>,
  asOf: Instant,
): Effect.Effect<ReadonlyArray<Handle>, FactLogError, Needs> =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const names = new Set<Handle>()
    for (const { names: of, tag } of changes) {
      if (tag === "PersonSeen" || tag === "PeopleMerged") for (const name of of) if (isHandle(name)) names.add(name)
      if (tag !== "MergeUndone") continue
      for (const merge of yield* log.byKey({ keys: of.map(factKey), asOf }))
        if (merge._tag === "PeopleMerged") for (const handle of [merge.into, ...merge.from]) names.add(handle)
    }
    return yield* everybody([...names], asOf)
  })

/**
 * What people bought, what their codes brought and what else they were credited for, when who they are, what they own or what they
 * were sent has changed.
 */
const byPeople = Effect.fnUntraced(function* (
  program: string,
  changes: ReadonlyArray<Change>,
  reach: Reach,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<string>, FactLogError | LedgerError, Needs | Ledger> {
  if (changes.length === 0) return []
  const log = yield* FactLog
  const names = new Set(changes.flatMap((change) => change.names))
  const undone = changes.flatMap(({ names: of, tag }) => (tag === "MergeUndone" ? of.map(factKey) : []))
  const merges = yield* log.byKey({ keys: undone, asOf })
  for (const merge of merges)
    if (merge._tag === "PeopleMerged" || merge._tag === "CompaniesMerged")
      for (const handle of [merge.into, ...merge.from]) names.add(handle)
  if (reach.companies)
    for (const fact of yield* log.mentioning({ names: [...names], asOf, tags: ["PersonSeen"] }))
      if (fact._tag === "PersonSeen") names.add(fact.person)
  const handles = [...names].filter(isHandle)
  const people = yield* everybody(handles, asOf)
  const colleagues = reach.companies ? yield* withColleagues(people, asOf) : people
  const found = yield* log.mentioning({ names: colleagues, asOf, tags: [...conversions, "AssetIssued"] })
  const credited = yield* creditedFor(program, colleagues)
  const codes = new Set([
    ...[...names].filter(isCode),
    ...found.flatMap((fact) => (fact._tag === "AssetIssued" ? codesOf(fact) : [])),
  ])
  const shown = yield* log.mentioning({
    names: [...codes],
    asOf,
    tags: [...conversions, "LinkVisited", "InvitationSent"],
  })
  // What friends buy again is the advocate's who was credited first.
  const first = reach.recurs ? [...shown, ...(yield* log.byKey({ keys: credited.map(factKey), asOf }))] : []
  const friends = yield* everybody(
    [
      ...shown.flatMap((fact) =>
        fact._tag === "LinkVisited" ? [fact.visitor] : fact._tag === "InvitationSent" ? [fact.friend] : [],
      ),
      ...first.flatMap(buyersOf),
    ],
    asOf,
  )
  const theirs = yield* log.mentioning({ names: friends, asOf, tags: conversions })
  const bought = [...found, ...shown, ...theirs].filter(({ _tag }) => conversions.includes(_tag))
  return [...keysOf(bought), ...credited, ...(yield* sharers(changes, asOf))]
})

/** What people were credited for in whatever way: by a code, a human or a command, as a buyer, or for what somebody bought again. */
const creditedFor = (program: string, beneficiaries: ReadonlyArray<Handle>) =>
  Effect.gen(function* () {
    if (beneficiaries.length === 0) return []
    const ledger = yield* Ledger
    const credits = yield* ledger.creditedTo({ program, beneficiaries, which: "any" })
    return [...new Set(credits.map(({ cause }) => cause))]
  })

/** Everybody who shares a company with one of these people. */
const withColleagues = Effect.fnUntraced(function* (
  people: ReadonlyArray<Handle>,
  asOf: Instant,
): Effect.fn.Return<ReadonlyArray<Handle>, FactLogError, Needs> {
  const log = yield* FactLog
  const companiesOf = (facts: ReadonlyArray<Fact>): ReadonlyArray<Handle> =>
    facts.flatMap((fact) =>
      fact._tag === "PersonSeen" ? fact.companies : fact._tag === "CompaniesMerged" ? [fact.into, ...fact.from] : [],
    )
  const companies = new Set(companiesOf(yield* log.mentioning({ names: people, asOf, tags: ["PersonSeen"] })))
  for (const name of people) companies.add(name)
  for (let size = -1; size !== companies.size;) {
    size = companies.size
    const merges = yield* log.mentioning({ names: [...companies], asOf, tags: ["CompaniesMerged"] })
    for (const company of companiesOf(merges)) companies.add(company)
  }
  const colleagues = yield* log.mentioning({ names: [...companies], asOf, tags: ["PersonSeen"] })
  return yield* everybody(
    [...people, ...colleagues.flatMap((fact) => (fact._tag === "PersonSeen" ? [fact.person] : []))],
    asOf,
  )
})
