/**
 * Which conversions see another limit or count than before, because others took more or less.
 *
 * Promises: everything that would be decided otherwise is among them. What takes its place in order is seen from later places
 * only; what is reserved is seen from everywhere. A grant that becomes a reservation of the same amount, as every grant does when
 * it is handed over, moves those before it only where they have taken too much together, and those whom other reservations had
 * left no room already: else each one would move all.
 */
import { Effect } from "effect"
import { key as factKey } from "../fact/Fact.ts"
import type { Recheck } from "../fact/FactLog.ts"
import type { LedgerError } from "../ledger/Ledger.ts"
import { Tallies } from "../ledger/Tallies.ts"
import * as Tally from "../ledger/Tally.ts"
import { lateName, lowestLimits } from "../program/Limiting.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Neighbourhood } from "./Neighbourhood.ts"

/** A name that is seen otherwise after a place; from everywhere, where that is null. */
interface Moved {
  readonly name: string
  readonly after: Tally.Place | null
}

type Takings = Effect.Effect<ReadonlyArray<Recheck>, LedgerError, Tallies | CurrentTenant>

/** What is seen otherwise now that `fresh` is kept where `old` was, but for the causes of the neighbourhood itself. */
export const movedLimits = (
  program: string,
  { causes, terms }: Neighbourhood,
  old: ReadonlyMap<string, Tally.Taking>,
  fresh: ReadonlyArray<Tally.Taking>,
): Takings =>
  Effect.gen(function* () {
    const tallies = yield* Tallies
    const all = fresh.flatMap((taking) => movesOf(old.get(taking.cause), taking))
    const questions = all.flatMap(({ isHandedOver, name, place }) => (isHandedOver ? [{ name, place }] : []))
    const seen = questions.length === 0 ? new Map<string, Tally.Seen>() : yield* tallies.seen(program, questions)
    const lowest = lowestLimits(terms.all)
    const moved = all.flatMap(({ isHandedOver, isReserved, name, place }): ReadonlyArray<Moved> => {
      if (!isHandedOver) return [{ name, after: isReserved ? null : place }]
      const most = lowest(name)
      const taken = seen.get(Tally.questionOf(place, name))?.taken ?? 0n
      return [{ name: most === null || taken <= most ? lateName(name) : name, after: null }]
    })
    const concerned = yield* tallies.concerned(program, earliest(moved))
    return concerned.filter(({ cause }) => !causes.has(cause)).map(({ at, cause }) => ({ key: factKey(cause), at }))
  })

/** Each name once, from the first place on. */
const earliest = (moved: ReadonlyArray<Moved>): ReadonlyArray<Moved> => {
  const first = new Map<string, Moved>()
  for (const one of moved) {
    const known = first.get(one.name)
    const isEarlier =
      known === undefined || (known.after !== null && (one.after === null || Tally.inPlace(one.after, known.after) < 0))
    if (isEarlier) first.set(one.name, one)
  }
  return [...first.values()]
}

/** A name under which a conversion takes otherwise than before. */
interface Move {
  readonly name: string
  /** From where it is seen. */
  readonly place: Tally.Place
  /** More or less is reserved than before. */
  readonly isReserved: boolean
  /** What was granted is reserved now, and nothing else has changed. */
  readonly isHandedOver: boolean
}

const movesOf = (before: Tally.Taking | undefined, after: Tally.Taking): ReadonlyArray<Move> => {
  const old = before === undefined ? new Map() : Tally.sumsOf(before)
  const fresh = Tally.sumsOf(after)
  const none = { granted: 0n, reserved: 0n }
  const place = before === undefined || Tally.inPlace(after, before) < 0 ? after : before
  const isInPlace = before === undefined || before.at === after.at
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name): ReadonlyArray<Move> => {
    const [was, is] = [old.get(name) ?? none, fresh.get(name) ?? none]
    const isSameSum = was.granted + was.reserved === is.granted + is.reserved
    const isReserved = was.reserved !== is.reserved
    if (isInPlace && isSameSum && !isReserved) return []
    return [{ name, place, isReserved, isHandedOver: isInPlace && isSameSum && is.reserved > was.reserved }]
  })
}
