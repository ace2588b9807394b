/**
 * HubSpot's exports of a simulated brand, held against the portal itself.
 */
import { newestAnswers } from "@advocacy-kit/core/advocate/Identification"
import type { Fact, FactOf, FactTag } from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import * as People from "@advocacy-kit/core/person/People"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as HubSpotFiles from "@advocacy-kit/sandbox/exports/HubSpotFiles"
import * as Present from "@advocacy-kit/sandbox/exports/Present"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { beforeAll, describe, expect, it } from "vitest"
import { hubspotCompanies } from "../src/format/HubSpotCompanies.ts"
import { hubspotContacts } from "../src/format/HubSpotContacts.ts"
import { hubspotDeals } from "../src/format/HubSpotDeals.ts"
import { handleKey, imported, lens, type Left } from "./Imports.ts"

const world = Simulator.simulate({ seed: 21, customers: 400, orders: 1_000 })
const portal = Present.of(world)
const files = HubSpotFiles.tables(world)

const of = <Tag extends FactTag>(facts: ReadonlyArray<Fact>, tag: Tag): ReadonlyArray<FactOf<Tag>> =>
  facts.filter((fact): fact is FactOf<Tag> => fact._tag === tag)

const contactOf = (id: string): Handle.Handle => Handle.platform("hubspot", "contact", id)
const minutes = (iso: string | undefined): number => Math.floor(Date.parse(iso ?? "") / 60_000) * 60_000

/** Who is associated with a record, by the world's own list, in the order of their numbers. */
const associated = (type: string, id: string, other: string): ReadonlyArray<string> =>
  world.portal.associations
    .flatMap(({ fromId, fromType, toId, toType }) =>
      fromType === type && fromId === id && toType === other
        ? [toId]
        : toType === type && toId === id && fromType === other
          ? [fromId]
          : [],
    )
    .sort((left, right) => Number(left) - Number(right))

const dialects = [
  ["semicolons, decimal commas, CRLF", Dialect.continental],
  ["a byte order mark and all quotes", { byteOrderMark: true, quotes: "always" }],
  ["tabs", { separator: "\t" }],
  ["Windows-1252", { encoding: "windows-1252" }],
  ["columns in another order", { shuffledBy: 5 }],
] as const

let contacts: Left
let deals: Left
beforeAll(async () => {
  contacts = await imported(hubspotContacts, Dialect.text(files.contacts))
  deals = await imported(hubspotDeals, Dialect.text(files.deals))
})

