/**
 * Every chain of partial refunds ends where the rule applied to the net ends, whatever the split, the order and the currency.
 */
import type { OrderPlaced, RefundMade } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type Currency, exponentOf } from "@advocacy-kit/core/money/Currency"
import { make as money, toDecimal } from "@advocacy-kit/core/money/Money"
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Chance from "../src/convergence/Chance.ts"
import * as Runs from "../src/convergence/Runs.ts"
import { amount, drawCurrency } from "../src/convergence/TroubledPrograms.ts"
import * as Law from "../src/Law.ts"
import * as Scenario from "../src/Scenario.ts"

const { seeds, text } = Runs.asked(process.env, 1_000)
const name = "refunds"

interface Rules {
  readonly program: Program.Program
  readonly currency: Currency
  readonly percent: number
  readonly perUnit: number
  readonly minimumMinor: bigint
}

const rulesOf = (chance: Chance.Chance): Rules => {
  const currency = drawCurrency(chance)
  const [percent, perUnit] = [chance.between(1, 99), chance.between(1, 7)]
  const minimumMinor = chance.percent(50) ? 0n : amount(chance, currency, 20)
  const program = Program.make(name, {
    currency,
    timeZone: "Europe/Berlin",
    mechanics: [
      Referral.make({
        evidence: [Referral.Evidence.code],
        attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
        qualifies: [Referral.Qualify.minimum(toDecimal(money(currency, minimumMinor)))],
        hold: chance.percent(50) ? "0 days" : "14 days",
        advocate: Reward.discount({ percentOfOrder: percent }),
        friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
      }),
      Points.make({ perUnit }),
    ],
  })
  return { program, currency, percent, perUnit, minimumMinor }
}

interface Sale {
  readonly order: OrderPlaced
  readonly grossMinor: bigint
  readonly discountMinor: bigint
}

const saleOf = (chance: Chance.Chance, currency: Currency): Sale => {
  const plain = Scenario.order({ order: 1, customer: "zoe", code: "ADA", currency, day: 1 })
  const lines = Array.from({ length: chance.between(1, 4) }, (_, line) => {
    const quantity = chance.between(1, 5)
    const amountMinor = amount(chance, currency, 90)
    return { line: `${line}`, product: null, quantity, currentQuantity: quantity, amountMinor, isGiftCard: false }
  })
  const discountMinor = amount(chance, currency, 9)
  return {
    order: { ...plain, lines, codes: [{ code: "ADA", discountMinor }] },
    grossMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    discountMinor,
  }
}

/** Parts of `total` that do not exceed it, at random. */
const split = (chance: Chance.Chance, total: bigint, parts: number): ReadonlyArray<bigint> => {
  let left = total
  return Array.from({ length: parts }, (_, part) => {
    const all = part === parts - 1 && chance.percent(40)
    const taken = all ? left : (left * BigInt(chance.below(1_001))) / 1_000n
    left -= taken
    return taken
  })
}

/** Refunds of lines, by what was paid for them in any number of parts, and of goodwill beyond the lines. */
const refundsOf = (chance: Chance.Chance, { order }: Sale): ReadonlyArray<RefundMade> =>
  chance.shuffled(
    order.lines.flatMap(({ amountMinor, line, quantity }) =>
      split(chance, amountMinor, chance.between(1, 4)).map((minor, part): RefundMade => {
        const plain = Scenario.refund({
          order: 1,
          refund: `${line}-${part}`,
          amount: "0",
          currency: order.currency,
          day: chance.between(2, 40),
        })
        return chance.percent(50)
          ? { ...plain, otherMinor: minor }
          : { ...plain, lines: [{ line, quantity: part === 0 ? quantity : 0, amountMinor: minor }] }
      }),
    ),
  )

/** The rules, in arithmetic of their own: halves away from zero for a share, down to whole points. */
const due = (
  { currency, minimumMinor, percent, perUnit }: Rules,
  { discountMinor, grossMinor }: Sale,
  net: bigint,
) => ({
  advocate: net > 0n && net >= minimumMinor ? (net * BigInt(percent) * 2n + 100n) / 200n : 0n,
  friend: (discountMinor * net * 2n + grossMinor) / (2n * grossMinor),
  member: (net * BigInt(perUnit)) / 10n ** BigInt(exponentOf(currency)),
})

const chain = (seed: number) =>
  Effect.gen(function* () {
    const chance = Chance.make(seed)
    const [log, ledger] = [yield* FactLog, yield* Ledger]
    const rules = rulesOf(chance)
    const sale = saleOf(chance, rules.currency)
    const refunds = refundsOf(chance, sale)
    const asOf = Scenario.at({ day: 60 })
    const run: Effect.Effect<unknown, unknown, Effect.Services<ReturnType<typeof creditChanges>>> = chance.percent(50)
      ? credit(name, asOf)
      : creditChanges(asOf)
    const tell = (facts: Parameters<typeof log.append>[0]["facts"]) => log.append({ facts, personal: [] })
    yield* tell([
      Program.publication(rules.program, Scenario.at({ day: -1 })),
      Scenario.person({ customer: "ada" }),
      Scenario.asset({ code: "ADA", owner: "ada", program: name }),
      sale.order,
    ])
    let net = sale.grossMinor
    let handedOverMinor = 0n
    for (const [step, refund] of [null, ...refunds].entries()) {
      if (refund !== null) {
        yield* tell([refund])
        net -= refund.otherMinor + refund.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
      }
      yield* run
      const posted = [...(yield* ledger.posted(name)).values()]
      const expected = due(rules, sale, net)
      const found = Object.fromEntries(posted.map(({ credit: { amountMinor, role } }) => [role, amountMinor]))
      expect(found, `seed ${seed}, step ${step}: what is left is ${net}`).toEqual(expected)
      const advocate = posted.find(({ credit: { role } }) => role === "advocate")
      const inAccount = (of: string) =>
        (advocate?.legs ?? [])
          .filter(({ account }) => account.endsWith(`#${of}`))
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
      const owed = handedOverMinor > expected.advocate ? handedOverMinor - expected.advocate : 0n
      expect([inAccount("settled"), inAccount("debt")], `seed ${seed}, step ${step}`).toEqual([handedOverMinor, -owed])
      // Once, somewhere on the way, it is handed over: from then on what is clawed back is a debt.
      if (handedOverMinor === 0n && expected.advocate > 0n && advocate !== undefined && chance.percent(25)) {
        handedOverMinor = expected.advocate
        yield* tell([
          {
            _tag: "RewardCommitted",
            key: `advocacy:commitment/${step}` as RefundMade["key"],
            version: 0,
            rank: 200,
            occurredAt: Scenario.at({ day: 41 }),
            credit: advocate.credit.key,
            ordinal: 1,
            beneficiary: advocate.credit.beneficiary,
            unit: advocate.credit.unit,
            amountMinor: handedOverMinor,
            terms: advocate.credit.terms,
          },
        ])
      }
    }
    return refunds.length
  }).pipe(Law.asFreshTenant)

it.live(
  `a chain of partial refunds ends at the rule of what is left (${text})`,
  () =>
    Effect.gen(function* () {
      let refunds = 0
      for (let start = 0; start < seeds.length; start += 100)
        refunds += yield* Effect.provide(
          Effect.forEach(seeds.slice(start, start + 100), chain).pipe(
            Effect.map((lengths) => lengths.reduce((sum, length) => sum + length, 0)),
          ),
          Layer.fresh(MemoryStores.layerMemory),
        )
      expect(refunds).toBeGreaterThan(seeds.length)
    }),
  60_000 + seeds.length * 200,
)
