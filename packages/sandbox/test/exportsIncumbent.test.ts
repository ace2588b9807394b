import { describe, expect, test, vi } from "vitest"
import * as Dialect from "../src/exports/Dialect.ts"
import * as Incumbent from "../src/exports/Incumbent.ts"
import * as PlantedFault from "../src/exports/PlantedFault.ts"
import * as Present from "../src/exports/Present.ts"
import * as RewardFiles from "../src/exports/RewardFiles.ts"
import * as ShopifyOrders from "../src/exports/ShopifyOrders.ts"
import * as Price from "../src/world/Price.ts"
import * as Simulator from "../src/world/Simulator.ts"
import { rules } from "../src/world/World.ts"
import { records } from "./exportReading.ts"

vi.setConfig({ testTimeout: 60_000 })

const perKind = 25
const world = Simulator.simulate({
  seed: 5,
  customers: 1_500,
  orders: 5_000,
  scenarios: Incumbent.scenarios(perKind),
})
const product = Incumbent.make(world)
const truths = new Map(world.truth.conversions.map((truth) => [truth.orderId, truth]))
const holdMs = rules.holdDays * 24 * 60 * 60_000

const paidByOrder = (of: Incumbent.Incumbent): Map<string, ReadonlyArray<string>> =>
  new Map(
    [
      ...Map.groupBy(
        of.rewards.filter(({ status }) => status === "paid"),
        (reward) => reward.of.order.id,
      ),
    ].map(([order, rewards]) => [order, rewards.map(({ amount }) => amount)]),
  )

describe("without faults", () => {
  const clean = Incumbent.make(world, { faultsPerKind: 0 })

  test("it pays every credited conversion past its hold once and exactly, and nothing else", () => {
    expect(clean.faults).toEqual([])
    const due = new Map(
      Present.of(world)
        .orders.filter(
          ({ createdAt, id }) =>
            truths.get(id)?.verdict === "credited" &&
            Date.parse(createdAt) + holdMs < Date.parse(world.brand.now) - 2 * 24 * 60 * 60_000,
        )
        .map(({ id }) => [id, [rules.advocateReward]]),
    )
    const paid = paidByOrder(clean)
    expect(due.size).toBeGreaterThan(300)
    expect([...due.keys()].filter((id) => !paid.has(id))).toEqual([])
    for (const [id, amounts] of paid) {
      expect(truths.get(id)?.verdict).toBe("credited")
      expect(amounts).toEqual([rules.advocateReward])
    }
  })

  test("what was refunded after it was paid is taken back, what is in its hold is pending", () => {
    const statuses = new Map(Map.groupBy(clean.rewards, ({ status }) => status))
    for (const { of } of statuses.get("reversed") ?? []) expect(of.truth.verdict).toBe("refused")
    for (const { of } of statuses.get("pending") ?? []) {
      expect(of.truth.verdict).toBe("credited")
      expect(of.payableAt).toBeGreaterThan(Date.parse(world.brand.now) - 2 * 24 * 60 * 60_000)
    }
    expect([...statuses.keys()].sort()).toEqual(["paid", "pending", "reversed"])
    expect(clean.rewards.every(({ changedAt }) => changedAt <= world.brand.now)).toBe(true)
  })
})

describe("planted faults", () => {
  const clean = paidByOrder(Incumbent.make(world, { faultsPerKind: 0 }))
  const paid = paidByOrder(product)
  const faults = new Map(product.faults.map((fault) => [fault.orderId, fault]))

  test("there are as many of each kind as asked for, each on an order of its own", () => {
    const counts = new Map([...Map.groupBy(product.faults, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]))
    expect(counts).toEqual(new Map(PlantedFault.kinds.map((kind) => [kind, perKind])))
    expect(faults.size).toBe(product.faults.length)
  })

  test("what is paid differs from what is right on their orders and on no others", () => {
    const orders = new Set([...clean.keys(), ...paid.keys()])
    const differing = [...orders].filter((id) => String(clean.get(id)) !== String(paid.get(id)))
    expect(differing.sort()).toEqual([...faults.keys()].sort())
    for (const fault of product.faults) {
      const amounts = (paid.get(fault.orderId) ?? []).map(Price.fromDecimal)
      expect(Price.toDecimal(Price.total(amounts))).toBe(fault.amountPaid)
      expect(fault.amountDue).toBe(truths.get(fault.orderId)?.verdict === "credited" ? rules.advocateReward : "0.00")
      expect(fault.amountPaid).not.toBe(fault.amountDue)
      expect(amounts.length).toBe(fault.kind === "paid-twice" ? 2 : fault.kind === "not-paid" ? 0 : 1)
    }
  })

  test("the orders are what the kinds say", () => {
    const people = new Map(world.truth.people.map((person) => [person.person, person]))
    for (const fault of product.faults) {
      const truth = truths.get(fault.orderId)
      const advocate = people.get(truth?.advocate ?? "")
      expect(advocate?.emails).toContain(fault.beneficiaryEmail)
      const isSelf = fault.kind.startsWith("self-referral")
      expect(truth?.friend === truth?.advocate).toBe(isSelf)
      expect(fault.beneficiaryEmail === fault.friendEmail).toBe(fault.kind === "self-referral")
      if (fault.kind === "above-limit") expect(truth?.reason).toBe("limit-reached")
      if (fault.kind === "kept-after-full-refund") expect(truth?.netAmount).toBe("0.00")
      if (fault.kind === "kept-after-partial-refund") {
        expect(Price.fromDecimal(truth?.netAmount ?? "")).toBeGreaterThan(0n)
        expect(Price.fromDecimal(truth?.netAmount ?? "")).toBeLessThan(Price.fromDecimal(rules.minimum))
      }
    }
  })

  test("an alias is among the contact's e-mails, and a provable partial refund is so by the orders file", () => {
    const contacts = Present.of(world).contacts
    const rows = records(Dialect.text(ShopifyOrders.table(world)))
    const orders = new Map(rows.filter((row) => row["Id"] !== "").map((row) => [row["Id"], row]))
    for (const fault of product.faults) {
      if (fault.kind === "self-referral-alias") {
        const contact = contacts.find(({ properties }) =>
          [properties["email"], ...(properties["hs_additional_emails"] ?? "").split(";")].includes(fault.friendEmail),
        )
        expect([
          contact?.properties["email"],
          ...(contact?.properties["hs_additional_emails"] ?? "").split(";"),
        ]).toContain(fault.beneficiaryEmail)
      }
      if (fault.kind !== "kept-after-partial-refund") continue
      const row = orders.get(fault.orderId)
      const cents = (column: string): bigint => Price.fromDecimal(row?.[column] ?? "")
      const most = cents("Subtotal") - cents("Refunded Amount") + cents("Shipping")
      const left = most < cents("Subtotal") ? most : cents("Subtotal")
      expect(fault.provable).toBe(left < Price.fromDecimal(rules.minimum))
      expect(fault.provenBy.length > 0).toBe(fault.provable)
    }
  })

  test("another seed plants them elsewhere, too few orders are an error that says so", () => {
    const other = Incumbent.make(world, { seed: 6 }).faults.map(({ orderId }) => orderId)
    expect(other).not.toEqual(product.faults.map(({ orderId }) => orderId))
    expect(Incumbent.make(world)).toEqual(product)
    const plain = Simulator.simulate({ seed: 5, customers: 500, orders: 2_000 })
    expect(() => Incumbent.make(plain)).toThrow(
      /faults need 25 orders and the world has \d+; simulate it with scenarios/,
    )
  })
})

