/**
 * Bulk operations as the Admin API shows them, and the mutations that start and cancel them. Counters are strings, the
 * address of the result is null while there is none or when it is empty. Running them is `BulkRunner`'s work.
 */

import { rootPage } from "./Connection.ts"
import type { Position } from "./Connection.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { findOfType } from "./NodeLookup.ts"
import type { SearchArguments } from "./OrderSearch.ts"
import { instant, instantOrNull } from "./Scalars.ts"
import * as SearchSyntax from "./SearchSyntax.ts"
import type { StoredBulkOperation } from "./ShopEvent.ts"

export class BulkRefusal extends Error {
  readonly code: "INVALID" | "LIMIT_REACHED"
  constructor(code: "INVALID" | "LIMIT_REACHED", message: string) {
    super(message)
    this.code = code
  }
}

export const isUnfinished = (row: StoredBulkOperation): boolean => row.status === "CREATED" || row.status === "RUNNING"

const resultDays = 7
/** What a failed operation had written is told some time after it failed. */
const partialAfterMillis = 60_000

/** The result is kept for a week of the shop's clock. */
export const isExpired = (row: StoredBulkOperation, now: string): boolean =>
  row.completedAt !== null && Date.parse(now) >= Date.parse(row.completedAt) + resultDays * 86_400_000

const resultUrl = (row: StoredBulkOperation, { bulkUrl, state }: Execution): string | null =>
  row.status === "COMPLETED" && row.fileBytes !== null && row.fileBytes > 0 && !isExpired(row, state.now)
    ? bulkUrl(row.id)
    : null

const partialUrl = (row: StoredBulkOperation, { bulkUrl, state }: Execution): string | null => {
  if (row.completedAt === null || !row.partialBytes || isExpired(row, state.now)) return null
  return Date.parse(state.now) < Date.parse(row.completedAt) + partialAfterMillis ? null : bulkUrl(`${row.id}-partial`)
}

const statusOf = (row: StoredBulkOperation, now: string): string =>
  row.status === "COMPLETED" && isExpired(row, now) ? "EXPIRED" : row.status

const operationFields = fields<StoredBulkOperation>("BulkOperation", {
  id: (row) => GlobalId.make("BulkOperation", row.id),
  type: () => "QUERY",
  createdAt: (row) => instant(row.createdAt),
  completedAt: (row) => instantOrNull(row.completedAt),
  objectCount: (row) => String(row.objectCount),
  rootObjectCount: (row) => String(row.rootObjectCount),
  fileSize: (row) => (row.fileBytes === null ? null : String(row.fileBytes)),
  status: (row, _, { state }) => statusOf(row, state.now),
  url: (row, _, execution) => resultUrl(row, execution),
  partialDataUrl: (row, _, execution) => partialUrl(row, execution),
})

const searchFields: SearchSyntax.SearchFields<StoredBulkOperation> = {
  status: { kind: "text", read: (row) => row.status },
  operation_type: { kind: "text", read: () => "query" },
  created_at: { kind: "instant", read: (row) => row.createdAt },
  completed_at: { kind: "instant", read: (row) => row.completedAt },
  id: { kind: "number", read: (row) => row.id },
}

const operations = (_: unknown, args: SearchArguments, execution: Execution) => {
  const matches = SearchSyntax.compile(SearchSyntax.parse(args.query), searchFields, execution.state.brand.timeZone)
  const value = (row: StoredBulkOperation): string =>
    args.sortKey === "COMPLETED_AT" ? (row.completedAt ?? "") : row.createdAt
  const position = (row: StoredBulkOperation): Position => [value(row), row.id]
  const read = () =>
    [...execution.state.bulkOperations.values()]
      .filter(matches)
      .sort((left, right) =>
        value(left) < value(right) ? -1 : value(left) > value(right) ? 1 : GlobalId.compareNumbers(left.id, right.id),
      )
  return rootPage("bulkOperations", read, position, args, execution)
}

const runQuery = (
  _: unknown,
  args: { readonly query: string; readonly groupObjects: boolean },
  execution: Execution,
) => {
  try {
    const id = execution.startBulk(args.query, args.groupObjects)
    return { bulkOperation: execution.state.bulkOperations.get(id), userErrors: [] }
  } catch (error) {
    if (!(error instanceof BulkRefusal)) throw error
    return {
      bulkOperation: null,
      userErrors: [{ field: error.code === "INVALID" ? ["query"] : null, message: error.message, code: error.code }],
    }
  }
}

const cancel = (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const operation = execution.state.bulkOperations.get(GlobalId.numberOf("BulkOperation", args.id) ?? "")
  if (operation === undefined)
    return { bulkOperation: null, userErrors: [{ field: ["id"], message: "Bulk operation does not exist" }] }
  if (!isUnfinished(operation)) {
    const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`
    return { bulkOperation: operation, userErrors: [{ field: null, message }] }
  }
  const canceled: StoredBulkOperation = { ...operation, status: "CANCELED", completedAt: execution.state.now }
  execution.commit({ type: "bulk.changed", operation: canceled })
  return { bulkOperation: canceled, userErrors: [] }
}

const newest = (_: unknown, args: { readonly type?: string }, { state }: Execution) =>
  args.type === "MUTATION" ? null : ([...state.bulkOperations.values()].at(-1) ?? null)

export const bulkTables: ReadonlyArray<TypeFields> = [
  operationFields,
  fields<unknown>("QueryRoot", {
    bulkOperation: (_, args: { readonly id: string }, execution) => findOfType("BulkOperation", args.id, execution),
    bulkOperations: operations,
    currentBulkOperation: newest,
  }),
  fields<unknown>("Mutation", { bulkOperationRunQuery: runQuery, bulkOperationCancel: cancel }),
]
