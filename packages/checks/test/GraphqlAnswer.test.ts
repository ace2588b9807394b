import { buildSchema, parse } from "graphql"
import { describe, expect, it } from "vitest"
import { rowDocuments, rowFaults } from "../src/journal/BulkRows.ts"
import { faults } from "../src/journal/GraphqlAnswer.ts"

const schema = buildSchema(`
  scalar DateTime
  interface Node { id: ID! }
  interface Discount { title: String! }
  type CodeDiscount implements Discount { title: String! code: String! }
  type OtherDiscount implements Discount { title: String! }
  enum Status { PAID OPEN }
  type Line implements Node { id: ID! quantity: Int! }
  type LineEdge { node: Line! }
  type LineConnection { edges: [LineEdge!]! }
  type Order implements Node { id: ID! test: Boolean! status: Status at: DateTime! lines: LineConnection! discounts: [Discount!]! }
  type OrderEdge { node: Order! }
  type OrderConnection { edges: [OrderEdge!]! }
  type Query { node(id: ID!): Node order(id: ID!): Order orders: OrderConnection! }
`)

const document = parse(
  `query Q($id: ID!) { order(id: $id) { id test status placed: at discounts { title ... on CodeDiscount { code } } } }`,
)
const order = {
  id: "gid://shopify/Order/1",
  test: false,
  status: "PAID",
  placed: "2026-01-02T03:04:05Z",
  discounts: [{ title: "a", code: "A" }, { title: "b" }],
}
const judge = (change: Readonly<Record<string, unknown>>) =>
  faults(schema, { document, variables: { id: "gid://shopify/Order/1" }, data: { order: { ...order, ...change } } })

describe("an answer against its document", () => {
  it("fits when it is what was asked for", () => {
    expect(judge({})).toEqual([])
    expect(judge({ status: null, discounts: [] })).toEqual([])
    expect(faults(schema, { document, variables: { id: "gid://shopify/Order/1" }, data: { order: null } })).toEqual([])
  })

  it.each([
    ["a required field that is null", { test: null }],
    ["a required field that is missing", { test: undefined }],
    ["a scalar of another kind", { test: "false" }],
    ["a number where text is due", { id: 1 }],
    ["a value that the enum has not", { status: "LOST" }],
    ["a time in another format", { placed: "yesterday" }],
    ["a member that was not asked for", { note: "x" }],
    ["a list that holds nothing known", { discounts: [{ title: "a", colour: "red" }] }],
    ["a list that is none", { discounts: { title: "a" } }],
  ])("does not fit with %s", (_, change) => {
    expect(judge(change)).toHaveLength(1)
  })

  it("does not fit when a variable is missing", () => {
    expect(faults(schema, { document, variables: {}, data: { order } })).toHaveLength(1)
  })
})

describe("rows of a bulk result", () => {
  const documents = rowDocuments(
    schema,
    parse(`{ orders { edges { node { id test at lines { edges { node { id quantity } } } } } } }`),
  )
  const text = (rows: ReadonlyArray<unknown>): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("")
  const parent = { id: "gid://shopify/Order/1", test: true, at: "2026-01-02T03:04:05Z" }
  const child = { id: "gid://shopify/Line/2", quantity: 2, __parentId: parent.id }

  it("fit in any order", () => {
    expect(rowFaults(schema, documents, text([child, parent]))).toEqual([])
  })

  it("fit when the document says it in fragments", () => {
    const split = rowDocuments(
      schema,
      parse(`{ orders { edges { node { ...Whole } } } }
        fragment Whole on Order { ...Plain lines { edges { node { id quantity } } } }
        fragment Plain on Order { id test at }`),
    )
    expect(rowFaults(schema, split, text([child, parent]))).toEqual([])
    expect(rowFaults(schema, split, text([child, { ...parent, note: "x" }]))).toHaveLength(1)
  })

  it.each([
    ["a parent that is not there", [child]],
    ["a field missing", [parent, { ...child, quantity: undefined }]],
    ["a field too many", [parent, { ...child, title: "x" }]],
    ["a type that was not asked for", [parent, { ...child, id: "gid://shopify/Refund/2" }]],
  ])("do not fit with %s", (_, rows) => {
    expect(rowFaults(schema, documents, text(rows))).toHaveLength(1)
  })
})
