import { describe, expect, it } from "@effect/vitest"
import * as Referral from "../src/program/Referral.ts"
import {
  asset,
  creditOf,
  customer,
  day,
  email,
  invitation,
  merge,
  order,
  person,
  program,
  tell,
  verdict,
  visit,
} from "./Story.ts"

const { Attribution, Evidence } = Referral
const bare = { codes: [] }
const first = program({ attribution: Attribution.firstTouch({ window: "30 days" }) })
const earns = (evaluation: ReturnType<typeof tell>) => [
  creditOf(evaluation)?.outcome,
  creditOf(evaluation)?.reason ?? creditOf(evaluation)?.beneficiary,
]

describe("attribution", () => {
  const touches = [visit("ADA", customer(2), day(-20)), visit("BEN", customer(2), day(-3)), order(1, bare)]

  it("gives the last touch to the last and the first touch to the first", () => {
    expect(earns(tell(touches))).toEqual(["credited", customer(3)])
    expect(earns(tell(touches, { program: first }))).toEqual(["credited", customer(1)])
  })

  it("counts a touch on the window's last millisecond and none before it", () => {
    expect(verdict(tell([visit("ADA", customer(2), day(-30)), order(1, bare)]))).toBe("credited - clear 1000")
    expect(verdict(tell([visit("ADA", customer(2), day(-30) - 1), order(1, bare)]))).toBe(
      "refused outside-window clear 0",
    )
  })

  it("does not count what came after the purchase", () => {
    expect(verdict(tell([visit("ADA", customer(2), day(0)), order(1, bare)]))).toBe("credited - clear 1000")
    expect(verdict(tell([visit("ADA", customer(2), day(0) + 1), order(1, bare)]))).toBe(
      "refused outside-window clear 0",
    )
  })

  it("leaves a first touch outside the window out of the choice", () => {
    const facts = [visit("ADA", customer(2), day(-31)), visit("BEN", customer(2), day(-3)), order(1, bare)]
    expect(earns(tell(facts, { program: first }))).toEqual(["credited", customer(3)])
  })

  it("at one moment takes the kind that the program ranks first", () => {
    const facts = [visit("BEN", customer(2), day(0)), order(1)]
    expect(earns(tell(facts))).toEqual(["credited", customer(1)])
    expect(earns(tell(facts, { program: program({ evidence: [Evidence.click, Evidence.code] }) }))).toEqual([
      "credited",
      customer(3),
    ])
  })

  it("takes codes, cart attributes, visits of the order and invitations as evidence, in any case and with blanks", () => {
    expect(earns(tell([order(1, { codes: [{ code: " ada ", discountMinor: 0n }] })]))).toEqual([
      "credited",
      customer(1),
    ])
    expect(earns(tell([order(1, { ...bare, attributes: [{ key: "ref", value: "ada" }] })]))).toEqual([
      "credited",
      customer(1),
    ])
    expect(earns(tell([order(1, { ...bare, visits: [{ at: day(-2), code: "ADA", source: null }] })]))).toEqual([
      "credited",
      customer(1),
    ])
    expect(earns(tell([order(1, bare), invitation("ADA", email("customer-2"), day(-2))]))).toEqual([
      "credited",
      customer(1),
    ])
    expect(verdict(tell([order(1, { ...bare, attributes: [{ key: "gift", value: "ADA" }] })]))).toBe("none")
  })

  it("holds two owners on one order as ambiguous, and names both", () => {
    const evaluation = tell([
      order(1, {
        codes: [
          { code: "ADA", discountMinor: 0n },
          { code: "BEN", discountMinor: 0n },
        ],
      }),
    ])
    expect(verdict(evaluation)).toBe("held ambiguous held 0")
    expect(
      creditOf(evaluation)
        ?.because.filter(({ outcome }) => outcome === "failed")
        .map(({ saw }) => saw["code"]),
    ).toEqual(["ADA", "BEN"])
  })

  it("does not take one owner with two codes, or two handles of one person, for two", () => {
    const codes = [
      { code: "ADA", discountMinor: 0n },
      { code: "ADA2", discountMinor: 0n },
    ]
    expect(verdict(tell([asset("ADA2", 1), order(1, { codes })]))).toBe("credited - clear 1000")
    expect(verdict(tell([asset("ADA2", 4), order(1, { codes })]))).toBe("held ambiguous held 0")
    expect(verdict(tell([asset("ADA2", 4), merge(customer(1), customer(4)), order(1, { codes })]))).toBe(
      "credited - clear 1000",
    )
  })

  it("takes a code that nobody owns for an ordinary discount, but refuses a link with it", () => {
    expect(verdict(tell([order(1, { codes: [{ code: "SUMMER", discountMinor: 100n }] })]))).toBe("none")
    const typed = tell([order(1, { ...bare, attributes: [{ key: "ref", value: "what you like, ß" }] })])
    expect(verdict(typed)).toBe("refused unknown-code clear 0")
    // Whatever buyers type, the account that it would have earned for has a handle that every store takes.
    expect(creditOf(typed)?.beneficiary).toMatch(/^code:[^\s\0]{1,200}$/)
  })

  it("gives a code with two owners to whom it was issued first", () => {
    const again = { ...asset("ADA", 3, day(-60)), key: asset("OTHER", 3).key }
    expect(earns(tell([again, order(1)]))).toEqual(["credited", customer(3)])
  })

  it("knows the friend under every alias", () => {
    const facts = [
      person(2, { aliases: [email("zoe"), email("zoe-at-work")] }),
      visit("ADA", email("zoe-at-work"), day(-1)),
      order(1, bare),
    ]
    expect(earns(tell(facts))).toEqual(["credited", customer(1)])
  })
})