describe("contacts of HubSpot", () => {
  it("are all there, as the portal's own API tells them", () => {
    expect(contacts.imported).toMatchObject({ records: portal.contacts.length, parked: 0 })
    const seen = new Map(of(contacts.facts, "PersonSeen").map((fact) => [fact.key as string, fact]))
    expect(seen.size).toBe(portal.contacts.length)
    for (const { createdAt, id, properties } of portal.contacts) {
      const emails = [properties["email"] ?? "", ...(properties["hs_additional_emails"] ?? "").split(";")]
      const code = properties["referral_code"]
      expect(seen.get(`hubspot:contact/${id}`)).toMatchObject({
        occurredAt: minutes(createdAt),
        person: contactOf(id),
        aliases: [
          ...[...new Set(emails.map(Handle.normaliseEmail))]
            .filter((email) => email !== "")
            .sort()
            .map((email) => Handle.email(handleKey, email)),
          ...(code === undefined ? [] : [Handle.code(code)]),
        ],
        mergedFrom: (properties["hs_merged_object_ids"] ?? "")
          .split(";")
          .filter((from) => from !== "")
          .sort((left, right) => Number(left) - Number(right))
          .map(contactOf),
        companies: associated("contacts", id, "companies").map((one) => Handle.platform("hubspot", "company", one)),
        soft: [Handle.phone(handleKey, properties["phone"] ?? "")].filter((phone) => phone !== null),
        marketing: { true: "denied", false: "granted" }[properties["hs_email_optout"] ?? ""] ?? "unknown",
        lifecycle: properties["lifecyclestage"] ?? null,
      })
      expect(seen.get(`hubspot:contact/${id}`)?.estimated).toBeUndefined()
    }
  })

  it("bring along what merges joined", () => {
    const people = People.resolve(contacts.facts)
    expect(world.portal.forwards.length).toBeGreaterThan(0)
    for (const { from, to } of world.portal.forwards)
      expect(people.personOf(contactOf(from))).toBe(people.personOf(contactOf(to)))
  })

  it("tell codes of an earlier program, who has them, and whom they invited", () => {
    const withCode = portal.contacts.filter(({ properties }) => properties["referral_code"] !== undefined)
    expect(withCode.length).toBeGreaterThan(20)
    expect(of(contacts.facts, "AssetIssued").length).toBe(withCode.length)
    const enrolled = new Map(of(contacts.facts, "Enrolled").map((fact) => [fact.key as string, fact]))
    const issued = new Map(of(contacts.facts, "AssetIssued").map((fact) => [fact.key as string, fact]))
    for (const { properties } of withCode) {
      const code = (properties["referral_code"] ?? "").toUpperCase()
      const told = { occurredAt: minutes(properties["referral_code_issued_at"]), program: lens.program }
      expect(issued.get(`hubspot:asset/${code}`)).toMatchObject({ ...told, code, owner: Handle.code(code) })
      expect(enrolled.get(`hubspot:enrolment/${code}`)).toMatchObject({ ...told, person: Handle.code(code) })
    }
    const invited = portal.contacts.filter(({ properties }) => properties["invited_by_code"] !== undefined)
    expect(invited.length).toBeGreaterThan(0)
    const invitations = of(contacts.facts, "InvitationSent").map(({ code, friend, key, occurredAt }) => [
      key,
      code,
      friend,
      occurredAt,
    ])
    expect(invitations.sort()).toEqual(
      invited
        .map(({ id, properties }) => [
          `hubspot:invitation/${id}`,
          properties["invited_by_code"]?.toUpperCase(),
          contactOf(id),
          minutes(properties["invited_at"]),
        ])
        .sort(),
    )
  })

  it("tell the last answer of each", () => {
    const rated = portal.contacts.filter(({ properties }) => properties["hs_feedback_last_nps_rating"] !== undefined)
    expect(rated.length).toBeGreaterThan(20)
    const answers = of(contacts.facts, "SurveyAnswered")
    expect(new Map(answers.map(({ occurredAt, person, score }) => [person, [score, occurredAt]]))).toEqual(
      new Map(
        rated.map(({ id, properties }) => [
          contactOf(id),
          [Number(properties["hs_feedback_last_nps_rating"]), minutes(properties["hs_feedback_last_survey_date"])],
        ]),
      ),
    )
    for (const { estimated, survey } of answers) expect([survey, estimated]).toEqual(["nps", ["occasion"]])
    const scores = [...newestAnswers(contacts.facts, People.resolve(contacts.facts)).values()]
    expect({
      answers: scores.length,
      promoters: scores.filter((score) => score > 8).length,
      detractors: scores.filter((score) => score < 7).length,
      passives: scores.filter((score) => score > 6 && score < 9).length,
    }).toEqual(world.truth.nps)
  })

  it.each(dialects)("are the same facts with %s", async (_, dialect) => {
    const { facts, parked } = await imported(hubspotContacts, Dialect.bytes(files.contacts, dialect))
    expect(parked).toEqual([])
    expect(facts).toEqual(contacts.facts)
  })

  it("are the same facts under an older portal's label, and under the properties' internal names", async () => {
    const older = HubSpotFiles.tables(world, { mergedLabel: "Merged object IDs" }).contacts
    expect((await imported(hubspotContacts, Dialect.text(older))).facts).toEqual(contacts.facts)
    const names: Readonly<Record<string, string>> = {
      "Record ID": "hs_object_id",
      "Additional email addresses": "hs_additional_emails",
      "Phone Number": "phone",
      "Lifecycle Stage": "lifecyclestage",
      "Create Date": "createdate",
      "Unsubscribed from all email": "hs_email_optout",
      "Merged record IDs": "hs_merged_object_ids",
      "Last NPS survey rating": "hs_feedback_last_nps_rating",
      "Last NPS survey date": "hs_feedback_last_survey_date",
      "Referral code issued at": "referral_code_issued_at",
      "Invited by code": "invited_by_code",
    }
    const columns = files.contacts.columns.map((column) => names[column] ?? column)
    const internal = await imported(hubspotContacts, Dialect.text({ ...files.contacts, columns }))
    expect(internal.facts).toEqual(contacts.facts)
  })
})

const oneContact = (more: Readonly<Record<string, string>>) => {
  const cells = { "Record ID": "501", Email: "ada@example.com", ...more }
  return imported(hubspotContacts, `${Object.keys(cells).join(",")}\n${Object.values(cells).join(",")}\n`)
}

