/**
 * Reads records of one type in the three ways that HubSpot has: the list by id, the search, and batches by id; and who is
 * associated with them.
 *
 * Promises: a batch never holds more than HubSpot takes; associations are complete (further pages are followed). Records
 * come back as they were on the wire: whoever maps them judges them.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import { Effect } from "effect"
import { HubSpotClient } from "./HubSpotClient.ts"
import type { HubSpotError } from "./HubSpotError.ts"
import type { ObjectType } from "./HubSpotPath.ts"
import type { Neighbours } from "./RecordFacts.ts"
import { AssociationsRead } from "./wire/Association.ts"
import { BatchAnswer, CrmRecord, Identified, ListPage, SearchPage } from "./wire/Record.ts"

/** What to ask of one type of record. */
export interface RecordShape {
  readonly type: ObjectType
  readonly properties: ReadonlyArray<string>
  /** Holds when the record last changed, as users see it. */
  readonly modifiedProperty: string
  readonly neighbours: ReadonlyArray<ObjectType>
}

export interface Found {
  readonly raw: unknown
  /** Null where the record has none that can be read. */
  readonly id: string | null
  readonly neighbours: Neighbours
}

export interface ChangeWindow {
  readonly from: number
  readonly to: number
  /** Only records with greater ids. */
  readonly lastId: string
}

export const listSize = 100
export const searchSize = 200
const batchSize = 100
const associationBatchSize = 1_000

type Read<A> = Effect.Effect<A, HubSpotError, HubSpotClient>

export const chunk = <A>(items: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

export const idOf = (raw: unknown): string | null => Identified.safeParse(raw).data?.id ?? null

/** One page of the list, in order of id, with the associations that come along. */
export const listPage = Effect.fnUntraced(function* (shape: RecordShape, after: string | null) {
  const client = yield* HubSpotClient
  const page = yield* client.request({
    operation: `list ${shape.type}`,
    method: "GET",
    path: client.paths.objects(shape.type),
    query: [
      ["limit", String(listSize)],
      ["archived", "false"],
      ["properties", shape.properties.join(",")],
      ...(shape.neighbours.length === 0 ? [] : [["associations", shape.neighbours.join(",")] as const]),
      ...(after === null ? [] : [["after", after] as const]),
    ],
    schema: ListPage,
  })
  return { found: yield* withEmbedded(shape, page.results), next: page.paging?.next?.after ?? null }
})

/** One page of what changed within a window, in order of id; at most `searchSize` records, never a page beyond. */
export const searchPage = Effect.fnUntraced(function* (shape: RecordShape, { from, to, lastId }: ChangeWindow) {
  const client = yield* HubSpotClient
  const page = yield* client.request({
    operation: `search ${shape.type}`,
    method: "POST",
    path: client.paths.search(shape.type),
    isSearch: true,
    body: {
      filterGroups: [
        {
          filters: [
            { propertyName: shape.modifiedProperty, operator: "BETWEEN", value: String(from), highValue: String(to) },
            { propertyName: "hs_object_id", operator: "GT", value: lastId },
          ],
        },
      ],
      sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
      properties: shape.properties,
      limit: searchSize,
    },
    schema: SearchPage,
  })
  return yield* withAssociations(shape, page.results)
})

/** Records by id, in any number. Ids that do not exist, or were merged away, are absent. */
export const batchRead = (
  type: ObjectType,
  properties: ReadonlyArray<string>,
  ids: ReadonlyArray<string>,
): Read<ReadonlyArray<unknown>> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    const answers = yield* Effect.forEach(chunk(ids, batchSize), (inputs) =>
      client.request({
        operation: `read ${type}`,
        method: "POST",
        path: client.paths.batchRead(type),
        body: { properties, inputs: inputs.map((id) => ({ id })) },
        schema: BatchAnswer,
      }),
    )
    return answers.flatMap((answer) => answer.results)
  })

/** One record by id; ids that were merged away resolve to the present record. Null when there is none. */
export const readOne = (type: ObjectType, properties: ReadonlyArray<string>, id: string): Read<unknown> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    return yield* client
      .request({
        operation: `read one of ${type}`,
        method: "GET",
        path: client.paths.object(type, id),
        query: [["properties", properties.join(",")]],
        schema: Identified.loose(),
      })
      .pipe(
        Effect.catchIf(
          (error) => error.reason._tag === "Missing",
          () => Effect.succeed(null),
        ),
      )
  })

