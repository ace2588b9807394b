import { describe, expect, it } from "@effect/vitest"
import type { Fact } from "../src/fact/Fact.ts"
import type { CreditKey } from "../src/ledger/Credit.ts"
import { digests, factsRead } from "../src/program/Inputs.ts"
import { asset, cast, committed, customer, day, keyFor, merge, order, person, refund, tell } from "./Story.ts"

/** What the advocate's credit for an order of a story was made of. */
const readOf = (id: number, ...facts: ReadonlyArray<Fact>) => {
  const evaluation = tell(facts)
  const all = [...cast(), ...facts]
  const credit = evaluation.credits.get(keyFor(id) as CreditKey)
  if (credit === undefined) throw new Error(`no credit for order ${id}`)
  return {
    keys: factsRead(evaluation, all)(credit).map(({ key }) => key as string),
    digest: digests(evaluation, all)(credit),
  }
}

/** A purchase that has nothing to do with Ada or Zoe. */
const other = order(9, { customer: customer(7), codes: [] })

describe("inputs of a decision", () => {
  it("are the purchase, its refunds, the code, who is whom, and the terms, and nothing else", () => {
    const { keys } = readOf(1, order(1), refund(1, 1, 1_000n), other, person(7))
    const [publication] = cast().map(({ key }) => key)
    expect(keys).toEqual(
      [publication, asset("ADA", 1).key, person(1).key, person(2).key, "shopify:order/1", "shopify:refund/1"].sort(),
    )
  })

  it("are the earlier purchase that was found, commitments, and merges also where they were taken back", () => {
    const joined = merge(customer(2), customer(22))
    const { keys } = readOf(2, order(1), order(2, { occurredAt: day(1) }), committed(2), joined)
    expect(keys).toEqual(expect.arrayContaining(["shopify:order/1", committed(2).key, joined.key]))
  })

  it("have one digest in any order, another where one of them changes, and the same where another fact does", () => {
    const [one, two] = [order(1), refund(1, 1, 1_000n)]
    expect(readOf(1, one, two).digest).toBe(readOf(1, two, one).digest)
    expect(readOf(1, one).digest).not.toBe(readOf(1, one, two).digest)
    expect(readOf(1, { ...one, version: one.version + 1 }).digest).not.toBe(readOf(1, one).digest)
    expect(readOf(1, one, other).digest).toBe(readOf(1, one).digest)
  })
})
