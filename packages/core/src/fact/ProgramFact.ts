/**
 * Which rules are in force: publications of a program's versions, and corrections of the past.
 *
 * A publication never reaches back. A correction does, and is therefore a fact of its own that names who reviewed it.
 */
import { Schema } from "effect"
import { Instant } from "../id/Instant.ts"
import { head } from "./FactHead.ts"

/** A version of a program came into force at `occurredAt`. */
export const ProgramPublished = Schema.TaggedStruct("ProgramPublished", {
  ...head,
  program: Schema.String,
  hash: Schema.String,
  definition: Schema.Unknown,
})
export type ProgramPublished = typeof ProgramPublished.Type

/**
 * Conversions made from `from` until before `until` are judged by this definition, not by the version in force then. What was
 * committed to keeps its terms. Of several corrections of one moment the last to occur counts.
 */
export const ProgramCorrected = Schema.TaggedStruct("ProgramCorrected", {
  ...head,
  program: Schema.String,
  hash: Schema.String,
  definition: Schema.Unknown,
  from: Instant,
  until: Instant,
  by: Schema.String,
  reason: Schema.String,
})
export type ProgramCorrected = typeof ProgramCorrected.Type
