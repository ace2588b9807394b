/**
 * Which facts a decision was made from, and one SHA-256 over them.
 *
 * Promises: a pure function of an evaluation and its facts, so that the same facts evaluated again give the same digest. It names the
 * conversion with its refunds, the evidence and the codes that it names, who buyer and advocates are, purchases that were looked at,
 * what was committed, decided and adjusted for the conversion, and its terms. What other decisions had taken of limits and tiers is in
 * it as the numbers that were seen, not as the facts behind them; so are uses of a code that leaked. Nothing here decides anything.
 */
import type { Fact } from "../fact/Fact.ts"
import { contentDigest } from "../fact/FactVersion.ts"
import { canonical, ofLines } from "../id/Digest.ts"
import type { Handle } from "../id/Handle.ts"
import { partsOf, type Credit } from "../ledger/Credit.ts"
import type { Change } from "../ledger/Crediting.ts"
import type { Revision } from "../ledger/Ledger.ts"
import type { PersonId } from "../person/People.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { touchesOf, type EvidenceKind, type Touch } from "../referral/Touch.ts"
import type { Evaluation } from "./Evaluation.ts"
import type { Mechanic, Program } from "./Program.ts"
import { termsOf, type Terms } from "./Terms.ts"

const kinds: ReadonlyArray<EvidenceKind> = ["code", "cart-attribute", "link-click", "invitation"]

/** Members of a trial that name another conversion that was looked at. */
const namedPurchases = ["boughtBefore", "firstCreditedFor"] as const

/** Rules whose numbers other decisions have made. */
const numbered: ReadonlySet<string> = new Set(["limit", "tier", "tier reached"])

interface Shelves {
  readonly byKey: ReadonlyMap<string, Fact>
  readonly refunds: ReadonlyMap<string, ReadonlyArray<Fact>>
  readonly ofPerson: ReadonlyMap<PersonId, ReadonlyArray<Fact>>
  readonly ofCompany: ReadonlyMap<string, ReadonlyArray<Fact>>
  /** By program, rule and cause of the credits that they name. */
  readonly ofCredit: ReadonlyMap<string, ReadonlyArray<Fact>>
  readonly ofTerms: ReadonlyMap<string, ReadonlyArray<Fact>>
  readonly conversions: ReadonlyMap<string, Conversion>
  readonly terms: Terms
}

const conversionOf = (key: string): string => {
  const parts = partsOf(key)
  return parts === null ? key : [parts.program, parts.rule, parts.cause].join("|")
}

/** The credits that a fact is about. */
const creditsNamed = (fact: Fact): ReadonlyArray<string> => {
  switch (fact._tag) {
    case "RewardCommitted":
    case "CommitmentWithdrawn":
    case "ReviewDecided":
      return [fact.credit]
    case "ValueRedeemed":
    case "ValueTransferred":
    case "ValueAdjusted":
      return fact.lots.map(({ credit }) => credit)
    default:
      return []
  }
}

/** The people whose identity or standing a fact says something of. */
const handlesNamed = (fact: Fact, byKey: ReadonlyMap<string, Fact>): ReadonlyArray<Handle> => {
  switch (fact._tag) {
    case "PersonSeen":
    case "Enrolled":
    case "PersonErased":
    case "PersonReturned":
      return [fact.person]
    case "PeopleMerged":
      return [fact.into, ...fact.from]
    case "MergeUndone": {
      const merge = byKey.get(fact.merge)
      return merge?._tag === "PeopleMerged" ? [merge.into, ...merge.from] : []
    }
    default:
      return []
  }
}

const companiesNamed = (fact: Fact, byKey: ReadonlyMap<string, Fact>): ReadonlyArray<Handle> => {
  const merge = fact._tag === "MergeUndone" ? byKey.get(fact.merge) : fact
  return merge?._tag === "CompaniesMerged" ? [merge.into, ...merge.from] : []
}

const push = <Key>(lists: Map<Key, Array<Fact>>, key: Key, fact: Fact): void => {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [fact])
  else known.push(fact)
}

