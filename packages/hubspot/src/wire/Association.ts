/**
 * Associations and their labels, as HubSpot sends them. Tolerant: `toObjectId` comes as a number or a string, and a
 * label may be null.
 */
import { z } from "zod"
import { Id, Paging } from "./Record.ts"

export const AssociationKind = z.object({ category: z.string(), typeId: z.number(), label: z.string().nullish() })
export type AssociationKind = z.output<typeof AssociationKind>

export const AssociationsRead = z.object({
  results: z
    .array(
      z.object({
        from: z.object({ id: Id }),
        to: z.array(z.object({ toObjectId: Id, associationTypes: z.array(AssociationKind).default([]) })),
        paging: Paging,
      }),
    )
    .default([]),
})

export const AssociationLabels = z.object({ results: z.array(AssociationKind) })
