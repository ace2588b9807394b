/**
 * Reviews and mentions: what rows say, what they cannot say, and that neither texts, names nor links are kept.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { mentions } from "../src/format/Mentions.ts"
import { reviews } from "../src/format/Reviews.ts"
import { handleKey, lens, ofTag, type Options, read } from "./FileFacts.ts"

const isFact = Schema.is(Fact.Fact)
const email = (address: string) => Handle.email(handleKey, address)

const judgeMe = [
  "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply,reply_date,picture_urls,ip_address,location",
  'Great,"Soft, and it\nlasts",5,2026-03-02 10:12:00 UTC,web,ok,Ada Lovelace,Ada@example.com,7012345678,soap,,,https://img.example.com/a.jpg,192.0.2.1,FR',
  "Hm,Not for me,2,2026-01-10,web,not-yet,Bea,bea@example.com,7012345678,soap,,,,,",
  "Buy,Cheap watches,5,2026-01-10,web,spam,Bot,bot@example.com,1,x,,,,,",
].join("\n")

const yotpo = [
  "Review Title;Review Content;Review Score;Date;Product ID;Product Title;Display Name;Email;Verified Purchase",
  'Super;"Well ""done""";4,5;15/03/2026;999;Bag;Ana Lopez;ana@example.com;Yes',
].join("\r\n")

describe("reviews", () => {
  it("of Judge.me are content with stars, and what is no longer shown is removed", async () => {
    const file = await read(reviews, judgeMe)
    expect(file.refused).toEqual([])
    const facts = ofTag(file, "ContentPublished")
    expect(facts.map(({ author, removed, stars }) => [author, stars, removed])).toEqual([
      [email("ada@example.com"), 5, false],
      [email("bea@example.com"), 2, false],
      [email("bot@example.com"), 5, true],
    ])
    expect(facts[0]).toMatchObject({
      kind: "review",
      channel: "judge.me",
      product: "7012345678",
      occurredAt: Date.parse("2026-03-02T10:12:00Z"),
      impressions: null,
      engagements: {},
      rights: "unknown",
      incentivised: null,
      rank: 10,
    })
    expect(facts.every((fact) => isFact(fact))).toBe(true)
  })

  it("of Yotpo are content, with half stars", async () => {
    const [fact] = ofTag(await read(reviews, yotpo), "ContentPublished")
    expect(fact).toMatchObject({ channel: "yotpo", stars: 4.5, product: "999", author: email("ana@example.com") })
  })

  it("keep no text, no name, no address in facts", async () => {
    const { facts, personal } = await read(reviews, judgeMe)
    expect(JSON.stringify(facts)).not.toMatch(/Great|Soft|Ada|@|192\.0|img\.example/i)
    expect(personal.get(email("ada@example.com"))).toBe("Ada@example.com")
  })

  it("of a list of one's own say more: where, whether rewarded, whether it may be used", async () => {
    const titles = "Review ID,Channel,Rating,Published at,Email,Incentivised,Rights,Status"
    const file = await read(
      reviews,
      `${titles}\nr1,Trustpilot,3,2026-03-01,,yes,granted,hidden\nr1,Google,3,2026-03-01,,no,requested,published\n`,
    )
    const facts = ofTag(file, "ContentPublished")
    expect(facts[0]).toMatchObject({
      channel: "trustpilot",
      author: null,
      incentivised: true,
      rights: "granted",
      removed: true,
    })
    expect(facts[1]).toMatchObject({ channel: "google", incentivised: false, rights: "unknown", removed: false })
    expect(facts[0]?.key).not.toBe(facts[1]?.key)
  })

  it("without ids are as many as there are rows, and the same by the next export", async () => {
    const titles = "Rating,Date,Product,Status"
    const text = `${titles}\n5,2026-03-01,soap,published\n5,2026-03-01,soap,published\n5,2026-03-01,bag,published\n`
    const first = await read(reviews, text)
    expect(new Set(first.facts.map(({ key }) => key)).size).toBe(3)
    const later = await read(reviews, text.replaceAll("published", "hidden"), { lens: { asOf: lens.asOf + 1 } })
    expect(later.facts.map(({ key }) => key)).toEqual(first.facts.map(({ key }) => key))
    expect((await read(reviews, text, { skip: 1 })).facts).toEqual(first.facts.slice(1))
  })

  it.each([
    ["Rating", "6", "is no rating of one to five stars"],
    ["Rating", "0", "is no rating of one to five stars"],
    ["Rating", "five", "is no number"],
    ["Rating", "", "is empty"],
    ["Date", "yesterday", "is no time such as"],
    ["Status", "maybe", "is no state that is known"],
    ["Rights", "perhaps", "is no answer such as"],
    ["Incentivised", "perhaps", "is neither yes nor no"],
  ])("with %s %j are refused there", async (column, value, reason) => {
    const good = { Rating: "5", Date: "2026-03-01", Status: "published", Rights: "granted", Incentivised: "no" }
    const row = Object.values({ ...good, [column]: value }).join(",")
    const file = await read(reviews, [Object.keys(good).join(","), row, Object.values(good).join(",")].join("\n"))
    expect(file.facts).toHaveLength(1)
    expect(file.refused).toHaveLength(1)
    expect(file.refused[0]).toMatchObject({ line: 2, column, value: value === "" ? null : value })
    expect(file.refused[0]?.reason).toContain(reason)
  })
})

const list = [
  "Published at,Channel,Author email,Username,URL,Kind,Impressions,Likes,Comments,Shares",
  "2026-03-01 10:00,Instagram,ada@example.com,@ada,https://www.instagram.com/p/X1/?igsh=1,reel,12000,340,12,7",
  '2026-03-02 10:00,Instagram,,@Bea,https://instagram.com/p/X2,photo,"9,000",1,,',
  "2026-03-03 10:00,TikTok,,bea,,,,,,",
  "2026-03-03 10:00,Blog,,shopify:customer/7,,article,,,,",
  "2026-03-04 10:00,Forum,,,,mention,,,,",
].join("\n")

describe("mentions", () => {
  const options: Options = { lens: { decimalMark: "." } }

  it("are content with reach, by the author's e-mail, else by their account", async () => {
    const file = await read(mentions, list, options)
    expect(file.refused).toEqual([])
    const facts = ofTag(file, "ContentPublished")
    expect(facts).toHaveLength(5)
    expect(facts[0]).toMatchObject({
      kind: "video",
      channel: "instagram",
      author: email("ada@example.com"),
      impressions: 12_000,
      engagements: { like: 340, comment: 12, share: 7 },
      stars: null,
      removed: false,
      incentivised: null,
    })
    expect(facts[1]).toMatchObject({ kind: "photo", impressions: 9_000, engagements: { like: 1 } })
    expect(facts[1]?.author).toMatch(/^social:[0-9A-Z]{26}$/)
    expect(facts[2]).toMatchObject({ kind: "mention", impressions: null, engagements: {} })
    // The same name elsewhere may be somebody else's.
    expect(facts[2]?.author).not.toBe(facts[1]?.author)
    expect(facts[3]).toMatchObject({ kind: "post", author: "shopify:customer/7" })
    expect(facts[4]?.author).toBeNull()
    expect(facts.every((fact) => isFact(fact))).toBe(true)
    expect(new Set(facts.map(({ key }) => key)).size).toBe(5)
  })

  it("keep no account, address or link in facts", async () => {
    const { facts, personal } = await read(mentions, list, options)
    expect(JSON.stringify(facts)).not.toMatch(/ada|bea|@|https|instagram\.com|X1/i)
    expect([...personal.values()]).toContain("@Bea")
  })

  it("are the same piece by the same link, however it is written, and tell new counts by the next export", async () => {
    const keys = async (text: string) => (await read(mentions, text, options)).facts.map(({ key }) => key)
    const changed = list
      .replace("https://www.instagram.com/p/X1/?igsh=1", "http://instagram.com/p/X1")
      .replace("340", "350")
    expect(await keys(changed)).toEqual(await keys(list))
    const watched = list.replace("www.instagram.com/p/X1/?igsh=1", "youtube.com/watch?v=X1&si=9")
    expect(await keys(watched.replace("&si=9", ""))).toEqual(await keys(watched))
    expect(await keys(watched.replace("v=X1", "v=X2"))).not.toEqual(await keys(watched))
  })

  it.each([
    ["reel", "podcast", "Kind", "is no kind that is known"],
    ["12000", "-1", "Impressions", "is below zero"],
    ["12000", "1.5", "Impressions", "is no whole number"],
    ["ada@example.com", "ada", "Author email", "is no e-mail address"],
    ["2026-03-01 10:00,Instagram", "2026-03-01 10:00,", "Channel", "is empty"],
  ])("with %s as %j are refused there", async (from, to, column, reason) => {
    const file = await read(mentions, list.replace(from, to), options)
    expect(file.facts).toHaveLength(4)
    expect(file.refused[0]).toMatchObject({ line: 2, column })
    expect(file.refused[0]?.reason).toContain(reason)
  })
})
