/**
 * Runs a bulk query against a snapshot of the shop and writes its JSONL: every row of every connection is a line of its
 * own, nested rows with `__parentId`. graphql-js answers in windows of root rows, so a line is exactly what a page would
 * give. Ungrouped, the lines are shuffled by the seed, so children are not next to their parents and may precede them.
 */

import { setImmediate } from "node:timers/promises"
import { execute } from "graphql"
import type { DocumentNode, GraphQLSchema } from "graphql"
import { fieldResolver } from "./AdminSchema.ts"
import type { BulkShape } from "./BulkQuery.ts"
import type { BulkWindow, Execution } from "./Execution.ts"

export interface BulkResult {
  readonly content: string
  readonly objectCount: number
  readonly rootObjectCount: number
}

interface BulkRun {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly shape: BulkShape
  readonly groupObjects: boolean
  readonly seed: number
  readonly execution: Execution
  readonly isCanceled: () => boolean
}

type Row = Record<string, unknown>

const windowSize = 500

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value)

const rowsOf = (connection: unknown): ReadonlyArray<Row> => {
  if (!isRow(connection)) return []
  for (const value of Object.values(connection)) {
    if (Array.isArray(value))
      return value.map((one: unknown) => (isRow(one) && isRow(one["node"]) ? one["node"] : one)).filter(isRow)
  }
  return []
}

type Child = readonly [row: Row, shape: BulkShape, parentId: string]

/** Moves the rows of connections out of `row` into `children`. The answer is ours alone, so it is changed in place. */
const takeChildren = (row: Row, shape: BulkShape, ownId: string, children: Array<Child>): void => {
  for (const [key, field] of shape) {
    const inner = row[key]
    if (field.isConnection) {
      for (const child of rowsOf(inner)) children.push([child, field.below, ownId])
      delete row[key]
    } else if (field.below.size > 0 && isRow(inner)) {
      takeChildren(inner, field.below, typeof inner["id"] === "string" ? inner["id"] : ownId, children)
    }
  }
}

/** Emits a row without its connections, then their rows. */
const emitRow = (row: Row, shape: BulkShape, parentId: string | undefined, emit: (line: string) => void): void => {
  const children: Array<Child> = []
  takeChildren(row, shape, String(row["id"] ?? parentId), children)
  if (parentId !== undefined) row["__parentId"] = parentId
  emit(JSON.stringify(row))
  for (const [child, childShape, id] of children) emitRow(child, childShape, id, emit)
}

/** A small generator (mulberry32), so that a seed always gives the same order. */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const shuffle = (lines: Array<string>, seed: number): void => {
  const next = generator(seed)
  for (let index = lines.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1))
    const line = lines[index] as string
    lines[index] = lines[other] as string
    lines[other] = line
  }
}

/** Undefined when the operation was cancelled on the way. Throws what the query itself throws. */
export const run = async (options: BulkRun): Promise<BulkResult | undefined> => {
  const window: BulkWindow = { from: 0, size: windowSize, snapshots: new Map() }
  const lines: Array<string> = []
  let rootObjectCount = 0
  for (let more = true; more; window.from += windowSize) {
    if (options.isCanceled()) return undefined
    const answer = await execute({
      schema: options.schema,
      document: options.document,
      fieldResolver,
      contextValue: { ...options.execution, bulk: window },
    })
    if (answer.errors !== undefined && answer.errors.length > 0) throw answer.errors[0]
    for (const [key, connection] of Object.entries(answer.data ?? {})) {
      const below = options.shape.get(key)?.below ?? new Map()
      for (const row of rowsOf(connection)) {
        rootObjectCount++
        emitRow(row, below, undefined, (line) => void lines.push(line))
      }
    }
    more = [...window.snapshots.values()].some((rows) => rows.length > window.from + windowSize)
    await setImmediate()
  }
  if (!options.groupObjects) shuffle(lines, options.seed)
  return { content: lines.length === 0 ? "" : `${lines.join("\n")}\n`, objectCount: lines.length, rootObjectCount }
}
