import { describe, expect, it } from "vitest"
import { orderCount, orderId, until, withShop } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"

interface Operation {
  readonly id: string
  readonly status: string
  readonly objectCount: string
  readonly rootObjectCount: string
  readonly fileSize: string | null
  readonly url: string | null
}

interface Started {
  readonly bulkOperationRunQuery: {
    readonly bulkOperation: { readonly id: string; readonly status: string } | null
    readonly userErrors: ReadonlyArray<{
      readonly code: string
      readonly message: string
      readonly field: ReadonlyArray<string> | null
    }>
  }
}

type Line = Readonly<Record<string, unknown>> & { readonly id: string; readonly __parentId?: string }

const runMutation = `mutation($query: String!, $group: Boolean!) { bulkOperationRunQuery(query: $query, groupObjects: $group) { bulkOperation { id status } userErrors { code message field } } }`

const start = async (client: Client, query: string, group = false) =>
  (await client.data<Started>(runMutation, { query, group })).bulkOperationRunQuery

const finish = async (client: Client, id: string | undefined): Promise<Operation> =>
  (
    await until(
      () =>
        client.data<{ readonly bulkOperation: Operation }>(
          `{ bulkOperation(id: "${id}") { id status objectCount rootObjectCount fileSize url } }`,
        ),
      ({ bulkOperation }) => !["CREATED", "RUNNING"].includes(bulkOperation.status),
    )
  ).bulkOperation

const linesOf = async (operation: Operation): Promise<ReadonlyArray<Line>> =>
  (await (await fetch(operation.url ?? "")).text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)

const core = `id name updatedAt discountCodes currentTotalPriceSet { shopMoney { amount currencyCode } } customer { id defaultEmailAddress { emailAddress } }`
const line = `id quantity originalTotalSet { shopMoney { amount } } discountAllocations { allocatedAmountSet { shopMoney { amount } } }`

