/**
 * Shows standings on contacts: observe what is there, make the portal able to take it, write the difference.
 *
 * Promises: a contact whose hash says that it is up to date is not written, so that a second run sends nothing; a batch whose
 * answer was lost is looked up, never sent again; one contact that is refused does not take its batch along. Ids that
 * were merged away are written singly, which HubSpot resolves.
 */
import { Effect, Layer, Result } from "effect"
import { z } from "zod"
import {
  type ReferralLink,
  type Standing,
  WriteBack,
  type WriteBackReport,
} from "@advocacy-kit/core/connector/WriteBack"
import * as ContactProperties from "./ContactProperties.ts"
import * as ContactStanding from "./ContactStanding.ts"
import { HubSpotClient } from "./HubSpotClient.ts"
import { HubSpotConfig } from "./HubSpotConfig.ts"
import { type HubSpotError, toSourceError } from "./HubSpotError.ts"
import * as ObjectReader from "./ObjectReader.ts"
import * as ReferralLinks from "./ReferralLinks.ts"
import { BatchAnswer, CrmRecord } from "./wire/Record.ts"

/** The record that an id leads to now, and the hash that it carries. */
interface Observed {
  readonly presentId: string
  readonly hash: string | null
}

interface Outcome {
  readonly written: number
  readonly failed: WriteBackReport["failed"]
}

type Wanted = ContactStanding.Wanted
type Write<A> = Effect.Effect<A, HubSpotError, HubSpotClient>

const observe = (ids: ReadonlyArray<string>, hashProperty: string): Write<ReadonlyMap<string, Observed>> =>
  Effect.gen(function* () {
    const observed = new Map<string, Observed>()
    const note = (asked: string, raw: unknown): void => {
      const record = CrmRecord.safeParse(raw)
      if (record.success)
        observed.set(asked, { presentId: record.data.id, hash: record.data.properties[hashProperty] ?? null })
    }
    for (const raw of yield* ObjectReader.batchRead("contacts", [hashProperty], ids))
      note(ObjectReader.idOf(raw) ?? "", raw)
    for (const id of ids.filter((candidate) => !observed.has(candidate))) {
      const raw = yield* ObjectReader.readOne("contacts", [hashProperty], id)
      if (raw !== null) note(id, raw)
    }
    return observed
  })

const failure = (wanted: Wanted, reason: string) => ({ record: `hubspot:contact/${wanted.id}`, reason })

/** Looks up what became of writes whose answer was lost. */
const lookUp = (parts: ReadonlyArray<Wanted>, hashProperty: string, why: string): Write<Outcome> =>
  Effect.map(
    observe(
      parts.map(({ id }) => id),
      hashProperty,
    ),
    (now) => {
      const done = parts.filter(({ id, hash }) => now.get(id)?.hash === hash)
      const failed = parts.filter((part) => !done.includes(part)).map((part) => failure(part, why))
      return { written: done.length, failed }
    },
  )

const writeOne = (wanted: Wanted, hashProperty: string): Write<Outcome> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    const result = yield* Effect.result(
      client.request({
        operation: "update a contact",
        method: "PATCH",
        path: client.paths.object("contacts", wanted.id),
        body: { properties: wanted.properties },
        schema: z.unknown(),
        isWrite: true,
      }),
    )
    if (Result.isSuccess(result)) return { written: 1, failed: [] }
    const error = result.failure
    if (error.reason._tag === "OutcomeUnknown") return yield* lookUp([wanted], hashProperty, error.message)
    return isAboutRecords(error) ? { written: 0, failed: [failure(wanted, error.message)] } : yield* error
  })

/** Refusals of what was sent, as opposed to troubles of the connection or the account. */
const isAboutRecords = ({ reason }: HubSpotError): boolean => ["Invalid", "Missing", "Conflict"].includes(reason._tag)

const outcomeOf = (parts: ReadonlyArray<Wanted>, answer: BatchAnswer): Outcome => {
  const done = new Set(answer.results.map(ObjectReader.idOf))
  const reasonFor = (id: string): string => {
    const problem = answer.errors.find(({ context }) =>
      Object.values(context ?? {}).some((values) => values.includes(id)),
    )
    const codes = (problem?.errors ?? []).flatMap((error) => error.code ?? [])
    return problem === undefined
      ? "HubSpot did not confirm the update"
      : `HubSpot refused it: ${[problem.category ?? "", ...codes].join(" ")}`
  }
  const failed = parts.filter(({ id }) => !done.has(id)).map((part) => failure(part, reasonFor(part.id)))
  return { written: parts.length - failed.length, failed }
}

