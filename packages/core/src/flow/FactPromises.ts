/**
 * The promises that facts and decisions can be held to: the same in any order, newest versions, limits per period, no
 * self-referral, nothing personal. Pure functions of what is stored.
 */
import type { Fact } from "../fact/Fact.ts"
import { contentDigest, newest } from "../fact/FactVersion.ts"
import { isTombstone } from "../id/Handle.ts"
import { periodOf } from "../id/Instant.ts"
import { digest } from "../ledger/StateDigest.ts"
import { resolve } from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import { fromDecimal } from "../money/Money.ts"
import { termsOf } from "../program/Terms.ts"
import { balancesOf } from "./Digesting.ts"
import { part, promise, unseen, type Part, type PromiseCheck, type Stored } from "./PromiseCheck.ts"

const digestOf = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): string => {
  const credits = [...evaluation.credits.values()]
  return digest({ facts, people: evaluation.history.people, credits, balances: balancesOf(credits) })
}

/** An order that has nothing to do with time, source or key, and is the same each time. */
const shuffled = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
  facts
    .map((fact) => ({ fact, place: contentDigest(fact) }))
    .sort((left, right) => (left.place < right.place ? -1 : 1))
    .map(({ fact }) => fact)

/** Promise 3: evaluated again backwards, and shuffled with every third fact arriving twice. */
export const sameInAnyOrder = ({ asOf, evaluations, facts }: Stored): PromiseCheck => {
  const disorderly = shuffled(facts)
  const twice = [...newest([...disorderly, ...disorderly.filter((_, index) => index % 3 === 0)]).values()]
  const arrivals = [
    ["reversed", facts.toReversed()],
    ["shuffled, a third of them twice", twice],
  ] as const
  const faults = evaluations.flatMap((evaluation) => {
    const expected = digestOf(facts, evaluation)
    return arrivals
      .filter(([, order]) => digestOf(order, evaluate(order, evaluation.program, asOf)) !== expected)
      .map(([name]) => `${evaluation.program} ${name}`)
  })
  return promise(3, "the same facts in any order give the same digest", [
    part("reversed, and shuffled with duplicates", `${facts.length} facts`, faults),
    unseen("one run or ten, bulk or webhook", "seen in the digest property test, which controls how facts arrive"),
  ])
}

/** Promise 7. */
export const newestWins = ({ evaluations, facts }: Stored): PromiseCheck => {
  const counts = Map.groupBy(facts, ({ key }) => key)
  return promise(7, "older versions never win; periods are half-open and in the program's time zone", [
    part(
      "one version of each fact counts",
      `${counts.size} facts`,
      [...counts].filter(([, of]) => of.length > 1).map(([key]) => key),
    ),
    part(
      "no limit per period is passed, but by commitments",
      `${evaluations.length} programs`,
      evaluations.flatMap((evaluation) => passedLimits(facts, evaluation)),
    ),
    unseen("an older version that arrives later changes nothing", "seen in the laws of the fact log"),
  ])
}

interface Use {
  readonly granted: bigint
  readonly free: boolean
  readonly most: bigint
}

/**
 * What each limit granted, counted again from the credits. Limits per company are left out: who belonged to which is the
 * evaluation's own reading.
 */
const passedLimits = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): ReadonlyArray<string> => {
  const { asOf, credits, history, program } = evaluation
  const used = new Map<string, Use>()
  const terms = termsOf(facts, program, asOf)
  const byCause = Map.groupBy(credits.values(), ({ cause, rule }) => `${rule}|${cause}`)
  for (const credit of credits.values()) {
    const version = terms.byHash(credit.terms)
    const mechanic = version?.definition.mechanics.find(({ rule }) => rule === credit.rule)
    if (version === undefined || mechanic === undefined || mechanic.kind === "tiers") continue
    if (credit.outcome !== "credited" || credit.role === "friend" || credit.reason === "no-terms") continue
    const costMinor = (byCause.get(`${credit.rule}|${credit.cause}`) ?? [])
      .filter(
        ({ key, role, unit }) => unit === (version.currency as string) && (key === credit.key || role === "friend"),
      )
      .reduce((total, { amountMinor }) => total + amountMinor, 0n)
    mechanic.limits.forEach((limit, index) => {
      if (limit.per === "company") return
      const holder = limit.per === "program" ? "program" : history.people.personOf(credit.beneficiary)
      const period = periodOf(credit.at, limit.period, version.definition.timeZone)
      const slot = [credit.rule, index, holder, period].join(" ")
      const known = used.get(slot) ?? { granted: 0n, free: false, most: 0n }
      used.set(slot, {
        granted: known.granted + ("count" in limit ? 1n : costMinor),
        free: known.free || !history.commitments.all.has(credit.key),
        most: "count" in limit ? BigInt(limit.count) : fromDecimal(limit.amount, version.currency).amountMinor,
      })
    })
  }
  return [...used]
    .filter(([, { free, granted, most }]) => granted > most && free)
    .map(([slot, { granted, most }]) => `${slot}: ${granted} of ${most}`)
}

