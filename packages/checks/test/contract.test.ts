import { cpSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { run } from "../src/Command.ts"
import { judge } from "../src/contract/DocumentRules.ts"
import * as WireDocuments from "../src/contract/WireDocuments.ts"
import { schemaOf, sdlOf, versions } from "../src/wireTypes.ts"
import { root } from "../src/Workspace.ts"
import { fixture } from "./Fixture.ts"

const schema = schemaOf(sdlOf(root, versions[0]))
const wire = (text: string) => WireDocuments.read([{ name: "Case.graphql", text }])
const faults = (text: string) => judge(schema, wire(text))

describe("a document", () => {
  it("that keeps to the schema is accepted", () => {
    expect(faults("query Shop { shop { name } }")).toEqual([])
    expect(faults("# At most 250 ids.\nquery Few($ids: [ID!]!) { nodes(ids: $ids) { id } }")).toEqual([])
    expect(faults("query AllBulk($q: String!) { orders(query: $q) { edges { node { id } } } }")).toEqual([])
  })

  it.each([
    ["a wrong field", "query Shop {\n  shop { nam }\n}", /Cannot query field "nam" on type "Shop".*\(line 2\)/],
    ["a wrong argument", "query Shop { shop(id: 1) { name } }", /Unknown argument "id"/],
    [
      "a deprecated field",
      "query Land { orders(first: 1) { nodes { landingPageUrl } } }",
      /landingPageUrl is deprecated/,
    ],
    [
      "a deprecated argument",
      "query Face { customers(first: 1) { nodes { image(size: 5) { id } } } }",
      /argument "size" is deprecated/,
    ],
    [
      "a price above 1,000 points",
      "query Dear { orders(first: 250) { nodes { lineItems(first: 250) { nodes { product { id } originalTotalSet { shopMoney { amount } presentmentMoney { amount } } discountedTotalSet { shopMoney { amount } presentmentMoney { amount } } } } } } }",
      /costs \d{4} points; Shopify refuses more than 1000/,
    ],
    [
      "too many ids",
      "# At most 250 ids.\nquery Many($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { customer { id } shippingAddress { id } billingAddress { id } currentTotalPriceSet { shopMoney { amount } } } } }",
      /costs 1\d{3} points/,
    ],
    ["ids without a limit", "query Many($ids: [ID!]!) { nodes(ids: $ids) { id } }", /say above it how much \$ids/],
    ["pages without a limit", "query P($n: Int!) { orders(first: $n) { nodes { id } } }", /how much \$n ever asks for/],
    ["no connection in a bulk query", "query ShopBulk { shop { name } }", /at least one connection/],
    [
      "a connection under a list in a bulk query",
      "query RBulk { orders { edges { node { id fulfillments { fulfillmentLineItems { edges { node { id } } } } } } } }",
      /connection field within a list field/,
    ],
    [
      "rows without an id in a bulk query",
      "query NBulk { orders { edges { node { name lineItems { edges { node { id } } } } } } }",
      /must select "id"/,
    ],
    ["a missing fragment", "query Shop { shop { ...Lost } }", /Unknown fragment "Lost"/],
    [
      "a fragment that nobody uses",
      "fragment Lone on Shop { id }\nquery Shop { shop { name } }",
      /nothing uses the fragment Lone/,
    ],
    ["a name that is taken", "query Shop { shop { name } }\nquery Shop { shop { id } }", /there is another Shop/],
  ])("with %s is refused, with file and line", (_, text, reason) => {
    const found = faults(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^Case\.graphql:\d+/)
    expect(found[0]).toMatch(reason)
  })

  it("takes fragments from other files", () => {
    const two = WireDocuments.read([
      { name: "A.graphql", text: "query Shop { shop { ...Named } }" },
      { name: "B.graphql", text: "fragment Named on Shop { name }" },
    ])
    expect(judge(schema, two)).toEqual([])
    expect(two.documents.map(WireDocuments.textOf)).toEqual(["query Shop{shop{...Named}} fragment Named on Shop{name}"])
  })

  it("for a bulk operation is sent without a head", () => {
    const [one] = wire(`query AllBulk($q: String!) { orders(query: $q) { edges { node { id } } } }`).documents
    expect(one === undefined ? "" : WireDocuments.textOf(one)).toBe("{orders(query:$q){edges{node{id}}}}")
  })
})

describe("the command", () => {
  const command = (name: string, folder: string) =>
    run("node", [join(import.meta.dirname, "../src", name), folder], { cwd: root })

  it("fails for types that are not those of the documents, and for either version of the schema", async () => {
    const path = join(WireDocuments.folder, "Case.graphql")
    const folder = fixture({ [path]: "query Shop { shop { name } }" })
    cpSync(join(root, "packages/sandbox/data"), join(folder, "packages/sandbox/data"), { recursive: true })
    const stale = {
      exitCode: 1,
      output: expect.stringContaining("is stale: run node packages/checks/src/wireTypes.ts"),
    }
    expect(await command("contract.ts", folder)).toMatchObject(stale)
    expect(await command("wireTypes.ts", folder)).toMatchObject({ exitCode: 0 })
    expect(await command("contract.ts", folder)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("1 doc"),
    })
    writeFileSync(join(folder, path), "query Shop { shop { name id } }")
    expect(await command("contract.ts", folder)).toMatchObject(stale)
    writeFileSync(join(folder, path), "query Shop { shop { nam } }")
    const { exitCode, output } = await command("contract.ts", folder)
    expect(exitCode).toBe(1)
    expect(output).toContain("Admin API 2026-10: packages/shopify/src/wire/Case.graphql:1 Shop")
    expect(output).toContain("Admin API 2026-07: packages/shopify/src/wire/Case.graphql:1 Shop")
  }, 120_000)
})
