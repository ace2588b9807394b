/**
 * Credit for conversions by what would be lost without a channel (Anderl et al. 2016), solved exactly.
 *
 * Journeys are a chain that ends in a conversion or in nothing; the state is the last `order` touches, a journey shorter
 * than that is one state. Removing a channel sends everything that leads into it to nothing. Journeys that came to
 * nothing belong to the data: without them no channel matters. Credited, not caused; unstable below some 600 conversions
 * a channel, where a band over several rules says more (`AttributionBand`).
 */
import { inverse, type Matrix, solve } from "../statistics/LinearSystem.ts"
import type { Journey } from "./TouchAttribution.ts"

interface State {
  readonly index: number
  readonly channels: ReadonlySet<string>
  /** Weight of what leaves the state, and of what of it converts. */
  leaving: number
  converting: number
  /** By the touch that leads on: the state it leads to, and the weight that goes there. */
  readonly next: Map<string, { readonly to: State; weight: number }>
}

export interface MarkovAttribution {
  /** Share of journeys that convert. */
  readonly baseConversionRate: number
  /** Share of the conversions that would be lost without the channel, 0 to 1. */
  readonly removalEffects: ReadonlyMap<string, number>
  /** Conversions, in proportion to the effects of removal. */
  readonly attributed: ReadonlyMap<string, number>
  /** Value, in the same proportion. */
  readonly attributedValue: ReadonlyMap<string, number>
}

/** States by the touches that they are, found once for each way into them: most touches are a look at the state before. */
const chainOf = (journeys: ReadonlyArray<Journey>, order: number): ReadonlyArray<State> => {
  const made = (index: number, touches: ReadonlyArray<string>): State => ({
    index,
    channels: new Set(touches),
    leaving: 0,
    converting: 0,
    next: new Map(),
  })
  const start = made(0, [])
  const states = [start]
  const known = new Map<string, State>()
  const stateOf = (touches: ReadonlyArray<string>): State => {
    // Nothing a channel is called can make two states one.
    const name = JSON.stringify(touches)
    const found = known.get(name)
    if (found !== undefined) return found
    const state = made(states.length, touches)
    known.set(name, state)
    states.push(state)
    return state
  }
  const passed = (from: State, by: string, touches: () => ReadonlyArray<string>, weight: number): State => {
    const way = from.next.get(by) ?? { to: stateOf(touches()), weight: 0 }
    if (way.weight === 0) from.next.set(by, way)
    way.weight += weight
    from.leaving += weight
    return way.to
  }
  for (const { conversions, nulls, touches } of journeys) {
    const weight = conversions + nulls
    if (weight <= 0 || touches.length === 0) continue
    const first = touches.slice(0, order)
    let at = passed(start, JSON.stringify(first), () => first, weight)
    for (let end = order; end < touches.length; end++)
      at = passed(at, touches[end] ?? "", () => touches.slice(end + 1 - order, end + 1), weight)
    at.leaving += weight
    at.converting += conversions
  }
  return states
}

/** How often each state is passed from each other one: (I − Q)⁻¹, Q the transitions between states. */
const visits = (states: ReadonlyArray<State>): Matrix | null =>
  inverse(
    states.map(({ index, leaving, next }) => {
      const row = states.map((_, to): number => (to === index ? 1 : 0))
      for (const { to, weight } of next.values()) row[to.index] = (row[to.index] ?? 0) - weight / leaving
      return row
    }),
  )

/**
 * Null without conversions, and for an order below 1. With N the visits and h the chance of a conversion from each state, removing the states S of
 * a channel loses N[start, S] · N[S, S]⁻¹ · h[S] of h[start]; the effect is that share. Order 1 is usual, 2 looks at
 * pairs of touches. Work grows with the cube of the states: channels^order at most.
 */
export const markov = (journeys: ReadonlyArray<Journey>, order = 1): MarkovAttribution | null => {
  if (!Number.isInteger(order) || order < 1) return null
  const states = chainOf(journeys, order)
  const fundamental = states.length === 1 ? null : visits(states)
  if (fundamental === null) return null
  const ends = states.map(({ converting, leaving }) => converting / leaving)
  const chance = fundamental.map((row) => row.reduce((sum, often, at) => sum + often * (ends[at] ?? 0), 0))
  const base = chance[0] ?? 0
  if (base <= 0) return null
  const effects = new Map<string, number>()
  for (const channel of new Set(states.flatMap(({ channels }) => [...channels]))) {
    const removed = states.filter(({ channels }) => channels.has(channel)).map(({ index }) => index)
    const among = removed.map((from) => removed.map((to) => fundamental[from]?.[to] ?? 0))
    const further = solve(
      among,
      removed.map((state) => chance[state] ?? 0),
    )
    if (further === null) return null
    const lost = removed.reduce((sum, state, at) => sum + (fundamental[0]?.[state] ?? 0) * (further[at] ?? 0), 0)
    effects.set(channel, lost / base)
  }
  return { baseConversionRate: base, removalEffects: effects, ...proportional(journeys, effects) }
}

const proportional = (journeys: ReadonlyArray<Journey>, effects: ReadonlyMap<string, number>) => {
  const all = [...effects.values()].reduce((a, b) => a + b, 0)
  const shared = (total: number): ReadonlyMap<string, number> =>
    new Map([...effects].map(([channel, effect]) => [channel, (total * effect) / all]))
  const sum = (measure: "conversions" | "value"): number =>
    journeys.reduce((total, journey) => (journey.touches.length === 0 ? total : total + journey[measure]), 0)
  return { attributed: shared(sum("conversions")), attributedValue: shared(sum("value")) }
}
