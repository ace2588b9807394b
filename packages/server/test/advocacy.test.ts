/** The promise API over a real embedded store. */
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { Advocacy } from "@advocacy-kit/server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: Referral.Qualify.all(Referral.Qualify.newCustomer, Referral.Qualify.minimum("40.00")),
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: null,
    }),
  ],
})

const options = {
  tenant: "acme",
  handleKey: "00".repeat(16),
  program,
  effectiveFrom: "2026-01-01T00:00:00Z",
  store: { directory: "memory" },
}
const head = { version: 0, rank: 100, occurredAt: Date.parse("2026-02-01T12:00:00Z") }
const asset = {
  _tag: "AssetIssued",
  key: "own:asset",
  ...head,
  code: "ANNA",
  owner: "crm:contact/1",
  program: "refer-a-friend",
}
const order = {
  _tag: "OrderPlaced",
  key: "shop:order/7",
  ...head,
  order: "shop:order/7",
  customer: "shop:customer/2",
  email: null,
  currency: "EUR",
  test: false,
  cancelledAt: null,
  paid: true,
  channel: null,
  attributes: [],
  visits: [],
  soft: [],
  lines: [{ line: "1", product: null, quantity: 1, currentQuantity: 1, amountMinor: "5000", isGiftCard: false }],
  codes: [{ code: "anna", discountMinor: "0" }],
}

describe("Advocacy", () => {
  let advocacy: Advocacy.Advocacy
  beforeAll(async () => {
    advocacy = await Advocacy.open(options)
  }, 60_000)
  afterAll(() => advocacy.close())

  it("records facts, credits them with reasons, and adds up", async () => {
    expect(await advocacy.record([asset, order])).toEqual({ recorded: 2, duplicates: 0 })
    expect(await advocacy.record([order])).toEqual({ recorded: 0, duplicates: 1 })
    const credits = await advocacy.credit({ asOf: "2026-02-20T00:00:00Z" })
    expect(credits).toHaveLength(1)
    expect(credits[0]).toMatchObject({ outcome: "credited", beneficiary: "crm:contact/1", amountMinor: 2000n })
    expect(credits[0]?.because.length).toBeGreaterThan(3)
    const balances = await advocacy.balances()
    expect(balances.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
      ["crm:contact/1#available", 2000n],
      ["program:refer-a-friend#granted", -2000n],
    ])
  })

  it("refuses a fact that does not hold, names the place, and stores nothing of the batch", async () => {
    const fresh = { ...asset, key: "own:asset-2", code: "BOB" }
    await expect(
      advocacy.record([fresh, { ...order, lines: [{ ...order.lines[0], amountMinor: "12.5" }] }]),
    ).rejects.toThrow(/amountMinor/)
    expect(await advocacy.record([fresh])).toEqual({ recorded: 1, duplicates: 0 })
  })

  it("says what is missing when nobody hands rewards over", async () => {
    await expect(advocacy.run({ asOf: "2026-03-01T00:00:00Z" })).resolves.toMatchObject({ fulfilled: { confirmed: 0 } })
    await expect(advocacy.credit({ asOf: "yesterday" })).rejects.toThrow("yesterday")
  })

  it("answers unknown addresses with 404", async () => {
    expect((await advocacy.handler(new Request("http://localhost/shopify/webhooks", { method: "POST" }))).status).toBe(
      404,
    )
  })
})

it("refuses a key that is too short, before anything is opened", async () => {
  await expect(Advocacy.open({ ...options, handleKey: "abc" })).rejects.toThrow(/openssl rand/)
})

describe("what people have", () => {
  it("is redeemed, transferred and adjusted by promises, and held credits are decided about", async () => {
    const points = Program.make("refer-a-friend", {
      currency: "EUR",
      timeZone: "Europe/Berlin",
      mechanics: [
        ...program.definition.mechanics,
        Points.make({ perUnit: 1, holdDays: 0, redeem: [{ name: "5-off", points: 30, gives: { amount: "5.00" } }] }),
      ],
    })
    const kit = await Advocacy.open({ ...options, tenant: "points", program: points })
    const asOf = "2026-03-01T12:00:00Z"
    const by = { by: "sam", reason: "a test" }
    try {
      await kit.record([
        asset,
        { ...order, soft: ["device:1"] },
        {
          ...order,
          key: "shop:order/8",
          order: "shop:order/8",
          customer: "crm:contact/1",
          codes: [],
          soft: ["device:1"],
        },
      ])
      const redeemed = await kit.redeem({ person: "shop:customer/2", offer: "5-off", key: "r1" }, { asOf })
      expect(redeemed).toMatchObject({ isRepeated: false, fact: { label: "5-off" } })
      expect(redeemed.holdings).toMatchObject([{ availableMinor: 500n }, { availableMinor: 20n }])
      const again = await kit.redeem({ person: "shop:customer/2", offer: "5-off", key: "r1" }, { asOf })
      expect(again.isRepeated).toBe(true)
      await expect(kit.redeem({ person: "shop:customer/2", offer: "5-off", key: "r2" }, { asOf })).rejects.toThrow(
        "20 points available, and 30 points are needed",
      )
      const moved = { from: "shop:customer/2", to: "crm:contact/1", amountMinor: 15n, key: "t1", ...by }
      expect((await kit.transfer(moved, { asOf })).holdings).toMatchObject([{}, { availableMinor: 5n }])
      const adjusted = await kit.adjust({ person: "crm:contact/1", amountMinor: -5n, key: "a1", ...by }, { asOf })
      expect(adjusted.holdings).toMatchObject([{ availableMinor: 60n }])
      const [waiting] = await kit.review.list({ asOf })
      expect(waiting).toMatchObject({ reason: "shared-device", amountMinor: 2_000n })
      const released = await kit.review.decide({ credit: waiting?.credit ?? "", verdict: "release", ...by }, { asOf })
      expect(released.credit).toMatchObject({ outcome: "credited", amountMinor: 2_000n })
      expect(await kit.holdings("crm:contact/1", { asOf })).toMatchObject([
        { availableMinor: 2_000n },
        { availableMinor: 60n },
      ])
      expect(await kit.announceTiers({ asOf })).toEqual([])
      await expect(kit.redeem({ person: "no handle", offer: "5-off", key: "x" })).rejects.toThrow("is not a handle")
    } finally {
      await kit.close()
    }
  }, 60_000)
})
