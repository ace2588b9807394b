/**
 * How facts may reach a tenant: all at once, or as platforms really send them.
 *
 * Promises: every fact arrives at least once; about 30 % arrive again; order, batches and pauses are left to chance. At a
 * pause crediting runs, at a time that need not be the last one.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { days, type Instant } from "@advocacy-kit/core/id/Instant"
import type { Chance } from "./Chance.ts"

export interface Batch {
  readonly facts: ReadonlyArray<Fact>
  /** The time to credit at after this batch; null for no pause. */
  readonly pauseAt: Instant | null
}

export const atOnce = (facts: ReadonlyArray<Fact>): ReadonlyArray<Batch> => [{ facts, pauseAt: null }]

export const disorderly = (chance: Chance, facts: ReadonlyArray<Fact>, asOf: Instant): ReadonlyArray<Batch> => {
  const sent = chance.shuffled(facts.flatMap((fact) => (chance.percent(30) ? [fact, fact] : [fact])))
  const batches: Array<Batch> = []
  for (let start = 0; start < sent.length;) {
    const size = chance.between(1, Math.max(1, Math.ceil(sent.length / 3)))
    const pauseAt = chance.percent(50) ? asOf : asOf - days(chance.below(60))
    batches.push({ facts: sent.slice(start, start + size), pauseAt: chance.percent(50) ? pauseAt : null })
    start += size
  }
  return batches
}
