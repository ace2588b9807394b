/**
 * The promises that the ledger and the outbox can be held to: zero sums, one row per credit, the rule of the net amount,
 * and units that never mix. Pure functions of what is stored; they recompute and compare, they change nothing.
 */
import { programAccount, type Account, type Credit, type Leg, type Unit } from "../ledger/Credit.ts"
import { difference, subtract } from "../ledger/Crediting.ts"
import type { Balance, Posted } from "../ledger/Ledger.ts"
import { isTakenBack, State, type EffectRow, type IssueReward } from "../ledger/OutboundEffect.ts"
import { isCurrency } from "../money/Currency.ts"
import { allocate } from "../money/Money.ts"
import { minorOf } from "../money/Share.ts"
import { earned } from "../points/Points.ts"
import type { Program } from "../program/Program.ts"
import { inUnit } from "../program/Commitment.ts"
import { termsOf } from "../program/Terms.ts"
import { worth } from "../reward/Reward.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { part, promise, unseen, type Part, type PromiseCheck, type Stored } from "./PromiseCheck.ts"

const sum = (legs: ReadonlyArray<Leg>): bigint => legs.reduce((total, { amountMinor }) => total + amountMinor, 0n)

const heldIn = (legs: ReadonlyArray<Leg>, maturity: string): bigint =>
  sum(legs.filter(({ account }) => account.endsWith(`#${maturity}`)))

/** Promise 1. A credit with one revision has one transaction, so its sums are that transaction's. */
export const zeroSum = (stored: Stored): PromiseCheck => {
  const { balances, histories, posted } = stored
  const transactions = [...posted].flatMap(([key, { legs, revision }]) => {
    const history = histories.get(key)
    return history === undefined
      ? [{ name: `${key} revision ${revision}`, legs }]
      : history.map((one) => ({ name: `${key} revision ${one.revision}`, legs: one.legs }))
  })
  return promise(1, "every transaction sums to zero; every balance is the sum of its postings", [
    part(
      "transactions sum to zero",
      `${transactions.length} transactions`,
      transactions.filter(({ legs }) => sum(legs) !== 0n).map(({ legs, name }) => `${name} sums to ${sum(legs)}`),
    ),
    part("balances are the sums of postings", `${balances.length} balances`, wrongBalances(stored)),
    part(
      "all balances of a unit together are zero",
      `${new Set(balances.map(({ unit }) => unit)).size} units`,
      [...Map.groupBy(balances, ({ unit }) => unit)]
        .filter(([, of]) => sum(of) !== 0n)
        .map(([unit, of]) => `${unit} sums to ${sum(of)}`),
    ),
  ])
}

const wrongBalances = ({ balances, posted }: Stored): ReadonlyArray<string> => {
  const expected = new Map<string, bigint>()
  const nameOf = (account: Account, unit: Unit): string => `${account} ${unit}`
  for (const { credit, legs } of posted.values()) {
    for (const { account, amountMinor } of legs) {
      const name = nameOf(account, credit.unit)
      expected.set(name, (expected.get(name) ?? 0n) + amountMinor)
    }
  }
  const wrong = balances.flatMap(({ account, amountMinor, unit }: Balance) => {
    const name = nameOf(account, unit)
    const found = expected.get(name) ?? 0n
    expected.delete(name)
    return found === amountMinor ? [] : [`${name} is ${amountMinor}, its postings sum to ${found}`]
  })
  return [
    ...wrong,
    ...[...expected]
      .filter(([, amount]) => amount !== 0n)
      .map(([name, amount]) => `${name} is missing, its postings sum to ${amount}`),
  ]
}

/** Promise 2, with the conservation of effects, which are keyed by credits. */
export const oneRowPerCredit = (stored: Stored): PromiseCheck => {
  const { evaluations, histories, posted } = stored
  const outstanding = evaluations.flatMap(({ credits, program }) =>
    difference(credits, new Map([...posted].filter(([, { credit }]) => credit.program === program))),
  )
  const gaps = [...histories]
    .filter(([, history]) => history.some(({ revision }, index) => revision !== index + 1))
    .map(([key]) => key)
  return promise(2, "one row per credit; its revisions sum to the desired amount", [
    part("revisions are numbered without gaps", `${posted.size} credits, ${histories.size} of them revised`, gaps),
    part(
      "the revisions of a credit sum to what its last one states",
      `${posted.size} credits`,
      [...posted].filter(([, { credit, legs }]) => subtract(credit.legs, legs).length > 0).map(([key]) => key),
    ),
    part(
      "the ledger says what the facts say (else run `advocacy credit`)",
      `${posted.size} credits`,
      outstanding.map(({ key, legs }) => `${key} ${legs.length > 0 ? "by its amounts" : "by its decision or reasons"}`),
    ),
    ...effectParts(stored),
  ])
}

