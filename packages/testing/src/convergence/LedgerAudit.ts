/**
 * What must hold of any ledger after crediting, whatever the facts: an audit from the postings up.
 *
 * Promises: it sums postings itself and applies the reward's rule itself; every finding names the credit. It does not judge
 * whether a referral should have been credited.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { Credit, Leg } from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type LedgerError, type Posted, type Revision } from "@advocacy-kit/core/ledger/Ledger"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Evaluation } from "@advocacy-kit/core/program/Evaluation"
import type { Program } from "@advocacy-kit/core/program/Program"
import { Effect } from "effect"

type Finding = string

const summed = (rows: Iterable<readonly [string, bigint]>): ReadonlyArray<string> => {
  const sums = new Map<string, bigint>()
  for (const [name, amountMinor] of rows) sums.set(name, (sums.get(name) ?? 0n) + amountMinor)
  return [...sums]
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .map(([name, amountMinor]) => `${name} ${amountMinor}`)
    .sort()
}

const differ = (what: string, left: ReadonlyArray<string>, right: ReadonlyArray<string>): ReadonlyArray<Finding> =>
  left.join("\n") === right.join("\n") ? [] : [`${what}: ${left.join(", ")} is not ${right.join(", ")}`]

const ofLegs = (unit: string, legs: ReadonlyArray<Leg>) =>
  legs.map(({ account, amountMinor }) => [`${account} ${unit}`, amountMinor] as const)

const ofRevisions = (revisions: ReadonlyArray<Revision>) => revisions.flatMap(({ legs, unit }) => ofLegs(unit, legs))

/** Promises 1 and 2: zero sums, unbroken revisions, balances and credits as the sums of postings. */
export const postings = (
  posted: ReadonlyMap<string, Posted>,
  evaluation: Evaluation,
): Effect.Effect<ReadonlyArray<Finding>, LedgerError, Ledger | CurrentTenant> =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const histories = yield* Effect.forEach([...posted.values()], ({ credit }) => ledger.history(credit.key), {
      concurrency: 4,
    })
    const balances = yield* ledger.balances
    const findings = histories.flatMap((revisions) => {
      const [first] = revisions
      if (first === undefined) return ["a credit has no history"]
      const desired = evaluation.credits.get(first.key)
      return [
        ...revisions
          .filter(({ legs }) => legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) !== 0n)
          .map(({ key, revision }) => `${key} revision ${revision} does not sum to zero`),
        ...revisions
          .filter(({ revision }, index) => revision !== index + 1)
          .map(({ key, revision }) => `${key} revision ${revision} is out of order`),
        ...differ(
          `postings of ${first.key}`,
          summed(ofRevisions(revisions)),
          desired === undefined ? [] : summed(ofLegs(desired.unit, desired.legs)),
        ),
      ]
    })
    const balanceLines = summed(
      balances.map(({ account, amountMinor, unit }) => [`${account} ${unit}`, amountMinor] as const),
    )
    return [...findings, ...differ("balances", balanceLines, summed(histories.flatMap(ofRevisions)))]
  })

/** Whether either side of this credit's conversion was committed to. */
const committedTo = ({ history }: Evaluation, { key, part }: Credit): boolean =>
  [key, key.slice(0, key.length - part.length).replace("|advocate|", "|friend|")].some((one) =>
    history.commitments.all.has(one),
  )

const referralOf = ({ definition }: Program, named: string) =>
  definition.mechanics.filter((mechanic) => mechanic.kind === "referral").find(({ rule }) => rule === named)

/** What a fresh advocate's whole credit is worth by its terms, reckoned apart from the engine; null where more than that decides. */
const worthOf = (program: Program, { part, rule }: Credit, netMinor: bigint): bigint | null => {
  const mechanic = referralOf(program, rule)
  if (mechanic === undefined || mechanic.recurring !== null || part !== "") return null
  const { advocate: reward } = mechanic
  if (reward !== null && "amount" in reward) return fromDecimal(reward.amount, program.currency).amountMinor
  if (reward?.kind === "points") return BigInt(reward.points)
  return reward?.kind === "discount-share" ? (netMinor * BigInt(reward.percent) * 2n + 100n) / 200n : null
}

const amounts = (
  evaluation: Evaluation,
  facts: ReadonlyArray<Fact>,
  programs: ReadonlyArray<Program>,
): ReadonlyArray<Finding> => {
  const adjusted = new Set(
    facts.flatMap((fact) => (fact._tag === "ValueAdjusted" ? fact.lots.map(({ credit }) => credit) : [])),
  )
  const byCause = new Map(evaluation.history.conversions.map((conversion) => [conversion.cause as string, conversion]))
  return [...evaluation.credits.values()].flatMap((credit) => {
    const settled = credit.legs
      .filter(({ account }) => account.endsWith("#settled") || account.endsWith("#transferred"))
      .reduce((sum, leg) => sum + leg.amountMinor, 0n)
    const debt = credit.legs
      .filter(({ account }) => account.endsWith("#debt"))
      .reduce((sum, leg) => sum - leg.amountMinor, 0n)
    const findings =
      debt > settled && credit.rule !== "transfer" ? [`${credit.key}: ${debt} is clawed back of ${settled}`] : []
    const conversion = byCause.get(credit.cause)
    if (credit.role !== "advocate" || credit.outcome !== "credited" || conversion === undefined) return findings
    const { people } = evaluation.history
    const isBuyer = conversion.friends.some((friend) => people.personOf(friend) === people.personOf(credit.beneficiary))
    if (isBuyer && credit.review === "clear")
      findings.push(`${credit.key}: the buyer is credited for their own purchase`)
    const program = programs.find(({ hash }) => hash === credit.terms)
    const worth =
      program === undefined || committedTo(evaluation, credit) || adjusted.has(credit.key)
        ? null
        : worthOf(program, credit, conversion.netMinor)
    if (worth !== null && worth !== credit.amountMinor)
      findings.push(`${credit.key}: ${credit.amountMinor} is not ${worth} by its terms`)
    if (program !== undefined && !committedTo(evaluation, credit) && conversion.currency !== program.currency)
      findings.push(`${credit.key}: ${conversion.currency} was taken for ${program.currency}`)
    return findings
  })
}

