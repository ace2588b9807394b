/**
 * The commands about people and what they have, on a small store of their own: the examples of their help run here too.
 */
import * as Facts from "@advocacy-kit/core/fact/Fact"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { email, platform, type Handle } from "@advocacy-kit/core/id/Handle"
import { days, fromIso } from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Points from "@advocacy-kit/core/points/Points"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import * as Tiers from "@advocacy-kit/core/tier/Tiers"
import { Effect } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as Session from "../src/Session.ts"
import { run } from "./Running.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const start = fromIso("2026-03-02T12:00:00Z")
const handleKey = "5a".repeat(32)
const key = Buffer.from(handleKey, "hex")
const store = mkdtempSync(join(tmpdir(), "advocacy-people-"))

const customer = (id: number): Handle => platform("shopify", "customer", `${id}`)
const head = (name: string, at: number, version = 0) => ({
  key: Facts.key(name),
  version,
  rank: Facts.rank.api,
  occurredAt: at,
})

const seen = (id: number, name: string): Fact => ({
  _tag: "PersonSeen",
  ...head(customer(id), start - days(90), 1),
  person: customer(id),
  aliases: [email(key, `${name}@example.com`)],
  mergedFrom: [],
  companies: [],
  soft: [],
  marketing: "granted",
  lifecycle: null,
})

const bought = (id: number, by: number, amountMinor: bigint, code?: string): Fact => ({
  _tag: "OrderPlaced",
  ...head(`shopify:order/${id}`, start + days(id), 1),
  order: platform("shopify", "order", `${id}`),
  customer: customer(by),
  email: null,
  currency: currencyOf("EUR"),
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "web",
  lines: [{ line: "1", product: "product/1", quantity: 1, currentQuantity: 1, amountMinor, isGiftCard: false }],
  codes: code === undefined ? [] : [{ code, discountMinor: 0n }],
  attributes: [],
  visits: [],
  soft: code === undefined && by !== 7 ? [] : ["device:1" as Handle],
})

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: null,
    }),
    Points.make({
      perUnit: 1,
      expiresAfterDays: 365,
      redeem: [
        { name: "5-off", points: 60, gives: { amount: "5.00" } },
        { name: "early-access", points: 10, gives: null },
      ],
    }),
    Tiers.make({ counts: "points", period: "year", tiers: [{ name: "silver", atLeast: "200" }] }),
  ],
})

/** Ada, customer 7, bought for 100.00 and 150.00; Ben, customer 8, with Ada's code and device for 80.00. */
const facts: ReadonlyArray<Fact> = [
  Program.publication(program, start - days(100)),
  seen(7, "ada"),
  seen(8, "ben"),
  {
    _tag: "AssetIssued",
    ...head("advocacy:asset/ADA", start - days(50)),
    code: "ADA",
    owner: customer(7),
    program: "refer-a-friend",
  },
  bought(1, 7, 10_000n),
  bought(2, 7, 15_000n),
  bought(3, 8, 8_000n, "ADA"),
]

const command = async (...args: ReadonlyArray<string>) => {
  const ran = await run(...args, "--store", store)
  expect(ran.err).toBe("")
  expect(ran.code).toBe(0)
  return ran.out
}
const json = async (...args: ReadonlyArray<string>) => {
  const [name = "", ...rest] = args
  return JSON.parse(await command(name, "--json", ...rest)) as Record<string, unknown>
}
const fails = async (...args: ReadonlyArray<string>) => {
  const [name = "", ...rest] = args
  const ran = await run(name, "--store", store, ...rest)
  expect([ran.code, ran.out]).toEqual([2, ""])
  return ran.err
}

beforeAll(async () => {
  writeFileSync(
    join(store, "advocacy.json"),
    JSON.stringify({
      tenant: "acme",
      handleKey,
      program: "refer-a-friend",
      now: start + days(60),
      shareUrl: "https://acme.example/?ref=",
      brand: null,
    }),
  )
  vi.stubEnv("DATABASE_URL", undefined)
  await Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] })).pipe(
    Effect.provide(Session.layer({ store })),
    Effect.scoped,
    Effect.runPromise,
  )
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(store, { recursive: true, force: true })
})