const effectParts = ({ effects, facts, posted }: Stored): ReadonlyArray<Part> => {
  const rewards = effects.flatMap((row): ReadonlyArray<typeof row & { readonly effect: IssueReward }> =>
    row.effect._tag === "IssueReward" ? [{ ...row, effect: row.effect }] : [],
  )
  const bySlot = Map.groupBy(
    rewards.filter(({ state }) => state !== "undone"),
    ({ effect }) => `${effect.credit} ${effect.ordinal}`,
  )
  const begun = new Map(
    rewards
      .filter((row) => (row.state !== "planned" && row.state !== "undone") || isTakenBack(row))
      .map(({ effect, state }) => [`${effect.credit} ${effect.ordinal}`, state]),
  )
  const nameOf = (fact: { readonly credit: string; readonly ordinal: number }): string =>
    `${fact.credit} ${fact.ordinal}`
  const committed = new Set(facts.filter((fact) => fact._tag === "RewardCommitted").map(nameOf))
  const withdrawn = new Set(facts.filter((fact) => fact._tag === "CommitmentWithdrawn").map(nameOf))
  const faults = [
    ...rewards
      .filter(({ effect }) => !posted.has(effect.credit))
      .map(({ effect }) => `${effect.key} belongs to no credit`),
    ...[...begun].filter(([name]) => !committed.has(name)).map(([name]) => `${name} was begun without a commitment`),
    ...[...committed].filter((name) => !begun.has(name)).map((name) => `${name} was committed to and has no effect`),
    ...[...begun]
      .filter(([name, state]) => (state === "failed" || state === "undone") !== withdrawn.has(name))
      .map(([name, state]) => `${name} is ${state}, its commitment ${withdrawn.has(name) ? "withdrawn" : "in force"}`),
  ]
  return [
    conservation(effects),
    part(
      "at most one live effect per credit and ordinal",
      `${rewards.length} rewards`,
      [...bySlot].filter(([, of]) => of.length > 1).map(([name]) => name),
    ),
    part(
      "effects, commitments and withdrawals agree",
      `${effects.length} effects, ${committed.size} commitments`,
      faults,
    ),
  ]
}

/**
 * Every effect that was created is there, once, in one state, and due only where something is left to do. How many a credit
 * has created is told by its highest ordinal.
 */
const conservation = (effects: ReadonlyArray<EffectRow>): Part => {
  const byState = Map.groupBy(effects, ({ state }) => state)
  const rewards = effects.flatMap(({ effect }) => (effect._tag === "IssueReward" ? [effect] : []))
  const faults = [
    ...[...Map.groupBy(effects, ({ effect }) => effect.key)]
      .filter(([, rows]) => rows.length > 1)
      .map(([key, rows]) => `${key} is there ${rows.length} times`),
    ...[...Map.groupBy(rewards, ({ credit }) => credit)]
      .filter(
        ([, of]) => new Set(of.map(({ ordinal }) => ordinal)).size < Math.max(...of.map(({ ordinal }) => ordinal)),
      )
      .map(([credit]) => `an effect of ${credit} is lost`),
    ...effects
      .filter(({ dueAt, state }) =>
        state === "planned" || state === "sending" ? dueAt === null : state !== "unknown" && dueAt !== null,
      )
      .map(({ dueAt, effect, state }) => `${effect.key} is ${state} and due ${dueAt === null ? "never" : "again"}`),
  ]
  return part(
    `created = ${State.literals.join(" + ")}`,
    `${effects.length} = ${State.literals.map((state) => byState.get(state)?.length ?? 0).join(" + ")}`,
    faults,
  )
}

/**
 * What a rule can give for a net amount: one amount, or several where shares, tiers or repetition decide which. Null for what is
 * no rule's: tiers, and what commands gave.
 */
const possibleMinor = (version: Program, credit: Credit, netMinor: bigint): ReadonlyArray<bigint> | null => {
  const mechanic = version.definition.mechanics.find(({ rule }) => rule === credit.rule)
  if (mechanic === undefined || mechanic.kind === "tiers") return null
  if (mechanic.kind === "points")
    return [100, ...Object.values(mechanic.tierPercent)].map((percent) =>
      earned(mechanic, netMinor, version.currency, percent),
    )
  const rewards = credit.role === "friend" ? [mechanic.friend] : [mechanic.advocate, mechanic.recurring?.reward ?? null]
  const whole = rewards
    .filter((reward) => reward !== null && reward.kind !== "checkout-discount")
    .map((reward) => worth(reward, netMinor, version.currency))
  if (credit.part === "") return whole
  const { share } = credit
  if (share !== undefined) return whole.map((minor) => minorOf(share, minor))
  // Posted before shares were recorded: one of any number of equal parts.
  return whole.flatMap((minor) =>
    Array.from({ length: 50 }, (_, others) =>
      allocate(
        minor,
        Array.from({ length: others + 1 }, () => 1n),
      ),
    ).flat(),
  )
}

interface Weighed {
  readonly wrong: ReadonlyArray<string>
  readonly silent: ReadonlyArray<string>
}