const shelve = (facts: ReadonlyArray<Fact>, { asOf, history, program }: Evaluation): Shelves => {
  const past = facts.filter(({ occurredAt }) => occurredAt <= asOf)
  const byKey = new Map<string, Fact>(past.map((fact) => [fact.key, fact]))
  const [refunds, ofCompany, ofCredit, ofTerms] = [1, 2, 3, 4].map(() => new Map<string, Array<Fact>>()) as [
    Map<string, Array<Fact>>,
    Map<string, Array<Fact>>,
    Map<string, Array<Fact>>,
    Map<string, Array<Fact>>,
  ]
  const ofPerson = new Map<PersonId, Array<Fact>>()
  for (const fact of past) {
    if (fact._tag === "RefundMade") push(refunds, fact.order, fact)
    if (fact._tag === "ProgramPublished" || fact._tag === "ProgramCorrected") {
      if (fact.program === program) push(ofTerms, fact.hash, fact)
    }
    if (fact._tag === "Enrolled" && fact.program !== program) continue
    for (const person of new Set(handlesNamed(fact, byKey).map(history.people.personOf))) push(ofPerson, person, fact)
    for (const company of companiesNamed(fact, byKey)) push(ofCompany, company, fact)
    for (const credit of new Set(creditsNamed(fact).map(conversionOf))) push(ofCredit, credit, fact)
  }
  return {
    byKey,
    refunds,
    ofPerson,
    ofCompany,
    ofCredit,
    ofTerms,
    conversions: new Map(history.conversions.map((conversion) => [conversion.cause as string, conversion])),
    terms: termsOf(facts, program, asOf),
  }
}

const mechanicOf = (program: Program | undefined, rule: string): Mechanic | undefined =>
  program?.definition.mechanics.find((mechanic) => mechanic.rule === rule)

/** Whether a mechanic asks which company somebody belongs to. */
const readsCompanies = (mechanic: Mechanic | undefined): boolean =>
  mechanic !== undefined &&
  mechanic.kind !== "tiers" &&
  (mechanic.limits.some(({ per }) => per === "company") ||
    (mechanic.kind === "referral" &&
      mechanic.qualifies.some(
        (rule) => rule.rule === "other-company" || (rule.rule === "new-customer" && rule.per === "company"),
      )))

/** Every piece of evidence, of whatever kind, whether it counts or not. */
const touchesIn = (
  { history }: Evaluation,
  conversion: Conversion,
  mechanic: Mechanic | undefined,
): ReadonlyArray<Touch> =>
  mechanic?.kind === "referral"
    ? touchesOf(conversion, history.touches, history.people, { kinds, attributeKeys: mechanic.attributeKeys })
    : []

/** Orders that show a soft handle of this conversion's buyer: they made it known as the advocate's too. */
const sharingOrders = (
  { history }: Evaluation,
  conversion: Conversion,
  people: ReadonlySet<PersonId>,
): ReadonlyArray<string> => {
  const soft = new Set([
    ...conversion.soft,
    ...conversion.friends.flatMap((friend) => [...(history.soft.get(history.people.personOf(friend)) ?? [])]),
  ])
  if (soft.size === 0) return []
  return [...people]
    .flatMap((person) =>
      (history.purchases.get(person) ?? []).filter((one) => one.soft.some((handle) => soft.has(handle))),
    )
    .map(({ cause }) => cause)
}

const identityFacts = (
  { history }: Evaluation,
  shelves: Shelves,
  people: ReadonlySet<PersonId>,
  mechanic: Mechanic | undefined,
): ReadonlyArray<Fact> => {
  const own = [...people].flatMap((person) => shelves.ofPerson.get(person) ?? [])
  if (!readsCompanies(mechanic)) return own
  const named = own.flatMap((fact) => (fact._tag === "PersonSeen" ? fact.companies : []))
  const companies = [...named, ...[...people].flatMap((person) => [...history.companies.of(person)])]
  return [...own, ...companies.flatMap((company) => shelves.ofCompany.get(company) ?? [])]
}

