/**
 * What every store of tallies must keep, as laws.
 *
 * Each has a store in `broken/TallyBroken.ts` that breaks it and no other. What a taking says is compared by its sums: a store may
 * hold it in another shape.
 */
import type * as Instant from "@advocacy-kit/core/id/Instant"
import { Tallies, type Question } from "@advocacy-kit/core/ledger/Tallies"
import * as Tally from "@advocacy-kit/core/ledger/Tally"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import { program } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const noon = Scenario.at({ day: 0 })

const takes = (of: Readonly<Record<string, bigint>> = {}): ReadonlyArray<Tally.Take> =>
  Object.entries(of).map(([name, amount]) => ({ name, amount }))

const taking = (
  cause: string,
  at: Instant.Instant,
  told: {
    readonly granted?: Readonly<Record<string, bigint>>
    readonly reserved?: Readonly<Record<string, bigint>>
    readonly asked?: ReadonlyArray<string>
  } = {},
): Tally.Taking => ({
  cause,
  at,
  granted: takes(told.granted),
  reserved: takes(told.reserved),
  asked: told.asked ?? [],
})

const keep = (takings: ReadonlyArray<Tally.Taking>, of = program) =>
  Effect.flatMap(Tallies, (tallies) => tallies.keep(of, takings))

const shown = (takings: Iterable<Tally.Taking>) =>
  Object.fromEntries(
    [...takings].map((one) => [one.cause, { at: one.at, sums: Object.fromEntries(Tally.sumsOf(one)) }]),
  )
const kept = (of = program) =>
  Effect.flatMap(Tallies, (tallies) => Effect.map(tallies.kept(of), (all) => shown(all.values())))

const answers = (questions: ReadonlyArray<Question>, of = program) =>
  Effect.flatMap(Tallies, (tallies) => tallies.seen(of, questions))

/** What stands before places under one name; that every question is answered is another law's business. */
const seen = (name: string, places: ReadonlyArray<Tally.Place>, of = program) =>
  Effect.map(
    answers(
      places.map((place) => ({ name, place })),
      of,
    ),
    (found) => places.map((place) => found.get(Tally.questionOf(place, name)) ?? { before: 0n, taken: 0n }),
  )
const before = (name: string, places: ReadonlyArray<Tally.Place>) =>
  Effect.map(seen(name, places), (found) => found.map((one) => one.before))

const concerned = (names: Parameters<Tallies["Service"]["concerned"]>[1], of = program) =>
  Effect.flatMap(Tallies, (tallies) => tallies.concerned(of, names))

const keepingLaws: ReadonlyArray<Law.Law<Tallies>> = [
  Law.make(
    "what is kept for a cause takes the place of what was kept for it, and leaves other causes as they are",
    Effect.gen(function* () {
      const other = taking("b", noon, { granted: { cap: 5n } })
      yield* keep([taking("a", noon, { granted: { cap: 3n, gone: 1n } }), other])
      const second = taking("a", Scenario.at({ day: 2 }), { granted: { cap: 1n }, reserved: { cap: 2n } })
      yield* keep([second])
      yield* Law.same(yield* kept(), shown([second, other]), "what is kept")
      const early = { at: Scenario.at({ day: 1 }), cause: "z" }
      const late = { at: Scenario.at({ day: 9 }), cause: "z" }
      yield* Law.same(yield* before("cap", [early, late]), [5n, 8n], "what stands before the places")
      yield* Law.same(yield* before("gone", [late]), [0n], "what stands under a name that is taken of no more")
    }),
  ),
  Law.make(
    "a taking of nothing removes what was kept for its cause",
    Effect.gen(function* () {
      yield* keep([taking("a", noon, { granted: { cap: 3n }, asked: ["tier"] })])
      yield* keep([taking("a", noon)])
      yield* Law.same(yield* kept(), {}, "what is kept")
      yield* Law.same(yield* before("cap", [{ at: noon + 1, cause: "z" }]), [0n], "what stands after it")
      yield* Law.same(yield* concerned([{ name: "tier", after: null }]), [], "the places concerned")
    }),
  ),
  Law.make(
    "of named causes those that have something kept are given, and of no other",
    Effect.gen(function* () {
      const [first, second] = [taking("a", noon, { granted: { cap: 3n } }), taking("b", noon, { asked: ["cap"] })]
      yield* keep([first, second])
      const tallies = yield* Tallies
      yield* Law.same(
        shown((yield* tallies.kept(program, ["b", "c"])).values()),
        shown([second]),
        "what is kept for b and c",
      )
      yield* Law.same(shown((yield* tallies.kept(program, [])).values()), {}, "what is kept for no cause")
    }),
  ),
]