/** One posted credit against the rule of its net amount and what was handed over of it. */
const weigh = (
  { history }: Stored["evaluations"][number],
  version: Program,
  conversion: Conversion,
  { credit, legs }: Posted,
): Weighed => {
  const { key } = credit
  if (credit.outcome === "recorded") {
    const givenMinor = conversion.codes.reduce((total, { discountMinor }) => total + discountMinor, 0n)
    return {
      wrong: credit.amountMinor > givenMinor ? [`${key}: ${credit.amountMinor} recorded of ${givenMinor} given`] : [],
      silent: [],
    }
  }
  const possible = possibleMinor(version, credit, conversion.netMinor)
  if (possible === null) return { wrong: [], silent: [] }
  const back = history.commitments.takenBack(key, credit.unit)?.amountMinor ?? 0n
  const takenMinor = inUnit(history.commitments.of(key), credit.unit).reduce(
    (total, { amountMinor }) => total + amountMinor,
    0n,
  )
  // What is held is worth no more than what was handed over of it.
  const most = (minor: bigint): bigint => (credit.review === "held" && takenMinor < minor ? takenMinor : minor)
  const due = (credit.outcome === "credited" ? possible : [0n]).map((minor) => most(minor > back ? minor - back : 0n))
  const grantedNow = granted(credit.program, legs)
  const debtMinor = takenMinor > credit.amountMinor ? takenMinor - credit.amountMinor : 0n
  const [settled, repaid, owed] = [
    heldIn(legs, "settled") + heldIn(legs, "transferred"),
    heldIn(legs, "repaid"),
    -heldIn(legs, "debt"),
  ]
  const isShown = settled === takenMinor && owed - (repaid < 0n ? repaid : 0n) === debtMinor
  return {
    wrong:
      due.includes(credit.amountMinor) && grantedNow === credit.amountMinor
        ? []
        : [`${key}: ${grantedNow} posted, the rule gives ${[...new Set(due)].slice(0, 3).join(" or ")}`],
    silent: isShown ? [] : [`${key}: ${takenMinor} handed over, ${debtMinor} to come back`],
  }
}

/** Promise 4, computed again from the net amount of each conversion, apart from the evaluation's own arithmetic. */
export const ruleOfNet = (stored: Stored): PromiseCheck => {
  const { asOf, evaluations, facts, histories, posted } = stored
  const weighed = evaluations.flatMap((evaluation) => {
    const conversions = new Map<string, Conversion>(
      evaluation.history.conversions.map((conversion) => [conversion.cause, conversion]),
    )
    const terms = termsOf(facts, evaluation.program, asOf)
    return [...posted.values()]
      .filter(({ credit }) => credit.program === evaluation.program && credit.outcome !== "withdrawn")
      .filter(({ credit }) => !credit.cause.startsWith("advocacy:"))
      .map((one): Weighed => {
        const conversion = conversions.get(one.credit.cause)
        const version = terms.byHash(one.credit.terms)
        return conversion === undefined || version === undefined
          ? { wrong: [`${one.credit.key}: its conversion or terms are not in the facts`], silent: [] }
          : weigh(evaluation, version, conversion, one)
      })
  })
  const over = [...histories].flatMap(([key, history]) => {
    let grantedSoFar = 0n
    return history.some(({ credit, legs }) => (grantedSoFar += granted(credit.program, legs)) < 0n) ? [key] : []
  })
  return promise(4, "a reward is its rule applied to the net amount; a claw-back after handing over is a debt", [
    part(
      "amounts are the rule applied to the net amount",
      `${weighed.length} credits`,
      weighed.flatMap(({ wrong }) => wrong),
    ),
    part("clawed back never exceeds credited", `${histories.size} revised credits`, over),
    part(
      "what was handed over and is no longer due is a debt, or paid by other credits",
      `${weighed.length} credits`,
      weighed.flatMap(({ silent }) => silent),
    ),
  ])
}

const granted = (program: string, legs: ReadonlyArray<Leg>): bigint =>
  -sum(legs.filter(({ account }) => account === programAccount(program)))

/** Promise 5. */
export const exactMoney = ({ balances, histories, posted }: Stored): PromiseCheck => {
  const units = new Set(balances.map(({ unit }) => unit).concat([...posted.values()].map(({ credit }) => credit.unit)))
  const mixed = [...histories].filter(
    ([, history]) => new Set(history.filter(({ legs }) => legs.length > 0).map(({ unit }) => unit)).size > 1,
  )
  return promise(5, "money is whole minor units of an ISO 4217 currency; currencies never add", [
    part(
      "every unit of money is an ISO 4217 currency",
      [...units].sort().join(", ") || "no units yet",
      [...units].filter((unit) => !unit.startsWith("points:") && !isCurrency(unit)),
    ),
    part(
      "no credit is posted in two units",
      `${posted.size} credits`,
      mixed.map(([key]) => key),
    ),
    unseen("exponents 0, 2, 3 and 4, and allocation by largest remainder", "seen in the tests of money"),
  ])
}
