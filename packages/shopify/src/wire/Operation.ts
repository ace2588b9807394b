/**
 * One GraphQL operation: its document, the shape of its answer, and what it costs at most.
 *
 * Promises: documents are plain strings, so that they can be validated against Shopify's schema without running them.
 * Answers are read tolerantly: only the members we use, and records of a list one by one later.
 */
import type { z } from "zod"

export interface Operation<Data> {
  readonly name: string
  readonly document: string
  readonly data: z.ZodType<Data>
  /** Points asked for at first; Shopify's own figure takes its place after the first answer. */
  readonly points: number
}

export const operation = <Data>(
  name: string,
  points: number,
  document: string,
  data: z.ZodType<Data>,
): Operation<Data> => ({
  name,
  document,
  data,
  points,
})
