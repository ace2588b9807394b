/**
 * What a resolver is given beside its source: the shop, the way to change it, and how the request is being run.
 * `fields` makes the typed table of one schema type's resolvers; `resolve` is the field resolver for all of them.
 * Each field is refused before that when the app lacks its scope or the approval for customer data.
 * A field that no table has and no source carries is a loud `EMULATOR_NOT_IMPLEMENTED`, never a null.
 */

import type { GraphQLFieldResolver } from "graphql"
import * as AccessScopes from "./AccessScopes.ts"
import { demandApproval } from "./CustomerDataAccess.ts"
import type { CustomerDataApproval } from "./CustomerDataAccess.ts"
import { notImplemented } from "./Refusal.ts"
import type { ShopEvent } from "./ShopEvent.ts"
import type { ShopState } from "./ShopState.ts"
import type { PlanName } from "./ThrottleBucket.ts"

/** While a bulk query runs: connections give all their rows, root connections those of the window. */
export interface BulkWindow {
  from: number
  readonly size: number
  readonly snapshots: Map<string, ReadonlyArray<unknown>>
}

export interface Execution {
  readonly state: ShopState
  readonly commit: (event: ShopEvent) => void
  /** Runs later unless the sandbox is closed before. */
  readonly schedule: (delayMs: number, task: () => void) => void
  readonly codeImportMs: number
  readonly apiVersion: string
  readonly scopes: ReadonlyArray<string>
  readonly plan: PlanName
  readonly customerData: CustomerDataApproval
  readonly storeCreditEnabled: boolean
  /** Handles of the Flow triggers that the app's extensions declare; undefined: any. */
  readonly flowTriggers: ReadonlyArray<string> | undefined
  readonly bulk: BulkWindow | undefined
  readonly bulkUrl: (id: string) => string
  readonly startBulk: (query: string, groupObjects: boolean) => string
}

export interface TypeFields {
  readonly typeName: string
  readonly resolvers: Readonly<Record<string, (source: never, args: never, execution: Execution) => unknown>>
}

export const fields = <Source>(
  typeName: string,
  resolvers: Readonly<Record<string, (source: Source, args: never, execution: Execution) => unknown>>,
): TypeFields => ({ typeName, resolvers: resolvers as TypeFields["resolvers"] })

type Erased = (source: unknown, args: unknown, execution: Execution) => unknown

const own = (source: unknown, name: string): unknown =>
  typeof source === "object" && source !== null && Object.hasOwn(source, name)
    ? (source as Record<string, unknown>)[name]
    : undefined

export const resolver = (tables: ReadonlyArray<TypeFields>): GraphQLFieldResolver<unknown, Execution> => {
  const byType = new Map<string, Map<string, Erased>>()
  for (const table of tables) {
    byType.set(table.typeName, new Map(Object.entries(table.resolvers) as unknown as ReadonlyArray<[string, Erased]>))
  }
  return (source, args, execution, info) => {
    AccessScopes.demandField(execution, info)
    demandApproval(execution.customerData, info)
    const resolve = byType.get(info.parentType.name)?.get(info.fieldName)
    if (resolve !== undefined) return AccessScopes.permitted(execution, info, resolve(source, args, execution))
    const value = own(source, info.fieldName)
    if (value === undefined) throw notImplemented(`${info.parentType.name}.${info.fieldName}`)
    return typeof value === "function" ? (value as () => unknown)() : value
  }
}