describe("a contact", () => {
  it("that the file says little about is known from when the file was written", async () => {
    const { facts } = await oneContact({ "Referral Code": "ada-20" })
    expect(facts.map(({ _tag, estimated, occurredAt }) => [_tag, occurredAt, estimated]).sort()).toEqual([
      ["AssetIssued", lens.asOf, ["occurredAt"]],
      ["Enrolled", lens.asOf, ["occurredAt"]],
      ["PersonSeen", lens.asOf, ["occurredAt"]],
    ])
  })

  it("has a code since the earliest file that shows it, where no file says since when", async () => {
    const text = "Record ID,Email,Referral Code\n501,ada@example.com,ada-20\n"
    const versions = async (asOf: number) => {
      const { facts } = await imported(hubspotContacts, text, { lens: { asOf } })
      return new Map(facts.map(({ _tag, version }) => [_tag, version]))
    }
    const [first, second] = [await versions(lens.asOf), await versions(lens.asOf + 1)]
    for (const tag of ["AssetIssued", "Enrolled"] as const)
      expect(first.get(tag)).toBeGreaterThan(second.get(tag) ?? Number.NaN)
    expect(first.get("PersonSeen")).toBeLessThan(second.get("PersonSeen") ?? Number.NaN)
  })

  it("in a stage of the portal's own keeps its label, marked", async () => {
    const [seen] = of(
      (await oneContact({ "Lifecycle Stage": "Champion", "Create Date": "2026-01-05 10:00" })).facts,
      "PersonSeen",
    )
    expect([seen?.lifecycle, seen?.estimated]).toEqual(["Champion", ["lifecycle"]])
    expect(seen?.occurredAt).toBe(Date.parse("2026-01-05T09:00:00Z"))
  })

  it("whose answer is kept as a group has no score made up for it", async () => {
    const { facts, parked } = await oneContact({
      "Last NPS survey rating": "Promoter",
      "Last NPS survey date": "2026-01-05 10:00",
    })
    expect([parked, of(facts, "SurveyAnswered")]).toEqual([[], []])
  })

  it.each([
    [{ "Create Date": "soon" }, "Create Date", "soon", "is no time"],
    [{ "Associated Company IDs": "7;1.5E+11" }, "Associated Company IDs", "7;1.5E+11", "rounded by a spreadsheet"],
    [{ "Merged object IDs": "7;x" }, "Merged object IDs", "7;x", "is no id"],
    [
      { "Additional email addresses": "ada@example.org;nobody" },
      "Additional email addresses",
      "22 characters",
      "is no e-mail",
    ],
    [{ "Unsubscribed from all email": "maybe" }, "Unsubscribed from all email", "maybe", "neither yes nor no"],
    [{ "Referral code": "two words" }, "Referral code", "two words", "is no code"],
    [{ "Invited by code": "BO-1" }, "Invited at", null, "when was that"],
    [
      { "Last NPS survey rating": "11", "Last NPS survey date": "2026-01-05" },
      "Last NPS survey rating",
      "11",
      "from 0 to 10",
    ],
    [{ "Last NPS survey rating": "9" }, "Last NPS survey date", null, "when was it given"],
  ] as const)("with %j is parked with its place and reason", async (cells, column, value, reason) => {
    const { facts, imported: told, parked } = await oneContact(cells)
    expect([facts, parked.length]).toEqual([[], 1])
    const [refused] = told.examples
    expect(refused).toMatchObject({ place: "hubspot:contact/501", line: 2, column, value })
    expect(refused?.reason).toContain(reason)
  })

  it("of a portal with other names for its own properties is read by a mapping", async () => {
    const text =
      "Record ID,Email,Werbecode,Geworben von,Geworben am\n501,ada@example.com,ada-20,bo-7,2026-02-01 08:00\n"
    const plain = await imported(hubspotContacts, text)
    expect(plain.imported.unusedColumns).toEqual(["Werbecode", "Geworben von", "Geworben am"])
    const mapping = { code: "werbecode", invitedBy: "Geworben von", invitedAt: "Geworben am" }
    const { facts } = await imported(hubspotContacts, text, { mapping })
    expect(of(facts, "AssetIssued")[0]?.code).toBe("ADA-20")
    expect(of(facts, "InvitationSent")[0]).toMatchObject({
      code: "BO-7",
      occurredAt: Date.parse("2026-02-01T07:00:00Z"),
    })
  })

  it("is not looked for in a file of companies", async () => {
    await expect(imported(hubspotContacts, Dialect.text(files.companies))).rejects.toThrow(/no column "Email"/)
  })
})

describe("companies of HubSpot", () => {
  it("are all there, with every dialect", async () => {
    const all = await imported(hubspotCompanies, Dialect.text(files.companies))
    expect(all.imported).toMatchObject({ records: portal.companies.length, parked: 0 })
    const told = of(all.facts, "CompanySeen").map(({ company, domain, key, occurredAt }) => [
      key,
      company,
      domain,
      occurredAt,
    ])
    expect(told.sort()).toEqual(
      portal.companies
        .map(({ createdAt, id, properties }) => [
          `hubspot:company/${id}`,
          Handle.platform("hubspot", "company", id),
          properties["domain"]?.toLowerCase() ?? null,
          minutes(createdAt),
        ])
        .sort(),
    )
    for (const [, dialect] of dialects)
      expect((await imported(hubspotCompanies, Dialect.bytes(files.companies, dialect))).facts).toEqual(all.facts)
  })
})

