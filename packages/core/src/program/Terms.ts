/**
 * Which version of a program judges a conversion.
 *
 * The version in force is the last publication at or before the moment; a correction that covers the moment stands above it, the
 * last to occur first. What does not parse any more is a defect: only checked definitions are published.
 */
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import { stored, versions, type Program } from "./Program.ts"

export interface Terms {
  /** The version that judges what happened at `at`; undefined before the first. */
  readonly at: (at: Instant) => Program | undefined
  /** The version that a correction names for that moment. */
  readonly corrected: (at: Instant) => Program | undefined
  /** The version that was published last by then, whatever was corrected since. */
  readonly inForce: (at: Instant) => Program | undefined
  /** Every version that was published or corrected to, in order of coming into force. */
  readonly all: ReadonlyArray<Program>
  readonly byHash: (hash: string) => Program | undefined
  /** The version in force at the time of the evaluation; null before the first publication. */
  readonly current: Program | null
}

/** The terms of one program by the newest facts that occurred at or before `asOf`. */
export const termsOf = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant): Terms => {
  const past = facts.filter((fact) => fact.occurredAt <= asOf)
  const published = versions(past, program)
  const corrections = past
    .filter((fact) => fact._tag === "ProgramCorrected")
    .filter((fact) => fact.program === program)
    .sort((a, b) => b.occurredAt - a.occurredAt || (a.key < b.key ? 1 : -1))
    .map((fact) => ({ from: fact.from, until: fact.until, program: stored(fact) }))
  const all = [...published.map((version) => version.program), ...corrections.map((one) => one.program)]
  const byHash = new Map(all.map((version) => [version.hash, version]))
  const inForce = (instant: Instant): Program | undefined => published.findLast(({ from }) => from <= instant)?.program
  const corrected = (instant: Instant): Program | undefined =>
    corrections.find(({ from, until }) => from <= instant && instant < until)?.program
  const at = (instant: Instant): Program | undefined => corrected(instant) ?? inForce(instant)
  return {
    at,
    corrected,
    inForce,
    all: [...byHash.values()],
    byHash: (hash) => byHash.get(hash),
    current: at(asOf) ?? null,
  }
}
