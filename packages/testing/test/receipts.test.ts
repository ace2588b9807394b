import { render } from "@advocacy-kit/core/because/Because"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import * as Receipt from "@advocacy-kit/core/program/Receipt"
import process from "node:process"
import { describe, expect, it } from "vitest"
import * as Chance from "../src/convergence/Chance.ts"
import * as Runs from "../src/convergence/Runs.ts"
import * as RichHistory from "../src/convergence/RichHistory.ts"
import * as RichPrograms from "../src/convergence/RichPrograms.ts"
import * as TroubledHistory from "../src/convergence/TroubledHistory.ts"
import * as TroubledPrograms from "../src/convergence/TroubledPrograms.ts"

const runs = Runs.asked(process.env, 200)

/** A handle, a key or an account: a word, a colon, and no space after it. */
const name = /\b[a-z]+:[^\s]/
const money = /\d[\d.]* (?:[A-Z]{3}|points)\b/g
const signs = /device|address|phone|payment|leak|fraud|suspicio/i

const codesIn = (facts: ReadonlyArray<Fact>): ReadonlyArray<string> =>
  facts.flatMap((fact) =>
    fact._tag === "AssetIssued"
      ? [fact.code]
      : fact._tag === "OrderPlaced"
        ? [
            ...fact.codes.map(({ code }) => code),
            ...fact.attributes.map(({ value }) => value).filter((value) => value.trim().length > 3),
          ]
        : [],
  )

/** The amounts that are the person's own: of the credit, and what lies in each of their accounts, which may have several legs. */
const ownAmounts = ({ amountMinor, beneficiary, legs, unit }: Credit): ReadonlySet<string> => {
  const own = legs.filter(({ account }) => account.startsWith(`${beneficiary}#`))
  const sums = [...Map.groupBy(own, ({ account }) => account).values()].map((of) =>
    of.reduce((total, leg) => total + leg.amountMinor, 0n),
  )
  return new Set([amountMinor, ...sums].map((minor) => amountIn(unit, minor < 0n ? -minor : minor)))
}

/** What of others a text tells. */
const leaks = (text: string, credit: Credit, codes: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(name.test(text) ? ["a handle or a key"] : []),
  ...(signs.test(text) ? ["a sign of fraud"] : []),
  ...codes.filter((code) => text.toLowerCase().includes(code.toLowerCase())).map((code) => `the code ${code}`),
  ...[...text.matchAll(money)]
    .map(([amount]) => amount)
    .filter((amount) => !ownAmounts(credit).has(amount))
    .map((amount) => `the amount ${amount}`),
]

const drawn = (seed: number) => {
  const chance = Chance.make(seed)
  return seed % 2 === 0
    ? { program: TroubledPrograms.name, ...TroubledHistory.draw(chance) }
    : { program: RichPrograms.name, ...RichHistory.draw(chance) }
}

describe("receipts", () => {
  it(
    `tell nothing of anybody else (${runs.text})`,
    () => {
      const seen = { receipts: 0, reasons: 0 }
      for (const seed of runs.seeds) {
        const { asOf, facts, program } = drawn(seed)
        const codes = codesIn(facts)
        for (const credit of evaluate(facts, program, asOf).credits.values()) {
          const receipt = Receipt.of({ ...credit, beneficiaryHandle: credit.beneficiary, timeZone: "Europe/Berlin" })
          const told = `${Receipt.text(receipt)} ${JSON.stringify(Object.values(receipt).flat())}`
          expect([seed, credit.key, leaks(Receipt.text(receipt), credit, codes)]).toEqual([seed, credit.key, []])
          expect(told).not.toContain(credit.cause)
          seen.receipts++
          // The search finds what it is meant to find: the reasons for operators are full of it.
          if (leaks(render(credit.because), credit, codes).length > 0) seen.reasons++
        }
      }
      expect(seen.receipts).toBeGreaterThan(0)
      expect(seen.reasons).toBeGreaterThan(seen.receipts / 2)
    },
    60_000 + runs.seeds.length * 200,
  )
})
