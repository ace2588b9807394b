/**
 * Tallies that each break one law and no other.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import * as TalliesMemory from "@advocacy-kit/core/ledger/TalliesMemory"
import * as Tally from "@advocacy-kit/core/ledger/Tally"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import type * as Broken from "../Broken.ts"

type Shelf = Tallies["Service"]

const over = (fault: (inner: Shelf) => Partial<Shelf>): Layer.Layer<Tallies> =>
  Layer.effect(
    Tallies,
    Effect.map(Tallies, (inner) => ({ ...inner, ...fault(inner) })),
  ).pipe(Layer.provide(TalliesMemory.layerMemory), Layer.provide(FactLogMemory.layerMemory))

const isEmpty = (taking: Tally.Taking): boolean => Tally.sumsOf(taking).size === 0

/** Adds to what is there, but for a taking of nothing. */
const addsToWhatWasKept = over((inner) => ({
  keep: (program, takings) =>
    Effect.flatMap(
      inner.kept(
        program,
        takings.map(({ cause }) => cause),
      ),
      (known) =>
        inner.keep(
          program,
          takings.map((taking) => {
            const old = known.get(taking.cause)
            if (old === undefined || isEmpty(taking)) return taking
            return { ...taking, granted: [...old.granted, ...taking.granted] }
          }),
        ),
    ),
}))

const skipsWhatIsEmpty = over((inner) => ({
  keep: (program, takings) =>
    inner.keep(
      program,
      takings.filter((taking) => !isEmpty(taking)),
    ),
}))

const givesAll = over((inner) => ({ kept: (program) => inner.kept(program) }))

/** Asks at other places than it answers for. */
const seeingFrom = (move: (place: Tally.Place) => Tally.Place) =>
  over((inner) => ({
    seen: (program, questions) =>
      Effect.map(
        inner.seen(
          program,
          questions.map(({ name, place }) => ({ name, place: move(place) })),
        ),
        (found) =>
          new Map(
            questions.map(({ name, place }) => [
              Tally.questionOf(place, name),
              found.get(Tally.questionOf(move(place), name)) ?? { before: 0n, taken: 0n },
            ]),
          ),
      ),
  }))

/** Takes what a place took itself for what stands before it. */
const countsThePlaceItself = seeingFrom(({ at, cause }) => ({ at, cause: `${cause}!` }))

const overlooksLaterReservations = over((inner) => ({
  seen: (program, questions) =>
    Effect.map(
      inner.seen(program, questions),
      (found) => new Map([...found].map(([question, { before }]) => [question, { before, taken: before }])),
    ),
}))

const dayMs = 86_400_000

/** Cuts days off towards 1970, from both sides. */
const cutsDaysTowards1970 = seeingFrom(({ at, cause }) =>
  at < 0 ? { at: Math.trunc(at / dayMs) * dayMs, cause } : { at, cause },
)

const leavesOutNothing = over((inner) => ({
  seen: (program, questions) =>
    Effect.map(inner.seen(program, questions), (found) => new Map([...found].filter(([, { taken }]) => taken > 0n))),
}))

const findsAllPlaces = over((inner) => ({
  concerned: (program, names) =>
    inner.concerned(
      program,
      names.map(({ name }) => ({ name, after: null })),
    ),
}))

const findsPlacesByName = over((inner) => ({
  concerned: (program, names) =>
    Effect.map(
      Effect.forEach(names, (name) => inner.concerned(program, [name])),
      (found) => found.flat(),
    ),
}))

/** Keeps names that something was taken of. */
const overlooksWhoAsked = over((inner) => ({
  concerned: (program, names) =>
    Effect.zipWith(inner.concerned(program, names), inner.kept(program), (places, known) =>
      places.filter(({ cause }) => {
        const taking = known.get(cause)
        const taken = [...(taking?.granted ?? []), ...(taking?.reserved ?? [])]
        return taken.some(({ name }) => names.some((asked) => asked.name === name))
      }),
    ),
}))

const mixesPrograms = over((inner) => ({
  keep: (_program, takings) => inner.keep("every", takings),
  kept: (_program, causes) => inner.kept("every", causes),
  seen: (_program, questions) => inner.seen("every", questions),
  concerned: (_program, names) => inner.concerned("every", names),
}))

const everybody = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }
const asEverybody = <A, E>(effect: Effect.Effect<A, E, CurrentTenant>) =>
  Effect.provideService(effect, CurrentTenant, everybody)

const forgetsTheTenant = over((inner) => ({
  keep: (program, takings) => asEverybody(inner.keep(program, takings)),
  kept: (program, causes) => asEverybody(inner.kept(program, causes)),
  seen: (program, questions) => asEverybody(inner.seen(program, questions)),
  concerned: (program, names) => asEverybody(inner.concerned(program, names)),
}))

const breaking = (layer: Layer.Layer<Tallies>, breaks: string): Broken.Store<Tallies> => ({ breaks, layer })

const placesLaw = "concerned are the places behind the one that is named, or all, each once and in order"

export const stores: ReadonlyArray<Broken.Store<Tallies>> = [
  breaking(
    addsToWhatWasKept,
    "what is kept for a cause takes the place of what was kept for it, and leaves other causes as they are",
  ),
  breaking(skipsWhatIsEmpty, "a taking of nothing removes what was kept for its cause"),
  breaking(givesAll, "of named causes those that have something kept are given, and of no other"),
  breaking(
    countsThePlaceItself,
    "what stands before a place is what was taken earlier, and at the same time by causes that come before",
  ),
  breaking(
    overlooksLaterReservations,
    "every reservation counts in all, wherever it stands; of what is granted that before the place alone",
  ),
  breaking(cutsDaysTowards1970, "before 1970 places stand in order as after it"),
  breaking(leavesOutNothing, "every question is answered, also where nothing was taken"),
  breaking(findsAllPlaces, placesLaw),
  breaking(findsPlacesByName, placesLaw),
  breaking(overlooksWhoAsked, "who only asked of a name is concerned like who took of it"),
  breaking(mixesPrograms, "what another program took neither counts nor is found"),
  breaking(forgetsTheTenant, "no tenant sees, finds or replaces what another's conversions took"),
]
