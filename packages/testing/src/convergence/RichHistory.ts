/**
 * A troubled history under a program with all mechanics: several versions, corrections, merges taken back, companies, and what
 * people did with what they had.
 *
 * Promises: the same chance gives the same facts. It is made of the same people and orders as `TroubledHistory`. Where people are
 * erased, what is done after that knows of it, as the kit's own commands do.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { days } from "@advocacy-kit/core/id/Instant"
import * as Program from "@advocacy-kit/core/program/Program"
import * as ModelErasure from "../model/ModelErasure.ts"
import * as Scenario from "../Scenario.ts"
import type { Chance } from "./Chance.ts"
import * as Dealings from "./Dealings.ts"
import * as ErasedPeople from "./ErasedPeople.ts"
import * as RichPrograms from "./RichPrograms.ts"
import * as Troubled from "./TroubledHistory.ts"

const { anybody, codeOf, companyOf, head, many, personCount, some, when } = Troubled

type Versions = readonly [Program.Program, ...ReadonlyArray<Program.Program>]

const publications = (chance: Chance, [first, ...later]: Versions): ReadonlyArray<Fact.Fact> => [
  Program.publication(first, Scenario.at({ day: chance.percent(85) ? -10 : 10 })),
  ...later.flatMap((version) => some(chance, 80, () => Program.publication(version, when(chance)))),
  // A version that comes back.
  ...some(chance, 10, () => Program.publication(first, when(chance))),
]

const corrections = (chance: Chance, versions: Versions): ReadonlyArray<Fact.Fact> =>
  many(chance.percent(35) ? chance.between(1, 2) : 0, () => {
    const from = when(chance)
    return Program.correction(chance.pick(...versions), {
      from,
      until: from + days(chance.between(1, 50)),
      at: from + days(chance.between(0, 60)),
      by: "somebody",
      reason: "promised otherwise",
    })
  })

/** Companies that become one, and merges that are taken back. */
const merges = (chance: Chance): ReadonlyArray<Fact.Fact> => {
  const merged = some(chance, 30, (): Fact.CompaniesMerged => ({
    _tag: "CompaniesMerged",
    ...head("hubspot:companies/1", 0, Fact.rank.api, when(chance)),
    into: companyOf(0),
    from: [companyOf(1)],
  }))
  return [
    ...merged,
    ...["hubspot:companies/1", "shopify:merge/0", "shopify:merge/1"].flatMap((key, number) =>
      some(chance, 20, (): Fact.MergeUndone => ({
        _tag: "MergeUndone",
        ...head(`hubspot:undo/${number}`, 0, Fact.rank.api, when(chance)),
        merge: Fact.key(key),
      })),
    ),
    ...many(2, (number) => number).flatMap((number) =>
      some(chance, 20, (): Fact.PeopleMerged => ({
        _tag: "PeopleMerged",
        ...head(`shopify:merge/${number}`, 0, Fact.rank.api, when(chance)),
        into: Scenario.customerOf(number),
        from: [anybody(chance)],
      })),
    ),
  ]
}

/** More evidence than one order shows: links that were followed, so that several share and friends buy again. */
const moreEvidence = (chance: Chance): ReadonlyArray<Fact.Fact> =>
  many(chance.below(8), (number): Fact.LinkVisited => ({
    _tag: "LinkVisited",
    ...head(`advocacy:link/${number}`, 0, Fact.rank.own, when(chance)),
    code: codeOf(chance.below(personCount)),
    visitor: anybody(chance),
  }))

const enrolments = (chance: Chance, program: string): ReadonlyArray<Fact.Fact> =>
  many(chance.below(6), (number): Fact.Enrolled => ({
    _tag: "Enrolled",
    ...head(`advocacy:member/${number}`, 0, Fact.rank.own, when(chance) - days(40)),
    program,
    person: anybody(chance),
    via: "imported",
  }))

export interface RichHistory extends Troubled.TroubledHistory {
  readonly erasures: ModelErasure.Erasures
}

/** In `erasing` of a hundred histories people are erased. */
export const draw = (chance: Chance, erasing = 0): RichHistory => {
  const versions = RichPrograms.draw(chance)
  const [first] = versions
  const orders = chance.between(3, 9)
  const deals = chance.below(3)
  const asOf = Scenario.at({ day: chance.between(40, 90) })
  const programs = { first: chance.pick(...versions), second: chance.pick(...versions) }
  const plain = [
    ...publications(chance, versions),
    ...corrections(chance, versions),
    ...many(personCount, (index) => Troubled.personFacts(chance, index)).flat(),
    ...merges(chance),
    ...many(personCount, (index) => Troubled.evidenceFacts(chance, index)).flat(),
    ...moreEvidence(chance),
    ...enrolments(chance, first.name),
    ...many(orders, (index) => Troubled.orderFacts(chance, index, first.currency)).flat(),
    ...many(deals, (index) => Troubled.dealFacts(chance, index, first.currency)).flat(),
    ...many(orders, (index) =>
      chance.percent(40) ? Troubled.decisionFacts(chance, Scenario.orderOf(index), programs) : [],
    ).flat(),
  ]
  const { erasures, facts } =
    erasing > 0 && chance.percent(erasing)
      ? ErasedPeople.draw(chance, plain, { asOf, currency: first.currency })
      : { facts: plain, erasures: ModelErasure.nobody }
  const moments = many(chance.below(7), () => asOf - days(chance.below(70)) + chance.below(86_400_000))
  const dealt = Dealings.draw({ chance, facts, erasures, versions, moments })
  return { facts: [...facts, ...dealt], erasures, programs, versions, asOf }
}
