/**
 * As at when each program's ledger stands, and whether it can go on from there.
 *
 * Changes are settled once they were looked at as at some time. A ledger that stands at an earlier time than changes were ever looked
 * at lacks what came between: it is evaluated whole until it has caught up.
 */
import { Effect, Schema } from "effect"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

const Standing = Schema.Struct({
  /** The latest time that changes were looked at for; null before the first. */
  reached: Schema.NullOr(Instant),
  /** The time that the ledger of each program was brought to last, and how many erasures there had been by then. */
  programs: Schema.Record(Schema.String, Schema.Struct({ asOf: Instant, erasures: Schema.Int })),
})
export type Standing = typeof Standing.Type

const job = "crediting"
const decode = Schema.decodeUnknownSync(Standing)

export const read: Effect.Effect<Standing, FactLogError, FactLog | CurrentTenant> = Effect.gen(function* () {
  const log = yield* FactLog
  const stored = yield* log.checkpoint(job)
  return stored === undefined ? { reached: null, programs: {} } : decode(stored)
})

/**
 * Programs that have to be evaluated whole to be brought to `asOf`: looking at changes alone would not do. An erasure renames what is
 * kept of limits.
 */
export const behind = ({ programs, reached }: Standing, asOf: Instant, erasures: number): ReadonlyArray<string> =>
  Object.entries(programs)
    .filter(([, known]) => known.asOf !== reached || asOf < known.asOf || known.erasures !== erasures)
    .map(([program]) => program)
    .sort()

/** Notes that these programs stand as at `asOf` now, and answers where all stand. */
export const note = (
  { programs, reached }: Standing,
  names: ReadonlyArray<string>,
  asOf: Instant,
): Effect.Effect<Standing, FactLogError, FactLog | CurrentTenant> =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const erasures = yield* log.erasures
    const cursor: Standing = {
      reached: Math.max(asOf, reached ?? asOf),
      programs: { ...programs, ...Object.fromEntries(names.map((name) => [name, { asOf, erasures }])) },
    }
    yield* log.append({ facts: [], personal: [], checkpoint: { job, cursor } })
    return cursor
  })
