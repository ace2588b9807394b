/**
 * What HubSpot's exports of contacts, companies and deals have in common: the record's number, when it was made, and its handle.
 *
 * Promises: the same keys and handles as the connector, so that the portal itself takes the file's place once it is connected.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"

export type Kind = "contact" | "company" | "deal"
type Name = "id" | "createdAt"

export const handleOf = (kind: Kind, id: string): Handle.Handle => Handle.platform("hubspot", kind, id)

/** By their labels and their internal names; `older` is how portals called the number before all records had the same label. */
export const fields = (older: string) =>
  fieldsOf({
    id: { titles: ["Record ID", "hs_object_id", older], what: "HubSpot's number of the record", needed: true },
    createdAt: { titles: ["Create Date", "createdate", "hs_createdate"], what: "when the record was made" },
  })

export const placeOf =
  (kind: Kind) =>
  (row: Row<Name>): string | null => {
    const id = row.id("id")
    return id === null ? null : handleOf(kind, id)
  }

export const idOf = (row: Row<Name>): string => row.id("id") ?? row.refuse("id", "is empty")

/** When the record was made; without that column it counts as known from when the file was written. */
export const createdOf = (row: Row<Name>, { asOf }: Format.Lens): { at: Instant; estimated: ReadonlyArray<string> } => {
  const at = row.instant("createdAt")
  return at === null ? { at: asOf, estimated: ["occurredAt"] } : { at, estimated: [] }
}

/** The head of the record's own fact. */
export const head = (row: Row<Name>, kind: Kind, lens: Format.Lens, estimated: ReadonlyArray<string> = []) => {
  const created = createdOf(row, lens)
  return Format.head(handleOf(kind, idOf(row)), created.at, lens, [...created.estimated, ...estimated])
}

/** What no export of records says, whichever they are. */
export const cannotKnow: ReadonlyArray<string> = [
  "the seconds of a time: HubSpot writes minutes, in the portal's zone and without naming it",
  "records that were deleted before the file was written",
]
