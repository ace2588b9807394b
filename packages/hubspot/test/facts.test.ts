import { decodeSync, encode, type Fact, type FactOf, type FactTag } from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Currency from "@advocacy-kit/core/money/Currency"
import { describe, expect, it } from "vitest"
import { earlierProperties } from "../src/HubSpotConfig.ts"
import type { ObjectType } from "../src/HubSpotPath.ts"
import { kinds } from "../src/ObjectKind.ts"
import { type Mapped, mapRecord, type Neighbours } from "../src/RecordFacts.ts"

const handleKey = new TextEncoder().encode("a key of at least sixteen bytes")
const context = { handleKey, program: "refer-a-friend", currency: Currency.make("EUR"), properties: earlierProperties }
const byType = kinds({ properties: earlierProperties })

const record = (id: string, properties: Record<string, string | null>) => ({
  id,
  createdAt: "2026-01-02T03:04:05.678Z",
  updatedAt: "2026-05-06T07:08:09.010Z",
  archived: false,
  properties,
})
const run = (type: ObjectType, raw: unknown, neighbours: Neighbours = {}): Mapped =>
  mapRecord(type, byType[type].map, raw, neighbours, context)

const only = <Tag extends FactTag>(mapped: Mapped, tag: Tag): FactOf<Tag> => {
  const found = mapped.facts.filter((fact): fact is FactOf<Tag> => fact._tag === tag)
  expect(found).toHaveLength(1)
  return found[0] as FactOf<Tag>
}

/** Every fact must survive the schema that stores keep it by. */
const storable = (facts: ReadonlyArray<Fact>): void => {
  for (const fact of facts) expect(decodeSync(encode(fact))).toEqual(fact)
}