/** Promise 8. What a merge reveals after a commitment is held for a human, so it is not clear. */
export const noSelfReferral = ({ evaluations, posted }: Stored): PromiseCheck => {
  let looked = 0
  const faults: Array<string> = []
  for (const { history, program } of evaluations) {
    const buyers = new Map(
      history.conversions.map(({ cause, friends }) => [cause as string, friends.map(history.people.personOf)]),
    )
    for (const [key, { credit }] of posted) {
      if (
        credit.program !== program ||
        credit.role !== "advocate" ||
        credit.outcome !== "credited" ||
        credit.review !== "clear"
      )
        continue
      looked++
      if (buyers.get(credit.cause)?.includes(history.people.personOf(credit.beneficiary)) === true) faults.push(key)
    }
  }
  return promise(8, "nobody is credited for themselves, under any alias", [
    part("advocate and buyer are two people", `${looked} clear credits`, faults),
  ])
}

const address = /[^\s@<>"]+@[^\s@<>"]+\.[a-z]{2,}/i
const phoneNumber = /\+\d[\d ()/-]{7,}\d/

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
}

/** Who was erased is erased whole, owns nothing that is open, and gets nothing any more. */
const tombstones = ({ balances, effects, facts }: Stored): Part => {
  const claim = "erasure leaves a tombstone, and nothing open behind it"
  const erased = facts.filter(({ _tag }) => _tag === "PersonErased").length
  if (erased === 0) return unseen(claim, "nobody was erased yet; seen in the laws of erasure")
  const people = resolve(facts)
  const half = people.all.filter((person) => {
    const handles = people.handlesOf(person)
    return handles.some(isTombstone) && !handles.every(isTombstone)
  })
  const open = balances.filter(
    ({ account, amountMinor }) => amountMinor !== 0n && isTombstone(account) && /#(?:pending|available)$/.test(account),
  )
  const planned = effects.filter(({ effect, state }) => state === "planned" && isTombstone(effect.beneficiary))
  return part(claim, `${erased} erasures`, [
    ...half.map((person) => `${person} is erased in part`),
    ...open.map(({ account }) => `${account} is open (run \`advocacy credit\`)`),
    ...planned.map(({ effect }) => `${effect.key} is planned`),
  ])
}

/** Promise 9. Faults name the fact, never the value. */
export const privacy = (stored: Stored): PromiseCheck => {
  const { facts, personal } = stored
  const byText = new Map<string, string>()
  for (const fact of facts) for (const text of textsOf(fact)) if (!byText.has(text)) byText.set(text, fact.key)
  const all = [...byText.keys()].join("\n").toLowerCase()
  const patterned = [...byText].filter(([text]) => address.test(text) || phoneNumber.test(text)).map(([, key]) => key)
  const values = [...personal].filter(([, value]) => value.length >= 6)
  return promise(9, "facts hold no personal values; no tenant sees another's", [
    part("no fact holds an e-mail address or a telephone number", `${facts.length} facts`, [...new Set(patterned)]),
    part(
      "no fact holds a value of the vault",
      `${values.length} values looked for`,
      values.filter(([, value]) => all.includes(value.toLowerCase())).map(([handle]) => handle),
    ),
    unseen(
      "no tenant sees or changes another's row",
      "seen in the store's tests: row-level security is forced for every table",
    ),
    tombstones(stored),
  ])
}
