/**
 * The reference model, part 10: tiers, reached by counting in calendar periods, and tiers that were announced. See
 * docs/crediting.md, "Tiers".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { periodOf, periodSpan, type Instant } from "@advocacy-kit/core/id/Instant"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { TiersMechanic } from "@advocacy-kit/core/tier/Tiers"
import { keyOf } from "./ModelCommitment.ts"
import type { ModelCredit } from "./ModelCredit.ts"
import { all, judging, named, personOf, type ModelHistory } from "./ModelHistory.ts"
import type { ModelPurchase } from "./ModelPurchase.ts"

/** Something that counted towards a tier, under the name that it is added up by. */
export interface Counted {
  readonly name: string
  readonly purchase: ModelPurchase
  readonly amount: bigint
}

const tiersIn = (program: Program | null): ReadonlyArray<TiersMechanic> =>
  (program?.definition.mechanics ?? []).filter((mechanic) => mechanic.kind === "tiers")

const nameOf = (mechanic: TiersMechanic, program: Program, person: Handle, period: string): string =>
  [mechanic.rule, mechanic.counts, mechanic.counts === "spend" ? program.currency : "", person, period].join(" ")

/** The number of the highest tier that a total reaches; 0 for none. */
const levelOf = (mechanic: TiersMechanic, program: Program, total: bigint): number =>
  mechanic.tiers.filter(
    ({ atLeast }) =>
      total >= (mechanic.counts === "spend" ? fromDecimal(atLeast, program.currency).amountMinor : BigInt(atLeast)),
  ).length

/** The end of the period, and of as many more as it is kept for. */
const endOf = (mechanic: TiersMechanic, at: Instant, zone: string): Instant | null => {
  let until = periodSpan(at, mechanic.period, zone)?.until ?? null
  for (let more = 0; more < mechanic.keeps && until !== null; more++)
    until = periodSpan(until, mechanic.period, zone)?.until ?? null
  return until
}

const totalOf = (counted: ReadonlyArray<Counted>, name: string): bigint =>
  counted.filter((one) => one.name === name).reduce((sum, { amount }) => sum + amount, 0n)

const decision = (
  history: ModelHistory,
  told: Pick<ModelCredit, "key" | "at" | "beneficiary" | "amountMinor" | "terms" | "expiresAt">,
): ModelCredit => ({
  ...told,
  unit: `tier:${history.program}`,
  outcome: told.expiresAt !== null && told.expiresAt <= history.asOf ? "lapsed" : "credited",
  reason: null,
  review: "clear",
  maturesAt: null,
  taken: [],
  from: [],
  fellAt: told.at,
  isTier: true,
})

/** Adds what a purchase counts for somebody, and answers the tiers that it lifts them to. */
export const count = (
  history: ModelHistory,
  counted: Array<Counted>,
  purchase: ModelPurchase,
  what: TiersMechanic["counts"],
  of: { readonly beneficiary: Handle; readonly part: string; readonly amount: bigint },
): ReadonlyArray<ModelCredit> => {
  const program = judging(history, purchase.at)
  if (program === null || of.amount === 0n) return []
  return tiersIn(program)
    .filter(({ counts }) => counts === what)
    .flatMap((mechanic) => {
      const zone = program.definition.timeZone
      const period = periodOf(purchase.at, mechanic.period, zone)
      const name = nameOf(mechanic, program, personOf(history, of.beneficiary), period)
      const before = levelOf(mechanic, program, totalOf(counted, name))
      counted.push({ name, purchase, amount: of.amount })
      const level = levelOf(mechanic, program, totalOf(counted, name))
      return level === before
        ? []
        : [
            decision(history, {
              key: keyOf(history, mechanic.rule, purchase.key, "member", of.part),
              at: purchase.at,
              beneficiary: of.beneficiary,
              amountMinor: BigInt(level),
              terms: program.hash,
              expiresAt: endOf(mechanic, purchase.at, zone),
            }),
          ]
    })
}

/** The percentage of the best tier that somebody held when they bought, by the version that judges the purchase. */
export const percentHeld = (
  history: ModelHistory,
  counted: ReadonlyArray<Counted>,
  purchase: ModelPurchase,
  member: Handle,
  program: Program,
  percents: Readonly<Record<string, number>>,
): number => {
  const person = personOf(history, member)
  const earlier = counted.filter((one) => one.purchase !== purchase)
  const held = tiersIn(program).map((mechanic) => {
    const zone = program.definition.timeZone
    const levels: Array<number> = []
    let moment: Instant | null = purchase.at
    for (let back = 0; back <= mechanic.keeps && moment !== null; back++) {
      const period = periodOf(moment, mechanic.period, zone)
      levels.push(levelOf(mechanic, program, totalOf(earlier, nameOf(mechanic, program, person, period))))
      const from: Instant | undefined = periodSpan(moment, mechanic.period, zone)?.from
      moment = from === undefined ? null : from - 1
    }
    const told = all(history, "TierAnnounced")
      .filter((one) => one.program === history.program && one.rule === mechanic.rule)
      .filter((one) => personOf(history, one.person) === person)
      .filter(({ occurredAt, until }) => occurredAt <= purchase.at && (until === null || purchase.at < until))
      .map(({ tier }) => mechanic.tiers.findIndex(({ name }) => name === tier) + 1)
    return mechanic.tiers[Math.max(...levels, ...told) - 1]?.name
  })
  return Math.max(100, ...held.map((name) => (name === undefined ? 100 : (percents[name] ?? 100))))
}

/** What people were told they have stands to the time that was said. */
export const announced = (history: ModelHistory): ReadonlyArray<ModelCredit> =>
  all(history, "TierAnnounced")
    .filter(({ program }) => program === history.program)
    .map((told) => {
      const mechanic = tiersIn(named(history, told.terms)).find(({ rule }) => rule === told.rule)
      return decision(history, {
        key: keyOf(history, told.rule, told.key, "member"),
        at: told.occurredAt,
        beneficiary: told.person,
        amountMinor: BigInt((mechanic?.tiers.findIndex(({ name }) => name === told.tier) ?? -1) + 1),
        terms: told.terms,
        expiresAt: told.until,
      })
    })
