/**
 * What becomes of the credits of somebody who was erased. The facts carry tombstones already.
 */
import { describe, expect, it } from "vitest"
import type { Fact } from "../src/fact/Fact.ts"
import { key, rank } from "../src/fact/Fact.ts"
import { tombstone } from "../src/id/Handle.ts"
import { evaluate } from "../src/program/Evaluation.ts"
import { publication as published } from "../src/program/Program.ts"
import * as Fulfilment from "../src/reward/Fulfilment.ts"
import { asset, creditOf, customer, day, order, person, program } from "./Story.ts"

const stone = tombstone(new Uint8Array(32), customer(1))
const dated = (name: string, at: number) => ({ key: key(name), version: 0, rank: rank.own, occurredAt: at })

const publication = (): Fact => published(program(), day(-400))

/** Ada, who shared the code ADA, was erased at a time. */
const erased = (at: number): ReadonlyArray<Fact> => [
  publication(),
  { ...asset("ADA", 1), owner: stone },
  person(2),
  { _tag: "PersonErased", ...dated(`advocacy:erasure/${stone}/${at}`, at), person: stone, by: "Kim", reason: "asked" },
]

const advocates = (facts: ReadonlyArray<Fact>, asOf: number) => creditOf(evaluate(facts, program().name, asOf))

describe("the credit of an erased person", () => {
  it("is forfeited from the erasure on, and dated by it", () => {
    const facts = [...erased(day(40)), order(1)]
    expect(advocates(facts, day(39))?.legs.map(({ account }) => account)).toContain(`${stone}#available`)
    const credit = advocates(facts, day(41))
    expect(credit?.legs.map(({ account }) => account)).toContain(`${stone}#forfeited`)
    expect(credit).toMatchObject({ outcome: "credited", effectiveAt: day(40), nextDueAt: null })
    expect(credit?.because.at(-1)).toMatchObject({ rule: "forfeited by erasure" })
  })

  it("is forfeited at once where it is earned later, and plans nothing", () => {
    const evaluation = evaluate([...erased(day(-1)), order(1)], program().name, day(60))
    expect([...evaluation.credits.values()].flatMap(({ legs }) => legs).map(({ account }) => account)).not.toContain(
      `${stone}#available`,
    )
    expect(Fulfilment.plan(evaluation.credits.values(), evaluation.history.people, [], day(60))).toEqual({
      effects: [],
      undo: [],
      unfulfillable: [],
    })
  })

  it("keeps what was handed over as settled, and its debt when it is taken back", () => {
    const committed: Fact = {
      _tag: "RewardCommitted",
      ...dated("advocacy:commitment/1", day(20)),
      credit: "refer|referral|shopify:order/1|advocate|",
      ordinal: 1,
      beneficiary: stone,
      unit: "EUR",
      amountMinor: advocates([publication(), asset("ADA", 1), person(2), order(1)], day(41))?.amountMinor ?? 0n,
      terms: program().hash,
    }
    const kept = advocates([...erased(day(40)), order(1), committed], day(41))
    expect(kept?.legs.map(({ account }) => account).filter((account) => account.startsWith("erased:"))).toEqual([
      `${stone}#settled`,
    ])
    const gone = advocates([...erased(day(40)), order(1, { cancelledAt: day(45) }), committed], day(50))
    expect(gone?.legs.map(({ account }) => account)).toContain(`${stone}#debt`)
  })
})

describe("somebody who was erased and is back", () => {
  it("is no new customer", () => {
    const facts: ReadonlyArray<Fact> = [publication(), asset("ADA", 1), person(2), order(1)]
    expect(advocates(facts, day(1))?.outcome).toBe("credited")
    const back: Fact = {
      _tag: "PersonReturned",
      ...dated(`advocacy:returned/${customer(2)}`, day(-30)),
      person: customer(2),
      tombstone: stone,
    }
    expect(advocates([...facts, back], day(1))).toMatchObject({ outcome: "refused", reason: "existing-customer" })
  })
})