/** Nobody has more credits in a period than the limit grants, but by commitments. */
const caps = (evaluation: Evaluation, programs: ReadonlyArray<Program>): ReadonlyArray<Finding> => {
  const at = new Map(evaluation.history.conversions.map((conversion) => [conversion.cause as string, conversion.at]))
  const credited = [...evaluation.credits.values()].filter(
    ({ outcome, role }) => role === "advocate" && outcome === "credited",
  )
  return programs.flatMap((program) => {
    const { definition, hash } = program
    return (referralOf(program, "referral")?.limits ?? []).flatMap((limit) => {
      if (limit.per !== "advocate" || !("count" in limit)) return []
      const { count, period } = limit
      const slots = Map.groupBy(
        // A commitment that its terms do not fit takes no slot of theirs; one to the friend alone may go above them in its place.
        credited.filter(
          (credit) =>
            credit.rule === "referral" &&
            credit.terms === hash &&
            at.has(credit.cause) &&
            credit.reason !== "no-terms" &&
            (evaluation.history.commitments.all.has(credit.key) || !committedTo(evaluation, credit)),
        ),
        ({ beneficiary, cause }) =>
          `${evaluation.history.people.personOf(beneficiary)} ${Instant.periodOf(at.get(cause) ?? 0, period, definition.timeZone)}`,
      )
      return [...slots]
        .filter(([, list]) => list.length > count && list.some((credit) => !committedTo(evaluation, credit)))
        .map(([slot, list]) => `${slot}: ${list.length} credits in a ${period} of at most ${count}`)
    })
  })
}

interface HandedOver {
  readonly credit: string
  readonly unit: string
  readonly amountMinor: bigint
}

/** Handings-over that were not withdrawn, the first telling of each, then the lots that were redeemed. */
const handings = (facts: ReadonlyArray<Fact>): ReadonlyArray<HandedOver> => {
  const withdrawn = new Set(
    facts.flatMap((fact) => (fact._tag === "CommitmentWithdrawn" ? [`${fact.credit} ${fact.ordinal}`] : [])),
  )
  const told = facts
    .filter((fact) => fact._tag === "RewardCommitted")
    .filter(({ credit, ordinal }) => !withdrawn.has(`${credit} ${ordinal}`))
    .sort((left, right) => right.occurredAt - left.occurredAt || (left.key < right.key ? 1 : -1))
  const first = new Map(told.map((one) => [`${one.credit} ${one.ordinal}`, one]))
  const redeemed = facts.filter((fact) => fact._tag === "ValueRedeemed")
  return [...first.values(), ...redeemed.flatMap(({ lots, unit }) => lots.map((lot) => ({ ...lot, unit })))]
}

/**
 * What was handed over stays settled: everything that was not withdrawn, whatever became of its cause. A credit counts in one unit;
 * what is in another cannot be added to it. What was given at the checkout, and tiers, are not handed over.
 */
const handedOver = (evaluation: Evaluation, facts: ReadonlyArray<Fact>): ReadonlyArray<Finding> => {
  const counted = [...evaluation.credits.values()].filter(
    ({ outcome, unit }) => outcome !== "recorded" && !unit.startsWith("tier:"),
  )
  const settled = counted.flatMap(({ key, legs, unit }) =>
    legs
      .filter(({ account }) => account.endsWith("#settled"))
      .map((leg) => [`${key} ${unit}`, leg.amountMinor] as const),
  )
  const unitOf = new Map(counted.map(({ key, unit }) => [key as string, unit as string]))
  const others = new Set(
    [...evaluation.credits.values()].map(({ key }) => key as string).filter((key) => !unitOf.has(key)),
  )
  const committed = handings(facts)
    .filter(({ credit, unit }) => !others.has(credit) && (unitOf.get(credit) ?? unit) === unit)
    .map(({ amountMinor, credit, unit }) => [`${credit} ${unit}`, amountMinor] as const)
  return differ("what was handed over", summed(settled), summed(committed))
}

/** Promises 4, 5 and 8: amounts by their terms, nothing handed over forgotten or clawed back beyond, no self-referral, limits. */
export const decisions = (
  evaluation: Evaluation,
  facts: ReadonlyArray<Fact>,
  programs: ReadonlyArray<Program>,
): ReadonlyArray<Finding> => [
  ...handedOver(evaluation, facts),
  ...amounts(evaluation, facts, programs),
  ...caps(evaluation, programs),
]