const writeBatch = (parts: ReadonlyArray<Wanted>, hashProperty: string): Write<Outcome> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    const result = yield* Effect.result(
      client.request({
        operation: "update contacts",
        method: "POST",
        path: client.paths.batchUpdate("contacts"),
        body: { inputs: parts.map(({ id, properties }) => ({ id, properties, objectWriteTraceId: id })) },
        schema: BatchAnswer,
        isWrite: true,
      }),
    )
    if (Result.isSuccess(result)) return outcomeOf(parts, result.success)
    const error = result.failure
    if (error.reason._tag === "OutcomeUnknown") return yield* lookUp(parts, hashProperty, error.message)
    if (!isAboutRecords(error)) return yield* error
    return join(yield* Effect.forEach(parts, (part) => writeOne(part, hashProperty)))
  })

const join = (outcomes: ReadonlyArray<Outcome>): Outcome => ({
  written: outcomes.reduce((sum, { written }) => sum + written, 0),
  failed: outcomes.flatMap(({ failed }) => failed),
})

/** Each present contact once; an id that was merged into a contact which is itself shown gives way to it. */
const distinct = (wanted: ReadonlyArray<Wanted>, observed: ReadonlyMap<string, Observed>): ReadonlyArray<Wanted> => {
  const kept = new Map<string, Wanted>()
  for (const part of wanted) {
    const presentId = observed.get(part.id)?.presentId
    if (presentId !== undefined && (part.id === presentId || !kept.has(presentId))) kept.set(presentId, part)
  }
  return [...kept.values()]
}

const present = (
  links: ReadonlyArray<ReferralLink>,
  observed: ReadonlyMap<string, Observed>,
): ReadonlyArray<ReferralLinks.ContactLink> =>
  links.flatMap(({ advocate, friend }) => {
    const advocateId = observed.get(ContactStanding.contactIdOf(advocate) ?? "")?.presentId
    const friendId = observed.get(ContactStanding.contactIdOf(friend) ?? "")?.presentId
    return advocateId === undefined || friendId === undefined ? [] : [{ advocateId, friendId }]
  })

const write = Effect.fnUntraced(function* (
  prefix: string,
  standings: ReadonlyArray<Standing>,
  links: ReadonlyArray<ReferralLink>,
) {
  const hashProperty = `${prefix}sync_hash`
  const { wanted, failed: unusable } = ContactStanding.plan(standings, prefix)
  const linkedIds = links
    .flatMap(({ advocate, friend }) => [advocate, friend])
    .flatMap((handle) => ContactStanding.contactIdOf(handle) ?? [])
  const observed = yield* observe([...new Set([...wanted.map(({ id }) => id), ...linkedIds])], hashProperty)
  const missing = wanted
    .filter(({ id }) => !observed.has(id))
    .map((part) => failure(part, "there is no such contact any more"))
  const changed = distinct(wanted, observed).filter(({ id, hash }) => observed.get(id)?.hash !== hash)
  if (changed.length > 0) yield* ContactProperties.ensure(prefix)
  const isPresent = ({ id }: Wanted): boolean => observed.get(id)?.presentId === id
  const batched = yield* Effect.forEach(ObjectReader.chunk(changed.filter(isPresent), 100), (parts) =>
    writeBatch(parts, hashProperty),
  )
  const merged = yield* Effect.forEach(
    changed.filter((part) => !isPresent(part)),
    (part) => writeOne(part, hashProperty),
  )
  const outcome = join([...batched, ...merged])
  const { linked, failed } = yield* ReferralLinks.write(present(links, observed))
  return {
    unchanged: wanted.length - missing.length - changed.length,
    written: outcome.written,
    linked,
    failed: [...unusable, ...missing, ...outcome.failed, ...failed],
  } satisfies WriteBackReport
})

export const layer: Layer.Layer<WriteBack, never, HubSpotConfig | HubSpotClient> = Layer.effect(
  WriteBack,
  Effect.gen(function* () {
    const { writeBackPrefix } = yield* HubSpotConfig
    const client = yield* HubSpotClient
    return WriteBack.of({
      write: (standings, links) =>
        write(writeBackPrefix, standings, links).pipe(
          Effect.mapError(toSourceError),
          Effect.provideService(HubSpotClient, client),
        ),
    })
  }),
)
