/**
 * HubSpot as a source of facts: contacts, companies, deals and survey answers, pulled or announced by webhooks.
 *
 * Promises: pulled and announced records take the same path and end in the same facts; a record that cannot be
 * understood is rejected with its place and the others go on. It decides nothing.
 */
import { Context, Effect, Layer, Stream } from "effect"
import type { ErasureAsked, Page, Pull, Source } from "@advocacy-kit/core/connector/FactSource"
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import { platform } from "@advocacy-kit/core/id/Handle"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import * as Access from "./Access.ts"
import * as Capabilities from "./Capabilities.ts"
import { HubSpotClient } from "./HubSpotClient.ts"
import { HubSpotConfig } from "./HubSpotConfig.ts"
import * as HubSpotError from "./HubSpotError.ts"
import type { ObjectType } from "./HubSpotPath.ts"
import { kinds, type ObjectKind } from "./ObjectKind.ts"
import * as ObjectReader from "./ObjectReader.ts"
import * as ObjectScan from "./ObjectScan.ts"
import * as RecordFacts from "./RecordFacts.ts"
import { subjectOf } from "./WebhookSubject.ts"

export class HubSpotSource extends Context.Service<HubSpotSource, Source>()("@advocacy-kit/hubspot/HubSpotSource") {}

type MapFound = (
  kind: ObjectKind,
  found: ReadonlyArray<ObjectReader.Found>,
) => Effect.Effect<RecordFacts.Mapped, never, CurrentTenant>

const pullOf = (kind: ObjectKind, mapFound: MapFound, client: HubSpotClient["Service"]): Pull => {
  const job = `hubspot:${kind.type}`
  return {
    job,
    label: kind.label,
    pages: (cursor) =>
      ObjectScan.pages(kind, cursor).pipe(
        Stream.mapEffect(({ found, cursor: next }) =>
          Effect.map(mapFound(kind, found), (mapped): Page => ({ ...mapped, checkpoint: { job, cursor: next } })),
        ),
        Stream.provideService(HubSpotClient, client),
      ),
  }
}

interface Asked {
  readonly ids: Map<ObjectType, Set<string>>
  readonly rows: ReadonlyArray<{ readonly eventKey: string; readonly type: ObjectType; readonly id: string }>
  readonly parked: Map<string, string>
  readonly erase: ReadonlyArray<ErasureAsked>
}

/** Sorts messages by the record that each is about; many changes of one record become one read. */
const sort = (rows: ReadonlyArray<InboxRow>, all: ReadonlyArray<ObjectKind>): Asked => {
  const parked = new Map<string, string>()
  const ids = new Map<ObjectType, Set<string>>()
  const erase: Array<ErasureAsked> = []
  const asked = rows.flatMap((row) => {
    const subject = subjectOf(row, all)
    if (subject.kind === "parked") {
      parked.set(row.eventKey, subject.reason)
      return []
    }
    if (subject.kind === "erase") {
      const handles = [platform("hubspot", "contact", subject.contact)]
      erase.push({ eventKey: row.eventKey, handles, at: row.receivedAt, reason: row.topic })
      return []
    }
    ids.set(subject.type, (ids.get(subject.type) ?? new Set()).add(subject.id))
    return [{ eventKey: row.eventKey, type: subject.type, id: subject.id }]
  })
  return { ids, rows: asked, parked, erase }
}

export const layer: Layer.Layer<HubSpotSource, never, HubSpotConfig | HubSpotClient> = Layer.effect(
  HubSpotSource,
  Effect.gen(function* () {
    const config = yield* HubSpotConfig
    const client = yield* HubSpotClient
    const byType = kinds(config)
    const all = Object.values(byType)

    const mapFound: MapFound = (kind, found) =>
      Effect.map(CurrentTenant, ({ handleKey }) =>
        RecordFacts.join(
          found.map(({ raw, neighbours }) =>
            RecordFacts.mapRecord(kind.type, kind.map, raw, neighbours, { ...config, handleKey }),
          ),
        ),
      )

    const read = Effect.fnUntraced(function* (rows: ReadonlyArray<InboxRow>) {
      const asked = sort(rows, all)
      const parts: Array<RecordFacts.Mapped> = []
      for (const [type, ids] of asked.ids) {
        const found = yield* ObjectReader.readByIds(byType[type], [...ids])
        parts.push(
          yield* mapFound(byType[type], [...new Map([...found.values()].map((one) => [one.id, one])).values()]),
        )
        for (const row of asked.rows) {
          if (row.type === type && !found.has(row.id))
            asked.parked.set(row.eventKey, `there is no ${RecordFacts.placeOf(type, row.id)} any more`)
        }
      }
      return { page: RecordFacts.join(parts), parked: asked.parked, erase: asked.erase }
    })

    return HubSpotSource.of({
      name: "hubspot",
      capabilities: Access.read(config).pipe(
        Effect.map(Capabilities.report),
        Effect.mapError(HubSpotError.toSourceError),
        Effect.provideService(HubSpotClient, client),
      ),
      pulls: all.map((kind) => pullOf(kind, mapFound, client)),
      read: (rows) =>
        read(rows).pipe(Effect.mapError(HubSpotError.toSourceError), Effect.provideService(HubSpotClient, client)),
    })
  }),
)
