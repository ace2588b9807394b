/**
 * Which access scopes a field or type of the Admin API demands, by the vendor's own index, and the refusal when the app
 * does not have one of them. Every field is asked before it is resolved, in queries, mutations and bulk operations: for
 * itself, for the type that it gives, and for the rows when that is a connection. Any one scope of a list is enough.
 */

import * as fs from "node:fs"
import { gunzipSync } from "node:zlib"
import { getNamedType, GraphQLError, isAbstractType, isObjectType } from "graphql"
import type { GraphQLNamedType, GraphQLResolveInfo } from "graphql"

interface Demand {
  /** Any one of these. */
  readonly s: ReadonlyArray<string>
  /** In the vendor's words. */
  readonly a: string
}

export interface Holder {
  readonly scopes: ReadonlyArray<string>
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

/** `write_` includes `read_` of the same name. */
export const holds = ({ scopes }: Holder, wanted: string): boolean =>
  scopes.includes(wanted) || (wanted.startsWith("read_") && scopes.includes(`write_${wanted.slice(5)}`))

const refusal = (shown: string, requiredAccess: string): GraphQLError =>
  new GraphQLError(`Access denied for ${shown} field. Required access: ${requiredAccess}`, {
    extensions: { code: "ACCESS_DENIED", documentation: "https://shopify.dev/api/usage/access-scopes", requiredAccess },
  })

/** For what the index does not tell, because it depends on the record: what changes a customer needs `write_customers`. */
export const demandScope = (holder: Holder, scope: string, shown: string): void => {
  if (!holds(holder, scope)) throw refusal(shown, `\`${scope}\` access scope.`)
}

const rowType = (type: GraphQLNamedType): GraphQLNamedType | undefined => {
  if (!isObjectType(type) || !type.name.endsWith("Connection")) return undefined
  const rows = type.getFields()["nodes"]
  return rows === undefined ? undefined : getNamedType(rows.type)
}

const ofField = new Map<string, ReadonlyArray<Demand>>()

const fieldDemands = ({ fieldName, parentType, returnType }: GraphQLResolveInfo): ReadonlyArray<Demand> => {
  const place = `${parentType.name}.${fieldName}`
  const known = ofField.get(place)
  if (known !== undefined) return known
  const type = getNamedType(returnType)
  const found = [place, type.name, rowType(type)?.name ?? ""].flatMap((one) => demands().get(one) ?? [])
  ofField.set(place, found)
  return found
}

const meets = (holder: Holder, demand: Demand): boolean => demand.s.some((scope) => holds(holder, scope))

/** Throws the API's refusal unless the app has a scope for the field; what has no demand is free. */
export const demandField = (holder: Holder, info: GraphQLResolveInfo): void => {
  for (const demand of fieldDemands(info)) if (!meets(holder, demand)) throw refusal(info.fieldName, demand.a)
}

const ownType = (value: unknown): string | undefined => {
  const name =
    typeof value === "object" && value !== null ? (value as { readonly __typename?: unknown }).__typename : ""
  return typeof name === "string" ? name : undefined
}

/** What a field of an interface gave, with a refusal in the place of each object whose type the app may not read. */
export const permitted = (holder: Holder, info: GraphQLResolveInfo, value: unknown): unknown => {
  if (!isAbstractType(getNamedType(info.returnType))) return value
  const one = (item: unknown): unknown => {
    const demand = demands().get(ownType(item) ?? "")
    return demand === undefined || meets(holder, demand) ? item : refusal(info.fieldName, demand.a)
  }
  if (!Array.isArray(value)) {
    const answer = one(value)
    if (answer instanceof GraphQLError) throw answer
    return answer
  }
  return value.map(one)
}