describe("contacts", () => {
  const ada = record("9007199254740993", {
    email: " Ada@Example.COM ",
    hs_additional_emails: "second@example.com;ada@example.com",
    firstname: "Ada",
    lastname: "Lovelace",
    phone: "+49 (30) 123-456",
    lifecyclestage: "customer",
    hs_merged_object_ids: "12;7",
    hs_email_optout: "false",
    referral_code: " ada10 ",
    referral_code_issued_at: "2026-02-01T00:00:00Z",
    invited_by_code: "bob5",
    invited_at: "2026-01-15",
  })

  it("become a person, a code issued, an enrolment and an invitation", () => {
    const mapped = run("contacts", ada, { companies: ["5", "44"] })
    storable(mapped.facts)
    expect(mapped.rejected).toEqual([])
    expect(mapped.facts.map((fact) => [fact._tag, fact.key, fact.version, fact.occurredAt])).toEqual([
      ["PersonSeen", "hubspot:contact/9007199254740993", Date.parse(ada.updatedAt), Date.parse(ada.createdAt)],
      ["AssetIssued", "hubspot:asset/ADA10", Date.parse(ada.updatedAt), Date.parse("2026-02-01T00:00:00Z")],
      ["Enrolled", "hubspot:enrolment/ADA10", Date.parse(ada.updatedAt), Date.parse("2026-02-01T00:00:00Z")],
      [
        "InvitationSent",
        "hubspot:invitation/9007199254740993",
        Date.parse(ada.updatedAt),
        Date.parse("2026-01-15T00:00:00Z"),
      ],
    ])
    const person = only(mapped, "PersonSeen")
    const emails = ["ada@example.com", "second@example.com"].map((address) => Handle.email(handleKey, address))
    expect(person.aliases).toEqual([...emails, "code:ADA10"])
    expect(person.mergedFrom).toEqual(["hubspot:contact/12", "hubspot:contact/7"])
    expect(person.companies).toEqual(["hubspot:company/5", "hubspot:company/44"])
    expect(person.soft).toEqual([Handle.soft(handleKey, "phone", "+4930123456")])
    expect(person).toMatchObject({ marketing: "granted", lifecycle: "customer" })
    expect(only(mapped, "InvitationSent")).toMatchObject({ code: "BOB5", friend: person.person })
    expect(only(mapped, "Enrolled")).toMatchObject({ person: "code:ADA10", via: "imported", program: "refer-a-friend" })
    expect(mapped.personal).toEqual([
      { handle: emails[0], value: "ada@example.com" },
      { handle: emails[1], value: "second@example.com" },
      { handle: person.person, value: "Ada Lovelace" },
    ])
    expect(JSON.stringify(mapped.facts)).not.toMatch(/example\.com|Lovelace|4930/i)
  })

  it("say the same whatever we wrote on them and in whatever order lists come", () => {
    const written = {
      ...ada,
      updatedAt: "2026-09-09T00:00:00Z",
      properties: { ...ada.properties, hs_merged_object_ids: "7;12", adv_status: "active", adv_sync_hash: "abc" },
    }
    const digests = (raw: unknown) => run("contacts", raw, { companies: ["5"] }).facts.map(contentDigest)
    expect(digests(written)).toEqual(digests(ada))
    expect(run("contacts", written).facts[0]?.version).toBeGreaterThan(run("contacts", ada).facts[0]?.version ?? 0)
  })

  it("tell consent apart, and get by with nothing but an id", () => {
    const marketing = (value: string | null) =>
      only(run("contacts", record("1", { hs_email_optout: value })), "PersonSeen").marketing
    expect([marketing("true"), marketing("false"), marketing(""), marketing(null)]).toEqual([
      "denied",
      "granted",
      "unknown",
      "unknown",
    ])
    const bare = run("contacts", record("1", {}))
    expect(bare.facts).toHaveLength(1)
    expect(only(bare, "PersonSeen")).toMatchObject({ aliases: [], soft: [], mergedFrom: [], lifecycle: null })
  })

  it("keep the person when only the code or the invitation is wrong", () => {
    const badCode = run("contacts", record("1", { email: "a@b.c", referral_code: "two words" }))
    expect(badCode.facts.map((fact) => fact._tag)).toEqual(["PersonSeen"])
    expect(badCode.rejected).toEqual([
      {
        place: "hubspot:contact/1 code",
        reason: "referral_code: is not a code: at most 100 characters, without spaces",
      },
    ])
    const undated = run("contacts", record("2", { invited_by_code: "BOB5" }))
    expect(undated.facts.map((fact) => fact._tag)).toEqual(["PersonSeen"])
    expect(undated.rejected[0]?.place).toBe("hubspot:contact/2 invitation")
  })

  it("are rejected with place and reason when they cannot be understood, quoting nothing personal", () => {
    const reasonOf = (raw: unknown) => {
      const mapped = run("contacts", raw)
      expect(mapped.facts).toEqual([])
      return mapped.rejected
    }
    expect(reasonOf(record("3", { email: "nul\0@example.com" }))).toEqual([
      { place: "hubspot:contact/3", reason: "email: has a NUL byte" },
    ])
    expect(reasonOf(record("3", { firstname: "x\ud800" }))[0]?.reason).toMatch(/^firstname: .*surrogate/)
    expect(reasonOf(record("3", { firstname: "x".repeat(10_000_000) }))[0]?.reason).toMatch(/longer than 1,000,000/)
    expect(reasonOf(record("not a number", {}))).toEqual([
      { place: "hubspot:contact/?", reason: "its id is not a number" },
    ])
    expect(reasonOf({ id: "4" })[0]).toEqual({
      place: "hubspot:contact/4",
      reason: "createdAt: is missing or has the wrong type",
    })
    expect(reasonOf({ ...record("5", {}), updatedAt: "yesterday" })[0]?.reason).toMatch(/^updatedAt: is not a time/)
    expect(reasonOf("garbage")[0]?.place).toBe("hubspot:contact/?")
  })
})

describe("companies", () => {
  it("become a company with its domain; the name stays beside the facts", () => {
    const mapped = run("companies", record("44", { name: "Acme", domain: "ACME.example" }))
    storable(mapped.facts)
    expect(only(mapped, "CompanySeen")).toMatchObject({ company: "hubspot:company/44", domain: "acme.example" })
    expect(mapped.personal).toEqual([{ handle: "hubspot:company/44", value: "Acme" }])
  })
})

