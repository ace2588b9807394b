/**
 * Answers to surveys in three products' columns, held against a simulated brand's own; and what no answer may be.
 */
import { newestAnswers } from "@advocacy-kit/core/advocate/Identification"
import type { SurveyAnswered } from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as People from "@advocacy-kit/core/person/People"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as HubSpotFiles from "@advocacy-kit/sandbox/exports/HubSpotFiles"
import * as NpsFiles from "@advocacy-kit/sandbox/exports/NpsFiles"
import * as Present from "@advocacy-kit/sandbox/exports/Present"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { describe, expect, it } from "vitest"
import { hubspotContacts } from "../src/format/HubSpotContacts.ts"
import { surveyAnswers } from "../src/format/SurveyAnswers.ts"
import { handleKey, imported, lens, type Left } from "./Imports.ts"

const world = Simulator.simulate({ seed: 21, customers: 400, orders: 1_000 })
const { answers, contacts } = Present.of(world)
const files = NpsFiles.tables(world)

const answersOf = ({ facts }: Left): ReadonlyArray<SurveyAnswered> =>
  facts.filter((fact): fact is SurveyAnswered => fact._tag === "SurveyAnswered")

const emails = new Map(contacts.map(({ id, properties }) => [id, properties["email"] ?? ""]))
const askedOf = new Map(world.portal.associations.map(({ fromId, toId }) => [toId, emails.get(fromId) ?? ""]))

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1_000) * 1_000

const truth = answers
  .map(({ createdAt, id, properties }) => ({
    person: Handle.email(handleKey, askedOf.get(id) ?? ""),
    at: seconds(properties["hs_submission_timestamp"] ?? createdAt),
    score: Number(properties["hs_value"]),
  }))
  .sort((left, right) => left.at - right.at || (left.person < right.person ? -1 : 1))

const told = (left: Left) =>
  answersOf(left)
    .map(({ occurredAt, person, score }) => ({ person, at: Math.floor(occurredAt / 1_000) * 1_000, score }))
    .sort((one, other) => one.at - other.at || (one.person < other.person ? -1 : 1))

/** Delighted names no zone; ours is in UTC. */
const kinds = [
  ["a file of one's own", files.generic, {}],
  ["Delighted's", files.delighted, { timeZone: "UTC" }],
  ["Typeform's", files.typeform, {}],
] as const

describe.each(kinds)("%s answers", (_, table, more) => {
  it("are all there, whoever's columns they are in, and in every dialect", async () => {
    const all = await imported(surveyAnswers, Dialect.text(table), { lens: more })
    expect(all.imported).toMatchObject({ records: answers.length, facts: answers.length, parked: 0 })
    expect(told(all)).toEqual(truth)
    for (const dialect of [
      Dialect.continental,
      { byteOrderMark: true, quotes: "always" },
      { shuffledBy: 3 },
    ] as const) {
      const again = await imported(surveyAnswers, Dialect.bytes(table, dialect), { lens: more })
      expect(again.facts).toEqual(all.facts)
    }
    for (const { estimated, rank, survey } of answersOf(all))
      expect([survey, estimated, rank]).toEqual(["nps", ["occasion"], 10])
  })

  it("come to the brand's score, with the contacts that say whose e-mails they are", async () => {
    const portal = await imported(hubspotContacts, Dialect.text(HubSpotFiles.tables(world).contacts))
    const all = await imported(surveyAnswers, Dialect.text(table), { lens: more })
    const people = People.resolve(portal.facts)
    const counts = (left: ReadonlyArray<Left>) => {
      const scores = [
        ...newestAnswers(
          left.flatMap(({ facts }) => facts),
          people,
        ).values(),
      ]
      return [scores.length, scores.filter((score) => score > 8).length, scores.filter((score) => score < 7).length]
    }
    const { answers: people_, detractors, promoters } = world.truth.nps
    expect(counts([all])).toEqual([people_, promoters, detractors])
    // The portal tells the last answers a second time; that changes nothing.
    expect(counts([all, portal])).toEqual([people_, promoters, detractors])
  })
})

it("an answer with a number of its product is known by it, another one by person and time", async () => {
  const numbered = await imported(surveyAnswers, Dialect.text(files.delighted))
  expect(new Set(answersOf(numbered).map(({ key }) => key))).toEqual(
    new Set(answers.map(({ id }) => `survey:response/${id}`)),
  )
  const typeform = await imported(surveyAnswers, Dialect.text(files.typeform))
  expect(new Set(answersOf(typeform).map(({ key }) => key))).toEqual(
    new Set(answers.map(({ id }) => `survey:response/nps${id}`)),
  )
  const rows = "ada@example.com,9,2026-01-05T10:00:00Z\nbo@example.com,3,2026-01-05T10:00:00Z\n"
  const twice = await imported(surveyAnswers, `email,score,date\n${rows}ADA@example.com ,9,2026-01-05 11:00 +0100\n`)
  expect(twice.imported).toMatchObject({ facts: 3, recorded: 2, duplicates: 1 })
  const counted = await imported(surveyAnswers, `#,email,score,date\n1,ada@example.com,9,2026-01-05T10:00:00Z\n`)
  expect(answersOf(counted)[0]?.key).toBe(answersOf(twice).find(({ score }) => score === 9)?.key)
})

