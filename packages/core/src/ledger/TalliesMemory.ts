/**
 * Tallies in memory, for tests, examples and backtests.
 *
 * Promises what `Tallies` promises within one process, but for the cost: after each change the sums are made anew.
 */
import { Effect, Layer } from "effect"
import { Forgetting } from "../fact/Forgetting.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import { Tallies, type Question } from "./Tallies.ts"
import * as Tally from "./Tally.ts"

interface Shelf {
  readonly takings: Map<string, Tally.Taking>
  /** Until the next change. */
  tally: Tally.Tally | null
}

type Shelves = Map<string, Shelf>

const shelfOf = (shelves: Shelves, program: string): Shelf => {
  const known = shelves.get(program)
  if (known !== undefined) return known
  const made: Shelf = { takings: new Map(), tally: null }
  shelves.set(program, made)
  return made
}

const isEmpty = ({ asked, granted, reserved }: Tally.Taking): boolean =>
  asked.length + granted.length + reserved.length === 0

const keepIn = (shelf: Shelf, takings: ReadonlyArray<Tally.Taking>): void => {
  for (const taking of takings) {
    if (isEmpty(taking)) shelf.takings.delete(taking.cause)
    else shelf.takings.set(taking.cause, taking)
  }
  shelf.tally = null
}

const keptIn = (shelf: Shelf, causes: ReadonlyArray<string> | undefined): ReadonlyMap<string, Tally.Taking> => {
  if (causes === undefined) return new Map(shelf.takings)
  return new Map(
    causes.flatMap((cause) => {
      const taking = shelf.takings.get(cause)
      return taking === undefined ? [] : [[cause, taking] as const]
    }),
  )
}

const tallyOf = (shelf: Shelf): Tally.Tally => {
  if (shelf.tally !== null) return shelf.tally
  const tally = Tally.make()
  Tally.enter(tally, [...shelf.takings.values()].sort(Tally.inPlace))
  shelf.tally = tally
  return tally
}

const seenIn = (shelf: Shelf, questions: ReadonlyArray<Question>): ReadonlyMap<string, Tally.Seen> =>
  new Map(questions.map(({ name, place }) => [Tally.questionOf(place, name), tallyOf(shelf).seenFrom(place, name)]))

type Names = Parameters<Tallies["Service"]["concerned"]>[1]

const concernedIn = (shelf: Shelf, names: Names): ReadonlyArray<Tally.Place> =>
  [...shelf.takings.values()]
    .filter((taking) => {
      const own = new Set([...taking.asked, ...[...taking.granted, ...taking.reserved].map(({ name }) => name)])
      return names.some(({ after, name }) => own.has(name) && (after === null || Tally.inPlace(taking, after) > 0))
    })
    .map(({ at, cause }) => ({ at, cause }))
    .sort(Tally.inPlace)

export const layerMemory: Layer.Layer<Tallies, never, Forgetting> = Layer.effect(
  Tallies,
  Effect.map(Forgetting, (forgetting) => {
    const tenants = PerTenant.make((): Shelves => new Map())
    // Names hold handles. What is taken is kept again by the whole evaluation that an erasure brings about.
    forgetting.takePart(() =>
      Effect.map(tenants, (shelves) => {
        shelves.clear()
        return {}
      }),
    )
    return Tallies.of({
      keep: (program, takings) => Effect.map(tenants, (shelves) => keepIn(shelfOf(shelves, program), takings)),
      kept: (program, causes) => Effect.map(tenants, (shelves) => keptIn(shelfOf(shelves, program), causes)),
      seen: (program, questions) => Effect.map(tenants, (shelves) => seenIn(shelfOf(shelves, program), questions)),
      concerned: (program, names) => Effect.map(tenants, (shelves) => concernedIn(shelfOf(shelves, program), names)),
    })
  }),
)
