/**
 * One or two people of a history who are erased, and stay away or come back.
 *
 * Promises: the same chance gives the same. What is left out is what makes the end depend on the moment at which an erasure comes, as
 * documented: aliases that a record loses, merges that are told twice in two ways, two erased people who are one. A merge that is taken
 * back has to be known to be so before anybody is erased; `ModelComparison` tells of those first.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { days, type Instant } from "@advocacy-kit/core/id/Instant"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import * as ModelErasure from "../model/ModelErasure.ts"
import { make } from "../model/ModelHistory.ts"
import * as Scenario from "../Scenario.ts"
import type { Chance } from "./Chance.ts"
import { growing } from "./GrowingRecords.ts"
import { emailOf, head, many, orderFacts, personCount, some } from "./TroubledHistory.ts"

export interface Erased {
  readonly facts: ReadonlyArray<Fact.Fact>
  readonly erasures: ModelErasure.Erasures
}

/** Of the tellings of a merge of people the first. */
const consistent = (facts: ReadonlyArray<Fact.Fact>): ReadonlyArray<Fact.Fact> =>
  facts.filter(
    (fact, place) => fact._tag !== "PeopleMerged" || facts.findIndex(({ key }) => key === fact.key) === place,
  )

/** In the course of the story, sometimes at the very moment of something, sometimes after what is looked at. */
const moment = (chance: Chance, facts: ReadonlyArray<Fact.Fact>, asOf: Instant): Instant => {
  if (chance.percent(8)) return asOf + chance.below(days(10))
  const [together] = chance.shuffled(
    facts.filter(({ occurredAt }) => occurredAt >= Scenario.at({ day: 0 }) && occurredAt <= asOf),
  )
  return together !== undefined && chance.percent(20)
    ? together.occurredAt
    : asOf - days(chance.below(35)) - chance.below(days(1))
}

/** Who comes back may have a new record, with the old address. */
const newRecord = (index: number, at: Instant): Fact.PersonSeen => ({
  _tag: "PersonSeen",
  ...head(Scenario.customerOf(20 + index), 1, Fact.rank.api, at),
  person: Scenario.customerOf(20 + index),
  aliases: [emailOf(index)],
  mergedFrom: [],
  companies: [],
  soft: [],
  marketing: "unknown",
  lifecycle: null,
})

/** Buys again, mostly with somebody's code. */
const newOrders = (chance: Chance, index: number, currency: Currency, at: Instant): ReadonlyArray<Fact.Fact> => {
  const customer = chance.pick(Scenario.customerOf(20 + index), Scenario.customerOf(index), null)
  return orderFacts(chance, 20 + index, currency).map((fact) =>
    fact._tag === "OrderPlaced" ? { ...fact, occurredAt: at, customer, email: emailOf(index) } : fact,
  )
}

/** Everybody whom anything ever joins to somebody. */
const circleOf = (facts: ReadonlyArray<Fact.Fact>, handle: Handle): ReadonlyArray<Handle> =>
  make(
    facts.filter(({ _tag }) => _tag !== "MergeUndone"),
    "",
    Infinity,
  ).people.find((handles) => handles.includes(handle)) ?? [handle]

/** Erases one or two people of a history. Some then stay away: nothing that is told of a later time names them. */
export const draw = (
  chance: Chance,
  told: ReadonlyArray<Fact.Fact>,
  { asOf, currency }: { readonly asOf: Instant; readonly currency: Currency },
): Erased => {
  let facts = consistent(growing(told))
  const gone = new Set<Handle>()
  const requests: Array<ModelErasure.Request> = []
  for (const number of many(chance.percent(30) ? 2 : 1, (index) => index)) {
    const index = chance.below(personCount)
    const handle = chance.pick(Scenario.customerOf(index), emailOf(index), Scenario.contactOf(index))
    const at = moment(chance, facts, asOf)
    const circle = circleOf(facts, handle)
    if (circle.some((one) => gone.has(one))) continue
    for (const one of circle) gone.add(one)
    requests.push({ handle, at, by: "somebody", reason: `request ${number}` })
    if (chance.percent(50)) {
      const theirs = ModelErasure.handlesOf(facts, { handle, at })
      facts = facts.filter((fact) => ModelErasure.comingBack([fact], theirs, at).length === 0)
      continue
    }
    const later = (): Instant => at + 1 + chance.below(days(20))
    facts = [
      ...facts,
      ...some(chance, 60, () => newRecord(index, later())),
      ...(chance.percent(70) ? newOrders(chance, index, currency, later()) : []),
    ]
  }
  const key = Uint8Array.from(many(32, () => chance.below(256)))
  return { facts, erasures: { key, requests: requests.sort((left, right) => left.at - right.at) } }
}