describe("deals", () => {
  const deal = (properties: Record<string, string | null>) =>
    run("deals", record("8", properties), { contacts: ["1"], companies: ["44"] })

  it("become a deal with exact money in its own currency", () => {
    const won = deal({
      amount: "1234.50",
      deal_currency_code: "USD",
      hs_is_closed_won: "true",
      closedate: "2026-04-01T00:00:00Z",
      referral_code_used: "ada10",
    })
    storable(won.facts)
    expect(only(won, "DealChanged")).toMatchObject({
      currency: "USD",
      amountMinor: 123_450n,
      outcome: "won",
      closedAt: Date.parse("2026-04-01T00:00:00Z"),
      code: "ADA10",
      contacts: ["hubspot:contact/1"],
      companies: ["hubspot:company/44"],
    })
    const money = (amount: string, code: string) =>
      only(deal({ amount, deal_currency_code: code }), "DealChanged").amountMinor
    expect([money("1000", "JPY"), money("1.234", "KWD"), money("0.0001", "CLF")]).toEqual([1000n, 1234n, 1n])
    expect(money("90071992547409930.01", "EUR")).toBe(9_007_199_254_740_993_001n)
    expect(only(deal({ amount: "5" }), "DealChanged")).toMatchObject({ currency: "EUR", amountMinor: 500n })
  })

  it("are won, lost or open; the forecast of an open one is no closing date", () => {
    const outcome = (properties: Record<string, string>) => only(deal(properties), "DealChanged").outcome
    expect(outcome({ dealstage: "closedwon" })).toBe("won")
    expect(outcome({ dealstage: "closedlost" })).toBe("lost")
    expect(outcome({ dealstage: "12345", hs_is_closed: "true", hs_is_closed_won: "false" })).toBe("lost")
    expect(outcome({ dealstage: "contractsent", hs_is_closed_won: "false" })).toBe("open")
    expect(
      only(deal({ dealstage: "contractsent", closedate: "2027-01-01T00:00:00Z" }), "DealChanged").closedAt,
    ).toBeNull()
  })

  it("without an amount have no currency; with a malformed one are rejected", () => {
    expect(only(deal({}), "DealChanged")).toMatchObject({ currency: null, amountMinor: null })
    for (const properties of [
      { amount: "12,50" },
      { amount: "1e3" },
      { amount: "1.005" },
      { amount: "NaN" },
      { amount: "5", deal_currency_code: "XXX" },
    ]) {
      const mapped = deal(properties)
      expect(mapped.facts).toEqual([])
      expect(mapped.rejected[0]?.place).toBe("hubspot:deal/8")
      expect(mapped.rejected[0]?.reason).toMatch(/^(amount|deal_currency_code): /)
    }
  })
})

describe("feedback submissions", () => {
  const answer = (properties: Record<string, string>, contacts: ReadonlyArray<string> = ["1"]) =>
    run(
      "feedback_submissions",
      record("6", {
        hs_survey_type: "NPS",
        hs_value: "9",
        hs_submission_timestamp: "2026-03-03T00:00:00Z",
        ...properties,
      }),
      { contacts },
    )

  it("become an answer of the associated contact", () => {
    const mapped = answer({ hs_survey_channel: "EMAIL" })
    storable(mapped.facts)
    expect(only(mapped, "SurveyAnswered")).toMatchObject({
      key: "hubspot:feedback/6",
      person: "hubspot:contact/1",
      survey: "nps",
      score: 9,
      occasion: "relational",
      occurredAt: Date.parse("2026-03-03T00:00:00Z"),
    })
    expect(only(answer({ hs_survey_type: "CES", hs_value: "7" }), "SurveyAnswered").occasion).toBe("transactional")
  })

  it("are rejected when the score, the survey or the person is unusable", () => {
    for (const value of ["11", "-1", "9.5", "nine", ""])
      expect(answer({ hs_value: value }).rejected[0]?.reason).toMatch(/^hs_value: /)
    expect(answer({ hs_survey_type: "CUSTOM" }).rejected[0]?.reason).toMatch(/^hs_survey_type: /)
    expect(answer({}, []).rejected).toEqual([
      { place: "hubspot:feedback/6", reason: "contacts: no contact is associated: an anonymous answer" },
    ])
  })
})
