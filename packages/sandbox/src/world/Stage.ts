/**
 * Where scenarios are played: the story so far, the advocates who can bring friends, and the moves that
 * scenarios are made of (a friend appears, an order is placed, a piece of evidence is left).
 *
 * Promises: evidence is never older than the code it names, ordinary advocates stay below the yearly limit, and a
 * friend has no order before the planned ones.
 */
import type { NetRange } from "./Basket.ts"
import * as Basket from "./Basket.ts"
import { day, hour, minute, seasonal, second } from "./Calendar.ts"
import type { AccountDraft, OrderDraft, PersonDraft, Story, TouchDraft } from "./Draft.ts"
import * as OrderSimulation from "./OrderSimulation.ts"
import type { Population } from "./PeopleSimulation.ts"
import * as RandomSource from "./RandomSource.ts"
import { rules } from "./World.ts"

export interface Stage {
  readonly story: Story
  readonly population: Population
  readonly random: RandomSource.RandomSource
  /** How often each advocate of the open pool was used already. */
  readonly pool: Map<PersonDraft, number>
}

/** A scenario is played `count` times; `index` runs from 0. */
export type Scenario = (stage: Stage, index: number) => void

/** Enough for the program's minimum. */
export const eligible: NetRange = { least: 4_000n, most: 60_000n }

/** Below the limit of ten a year, whatever years the uses fall in. */
const usesAtMost = rules.limitPerYear - 3

export const make = (story: Story, population: Population): Stage => ({
  story,
  population,
  random: RandomSource.make(story.seed, "scenarios"),
  pool: new Map(),
})

export const place = (stage: Stage, plan: OrderSimulation.OrderPlan): OrderDraft => {
  const order = OrderSimulation.order(stage.random, plan)
  stage.story.orders.push(order)
  return order
}

/** Somebody who bought, liked it and was given a code. `early` ones have almost the whole history before them. */
export const makeAdvocate = (stage: Stage, early = false): PersonDraft => {
  const { population, random, story } = stage
  const person = population.person()
  const account = population.account(person)
  const from = story.period.startsAt
  const at = seasonal(random, from, from + (early ? 20 : 270) * day)
  place(stage, { at, account, planned: "organic", device: person.devices[0] ?? "" })
  population.issueCode(person, at + random.int(early ? 5 : 20, early ? 9 : 60) * day)
  person.repeatsFrom = at + hour
  return person
}

export const issuedAt = (advocate: PersonDraft): number => {
  if (advocate.referral === null) throw new RangeError(`${advocate.id} has no code`)
  return advocate.referral.issuedAt
}

export const codeOf = (advocate: PersonDraft): string => {
  if (advocate.referral === null) throw new RangeError(`${advocate.id} has no code`)
  return advocate.referral.code
}

/** An advocate of the pool, other than the given ones; few bring most friends. */
export const advocate = (stage: Stage, ...others: ReadonlyArray<PersonDraft>): PersonDraft => {
  const { pool, random } = stage
  const candidates = [...pool.keys()]
  for (let attempt = 0; attempt < 60 && candidates.length > 0; attempt++) {
    const found = candidates[Math.floor(random.next() ** 1.6 * candidates.length)]
    if (found === undefined || others.includes(found)) continue
    const uses = pool.get(found) ?? 0
    if (uses >= usesAtMost) continue
    pool.set(found, uses + 1)
    return found
  }
  const made = makeAdvocate(stage)
  pool.set(made, 1)
  return made
}

/** When a friend of these advocates buys: `leadDays` after their codes at the earliest, or in the live phase. */
export const buysAt = (
  stage: Stage,
  advocates: ReadonlyArray<PersonDraft>,
  options: { readonly leadDays?: number; readonly live?: boolean; readonly settledDays?: number } = {},
): number => {
  const { liveFrom, now } = stage.story.period
  const from = Math.max(...advocates.map(issuedAt)) + (options.leadDays ?? 31) * day
  return options.live === true
    ? seasonal(stage.random, liveFrom + hour, now - 4 * day)
    : seasonal(stage.random, from, now - (options.settledDays ?? 0) * day - 3 * hour)
}

/** Somebody new, with a shop account or, seldom, without one. */
export const friend = (stage: Stage): AccountDraft => {
  const person = stage.population.person()
  return stage.population.account(person, { guest: stage.random.chance(0.06) })
}

/** From the day after its last planned order a person may buy again without anything that looks like evidence. */
export const thenFree = (order: OrderDraft): void => {
  if (order.account !== null) order.account.person.repeatsFrom = order.at + day
}

export const byCode = (who: PersonDraft, at: number): TouchDraft => ({
  kind: "code",
  advocate: who,
  code: codeOf(who),
  at,
})

export const byAttribute = (who: PersonDraft, at: number): TouchDraft => ({
  kind: "cart-attribute",
  advocate: who,
  code: codeOf(who),
  at,
})

export const byClick = (who: PersonDraft, at: number): TouchDraft => ({
  kind: "link-click",
  advocate: who,
  code: codeOf(who),
  at,
})

/** A click between ten minutes and almost the whole window before the order. */
export const earlierClick = (stage: Stage, who: PersonDraft, orderAt: number): TouchDraft =>
  byClick(who, orderAt - stage.random.int(10, (rules.windowDays - 1) * 24 * 60) * minute)

/** One of the three kinds of evidence that an order itself carries, in turn. */
export const anyTouch = (stage: Stage, who: PersonDraft, at: number, turn: number): TouchDraft =>
  turn % 3 === 0 ? byCode(who, at) : turn % 3 === 1 ? earlierClick(stage, who, at) : byAttribute(who, at)

export const invite = (person: PersonDraft, who: PersonDraft, at: number): void => {
  person.invitation = { advocate: who, code: codeOf(who), at: Math.floor(at / second) * second }
  // An invitation stays on record, so any later order would carry it as evidence.
  person.repeatsFrom = null
}

/** Sends pieces back, at once or in two parcels, so that the net left lies in the range; false when it cannot. */
export const giveBack = (stage: Stage, order: OrderDraft, left: NetRange, at: number): boolean => {
  const none = order.lines.map(() => 0)
  const pieces = Basket.piecesToReturn(stage.random, order.lines, left)
  if (pieces === null) return false
  const everything = pieces.every((count, index) => count === order.lines[index]?.quantity)
  const shipping = everything ? order.shippingCents : 0n
  const index = pieces.findIndex((count) => count > 0)
  const first = pieces.map((_, position) => (position === index ? 1 : 0))
  const several = pieces.reduce((sum, count) => sum + count, 0) > 1 && stage.random.chance(0.4)
  if (several) order.refunds.push(Basket.refund(order.lines, none, first, at - 20 * minute, 0n))
  order.refunds.push(Basket.refund(order.lines, several ? first : none, pieces, at, shipping))
  return true
}

/** Places an order of which so much is given back later that the net left lies in the range. */
export const placeGivenBack = (
  stage: Stage,
  plan: OrderSimulation.OrderPlan,
  left: NetRange,
  at: number,
): OrderDraft => {
  for (let attempt = 0; attempt < 500; attempt++) {
    const order = OrderSimulation.order(stage.random, plan)
    if (!giveBack(stage, order, left, at)) continue
    stage.story.orders.push(order)
    return order
  }
  throw new RangeError(`no basket leaves between ${left.least} and ${left.most} cents after a return`)
}
