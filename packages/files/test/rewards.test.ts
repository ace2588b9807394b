/**
 * Rewards as four products export them, held against what the simulated product knows that it paid.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as Incumbent from "@advocacy-kit/sandbox/exports/Incumbent"
import * as RewardFiles from "@advocacy-kit/sandbox/exports/RewardFiles"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { describe, expect, it } from "vitest"
import { rewards } from "../src/format/Rewards.ts"
import { handleKey, lens, ofTag, type Options, read } from "./FileFacts.ts"

const world = Simulator.simulate({ seed: 5, customers: 600, orders: 2_000, scenarios: Incumbent.scenarios(3) })
const incumbent = Incumbent.make(world, { faultsPerKind: 3 })
const berlin: Options = { lens: { timeZone: world.brand.timeZone } }

const email = (address: string) => Handle.email(handleKey, address)
const minute = (iso: string) => Math.floor(Date.parse(iso) / 60_000) * 60_000
const second = (iso: string) => Math.floor(Date.parse(iso) / 1_000) * 1_000

const products = [
  { source: "smile", write: RewardFiles.smile, options: {}, at: Date.parse, keys: /^smile:reward\/\d+$/ },
  {
    source: "referralcandy",
    write: RewardFiles.referralCandy,
    options: berlin,
    at: minute,
    keys: /^referralcandy:reward\/\d+$/,
  },
  { source: "yotpo", write: RewardFiles.yotpo, options: {}, at: second, keys: /^yotpo:reward\/row-[0-9a-f]{32}\.\d$/ },
  { source: "dub", write: RewardFiles.dub, options: {}, at: Date.parse, keys: /^dub:reward\/cm_\w+$/ },
  {
    source: "dub",
    write: (of: Incumbent.Incumbent) => RewardFiles.dub(of, { amounts: "cents" }),
    options: {},
    at: Date.parse,
    keys: /^dub:reward\/cm_\w+$/,
  },
] as const

describe.each(products)("rewards of $source", ({ at, keys, options, source, write }) => {
  const table = write(incumbent).rewards

  it("are each one fact: whose, for what, how much, in which state", async () => {
    const file = await read(rewards, Dialect.text(table), options)
    expect(file.refused).toEqual([])
    const facts = ofTag(file, "RewardPaid")
    expect(facts).toHaveLength(incumbent.rewards.length)
    expect(new Set(facts.map(({ key }) => key)).size).toBe(facts.length)
    facts.forEach((fact, index) => {
      const reward = incumbent.rewards[index]
      if (reward === undefined) throw new Error(`there is no reward ${index}`)
      const { order } = reward.of
      expect(fact.key).toMatch(keys)
      expect(fact).toMatchObject({
        source,
        beneficiary: email(reward.of.advocate.email),
        friend: email(reward.of.friend.email),
        role: "advocate",
        unit: "EUR",
        amountMinor: BigInt(reward.amount.replace(".", "")),
        status: reward.status,
        order: source === "yotpo" || source === "dub" ? `shopify:order/${order.id}` : null,
        orderName: source === "referralcandy" ? order.name : null,
        occurredAt: at(reward.grantedAt),
        rank: 10,
      })
      expect(fact.estimated).toBeUndefined()
    })
  })

  it("show a double payment as two", async () => {
    const facts = ofTag(await read(rewards, Dialect.text(table), options), "RewardPaid")
    const twice = incumbent.faults.filter(({ kind }) => kind === "paid-twice")
    expect(twice.length).toBe(3)
    for (const { beneficiaryEmail, friendEmail, orderId, orderName } of twice) {
      const both = facts.filter(
        ({ beneficiary, friend, order, orderName: named, status }) =>
          beneficiary === email(beneficiaryEmail) &&
          friend === email(friendEmail) &&
          (order === null || order === `shopify:order/${orderId}`) &&
          (named === null || named === orderName) &&
          status === "paid",
      )
      expect(both).toHaveLength(2)
    }
  })

  it("are the same facts in any dialect, and with their rows turned round", async () => {
    const { facts } = await read(rewards, Dialect.text(table), options)
    const dialects = [
      Dialect.continental,
      { separator: "\t", quotes: "always", byteOrderMark: true },
      { shuffledBy: 3, encoding: "windows-1252" },
    ] as const
    for (const dialect of dialects)
      expect((await read(rewards, Dialect.bytes(table, dialect), options)).facts).toEqual(facts)
    const [titles = "", ...rows] = Dialect.text(table).trimEnd().split("\n")
    const turned = await read(rewards, [titles, ...rows.toReversed()].join("\n"), options)
    const inOrder = <Keyed extends { readonly key: string }>(all: ReadonlyArray<Keyed>) =>
      all.toSorted((left, right) => (left.key < right.key ? -1 : 1))
    expect(inOrder(turned.facts)).toEqual(inOrder(facts))
  })
})

const titles = "email,referred_email,action,amount_cents,currency,order_id,status,date_completed,reward_text"
const row = "ada@example.com,bea@example.com,Refer a friend,2000,EUR,5800005308416,approved,2026-03-01 10:00:00,off"

describe("equal rows", () => {
  const equal = [titles, row, row, row].join("\n")

  it("are several rewards, with the same keys each time the file is read", async () => {
    const first = await read(rewards, equal)
    expect(new Set(first.facts.map(({ key }) => key)).size).toBe(3)
    expect((await read(rewards, equal)).facts).toEqual(first.facts)
  })

  it("stay several where an interrupted import goes on between them", async () => {
    const { facts } = await read(rewards, equal)
    for (const skip of [1, 2]) expect((await read(rewards, equal, { skip })).facts).toEqual(facts.slice(skip))
  })

  it("keep their keys when their state has changed by the next export", async () => {
    const later = { lens: { asOf: lens.asOf + 1 } }
    const before = await read(rewards, [titles, row.replace("approved", "pending")].join("\n"))
    const after = await read(rewards, [titles, row].join("\n"), later)
    expect(after.facts.map(({ key }) => key)).toEqual(before.facts.map(({ key }) => key))
    expect(after.facts[0]?.version).toBeGreaterThan(before.facts[0]?.version ?? Infinity)
  })
})

describe("what a file may call otherwise", () => {
  const one = async (text: string, options: Options = {}) => {
    const file = await read(rewards, text, options)
    expect(file.refused).toEqual([])
    return ofTag(file, "RewardPaid")[0]
  }

  it("is points by the title, by the type or in place of the currency", async () => {
    const points = { unit: "points", amountMinor: 500n }
    expect(await one("Email,Points,Date\na@example.com,500,2026-03-01\n")).toMatchObject(points)
    expect(await one("Email,Value,Reward type,Date\na@example.com,500,points,2026-03-01\n")).toMatchObject(points)
    expect(await one("Email,Amount,Currency,Date\na@example.com,500,Points,2026-03-01\n")).toMatchObject(points)
  })

  it("is a code in place of an e-mail", async () => {
    const fact = await one("Referral code,Amount,Date\nada-x7,5,2026-03-01\n")
    expect(fact).toMatchObject({ beneficiary: "code:ADA-X7", role: "advocate", unit: "EUR", amountMinor: 500n })
  })

  it("is paid without a column of states, which is then an estimate", async () => {
    const fact = await one("Email,Amount,Date\na@example.com,5.50,2026-03-01\n")
    expect(fact).toMatchObject({ status: "paid", estimated: ["status"], source: "file", role: null, friend: null })
  })

  it("names its product in a column, and its order by name where that is no number of the shop's", async () => {
    const text = "ID,Referral product,Email,Amount,Date,order_id\n7,Talkable,a@example.com,5,2026-03-01,#1001\n"
    expect(await one(text)).toMatchObject({
      key: "file:reward/talkable.7",
      source: "talkable",
      order: null,
      orderName: "#1001",
    })
    expect(await one(text.replace("Talkable", "Smile.io"))).toMatchObject({ key: "smile:reward/7", source: "smile" })
    const friendly = "Email,Amount,Date,Role\na@example.com,5,2026-03-01,referral_receiver\n"
    expect(await one(friendly)).toMatchObject({ role: "friend" })
  })

  it("is dated by the sale in Dub's default columns, which is then an estimate", async () => {
    const dub = "id,earnings,currency,status,invoiceId,createdAt,partnerEmail,customerEmail"
    const sale = "cm_1,$1,usd,paid,5800005308416,2026-03-01T10:00:00.000Z,p@example.com,c@example.com"
    expect(await one(`${dub}\n${sale}\n`)).toMatchObject({ estimated: ["occurredAt"], amountMinor: 100n, unit: "USD" })
    expect(await one(`${dub}\n${sale.replace("$1", "CA$1.50").replace("usd", "cad")}\n`)).toMatchObject({
      amountMinor: 150n,
      unit: "CAD",
    })
  })

  it("is told by a mapping", async () => {
    const text = "Wer,Betrag,Wann\na@example.com,5,2026-03-01\n"
    const mapping = { beneficiary: "Wer", amount: "Betrag", createdAt: "Wann" }
    expect(await one(text, { mapping })).toMatchObject({ amountMinor: 500n })
  })
})

describe("a cell that cannot be read", () => {
  const refusal = async (change: (row: string) => string, options: Options = {}) => {
    const file = await read(rewards, [titles, change(row), row].join("\n"), options)
    // The others go on.
    expect(file.facts).toHaveLength(1)
    expect(file.refused).toHaveLength(1)
    const [first] = file.refused
    return { line: first?.line, column: first?.column, value: first?.value, reason: first?.reason }
  }

  it.each([
    ["approved", "perhaps", "status", "perhaps", "is no status that is known, such as pending, paid or cancelled"],
    ["approved", "", "status", null, "is empty"],
    ["2000", "20.5", "amount_cents", "20.5", "is no whole number"],
    ["2000", "", "amount_cents", null, "is empty: what has no amount in money or points is not compared"],
    ["2000", "-5", "amount_cents", "-5", "is below zero: the reward that it takes back has to be marked instead"],
    ["EUR", "EURO", "currency", "EURO", "is no ISO 4217 currency such as EUR"],
    ["ada@example.com", "n/a", "email", "3 characters", "is no e-mail address"],
    ["ada@example.com", "", "email", null, "is empty"],
    ["bea@example.com", "unknown", "referred_email", "7 characters", "is no e-mail address"],
    ["2026-03-01 10:00:00", "03/04/2026", "date_completed", "03/04/2026", "may be in either month"],
    ["5800005308416", "5.8E+12", "order_id", "5.8E+12", "was rounded by a spreadsheet"],
  ])("%s as %j is refused in its column", async (from, to, column, value, reason) => {
    const refused = await refusal((text) => text.replace(from, to))
    expect(refused).toMatchObject({ line: 2, column, value })
    expect(refused.reason).toContain(`line 2, ${column}: ${reason}`)
  })

  it("is the buyer's address in a file of Dub without its partners", async () => {
    const text =
      "id,earnings,currency,status,invoiceId,createdAt,customerEmail\ncm_1,€5,eur,paid,7,2026-03-01,c@example.com\n"
    const { facts, refused } = await read(rewards, text)
    expect(facts).toEqual([])
    expect(refused[0]).toMatchObject({ place: "reward cm_1", column: "customerEmail", value: "13 characters" })
    expect(refused[0]?.reason).toContain("export again with the partner's e-mail")
  })

  it("is a column that is not there: the file is of another kind", async () => {
    await expect(read(rewards, "Email,Date\na@example.com,2026-03-01\n")).rejects.toThrow(
      /has no column "Reward Amount"/,
    )
  })
})
