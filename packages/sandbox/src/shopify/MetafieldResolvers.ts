/**
 * Metafields of whatever has them, and `metafieldsSet` with its compare-and-set by digest. The app's own namespace `$app`
 * is stored under its full name. At most 25 metafields a call, all or none of them. [D metafieldsSet]
 */

import { createHash } from "node:crypto"
import { demandScope } from "./AccessScopes.ts"
import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { findNode } from "./NodeLookup.ts"
import { notImplemented } from "./Refusal.ts"
import { instant } from "./Scalars.ts"
import type { StoredMetafield } from "./ShopEvent.ts"

interface MetafieldInput {
  readonly ownerId: string
  readonly namespace?: string | null
  readonly key: string
  readonly type?: string | null
  readonly value: string
  readonly compareDigest?: string | null
}

const appNamespace = "app--1"

const fullNamespace = (namespace: string | null | undefined): string =>
  namespace === null || namespace === undefined
    ? appNamespace
    : namespace.replace(/^\$app(?=$|:|--)/, appNamespace).replace(`${appNamespace}:`, `${appNamespace}--`)

const digestOf = (value: string): string => createHash("sha256").update(value).digest("hex")

const owned = (execution: Execution, ownerId: string): ReadonlyMap<string, StoredMetafield> =>
  execution.state.metafields.get(ownerId) ?? new Map()

export const metafieldFields = <Source>(ownerId: (source: Source) => string) => ({
  metafield: (
    source: Source,
    args: { readonly namespace?: string | null; readonly key: string },
    execution: Execution,
  ) => owned(execution, ownerId(source)).get(`${fullNamespace(args.namespace)}.${args.key}`) ?? null,
  metafields: (
    source: Source,
    args: PageArguments & { readonly namespace?: string | null; readonly keys?: ReadonlyArray<string> | null },
    execution: Execution,
  ) => {
    const rows = [...owned(execution, ownerId(source)).values()].filter(
      (row) =>
        (args.namespace === null || args.namespace === undefined || row.namespace === fullNamespace(args.namespace)) &&
        (args.keys === null || args.keys === undefined || args.keys.includes(`${row.namespace}.${row.key}`)),
    )
    return listPage(rows, args, execution)
  },
})

const ownerTypes: Readonly<Record<string, string>> = {
  Customer: "CUSTOMER",
  Order: "ORDER",
  Shop: "SHOP",
  AppInstallation: "API_PERMISSION",
  DiscountCodeNode: "DISCOUNT",
}

const problemOf = (
  input: MetafieldInput,
  before: StoredMetafield | undefined,
  execution: Execution,
): readonly [code: string, field: string, message: string] | undefined => {
  const type = GlobalId.parse(input.ownerId)?.type
  if (type === undefined || ownerTypes[type] === undefined)
    throw notImplemented(`metafieldsSet on the owner "${input.ownerId}"`)
  if (findNode(input.ownerId, execution) === null) return ["INVALID", "ownerId", "Owner does not exist."]
  if (input.key.trim().length < 2) return ["TOO_SHORT", "key", "Key is too short (minimum is 2 characters)"]
  if (input.key.length > 64) return ["TOO_LONG", "key", "Key is too long (maximum is 64 characters)"]
  if (input.value === "") return ["BLANK", "value", "Value can't be blank."]
  if ((input.type ?? before?.type) === undefined) return ["BLANK", "type", "Type can't be blank"]
  // A null digest demands that there is nothing yet; an absent one demands nothing.
  if (input.compareDigest === null && before !== undefined)
    return [
      "STALE_OBJECT",
      "compareDigest",
      "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
    ]
  if (
    typeof input.compareDigest === "string" &&
    (before === undefined || digestOf(before.value) !== input.compareDigest)
  ) {
    return [
      "STALE_OBJECT",
      "compareDigest",
      "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
    ]
  }
  return undefined
}

const demandOwners = (
  metafields: ReadonlyArray<{ readonly ownerId: string }>,
  execution: Execution,
  shown: string,
): void => {
  if (metafields.some(({ ownerId }) => GlobalId.parse(ownerId)?.type === "Customer"))
    demandScope(execution, "write_customers", shown)
}

/** [D metafieldsDelete] What is not there is answered with null in its place, and no error. */
const metafieldsDelete = (
  _: unknown,
  args: {
    readonly metafields: ReadonlyArray<{ readonly ownerId: string; readonly namespace: string; readonly key: string }>
  },
  execution: Execution,
) => {
  demandOwners(args.metafields, execution, "metafieldsDelete")
  const found = args.metafields.map((one) => {
    const metafield = owned(execution, one.ownerId).get(`${fullNamespace(one.namespace)}.${one.key}`)
    return metafield === undefined
      ? null
      : { ownerId: metafield.ownerId, namespace: metafield.namespace, key: metafield.key }
  })
  execution.commit({ type: "metafields.deleted", metafields: found.flatMap((one) => one ?? []) })
  return { deletedMetafields: found, userErrors: [] }
}

const metafieldsSet = (
  _: unknown,
  args: { readonly metafields: ReadonlyArray<MetafieldInput> },
  execution: Execution,
) => {
  if (args.metafields.length > 25) {
    return {
      metafields: null,
      userErrors: [
        {
          field: ["metafields"],
          message: "Exceeded the maximum metafields input limit of 25.",
          code: "LESS_THAN_OR_EQUAL_TO",
          elementIndex: null,
        },
      ],
    }
  }
  demandOwners(args.metafields, execution, "metafieldsSet")
  const at = execution.state.now
  const userErrors: Array<unknown> = []
  const metafields = args.metafields.map((input, index): StoredMetafield => {
    const namespace = fullNamespace(input.namespace)
    const before = owned(execution, input.ownerId).get(`${namespace}.${input.key}`)
    const problem = problemOf(input, before, execution)
    if (problem !== undefined) {
      userErrors.push({
        field: ["metafields", String(index), problem[1]],
        message: problem[2],
        code: problem[0],
        elementIndex: index,
      })
    }
    return {
      __typename: "Metafield",
      id: before?.id ?? execution.state.nextId(),
      ownerId: input.ownerId,
      namespace,
      key: input.key,
      type: input.type ?? before?.type ?? "",
      value: input.value,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    }
  })
  if (userErrors.length > 0) return { metafields: null, userErrors }
  execution.commit({ type: "metafields.set", metafields })
  return { metafields, userErrors: [] }
}

const metafieldTable = fields<StoredMetafield>("Metafield", {
  id: (row) => GlobalId.make("Metafield", row.id),
  legacyResourceId: (row) => row.id,
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.updatedAt),
  compareDigest: (row) => digestOf(row.value),
  ownerType: (row) => ownerTypes[GlobalId.parse(row.ownerId)?.type ?? ""],
  owner: (row, _, execution) => findNode(row.ownerId, execution),
  sizeInBytes: (row) => Buffer.byteLength(row.value),
  jsonValue: (row) =>
    row.type === "json" || row.type.startsWith("number_integer") || row.type === "boolean"
      ? JSON.parse(row.value)
      : row.value,
})

export const metafieldTables: ReadonlyArray<TypeFields> = [
  metafieldTable,
  fields<unknown>("Mutation", { metafieldsSet, metafieldsDelete }),
]