describe("deals of HubSpot", () => {
  it("are all there, as the portal's own API tells them", () => {
    expect(deals.imported).toMatchObject({ records: portal.deals.length, parked: 0 })
    const changed = new Map(of(deals.facts, "DealChanged").map((fact) => [fact.key as string, fact]))
    const outcomes = { closedwon: "won", closedlost: "lost" } as const
    for (const { createdAt, id, properties } of portal.deals) {
      const stage = properties["dealstage"]
      const outcome = stage === "closedwon" || stage === "closedlost" ? outcomes[stage] : "open"
      const currency = currencyOf(properties["deal_currency_code"] ?? "EUR")
      const fact = changed.get(`hubspot:deal/${id}`)
      expect(fact).toMatchObject({
        occurredAt: minutes(createdAt),
        contacts: associated("deals", id, "contacts").map(contactOf),
        companies: associated("deals", id, "companies").map((one) => Handle.platform("hubspot", "company", one)),
        currency,
        amountMinor: Money.fromDecimal(properties["amount"] ?? "", currency).amountMinor,
        outcome,
        closedAt: outcome === "open" ? null : minutes(properties["closedate"]),
        code: properties["referral_code_used"]?.toUpperCase() ?? null,
      })
      expect(fact?.estimated).toBeUndefined()
    }
    const told = new Set([...changed.values()].map(({ outcome }) => outcome))
    expect(told).toEqual(new Set(["open", "won", "lost"]))
  })

  it.each(dialects)("are the same facts with %s", async (_, dialect) => {
    const { facts, parked } = await imported(hubspotDeals, Dialect.bytes(files.deals, dialect))
    expect(parked).toEqual([])
    expect(facts).toEqual(deals.facts)
  })
})

const oneDeal = (more: Readonly<Record<string, string>>, currency = "EUR") => {
  const cells = { "Record ID": "77", "Deal Stage": "Closed Won", ...more }
  return imported(hubspotDeals, `${Object.keys(cells).join(",")}\n${Object.values(cells).join(",")}\n`, {
    lens: { currency: currency === "" ? null : currencyOf(currency) },
  })
}

describe("a deal", () => {
  it.each([
    [{ "Deal Stage": "Closed won (Sales Pipeline)" }, "won", false],
    [{ "Deal Stage": "closedlost" }, "lost", false],
    [{ "Deal Stage": "Signed", "Is Closed Won": "true" }, "won", false],
    [{ "Deal Stage": "Signed", "Is Deal Closed?": "true", "Is Closed Won": "false" }, "lost", false],
    [{ "Deal Stage": "Signed", "Is Deal Closed?": "false" }, "open", false],
    [{ "Deal Stage": "Contract Sent" }, "open", false],
    [{ "Deal Stage": "Signed" }, "open", true],
    [{ "Deal Stage": "Signed", "Is Closed Won": "false" }, "open", true],
  ] as const)("with %j is %s", async (cells, outcome, isEstimated) => {
    const [deal] = of((await oneDeal({ ...cells, "Create Date": "2026-01-05 10:00" })).facts, "DealChanged")
    expect([deal?.outcome, deal?.estimated?.includes("outcome") ?? false]).toEqual([outcome, isEstimated])
  })

  it("without a currency of its own has the one that was given", async () => {
    const [deal] = of((await oneDeal({ Amount: "1200.5" }, "CHF")).facts, "DealChanged")
    expect([deal?.currency, deal?.amountMinor]).toEqual(["CHF", 120_050n])
    const [without] = of((await oneDeal({ Amount: "" }, "CHF")).facts, "DealChanged")
    expect([without?.currency, without?.amountMinor]).toEqual([null, null])
  })

  it.each([
    [{ Amount: "1200.50" }, "", "Currency", null, "say which currency"],
    [{ Amount: "1200.50", Currency: "EURO" }, "EUR", "Currency", "EURO", "is no ISO 4217"],
    [{ Amount: "1200.505" }, "EUR", "Amount", "1200.505", "is no amount in EUR"],
    [
      { "Deal Stage": "Signed", "Is Deal Closed?": "true" },
      "EUR",
      "Is Deal Closed?",
      "true",
      "export Is Closed Won too",
    ],
    [{ "Associated Contact IDs": "ada@example.com" }, "EUR", "Associated Contact IDs", "ada@example.com", "is no id"],
  ] as const)("with %j is parked with its place and reason", async (cells, currency, column, value, reason) => {
    const { facts, imported: told } = await oneDeal(cells, currency)
    expect(facts).toEqual([])
    expect(told.examples[0]).toMatchObject({ place: "hubspot:deal/77", line: 2, column, value })
    expect(told.examples[0]?.reason).toContain(reason)
  })
})
