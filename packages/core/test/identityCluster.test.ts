import { describe, expect, it } from "@effect/vitest"
import { identityClusters, mailboxKey, selfReferrals, telephoneKey } from "../src/fraud/IdentityCluster.ts"
import { bursts, rings } from "../src/fraud/ReferralPattern.ts"

describe("one key for one mailbox or telephone", () => {
  it.each([
    ["Jane.Doe+promo@GoogleMail.com", "janedoe@gmail.com"],
    [" j.a.n.e.doe@gmail.com ", "janedoe@gmail.com"],
    ["Jane.Doe+promo@example.com", "jane.doe@example.com"],
    ["a@b@example.com", "a@b@example.com"],
    ["+tag@gmail.com", null],
    ["jane", null],
    ["@example.com", null],
    ["jane@", null],
    ["", null],
  ])("%s", (address, key) => {
    expect(mailboxKey(address)).toBe(key)
  })

  it.each([
    ["+1 (555) 000-1004", "15550001004"],
    ["0015550001004", "15550001004"],
    ["0301234", "0301234"],
    ["none", null],
  ])("%s", (number, key) => {
    expect(telephoneKey(number)).toBe(key)
  })
})

describe("identity clusters", () => {
  const identities = [
    { id: "a", keys: ["device:1"] },
    { id: "b", keys: ["card:9"] },
    { id: "c", keys: ["device:1", "card:9"] },
    { id: "d", keys: [] },
    { id: "device:1", keys: ["card:8"] },
  ]

  it("join who shares a key, through others too, and nobody who is called like a key", () => {
    expect(identityClusters(identities)).toEqual([["a", "b", "c"], ["d"], ["device:1"]])
  })

  it("tell who referred themselves", () => {
    const referrals = [
      { customer: "a", referrer: "b" },
      { customer: "d", referrer: "a" },
      { customer: "e", referrer: "e" },
      { customer: "c", referrer: null },
      { customer: "x", referrer: "y" },
    ]
    expect(selfReferrals(identityClusters(identities), referrals)).toEqual(["a", "e"])
  })
})

describe("patterns of referrals", () => {
  it("find rings of two and more, but no long line and nobody alone", () => {
    const pairs = ["ba", "ab", "dc", "ed", "ce", "gf", "hg", "zz"]
    expect(rings(pairs.map(([customer = "", referrer = ""]) => ({ customer, referrer })))).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ])
  })

  it("find ten friends within 24 hours to the second, counting nobody twice", () => {
    const hour = 3_600_000
    const came = (referrer: string, hours: ReadonlyArray<number>) =>
      hours.map((at, friend) => ({ referrer, customer: `${referrer}${friend}`, at: at * hour }))
    const spread = [30, 1, 4, 9, 12, 14, 15, 19, 20, 25]
    const all = [
      ...came(
        "slow",
        spread.map((at) => at * 2),
      ),
      ...came("late", [0, 3, 4, 9, 12, 14, 15, 19, 20, 24.0003]),
      ...came("fast", [0, 3, 4, 9, 12, 14, 15, 19, 20, 24]),
      ...came("few", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
      { referrer: "few", customer: "few8", at: 9 * hour },
      { referrer: null, customer: "alone", at: 0 },
    ]
    expect(bursts(all)).toEqual(["fast"])
    expect(bursts(all, 9, hour * 8)).toEqual(["few"])
  })
})