describe("advocates", () => {
  // Long enough after their first orders to be asked at all.
  const late = ["--as-of", "2026-06-01T12:00:00Z"]
  const digest = () => command("state", "--digest")

  it("ranks people with both axes and what stands against asking them, and writes nothing", async () => {
    const before = await digest()
    const out = await command("advocates", ...late)
    expect(out).toContain("Advocates as of 2026-06-01T12:00:00.000Z")
    expect(out).toContain("2 customers scored, 0 may be asked")
    expect(out).toMatch(/willing +influential +list +person +may be asked/)
    expect(out).toMatch(/shopify:customer\/7 +no: held for a human: shared-device/)
    expect(out).not.toContain("example.com")
    expect(await digest()).toEqual(before)
  })

  it("explains each by percentiles with their inputs, and says what is not known", async () => {
    const out = await command("advocates", "--explain", "--top", "1", ...late)
    expect(out).toContain("May not be asked: held for a human: shared-device.")
    expect(out).toMatch(/sentiment +\d\.\d\d: NPS unknown, taken as the shop's mean, 0 % given back, stars unknown/)
    expect(out).toMatch(/proven advocacy +\d\.\d\d: 0 friends brought.*shares in 90 days unknown; reviews unknown/)
    expect(out.match(/live loyalty/g)).toHaveLength(1)
    const { top } = (await json("advocates", ...late)) as { top: ReadonlyArray<Record<string, unknown>> }
    expect(top[0]).toMatchObject({ barrier: "held for a human: shared-device", eligible: false, list: null })
    expect(Object.keys(top[0] ?? {})).toEqual(
      expect.arrayContaining(["willing", "influential", "components", "because"]),
    )
  })

  it("lists whom to ask and whom to save", async () => {
    expect(await json("advocates", "--list", "save")).toMatchObject({ save: 0, top: [] })
    expect((await run("advocates", "--store", store, "--list", "everybody")).code).toBe(2)
  })

  it("says that there is not enough data to validate the score", async () => {
    const out = await command("advocates", "--validate", "--horizon-days", "57")
    expect(out).toContain("(57 days)")
    expect(out).toContain(
      "not enough data: at least 30 who brought somebody and 30 who did not are needed; there are 0 and 1",
    )
    expect(await json("advocates", "--validate")).toMatchObject({
      neededPositives: 30,
      holders: { enough: false, score: null },
      choice: { use: "default" },
    })
    expect(await fails("advocates", "--validate", "--horizon-days", "0")).toContain("must be 1 or more")
  })
})

describe("balance and redeem", () => {
  it("shows lots with expiry, and what is not due", async () => {
    const out = await command("balance", "ada@example.com")
    expect(out).toContain("What shopify:customer/7 has as of 2026-05-01T12:00:00.000Z")
    expect(out).toMatch(/100 points +2026-03-03 +until 2027-03-17/)
    expect(out).toContain("250 points available, 0 points pending")
    const early = await json("balance", "customer/7", "--as-of", "2026-03-17T12:00:00Z")
    expect(early).toMatchObject({
      holdings: [{ available: "100", pending: "150", waiting: [{ due: "2026-03-18T12:00:00.000Z" }] }],
    })
  })

  it("redeems once by key, and says what is left", async () => {
    const done = await json("redeem", "ada@example.com", "5-off", "--key", "shop-session-81")
    expect(done).toMatchObject({ repeated: false, taken: "60", gives: { unit: "EUR", amountMinor: "500" } })
    const again = await command("redeem", "customer/7", "5-off", "--key", "shop-session-81")
    expect(again).toContain("done before, at 2026-05-01T12:00:00.000Z: redeemed 5-off, worth 5.00 EUR")
    expect(again).toContain("190 points available")
    expect(await command("redeem", "customer/7", "early-access", "--key", "2026-11-ada")).toContain(
      "done: redeemed early-access",
    )
  })

  it("refuses what cannot be, with the place and what to do", async () => {
    expect(await fails("redeem", "ada@example.com", "early-access", "--key", "shop-session-81")).toContain(
      "the key was used for something else",
    )
    expect(await fails("redeem", "ada@example.com", "50-off", "--key", "x")).toMatch(
      /no offer "50-off"\n +next: name one of 5-off, early-access/,
    )
    expect(
      await fails("redeem", "ben@example.com", "5-off", "--key", "x", "--as-of", "2026-03-10T12:00:00Z"),
    ).toContain("0 points available, and 60 points are needed")
    expect(await fails("redeem", "nobody@example.com", "5-off", "--key", "x")).toContain("next: ")
    expect(await fails("redeem", "order/1", "5-off", "--key", "x")).toContain('"order/1" is not a person')
  })
})

describe("transfer and adjust", () => {
  it("gives points to somebody else", async () => {
    const out = await command(
      "transfer",
      "ada@example.com",
      "ben@example.com",
      "120",
      "--reason",
      "shared account",
      "--by",
      "sam",
      "--key",
      "ticket-81",
    )
    expect(out).toContain("120 points went from shopify:customer/7 to shopify:customer/8")
    expect(out).toContain("60 points available")
    expect(out).toContain("200 points available")
  })

  it("gives and takes by hand, points and money", async () => {
    expect(
      await command("adjust", "ada@example.com", "+50", "--reason", "late parcel", "--by", "sam", "--key", "ticket-82"),
    ).toContain("done: gave 50 points")
    const given = ["--unit", "EUR", "--reason", "r", "--by", "sam", "--key", "ticket-83"]
    expect(await command("adjust", "customer/7", "5.00", ...given)).toContain("gave 5.00 EUR")
    const back = ["--unit", "EUR", "--reason", "paid twice", "--by", "sam", "--key", "ticket-84"]
    const ran = await run("adjust", "--store", store, ...back, "--", "customer/7", "-5.00")
    expect([ran.code, ran.err]).toEqual([0, ""])
    expect(ran.out).toContain("took 5.00 EUR back")
    expect(await fails("adjust", "customer/7", "0.5", "--reason", "r", "--by", "s", "--key", "k")).toContain(
      "give whole points",
    )
    expect(await fails("adjust", "customer/7", "5.001", ...given)).toContain("give a decimal such as 5.00")
    expect(
      await fails("adjust", "customer/7", "5", "--unit", "USD", "--reason", "r", "--by", "s", "--key", "k"),
    ).toContain("use points:refer-a-friend or EUR")
  })
})

describe("review", () => {
  const held = "refer-a-friend|referral|shopify:order/3|advocate|"

  it("lists what waits, and decides about it once", async () => {
    const out = await command("review")
    expect(out).toContain(`shared-device  ${held}`)
    expect(out).toContain("20.00 EUR, for shopify:customer/7, 57 days, code ADA")
    expect(out).toContain("x device is not the advocate's")
    expect(await fails("review", "release", held)).toContain("say who decides and why")
    expect(await fails("review", "release")).toContain("name the credit to release")
    const decided = ["--by", "sam", "--reason", "family"]
    expect(await command("review", "release", held, ...decided)).toMatch(/released .*\n +it is credited: 20.00 EUR/)
    expect(await command("review", "release", held, ...decided)).toContain("decided before by sam")
    expect(await fails("review", "reject", held, ...decided)).toContain("next: add --force")
    expect(await json("review", "reject", held, ...decided, "--force")).toMatchObject({
      outcome: "refused",
      review: "rejected",
    })
    expect(await command("review", "list")).toContain("nothing waits for a human")
  })
})

describe("tiers", () => {
  it("shows who holds one, and announces it once", async () => {
    expect(await command("tiers")).toMatch(/silver +2026-03-04 +2027-12-31 +no +shopify:customer\/7/)
    expect(await command("tiers", "--announce")).toMatch(/silver .* yes .*\n +1 announced now/)
    expect(await json("tiers", "--announce")).toMatchObject({
      announced: [],
      tiers: [{ tier: "silver", announced: true }],
    })
  })
})
