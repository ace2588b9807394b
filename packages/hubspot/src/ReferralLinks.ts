/**
 * Who referred whom, as an association between two contacts: the friend is "Referred", the advocate "Referred by".
 *
 * Promises: existing associations are read first and only missing ones are sent. Where the plan has no labels the plain
 * association is used; then the direction is not shown.
 */
import { Effect } from "effect"
import { z } from "zod"
import { HubSpotClient } from "./HubSpotClient.ts"
import type { HubSpotError } from "./HubSpotError.ts"
import { chunk } from "./ObjectReader.ts"
import { AssociationLabels, AssociationsRead } from "./wire/Association.ts"

export interface ContactLink {
  readonly advocateId: string
  readonly friendId: string
}

/** As marketers read it on the two contacts. */
export const labels = { name: "advocacy_referral", label: "Referred", inverseLabel: "Referred by" } as const

/** Null stands for the plain association. */
type LabelId = number | null

const keyOf = (link: ContactLink): string => `${link.advocateId}>${link.friendId}`

/** Finds the label, creates it, or does without: plans below Professional refuse labels. */
const ensureLabel = Effect.gen(function* () {
  const client = yield* HubSpotClient
  const path = client.paths.associationLabels("contacts", "contacts")
  const ownId = (found: z.output<typeof AssociationLabels>): LabelId =>
    found.results.find((kind) => kind.category === "USER_DEFINED" && kind.label === labels.label)?.typeId ?? null
  const list = client.request({ operation: "list association labels", method: "GET", path, schema: AssociationLabels })
  const known = ownId(yield* list)
  if (known !== null) return known
  yield* client
    .request({
      operation: "create the association label",
      method: "POST",
      path,
      body: labels,
      schema: z.unknown(),
      isWrite: true,
    })
    .pipe(
      Effect.catchIf(
        (error) => error.reason._tag === "Conflict",
        () => Effect.succeed(null),
      ),
    )
  return ownId(yield* list)
}).pipe(
  Effect.catchIf(
    (error) => error.reason._tag === "Forbidden",
    () => Effect.succeed<LabelId>(null),
  ),
)

/** Those of the advocates' associations that carry the label, or any, when there is none. */
const existing = (
  advocateIds: ReadonlyArray<string>,
  label: LabelId,
): Effect.Effect<ReadonlySet<string>, HubSpotError, HubSpotClient> =>
  Effect.gen(function* () {
    const client = yield* HubSpotClient
    const keys = new Set<string>()
    let inputs: ReadonlyArray<{ readonly id: string; readonly after?: string }> = advocateIds.map((id) => ({ id }))
    while (inputs.length > 0) {
      const answers = yield* Effect.forEach(chunk(inputs, 1_000), (part) =>
        client.request({
          operation: "read referral associations",
          method: "POST",
          path: client.paths.associationsRead("contacts", "contacts"),
          body: { inputs: part },
          schema: AssociationsRead,
        }),
      )
      const results = answers.flatMap((answer) => answer.results)
      for (const { from, to } of results) {
        for (const { toObjectId, associationTypes } of to) {
          const isOurs =
            label === null || associationTypes.some((kind) => kind.category === "USER_DEFINED" && kind.typeId === label)
          if (isOurs) keys.add(keyOf({ advocateId: from.id, friendId: toObjectId }))
        }
      }
      inputs = results.flatMap(({ from: { id }, paging }) =>
        paging?.next === undefined ? [] : [{ id, after: paging.next.after }],
      )
    }
    return keys
  })

const inputOf = ({ advocateId, friendId }: ContactLink, label: LabelId) => ({
  from: { id: advocateId },
  to: { id: friendId },
  ...(label === null ? {} : { types: [{ associationCategory: "USER_DEFINED", associationTypeId: label }] }),
})

export interface Linked {
  readonly linked: number
  readonly failed: ReadonlyArray<{ readonly record: string; readonly reason: string }>
}

/** Adds the missing associations; what HubSpot then does not show is reported as failed. */
export const write = Effect.fnUntraced(function* (links: ReadonlyArray<ContactLink>) {
  const wanted = [
    ...new Map(links.filter((link) => link.advocateId !== link.friendId).map((link) => [keyOf(link), link])).values(),
  ]
  if (wanted.length === 0) return { linked: 0, failed: [] } satisfies Linked
  const client = yield* HubSpotClient
  const label = yield* ensureLabel
  const advocateIds = [...new Set(wanted.map(({ advocateId }) => advocateId))]
  const before = yield* existing(advocateIds, label)
  const missing = wanted.filter((link) => !before.has(keyOf(link)))
  if (missing.length === 0) return { linked: 0, failed: [] } satisfies Linked
  for (const part of chunk(missing, 500)) {
    yield* client
      .request({
        operation: "link referrals",
        method: "POST",
        path:
          label === null
            ? client.paths.associationsDefault("contacts", "contacts")
            : client.paths.associationsCreate("contacts", "contacts"),
        body: { inputs: part.map((link) => inputOf(link, label)) },
        schema: z.unknown(),
        isWrite: true,
      })
      .pipe(
        Effect.catchIf(
          (error) => error.reason._tag === "OutcomeUnknown" || error.reason._tag === "Invalid",
          () => Effect.void,
        ),
      )
  }
  const after = yield* existing([...new Set(missing.map(({ advocateId }) => advocateId))], label)
  const failed = missing
    .filter((link) => !after.has(keyOf(link)))
    .map(({ advocateId, friendId }) => ({
      record: `hubspot:contact/${advocateId}`,
      reason: `the association with hubspot:contact/${friendId} was not made`,
    }))
  return { linked: missing.length - failed.length, failed } satisfies Linked
})
