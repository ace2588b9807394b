/**
 * The fact by which the past is judged by other terms, after somebody has reviewed what it does.
 */
import type { ProgramCorrected } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Program } from "./Program.ts"

export interface Span {
  readonly from: Instant
  /** The first moment that is not corrected any more. */
  readonly until: Instant
}

export interface Reviewed extends Span {
  /** When it was decided. */
  readonly at: Instant
  /** Who reviewed it: a name within the company, never a personal address. */
  readonly by: string
  readonly reason: string
}

/** Correcting the same span by the same terms at the same moment twice is one fact. */
export const correction = (program: Program, { at, by, from, reason, until }: Reviewed): ProgramCorrected => ({
  _tag: "ProgramCorrected",
  key: Facts.key(`advocacy:correction/${program.name}/${program.hash.slice(0, 16)}/${from}/${until}/${at}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: at,
  program: program.name,
  hash: program.hash,
  definition: program.definition,
  from,
  until,
  by,
  reason,
})