describe("files", () => {
  type Read = (row: Readonly<Record<string, string>>) => string
  const files: ReadonlyArray<[string, RewardFiles.RewardFiles, { amount: Read; email: Read; friend: Read }]> = [
    [
      "Smile.io",
      RewardFiles.smile(product),
      {
        amount: (row) => row["Value"] ?? "",
        email: (row) => row["Customer email"] ?? "",
        friend: (row) => row["Receiver email"] ?? "",
      },
    ],
    [
      "ReferralCandy",
      RewardFiles.referralCandy(product),
      {
        amount: (row) => row["Reward Amount"] ?? "",
        email: (row) => row["Advocate Email"] ?? "",
        friend: (row) => row["Friend Email"] ?? "",
      },
    ],
    [
      "Yotpo",
      RewardFiles.yotpo(product),
      {
        amount: (row) => Price.toDecimal(BigInt(row["amount_cents"] ?? "")),
        email: (row) => row["email"] ?? "",
        friend: (row) => row["referred_email"] ?? "",
      },
    ],
    [
      "Dub",
      RewardFiles.dub(product),
      {
        amount: (row) => row["earnings"]?.slice(1) ?? "",
        email: (row) => row["partnerEmail"] ?? "",
        friend: (row) => row["customerEmail"] ?? "",
      },
    ],
  ]

  test.each(files)("%s: a row for each reward, with its money and people", (_, { referrals, rewards }, read) => {
    const rows = records(Dialect.text(rewards))
    const told = rows.map((row) => [read.amount(row), read.email(row), read.friend(row)])
    expect(told).toEqual(product.rewards.map(({ amount, of }) => [amount, of.advocate.email, of.friend.email]))
    expect(records(Dialect.text(referrals)).length).toBeGreaterThan(500)
  })

  test("those that name orders say so", () => {
    for (const [, { namesOrders, rewards }] of files) {
      const [row = {}] = records(Dialect.text(rewards))
      const { id, name } = product.rewards[0]?.of.order ?? { id: "", name: "" }
      expect(Object.values(row).some((cell) => cell === id || cell === name)).toBe(namesOrders)
    }
  })

  test("a fault's rewards are in the file exactly as often as the truth says", () => {
    const rows = records(Dialect.text(RewardFiles.referralCandy(product).rewards))
    const sent = Map.groupBy(
      rows.filter((row) => row["Reward Status"] === "Sent"),
      (row) => row["Order Number"],
    )
    for (const { amountPaid, beneficiaryEmail, kind, orderName } of product.faults) {
      const own = sent.get(orderName) ?? []
      expect(own.length).toBe(kind === "paid-twice" ? 2 : kind === "not-paid" ? 0 : 1)
      expect(own.every((row) => row["Advocate Email"] === beneficiaryEmail)).toBe(true)
      expect(Price.toDecimal(Price.total(own.map((row) => Price.fromDecimal(row["Reward Amount"] ?? ""))))).toBe(
        amountPaid,
      )
    }
  })

  test("older files of Dub hold whole cents", () => {
    const [row] = records(Dialect.text(RewardFiles.dub(product, { amounts: "cents" }).rewards))
    expect(row?.["earnings"]).toBe(String(Price.fromDecimal(product.rewards[0]?.amount ?? "")))
  })
})
