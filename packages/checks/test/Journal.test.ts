import { buildSchema } from "graphql"
import { describe, expect, it } from "vitest"
import * as HubSpotRules from "../src/journal/HubSpotRules.ts"
import { credentials, type JournalEntry, parse, refusals } from "../src/journal/JournalEntry.ts"
import * as ShopifyRules from "../src/journal/ShopifyRules.ts"

const hubspot = (change: Partial<JournalEntry> = {}): JournalEntry => ({
  platform: "hubspot",
  method: "GET",
  url: "http://127.0.0.1:1/crm/objects/2026-09/contacts?limit=100",
  requestHeaders: { accept: "application/json" },
  requestBody: "",
  status: 200,
  responseHeaders: {},
  responseBody: "{}",
  ...change,
})
const lines = (...values: ReadonlyArray<unknown>): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("")
const post = (path: string, body: unknown): JournalEntry =>
  hubspot({ method: "POST", url: `http://127.0.0.1:1${path}`, requestBody: JSON.stringify(body) })

describe("a line of the journal", () => {
  it("is read when it has exactly the members of an exchange", () => {
    expect(parse(lines(hubspot(), hubspot()))).toMatchObject({ faults: [], entries: [hubspot(), hubspot()] })
  })

  it.each([
    ["a member is missing", lines({ ...hubspot(), status: undefined })],
    ["a member is too many", lines({ ...hubspot(), note: "x" })],
    ["a member is of another kind", lines({ ...hubspot(), status: "200" })],
    ["it is torn", lines(hubspot()).slice(0, -10)],
    ["it is no JSON", "nonsense\n"],
  ])("is refused when %s", (_, text) => {
    expect(parse(text).faults.length).toBeGreaterThan(0)
  })

  it("carries no credential", () => {
    const found = (entry: JournalEntry) => credentials(parse(lines(entry)), ["hush"])
    expect(found(hubspot())).toEqual([])
    expect(found(hubspot({ requestHeaders: { Authorization: "x" } }))).toHaveLength(1)
    expect(found(hubspot({ requestHeaders: { "x-shopify-access-token": "x" } }))).toHaveLength(1)
    expect(found(hubspot({ requestBody: "say hush" }))).toHaveLength(1)
    expect(found(hubspot({ responseBody: "Bearer abcdefghij" }))).toHaveLength(1)
  })

  it("shows a refused call", () => {
    expect(refusals(parse(lines(hubspot(), hubspot({ status: 429 }))))).toHaveLength(1)
  })
})

describe("a call to HubSpot", () => {
  const inputs = (count: number) => ({ inputs: Array.from({ length: count }, (_, id) => ({ id: String(id) })) })

  it("keeps to the documented paths and sizes", () => {
    const good = [
      hubspot(),
      hubspot({ url: "http://127.0.0.1:1/crm/objects/2026-09/contacts/12?properties=email" }),
      post("/crm/objects/2026-09/contacts/batch/update", inputs(100)),
      post("/crm/objects/2026-09/0-19/search", { limit: 200, after: "9800" }),
      post("/crm/associations/2026-09/contacts/companies/batch/read", inputs(1_000)),
      post("/crm/associations/2026-09/contacts/contacts/batch/create", inputs(2_000)),
    ]
    expect(HubSpotRules.faults(good)).toEqual([])
  })

  it.each([
    ["a numbered version", hubspot({ url: "http://127.0.0.1:1/crm/v3/objects/contacts" })],
    ["a method that the path has not", hubspot({ method: "DELETE" })],
    ["101 inputs", post("/crm/objects/2026-09/contacts/batch/update", inputs(101))],
    ["1,001 associations to read", post("/crm/associations/2026-09/contacts/deals/batch/read", inputs(1_001))],
    ["2,001 associations", post("/crm/associations/2026-09/contacts/deals/batch/create", inputs(2_001))],
    ["101 associations to archive", post("/crm/associations/2026-09/contacts/deals/batch/archive", inputs(101))],
    ["no inputs", post("/crm/objects/2026-09/contacts/batch/update", { inputs: [] })],
    ["a list page of 101", hubspot({ url: "http://127.0.0.1:1/crm/objects/2026-09/contacts?limit=101" })],
    ["a search page of 201", post("/crm/objects/2026-09/contacts/search", { limit: 201 })],
    ["a search past 10,000", post("/crm/objects/2026-09/contacts/search", { limit: 200, after: "9801" })],
  ])("is a fault with %s", (_, entry) => {
    expect(HubSpotRules.faults([entry])).toHaveLength(1)
  })
})

describe("an exchange with Shopify", () => {
  const schema = buildSchema(`type Shop { id: ID! name: String! old: String @deprecated } type Query { shop: Shop! }`)
  const exchange = (query: string, answer: unknown, change: Partial<JournalEntry> = {}) =>
    ShopifyRules.judge(schema, [
      hubspot({
        platform: "shopify",
        method: "POST",
        url: `http://127.0.0.1:1/admin/api/${ShopifyRules.version}/graphql.json`,
        requestBody: JSON.stringify({ query }),
        responseBody: JSON.stringify(answer),
        ...change,
      }),
    ]).faults

  it("fits the schema", () => {
    expect(exchange("{ shop { name } }", { data: { shop: { name: "x" } }, extensions: {} })).toEqual([])
  })

  it.each([
    ["an unknown field", () => exchange("{ shop { size } }", { data: { shop: { size: 1 } } })],
    ["a deprecated field", () => exchange("{ shop { old } }", { data: { shop: { old: "x" } } })],
    ["a document that cannot be read", () => exchange("{ shop {", {})],
    ["an answer with errors", () => exchange("{ shop { name } }", { errors: [{ message: "no" }] })],
    ["an answer without data", () => exchange("{ shop { name } }", {})],
    [
      "another version",
      () => exchange("{ shop { name } }", {}, { url: "http://127.0.0.1:1/admin/api/2025-01/graphql.json" }),
    ],
    [
      "a file that no bulk operation made",
      () => exchange("", {}, { method: "GET", url: "http://127.0.0.1:1/bulk/1.jsonl" }),
    ],
  ])("is a fault with %s", (_, faults) => {
    expect(faults()).toHaveLength(1)
  })
})
