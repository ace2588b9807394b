/**
 * Every fact of a tenant as the lines of a file (`fact/FactFile`).
 *
 * Promises: the newest version of every key, in key order, which is all that decisions, people and the state's digest read; read from the
 * log as it goes, so that memory does not grow with the log; a file of a time in which somebody was erased is never finished. Personal
 * values are in it only where they are asked for: those of the handles that its facts name. Superseded versions, the inbox, the ledger
 * and what was handed over are not in it: what is posted follows from the facts. It writes no files.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { Effect, Schema, Stream } from "effect"
import type { Fact } from "../fact/Fact.ts"
import * as FactFile from "../fact/FactFile.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { namesOf } from "../fact/Mention.ts"
import { isTombstone, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"

const factsAtOnce = 2_000
/** Personal values that were written are remembered up to here; beyond, one may stand in the file twice, which changes nothing. */
const handlesRemembered = 200_000

/** Somebody was erased while the file was written, and may still stand in what was written before. */
export class ErasedMeanwhile extends Schema.TaggedError<ErasedMeanwhile>()("ErasedMeanwhile", {}) {
  readonly isRetryable = true
  readonly remedy = "run it again; what was written was removed"
  override get message(): string {
    return "somebody was erased while the facts were written"
  }
}

export interface FactsWanted {
  /** Nothing that occurred later; null for everything. */
  readonly asOf: Instant | null
  readonly personalValues: boolean
}

/** Counts and hashes what goes out. */
const makeTally = () => {
  const hash = sha256.create()
  const counts = { facts: 0, personalValues: 0 }
  return {
    counts,
    take: (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
      hash.update(utf8ToBytes(lines.map((line) => `${line}\n`).join("")))
      return lines
    },
    trailer: (): FactFile.Trailer => ({ ...counts, sha256: bytesToHex(hash.digest()) }),
  }
}

/** The lines of some facts, and of the personal values behind them that were not written yet. */
const linesOf = Effect.fnUntraced(function* (
  facts: ReadonlyArray<Fact>,
  written: Set<string> | null,
  counts: { facts: number; personalValues: number },
) {
  counts.facts += facts.length
  const lines = facts.map(FactFile.factLine)
  if (written === null) return lines
  if (written.size > handlesRemembered) written.clear()
  const named = new Set(facts.flatMap(namesOf).filter((name) => !isTombstone(name) && !written.has(name)))
  const log = yield* FactLog
  const values = yield* log.personal([...named].map((name) => name as Handle))
  for (const name of named) written.add(name)
  counts.personalValues += values.size
  return [...lines, ...[...values].map(([handle, value]) => FactFile.personalLine({ handle, value }))]
})

/** The file, as many lines at a time as are read. The last of them is the trailer, which tells how many there were. */
export const exportFacts = ({
  asOf,
  personalValues,
}: FactsWanted): Stream.Stream<ReadonlyArray<string>, FactLogError | ErasedMeanwhile, FactLog | CurrentTenant> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const log = yield* FactLog
      const { handleKey } = yield* CurrentTenant
      const before = yield* log.erasures
      const tally = makeTally()
      const written = personalValues ? new Set<string>() : null
      const header = Stream.sync(() => tally.take([FactFile.headerLine({ asOf, handleKey, personalValues })]))
      const body = log.newest({ asOf: asOf ?? Number.MAX_SAFE_INTEGER }).pipe(
        Stream.grouped(factsAtOnce),
        Stream.mapEffect((facts) => linesOf(facts, written, tally.counts)),
        Stream.map(tally.take),
      )
      const trailer = Stream.fromEffect(
        Effect.gen(function* () {
          if ((yield* log.erasures) !== before) return yield* new ErasedMeanwhile()
          return [FactFile.trailerLine(tally.trailer())]
        }),
      )
      return header.pipe(Stream.concat(body), Stream.concat(trailer))
    }),
  )