it("times under a title that says UTC are in UTC, others in the zone of the file", async () => {
  const text = (title: string) => `email,score,${title}\nada@example.com,9,2026-01-05 10:00\n`
  const [utc] = answersOf(await imported(surveyAnswers, text("Submit Date (UTC)")))
  const [local] = answersOf(await imported(surveyAnswers, text("Submitted at")))
  expect(utc?.occurredAt).toBe(Date.parse("2026-01-05T10:00:00Z"))
  expect([lens.timeZone, local?.occurredAt]).toEqual(["Europe/Berlin", Date.parse("2026-01-05T09:00:00Z")])
})

const one = (more: Readonly<Record<string, string>>, mapping: Readonly<Record<string, string>> = {}) => {
  const cells = { email: "ada@example.com", score: "9", answered_at: "2026-01-05T10:00:00Z", ...more }
  return imported(surveyAnswers, `${Object.keys(cells).join(",")}\n${Object.values(cells).join(",")}\n`, { mapping })
}

describe("an answer", () => {
  it.each([
    [{ survey: "NPS", score: "0" }, "nps", "relational"],
    [{ survey: "csat", score: "5" }, "csat", "relational"],
    [{ survey: "CES", score: "7" }, "ces", "transactional"],
    [{ survey: "csat", score: "1", occasion: "Transactional" }, "csat", "transactional"],
  ] as const)("with %j is of its survey and occasion", async (cells, survey, occasion) => {
    const [answer] = answersOf(await one(cells))
    expect(answer).toMatchObject({ survey, occasion, score: Number(cells.score) })
    expect(answer?.estimated).toEqual("occasion" in cells ? undefined : ["occasion"])
  })

  it("is its contact's or customer's where the file says who that is", async () => {
    const [contact] = answersOf(await one({ "HubSpot contact ID": "501", "Shopify customer ID": "7" }))
    expect(contact?.person).toBe("hubspot:contact/501")
    const [customer] = answersOf(await one({ email: "", shopify_customer_id: "'7" }))
    expect(customer?.person).toBe("shopify:customer/7")
  })

  it("is read from columns of any title by a mapping", async () => {
    const [answer] = answersOf(
      await imported(surveyAnswers, "Adresse;Note;Am\nada@example.com;8;05.01.2026 11:00\n", {
        mapping: { email: "Adresse", score: "Note", answeredAt: "Am" },
      }),
    )
    expect(answer).toMatchObject({ score: 8, occurredAt: Date.parse("2026-01-05T10:00:00Z") })
  })

  it.each([
    [{ score: "11" }, "score", "11", "from 0 to 10"],
    [{ score: "-1" }, "score", "-1", "from 0 to 10"],
    [{ score: "9.5" }, "score", "9.5", "is not a whole number"],
    [{ score: "nine" }, "score", "nine", "is no number"],
    [{ score: "" }, "score", null, "was not answered"],
    [{ score: "0", survey: "csat" }, "score", "0", "from 1 to 5"],
    [{ score: "6", survey: "csat" }, "score", "6", "from 1 to 5"],
    [{ score: "8", survey: "ces" }, "score", "8", "from 1 to 7"],
    [{ survey: "enps" }, "survey", "enps", "is none of"],
    [{ occasion: "yearly" }, "occasion", "yearly", "is neither"],
    [{ email: "Ada" }, "email", "3 characters", "is no e-mail"],
    [{ email: "" }, "email", null, "nobody knows"],
    [{ answered_at: "" }, "answered_at", null, "was not finished"],
    [{ answered_at: "03/04/2026" }, "answered_at", "03/04/2026", "may be in either month"],
  ] as const)("with %j is parked with its place and reason", async (cells, column, value, reason) => {
    const { facts, imported: report, parked } = await one({ ...cells, "Response ID": "880011" })
    expect([facts, parked.length]).toEqual([[], 1])
    expect(report.examples[0]).toMatchObject({ place: "survey:response/880011", line: 2, column, value })
    expect(report.examples[0]?.reason).toContain(reason)
  })

  it.each(["1.2E+11", "=1+1", "two words"])("with the id %s, which a spreadsheet made, is parked", async (id) => {
    const { facts, imported: report } = await one({ "Response ID": id })
    expect(facts).toEqual([])
    expect(report.examples[0]).toMatchObject({ place: "file.csv line 2", column: "Response ID", value: id })
  })

  it("is never read from one of two questions that may be the one", async () => {
    const question = "How likely are you to recommend"
    const text = `email,${question} us?,${question} our app?,Submit Date (UTC)\nada@example.com,9,2,2026-01-05 10:00:00\n`
    await expect(imported(surveyAnswers, text)).rejects.toThrow(/2 columns that may be the score/)
    const mapping = { score: `${question} us?` }
    expect(answersOf(await imported(surveyAnswers, text, { mapping }))[0]?.score).toBe(9)
  })
})