describe("a bulk operation", () => {
  it("gives exactly what paging gives, one line for each object, children apart from their parents", () =>
    withShop(async (client) => {
      const started = await start(
        client,
        `{ orders(sortKey: UPDATED_AT) { edges { node { ${core} lines: lineItems { edges { node { ${line} } } } } } } }`,
      )
      expect(started).toMatchObject({ bulkOperation: { status: "CREATED" }, userErrors: [] })
      const operation = await finish(client, started.bulkOperation?.id)
      expect(operation).toMatchObject({
        status: "COMPLETED",
        objectCount: String(orderCount * 3),
        rootObjectCount: String(orderCount),
      })
      const lines = await linesOf(operation)
      expect(lines).toHaveLength(orderCount * 3)
      expect(operation.fileSize).toBe(String(Buffer.byteLength(await (await fetch(operation.url ?? "")).text())))

      interface Paged {
        readonly orders: {
          readonly nodes: ReadonlyArray<Line & { readonly lines: { readonly nodes: ReadonlyArray<Line> } }>
        }
      }
      const paged = await client.data<Paged>(
        `{ orders(first: 30, sortKey: UPDATED_AT) { nodes { ${core} lines: lineItems(first: 9) { nodes { ${line} } } } } }`,
      )
      const expected = paged.orders.nodes.flatMap(({ lines: own, ...order }) => [
        order,
        ...own.nodes.map((child) => ({ ...child, __parentId: order.id })),
      ])
      const sorted = (rows: ReadonlyArray<unknown>) => rows.map((row) => JSON.stringify(row)).sort()
      expect(sorted(lines)).toEqual(sorted(expected))

      const beside = lines.filter(
        (one, index) => one.__parentId !== undefined && lines[index - 1]?.id === one.__parentId,
      )
      expect(beside.length).toBeLessThan(orderCount / 2)
      const place = new Map(lines.map((one, index) => [one.id, index]))
      expect(lines.some((one, index) => one.__parentId !== undefined && (place.get(one.__parentId) ?? 0) > index)).toBe(
        true,
      )
    }))

  it("groups on request, follows nested connections and answers an empty result with a null address", () =>
    withShop(async (client) => {
      const nested = await start(
        client,
        `{ customers { edges { node { id orders { edges { node { id lineItems { edges { node { id } } } } } } } } } }`,
        true,
      )
      const lines = await linesOf(await finish(client, nested.bulkOperation?.id))
      const place = new Map(lines.map((one, index) => [one.id, index]))
      const beforeParent = lines.filter(
        (one, index) => one.__parentId !== undefined && (place.get(one.__parentId) ?? Infinity) > index,
      )
      expect(beforeParent).toEqual([])
      expect(lines.filter((one) => one.id.includes("/LineItem/")).length).toBe(
        lines.filter((one) => one.id.includes("/Order/")).length * 2,
      )
      const empty = await start(client, `{ orders(query: "id:>${orderId(1000)}") { nodes { id } } }`)
      expect(await finish(client, empty.bulkOperation?.id)).toMatchObject({
        status: "COMPLETED",
        objectCount: "0",
        url: null,
      })
      expect(
        await client.data(
          `{ bulkOperations(first: 10, query: "status:completed operation_type:query") { nodes { status } } }`,
        ),
      ).toEqual({
        bulkOperations: { nodes: [{ status: "COMPLETED" }, { status: "COMPLETED" }] },
      })
    }))

  it.each([
    ["no connection", "{ shop { name } }", "at least one connection"],
    ["a top-level node", `{ node(id: "gid://shopify/Order/1") { id } orders { nodes { id } } }`, "node and nodes"],
    [
      "a connection under a list",
      "{ orders { nodes { id refunds { id refundLineItems { nodes { id } } } } } }",
      "within a list field",
    ],
    [
      "rows without Node",
      "{ orders { nodes { id discountApplications { nodes { index } } } } }",
      "must implement Node",
    ],
    [
      "too many connections",
      "{ orders { nodes { id a: lineItems { nodes { id } } b: lineItems { nodes { id } } c: lineItems { nodes { id } } d: lineItems { nodes { id } } e: lineItems { nodes { id } } } } }",
      "more than 5",
    ],
    [
      "too deep",
      "{ customers { nodes { id orders { nodes { id lineItems { nodes { id product { id variants { nodes { id } } } } } } } } } }",
      "levels deep",
    ],
    ["no id on a parent", "{ orders { nodes { name lineItems { nodes { id } } } } }", `must select "id"`],
    ["a wrong field", "{ orders { nodes { nonsense } } }", "Cannot query field"],
    ["a mutation", `mutation { tagsAdd(id: "1", tags: []) { userErrors { message } } }`, "exactly one query"],
  ])("refuses %s", (_, query, message) =>
    withShop(async (client) => {
      const started = await start(client, query)
      expect(started.bulkOperation).toBeNull()
      expect(started.userErrors).toMatchObject([
        { code: "INVALID", field: ["query"], message: expect.stringContaining(message) as string },
      ])
    }),
  )

  it("runs five at a time and can be cancelled", () =>
    withShop(
      async (client) => {
        const ids: Array<string | undefined> = []
        for (let index = 0; index < 5; index++)
          ids.push((await start(client, "{ orders { nodes { id } } }")).bulkOperation?.id)
        expect((await start(client, "{ orders { nodes { id } } }")).userErrors).toMatchObject([
          { code: "LIMIT_REACHED" },
        ])
        const cancel = `mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }`
        expect(await client.data(cancel, { id: ids[0] })).toEqual({
          bulkOperationCancel: { bulkOperation: { status: "CANCELED" }, userErrors: [] },
        })
        expect((await start(client, "{ orders { nodes { id } } }")).bulkOperation?.status).toBe("CREATED")
        expect(await client.data(cancel, { id: ids[0] })).toMatchObject({
          bulkOperationCancel: { userErrors: [{ message: expect.stringContaining("canceled") as string }] },
        })
      },
      { bulkDelayMs: 60_000 },
    ))

  it("fails, and does not answer a part, when a field of its rows is not implemented", () =>
    withShop(async (client) => {
      const started = await start(client, "{ orders { nodes { id returns { nodes { id } } } } }")
      expect(await finish(client, started.bulkOperation?.id)).toMatchObject({ status: "FAILED", url: null })
    }))
})
