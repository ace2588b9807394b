/**
 * Starts bulk operations and carries them to their end: CREATED, RUNNING, COMPLETED, FAILED or CANCELED. Five may be
 * unfinished at a time. The result is written before the completion is logged; what a restart interrupted runs again
 * under its own id, on the shop as it then is.
 */

import { GraphQLError } from "graphql"
import * as AdminSchema from "./AdminSchema.ts"
import { BulkRefusal, isUnfinished } from "./BulkResolvers.ts"
import * as BulkQuery from "./BulkQuery.ts"
import * as BulkResult from "./BulkResult.ts"
import type { Execution } from "./Execution.ts"
import type { Faults } from "./Faults.ts"
import type { ShopLog } from "./ShopLog.ts"
import type { BulkFate, StoredBulkOperation } from "./ShopEvent.ts"

const maximumUnfinished = 5

export interface BulkOptions {
  /** Wait before the work begins. */
  readonly delayMs: number
  readonly faults: Faults
}

const planOf = (version: AdminSchema.Version, query: string) => {
  const read = AdminSchema.readDocument(version, query)
  if ("errors" in read)
    throw new BulkRefusal("INVALID", `Invalid bulk query: ${read.errors.map((error) => error.message).join("; ")}`)
  const schema = AdminSchema.load(version)
  const plan = BulkQuery.plan(schema, read.document)
  if ("problems" in plan) throw new BulkRefusal("INVALID", plan.problems.join(" "))
  return { schema, document: read.document, shape: plan.shape }
}

export const resultName = (id: string): string => `${id}.jsonl`

export const partialName = (id: string): string => `${id}-partial.jsonl`

const fateOf = (faults: Faults): BulkFate | undefined => {
  if (faults.take("bulkAccessDenied")) return "ACCESS_DENIED"
  if (faults.take("bulkInternalError")) return "INTERNAL_SERVER_ERROR"
  if (faults.take("bulkTimeout")) return "TIMEOUT"
  return faults.take("bulkCancel") ? "CANCELED" : undefined
}

/** The first half of the lines, as far as one that stopped midway had come. */
const firstHalf = (content: string): string => {
  const lines = content.split("\n").slice(0, -1)
  return lines
    .slice(0, Math.floor(lines.length / 2))
    .map((line) => `${line}\n`)
    .join("")
}

export interface BulkRunner {
  readonly start: (version: AdminSchema.Version, query: string, groupObjects: boolean) => string
  /** Runs again what was unfinished when the sandbox last ended. */
  readonly resume: () => void
}

export const make = (options: BulkOptions, log: ShopLog, execution: Execution): BulkRunner => {
  const { state } = execution
  const current = (id: string): StoredBulkOperation | undefined => state.bulkOperations.get(id)
  const change = (id: string, changes: Partial<StoredBulkOperation>): void => {
    const operation = current(id)
    if (operation !== undefined && isUnfinished(operation))
      log.commit({ type: "bulk.changed", operation: { ...operation, ...changes } })
  }
  const fail = (id: string, fate: BulkFate, content: string): void => {
    const completedAt = state.now
    if (fate === "CANCELED") return change(id, { status: "CANCELED", completedAt })
    if (fate === "ACCESS_DENIED") return change(id, { status: "FAILED", completedAt, errorCode: fate })
    const partial = firstHalf(content)
    log.writeResult(partialName(id), partial)
    const objectCount = partial.split("\n").length - 1
    change(id, {
      status: "FAILED",
      completedAt,
      errorCode: fate,
      objectCount,
      partialBytes: Buffer.byteLength(partial),
    })
  }
  const work = async (version: AdminSchema.Version, id: string): Promise<void> => {
    const operation = current(id)
    if (operation === undefined || !isUnfinished(operation)) return
    try {
      const isCanceled = () => current(id)?.status === "CANCELED"
      const seed = state.brand.seed + Number(BigInt(id) % 1_000_003n)
      const result = await BulkResult.run({
        ...planOf(version, operation.query),
        groupObjects: operation.groupObjects,
        seed,
        execution,
        isCanceled,
      })
      if (result === undefined || isCanceled()) return
      if (operation.fate !== undefined) return fail(id, operation.fate, result.content)
      log.writeResult(resultName(id), result.content)
      const { content, objectCount, rootObjectCount } = result
      change(id, {
        status: "COMPLETED",
        completedAt: state.now,
        objectCount,
        rootObjectCount,
        fileBytes: Buffer.byteLength(content),
      })
    } catch (error) {
      process.stderr.write(
        `Shopify sandbox: bulk operation ${id} failed: ${error instanceof Error ? error.message : String(error)}\n`,
      )
      const isDenied = error instanceof GraphQLError && error.extensions["code"] === "ACCESS_DENIED"
      const errorCode = isDenied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR"
      change(id, { status: "FAILED", completedAt: state.now, errorCode })
    }
  }
  const plan = (version: AdminSchema.Version, id: string): void => {
    execution.schedule(Math.min(10, options.delayMs), () => change(id, { status: "RUNNING" }))
    execution.schedule(options.delayMs, () => void work(version, id))
  }
  return {
    start: (version, query, groupObjects) => {
      planOf(version, query)
      if ([...state.bulkOperations.values()].filter(isUnfinished).length >= maximumUnfinished) {
        throw new BulkRefusal(
          "LIMIT_REACHED",
          `${maximumUnfinished} bulk query operations for this app and shop are in progress already.`,
        )
      }
      const id = state.nextId()
      const fate = fateOf(options.faults)
      const operation: StoredBulkOperation = {
        __typename: "BulkOperation",
        id,
        query,
        groupObjects,
        status: "CREATED",
        errorCode: null,
        createdAt: state.now,
        completedAt: null,
        objectCount: 0,
        rootObjectCount: 0,
        fileBytes: null,
        ...(fate === undefined ? {} : { fate }),
      }
      log.commit({ type: "bulk.changed", operation })
      plan(version, id)
      return id
    },
    resume: () => {
      for (const operation of state.bulkOperations.values())
        if (isUnfinished(operation)) plan(AdminSchema.versions[0], operation.id)
    },
  }
}