/** The facts that the decision about one credit read, in key order. */
export type FactsOf = (credit: Credit) => ReadonlyArray<Fact>

/** What each decision of an evaluation read. The facts are looked through once, when the first is asked for. */
export const factsRead = (evaluation: Evaluation, facts: ReadonlyArray<Fact>): FactsOf => {
  let known: Shelves | undefined
  return (credit) => {
    const shelves = (known ??= shelve(facts, evaluation))
    const { history } = evaluation
    const conversion = shelves.conversions.get(credit.cause)
    const mechanic = mechanicOf(shelves.terms.byHash(credit.terms), credit.rule)
    const touches = conversion === undefined ? [] : touchesIn(evaluation, conversion, mechanic)
    const cause = shelves.byKey.get(credit.cause)
    // Of a commitment whose conversion is not known nobody's identity is asked; what is withdrawn is nobody's any more.
    const isGone = credit.outcome === "withdrawn"
    const isNobodys = isGone || (conversion === undefined && (cause === undefined || cause._tag === "DealChanged"))
    const people = new Set(
      [
        ...(isNobodys ? [] : [credit.beneficiary]),
        ...(conversion?.friends ?? []),
        ...touches.flatMap(({ owner }) => (owner === null ? [] : [owner])),
      ].map(history.people.personOf),
    )
    const named = [
      ...touches.flatMap(({ code, shownBy }) => [shownBy, history.touches.assets.get(code)?.key]),
      ...(isGone ? [] : credit.because).flatMap(({ saw }) => namedPurchases.map((member) => saw[member])),
      ...(conversion === undefined || mechanic?.kind !== "referral"
        ? []
        : sharingOrders(evaluation, conversion, people)),
    ].flatMap((key) => (key === undefined ? [] : (shelves.byKey.get(key) ?? [])))
    const all = [
      ...(cause === undefined ? [] : [cause]),
      ...(cause?._tag === "OrderPlaced" ? (shelves.refunds.get(cause.order) ?? []) : []),
      ...named,
      ...identityFacts(evaluation, shelves, people, mechanic),
      ...(shelves.ofCredit.get(conversionOf(credit.key)) ?? []),
      ...(shelves.ofTerms.get(credit.terms) ?? []),
    ]
    return [...new Set(all)].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }
}

/** What is hashed, a line each: facts by key, version and content; numbers that were seen; the terms. */
export const linesOf = (
  credit: Credit,
  read: ReadonlyArray<Fact>,
  contentOf: (fact: Fact) => string = contentDigest,
): ReadonlyArray<string> => [
  ...read.map((fact) => `fact ${fact.key} ${fact.version} ${contentOf(fact)}`),
  ...credit.because.flatMap(({ rule, saw }) => (numbered.has(rule) ? [`seen ${rule} ${canonical(saw)}`] : [])),
  `terms ${credit.terms}`,
]

/** The digest of what one decision read. */
export const digestOf = (
  credit: Credit,
  read: ReadonlyArray<Fact>,
  contentOf: (fact: Fact) => string = contentDigest,
): string => ofLines(linesOf(credit, read, contentOf))

/** The digest of what each decision of an evaluation read; each fact is hashed once. */
export const digests = (evaluation: Evaluation, facts: ReadonlyArray<Fact>): ((credit: Credit) => string) => {
  const read = factsRead(evaluation, facts)
  const contents = new Map<Fact, string>()
  const contentOf = (fact: Fact): string => {
    const known = contents.get(fact)
    if (known !== undefined) return known
    const made = contentDigest(fact)
    contents.set(fact, made)
    return made
  }
  return (credit) => digestOf(credit, read(credit), contentOf)
}

/** What is posted of changes: each with the time and the facts that it was decided by. */
export const stamp = (
  evaluation: Evaluation,
  facts: ReadonlyArray<Fact>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<Revision> => {
  const inputsOf = digests(evaluation, facts)
  return changes.map((change) => ({ ...change, asOf: evaluation.asOf, inputs: inputsOf(change.credit) }))
}
