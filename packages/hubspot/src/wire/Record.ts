/**
 * CRM records and the lists, searches and batches that they come in, as HubSpot sends them.
 *
 * Tolerant: only what we use, unknown members allowed, ids as strings or numbers. A page is read with its records
 * unread, so that one that cannot be understood does not take the others with it.
 */
import { z } from "zod"

export const Id = z.union([z.string().min(1), z.number().int()]).transform(String)

/** Values are strings; a property that is defined and not set is null. */
export const Properties = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable(),
)

export const Paging = z.object({ next: z.object({ after: Id }).optional() }).nullish()

const Associated = z.object({ results: z.array(z.object({ id: Id })), paging: Paging })

export const CrmRecord = z.object({
  id: Id,
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean().optional(),
  properties: Properties,
  associations: z.record(z.string(), Associated).optional(),
})
export type CrmRecord = z.output<typeof CrmRecord>

export const ListPage = z.object({ results: z.array(z.unknown()), paging: Paging })
export const SearchPage = z.object({ total: z.number().optional(), results: z.array(z.unknown()), paging: Paging })

/** What a batch could not do, with the ids it is about where HubSpot names them. */
export const BatchProblem = z.object({
  category: z.string().optional(),
  context: z.record(z.string(), z.array(z.string())).nullish(),
  errors: z.array(z.object({ code: z.string().optional() })).nullish(),
})
export const BatchAnswer = z.object({
  results: z.array(z.unknown()).default([]),
  numErrors: z.number().optional(),
  errors: z.array(BatchProblem).default([]),
})
export type BatchAnswer = z.output<typeof BatchAnswer>

/** The identity of a record that may not be readable otherwise. */
export const Identified = z.object({ id: Id })