const seeingLaws: ReadonlyArray<Law.Law<Tallies>> = [
  Law.make(
    "what stands before a place is what was taken earlier, and at the same time by causes that come before",
    Effect.gen(function* () {
      yield* keep([
        ...["a", "b", "c"].map((cause, index) => taking(cause, noon, { granted: { cap: 10n ** BigInt(index) } })),
        taking("z", Scenario.at({ hour: -1 }), { granted: { cap: 1_000n } }),
        taking("0", Scenario.at({ hour: 1 }), { granted: { cap: 10_000n } }),
        taking("m", Scenario.at({ day: -40 }), { granted: { cap: 100_000n }, reserved: { cap: 500_000n } }),
        taking("n", Scenario.at({ day: 40 }), { granted: { cap: 1_000_000n } }),
      ])
      const places = [
        ...["a", "b", "c", "d"].map((cause) => ({ at: noon, cause })),
        { at: noon + 1, cause: "" },
        { at: Scenario.at({ day: 41 }), cause: "" },
      ]
      const expected = [601_000n, 601_001n, 601_011n, 601_111n, 601_111n, 1_611_111n]
      yield* Law.same(yield* before("cap", places), expected, "what stands before the places")
    }),
  ),
  Law.make(
    "every reservation counts in all, wherever it stands; of what is granted that before the place alone",
    Effect.gen(function* () {
      yield* keep([
        taking("a", noon, { granted: { cap: 1n }, reserved: { cap: 10n } }),
        taking("b", Scenario.at({ hour: 2 }), { granted: { cap: 100n }, reserved: { cap: 1_000n, other: 7n } }),
        taking("c", Scenario.at({ day: 30 }), { granted: { cap: 10_000n }, reserved: { cap: 100_000n } }),
      ])
      const places = [Scenario.at({ day: -3 }), Scenario.at({ hour: 1 }), Scenario.at({ day: 31 })].map((at) => ({
        at,
        cause: "m",
      }))
      const expected = [
        { before: 0n, taken: 101_010n },
        { before: 11n, taken: 101_011n },
        { before: 111_111n, taken: 111_111n },
      ]
      yield* Law.same(yield* seen("cap", places), expected, "what is seen from the places")
    }),
  ),
  Law.make(
    "before 1970 places stand in order as after it",
    Effect.gen(function* () {
      const hours = [-30, -25, -24, -1, 0, 1].map((hour) => hour * 3_600_000)
      yield* keep(hours.map((at, index) => taking(`${index}`, at, { granted: { cap: 10n ** BigInt(index) } })))
      const places = hours.map((at) => ({ at, cause: "z" }))
      const expected = [1n, 11n, 111n, 1_111n, 11_111n, 111_111n]
      yield* Law.same(yield* before("cap", places), expected, "what stands before the places")
    }),
  ),
  Law.make(
    "every question is answered, also where nothing was taken",
    Effect.gen(function* () {
      yield* keep([taking("b", noon, { granted: { cap: 3n } })])
      const questions = [
        { name: "cap", place: { at: noon, cause: "a" } },
        { name: "cap", place: { at: noon, cause: "c" } },
        { name: "other", place: { at: noon, cause: "c" } },
      ]
      const found = yield* answers(questions)
      yield* Law.same(
        questions.map(({ name, place }) => found.get(Tally.questionOf(place, name))?.before),
        [0n, 3n, 0n],
        "the answers",
      )
    }),
  ),
]

const elsewhere = "ambassadors"

const findingLaws: ReadonlyArray<Law.Law<Tallies>> = [
  Law.make(
    "concerned are the places behind the one that is named, or all, each once and in order",
    Effect.gen(function* () {
      const [a, b, c, d] = [
        taking("b", Scenario.at({ day: -2 }), { granted: { cap: 1n } }),
        taking("a", noon, { granted: { cap: 1n, tier: 1n } }),
        taking("b2", noon, { reserved: { cap: 1n } }),
        taking("a2", Scenario.at({ day: 3 }), { granted: { tier: 1n } }),
      ]
      yield* keep([d, c, b, a])
      const places = (...of: ReadonlyArray<Tally.Taking>) => of.map(({ at, cause }) => ({ at, cause }))
      const after = { at: noon, cause: "a" }
      yield* Law.same(yield* concerned([{ name: "cap", after }]), places(c), "those behind a place")
      yield* Law.same(yield* concerned([{ name: "cap", after: null }]), places(a, b, c), "all of a name")
      const names = [
        { name: "tier", after: null },
        { name: "cap", after: null },
      ]
      yield* Law.same(yield* concerned(names), places(a, b, c, d), "all of two names")
    }),
  ),
  Law.make(
    "who only asked of a name is concerned like who took of it",
    Effect.gen(function* () {
      yield* keep([
        taking("a", noon, { asked: ["cap"] }),
        taking("b", noon, { granted: { other: 1n }, asked: ["cap"] }),
      ])
      const causes = (yield* concerned([{ name: "cap", after: null }])).map(({ cause }) => cause)
      yield* Law.same(causes, ["a", "b"], "the causes concerned")
    }),
  ),
  Law.make(
    "what another program took neither counts nor is found",
    Effect.gen(function* () {
      const [mine, theirs] = [{ granted: { cap: 1n } }, { granted: { cap: 10n }, reserved: { cap: 100n } }]
      yield* keep([taking("a", noon, mine)])
      yield* keep([taking("a", noon, theirs), taking("b", noon, theirs)], elsewhere)
      yield* keep([taking("b", noon)])
      yield* Law.same(yield* kept(), shown([taking("a", noon, mine)]), "what is kept")
      const late = [{ at: noon, cause: "z" }]
      yield* Law.same(yield* seen("cap", late), [{ before: 1n, taken: 1n }], "what is seen")
      yield* Law.same(yield* seen("cap", late, elsewhere), [{ before: 220n, taken: 220n }], "what the other sees")
      yield* Law.same(yield* concerned([{ name: "cap", after: null }]), [{ at: noon, cause: "a" }], "the places")
    }),
  ),
  Law.make(
    "no tenant sees, finds or replaces what another's conversions took",
    Effect.gen(function* () {
      const own = taking("a", noon, { granted: { cap: 1n } })
      yield* keep([own])
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          yield* Law.same(yield* kept(), {}, "what another tenant finds kept")
          yield* Law.same(yield* before("cap", [{ at: noon, cause: "z" }]), [0n], "what another tenant sees")
          yield* Law.same(yield* concerned([{ name: "cap", after: null }]), [], "the places of another tenant")
          yield* keep([taking("a", noon)])
        }),
      )
      yield* Law.same(yield* kept(), shown([own]), "what is kept after another tenant removed its own")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Tallies>> = [...keepingLaws, ...seeingLaws, ...findingLaws]
