/**
 * Which access scopes a field or type of the Admin API demands, by the vendor's own index, and the refusal when the app
 * does not have one of them. It knows the fields that name their scopes; whoever calls it decides which fields it guards.
 *
 * [V] The index is the one that the vendor ships with its schema, `admin-2026-10.scopes.json.gz`; any one scope of a list is
 * enough. [V] `write_` includes `read_` of the same name. [R] The error's words and its code `ACCESS_DENIED` are as apps report them.
 */

import * as fs from "node:fs"
import { gunzipSync } from "node:zlib"
import { GraphQLError } from "graphql"
import type { Execution, TypeFields } from "./Execution.ts"

interface Demand {
  /** Any one of these. */
  readonly s: ReadonlyArray<string>
  /** In the vendor's words. */
  readonly a: string
}

let index: ReadonlyMap<string, Demand> | undefined

const demands = (): ReadonlyMap<string, Demand> => {
  if (index === undefined) {
    const file = new URL("../../data/admin-2026-10.scopes.json.gz", import.meta.url)
    const read = JSON.parse(gunzipSync(fs.readFileSync(file)).toString("utf8")) as Readonly<Record<string, Demand>>
    index = new Map(Object.entries(read))
  }
  return index
}

const holds = (scopes: ReadonlyArray<string>, wanted: string): boolean =>
  scopes.includes(wanted) || scopes.includes(wanted.replace(/^read_/, "write_"))

const refusal = (shown: string, requiredAccess: string): GraphQLError =>
  new GraphQLError(`Access denied for ${shown} field. Required access: ${requiredAccess}`, {
    extensions: { code: "ACCESS_DENIED", documentation: "https://shopify.dev/api/usage/access-scopes", requiredAccess },
  })

/** For what the index does not tell, because it depends on the record: what changes a customer needs `write_customers`. [U] */
export const demandScope = (execution: Pick<Execution, "scopes">, scope: string, shown: string): void => {
  if (!holds(execution.scopes, scope)) throw refusal(shown, `\`${scope}\` access scope.`)
}

/** Throws the API's refusal unless the app has a scope for `place`, a type or `Type.field`; what has no demand is free. */
export const demand = (execution: Pick<Execution, "scopes">, place: string, shown: string): void => {
  const wanted = demands().get(place)
  if (wanted === undefined || wanted.s.some((scope) => holds(execution.scopes, scope))) return
  throw refusal(shown, wanted.a)
}

/**
 * The table with each field refused where its scope is missing; `answers` names the type that a field gives, which has a
 * demand of its own.
 */
export const guarded = (table: TypeFields, answers: Readonly<Record<string, string>> = {}): TypeFields => ({
  typeName: table.typeName,
  resolvers: Object.fromEntries(
    Object.entries(table.resolvers).map(([name, resolve]) => [
      name,
      (source: never, args: never, execution: Execution): unknown => {
        demand(execution, `${table.typeName}.${name}`, name)
        const answer = answers[name]
        if (answer !== undefined) demand(execution, answer, name)
        return resolve(source, args, execution)
      },
    ]),
  ),
})
