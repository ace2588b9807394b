/**
 * Referrals as four products list them, held against what the simulated product knows.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as Incumbent from "@advocacy-kit/sandbox/exports/Incumbent"
import * as RewardFiles from "@advocacy-kit/sandbox/exports/RewardFiles"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { describe, expect, it } from "vitest"
import { referrals } from "../src/format/Referrals.ts"
import { handleKey, lens, ofTag, type Options, type Read, read } from "./FileFacts.ts"

const world = Simulator.simulate({ seed: 5, customers: 600, orders: 2_000, scenarios: Incumbent.scenarios(3) })
const incumbent = Incumbent.make(world, { faultsPerKind: 3 })
const berlin: Options = { lens: { timeZone: world.brand.timeZone } }

const email = (address: string) => Handle.email(handleKey, address)
const minute = (iso: string) => Math.floor(Date.parse(iso) / 60_000) * 60_000
const second = (iso: string) => Math.floor(Date.parse(iso) / 1_000) * 1_000

const newestOf = <Tag extends Fact.FactTag>(file: Read, tag: Tag): ReadonlyArray<Fact.FactOf<Tag>> =>
  ofTag({ ...file, facts: [...newest(file.facts).values()] }, tag)

const products = [
  { product: "smile", write: RewardFiles.smile, options: {}, at: Date.parse, hasCodes: false, isEstimated: false },
  {
    product: "referralcandy",
    write: RewardFiles.referralCandy,
    options: berlin,
    at: minute,
    hasCodes: false,
    isEstimated: true,
  },
  { product: "yotpo", write: RewardFiles.yotpo, options: {}, at: second, hasCodes: true, isEstimated: false },
] as const

describe.each(products)("referrals of $product", ({ at, hasCodes, isEstimated, options, product, write }) => {
  const table = write(incumbent).referrals
  const counted = incumbent.referrals.filter(({ status }) => status !== "blocked")

  it("are each one invitation by the advocate's code, but for those that the product did not count", async () => {
    const file = await read(referrals, Dialect.text(table), options)
    expect(file.refused).toEqual([])
    expect(counted.length).toBeLessThan(incumbent.referrals.length)
    const invitations = ofTag(file, "InvitationSent")
    expect(invitations).toHaveLength(counted.length)
    const owners = new Map(newestOf(file, "AssetIssued").map(({ code, owner }) => [code, owner]))
    invitations.forEach((invitation, index) => {
      const of = counted[index]?.of
      if (of === undefined) throw new Error(`there is no referral ${index}`)
      expect(invitation).toMatchObject({ friend: email(of.friend.email), occurredAt: at(of.order.createdAt) })
      expect(invitation.estimated).toEqual(isEstimated ? ["occurredAt"] : undefined)
      expect(owners.get(invitation.code)).toBe(email(of.advocate.email))
      if (hasCodes) expect(invitation.code).toBe(of.code)
      else expect(invitation.code).toMatch(/^imported:[A-Z0-9]{16}$/)
    })
    expect(ofTag(file, "LinkVisited")).toHaveLength(product === "yotpo" ? counted.length : 0)
  })

  it("enrol each advocate once, by their first referral, in whatever order rows stand", async () => {
    const [titles = "", ...rows] = Dialect.text(table).trimEnd().split("\n")
    const first = new Map<string, number>()
    for (const { of } of incumbent.referrals) {
      const name = email(of.advocate.email)
      first.set(name, Math.min(first.get(name) ?? Infinity, at(of.order.createdAt)))
    }
    for (const ordered of [rows, rows.toReversed()]) {
      const file = await read(referrals, [titles, ...ordered].join("\n"), options)
      const enrolled = newestOf(file, "Enrolled")
      expect(new Map(enrolled.map(({ occurredAt, person }) => [person as string, occurredAt]))).toEqual(first)
      expect(enrolled).toHaveLength(first.size)
      for (const { estimated, program, via } of enrolled)
        expect({ estimated, program, via }).toEqual({
          estimated: ["occurredAt"],
          program: "refer-a-friend",
          via: "imported",
        })
    }
  })

  it("are the same facts each time, and in any dialect", async () => {
    const { facts } = await read(referrals, Dialect.text(table), options)
    for (const dialect of [Dialect.plain, Dialect.continental, { shuffledBy: 3, quotes: "always" } as const])
      expect((await read(referrals, Dialect.bytes(table, dialect), options)).facts).toEqual(facts)
  })
})

describe("customers of Dub", () => {
  it("are brought by the partner whose link they followed", async () => {
    const table = RewardFiles.dub(incumbent).referrals
    const file = await read(referrals, Dialect.text(table))
    expect(file.refused).toEqual([])
    const rows = [...table.rows]
    const invitations = ofTag(file, "InvitationSent")
    expect(invitations).toHaveLength(rows.length)
    const codesOf = new Map(
      [...Map.groupBy(incumbent.referrals, ({ of }) => of.friend.email)].map(([address, brought]) => [
        email(address),
        brought.map(({ of }) => of.code.toLowerCase()),
      ]),
    )
    const codes = new Map(incumbent.referrals.map(({ of }) => [of.code.toLowerCase(), of]))
    for (const { code, estimated, friend, key } of invitations) {
      expect(key).toMatch(/^dub:invitation\/cus_/)
      expect(estimated).toEqual(["occurredAt", "code"])
      expect(codesOf.get(friend)).toContain(code)
    }
    for (const { code, owner } of newestOf(file, "AssetIssued"))
      expect(owner).toBe(email(codes.get(code)?.advocate.email ?? ""))
  })

  it("are the partner's by the code alone where the file has no address", async () => {
    const text =
      "id,email,link,createdAt\ncus_1,bea@example.com,https://go.example.com/Ada-X7?utm=1,2026-03-01T10:00:00Z\n"
    const file = await read(referrals, text)
    expect(newestOf(file, "AssetIssued")[0]).toMatchObject({ code: "Ada-X7", owner: "code:ADA-X7" })
    expect(newestOf(file, "Enrolled")[0]).toMatchObject({ person: "code:ADA-X7" })
    const asked = await read(referrals, text.replace("Ada-X7?utm=1", "shop?ref=Ada-X7"))
    expect(ofTag(asked, "InvitationSent")[0]).toMatchObject({ code: "Ada-X7" })
  })
})

describe("an advocate without a code", () => {
  const titles = "Advocate Email,Friend Email,Purchase Date"
  const row = "ada@example.com,bea@example.com,2026-03-01 10:00"

  it("has the same one in every file, of their own, and not as people type them", async () => {
    const codesOf = async (text: string, options: Options = {}) =>
      ofTag(await read(referrals, `${titles}\n${text}\n`, options), "AssetIssued").map(({ code }) => code)
    const [code] = await codesOf(row)
    expect(await codesOf(` ADA@example.com,cas@example.com,2026-05-01 10:00`)).toEqual([code])
    expect(await codesOf(row.replace("ada", "dan"))).not.toEqual([code])
    expect(await codesOf(row, { lens: { program: "another" } })).not.toEqual([code])
    expect(code).toContain(":")
  })

  it("is known by a later file's earlier referral, and by no later one", async () => {
    const early = await read(referrals, `${titles}\n${row}\n`)
    const late = await read(referrals, `${titles}\n${row.replace("03-01", "09-01")}\n`, {
      lens: { asOf: lens.asOf + 1 },
    })
    const both = [...early.facts, ...late.facts]
    for (const facts of [both, both.toReversed()]) {
      const [enrolled] = newestOf({ ...early, facts }, "Enrolled")
      expect(enrolled?.occurredAt).toBe(Date.parse("2026-03-01T10:00:00Z"))
    }
    for (const { version } of early.facts.filter(({ _tag }) => _tag === "Enrolled"))
      expect(Number.isSafeInteger(version)).toBe(true)
  })

  it.each([
    [row.replace("ada@example.com", ""), "Advocate Email", "is empty, as is the code"],
    [row.replace("bea@example.com", "Bea"), "Friend Email", "is no e-mail address"],
    [row.replace("2026-03-01 10:00", "soon"), "Purchase Date", "is no time such as"],
  ])("is refused as %s", async (text, column, reason) => {
    const { facts, refused } = await read(referrals, `${titles}\n${text}\n${row}\n`)
    expect(facts).toHaveLength(3)
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({ line: 2, column })
    expect(refused[0]?.reason).toContain(reason)
  })
})