/**
 * Whole records by the ids that somebody once knew, each with its associations, by the id asked for. Merged ids lead to
 * the present record; ids of deleted records are absent.
 */
export const readByIds = Effect.fnUntraced(function* (shape: RecordShape, ids: ReadonlyArray<string>) {
  const wanted = Handle.recordNumbers(ids)
  const present = new Map<string, unknown>()
  for (const raw of yield* batchRead(shape.type, shape.properties, wanted)) present.set(idOf(raw) ?? "", raw)
  for (const id of wanted.filter((candidate) => !present.has(candidate))) {
    const raw = yield* readOne(shape.type, shape.properties, id)
    if (raw !== null) present.set(id, raw)
  }
  const asked = wanted.filter((id) => present.has(id))
  const found = yield* withAssociations(
    shape,
    asked.map((id) => present.get(id)),
  )
  return new Map(asked.map((id, index) => [id, found[index] as Found]))
})

/** For each id the ids on the other side. */
export const associated = (
  from: ObjectType,
  to: ObjectType,
  ids: ReadonlyArray<string>,
): Read<ReadonlyMap<string, ReadonlyArray<string>>> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    const found = new Map<string, Array<string>>()
    let inputs: ReadonlyArray<{ readonly id: string; readonly after?: string }> = ids.map((id) => ({ id }))
    while (inputs.length > 0) {
      const answers = yield* Effect.forEach(chunk(inputs, associationBatchSize), (part) =>
        client.request({
          operation: `read associations ${from} to ${to}`,
          method: "POST",
          path: client.paths.associationsRead(from, to),
          body: { inputs: part },
          schema: AssociationsRead,
        }),
      )
      const results = answers.flatMap((answer) => answer.results)
      for (const {
        from: { id },
        to: others,
      } of results) {
        found.set(id, [...(found.get(id) ?? []), ...others.map((other) => other.toObjectId)])
      }
      inputs = results.flatMap(({ from: { id }, paging }) =>
        paging?.next === undefined ? [] : [{ id, after: paging.next.after }],
      )
    }
    return found
  })

/** Adds associations by calls of their own, one per thousand records and type. */
const withAssociations = (shape: RecordShape, raws: ReadonlyArray<unknown>): Read<ReadonlyArray<Found>> =>
  Effect.gen(function* () {
    const ids = Handle.recordNumbers(raws.flatMap((raw) => idOf(raw) ?? []))
    const maps = yield* Effect.forEach(shape.neighbours, (to) =>
      Effect.map(associated(shape.type, to, ids), (map) => ({ to, map })),
    )
    return raws.map((raw) => {
      const id = idOf(raw)
      const neighbours = Object.fromEntries(
        maps.map(({ to, map }) => [to, Handle.recordNumbers(map.get(id ?? "") ?? [])]),
      )
      return { raw, id, neighbours }
    })
  })

/** Takes the associations that came with the list; asks again only for records that have more than were sent. */
const withEmbedded = (shape: RecordShape, raws: ReadonlyArray<unknown>): Read<ReadonlyArray<Found>> =>
  Effect.gen(function* () {
    const embedded = raws.map((raw) => ({
      raw,
      id: idOf(raw),
      sent: CrmRecord.safeParse(raw).data?.associations ?? {},
    }))
    const isCut = ({ sent }: (typeof embedded)[number]): boolean =>
      shape.neighbours.some((to) => sent[to]?.paging?.next !== undefined)
    const whole = new Map(
      (yield* withAssociations(
        shape,
        embedded.filter(isCut).map(({ raw }) => raw),
      )).map((found) => [found.raw, found]),
    )
    return embedded.map(
      ({ raw, id, sent }) =>
        whole.get(raw) ?? {
          raw,
          id,
          neighbours: Object.fromEntries(
            shape.neighbours.map((to) => [
              to,
              Handle.recordNumbers((sent[to]?.results ?? []).map((other) => other.id)),
            ]),
          ),
        },
    )
  })
