/**
 * Credit for conversions by what a channel adds to every combination of the others (Shapley 1953).
 *
 * Exact, from what each combination is worth; and simplified (Zhao, Mahboobi and Bagheri 2018), where a journey's
 * conversions are split evenly over its distinct channels, which is the same where a combination is worth the
 * conversions of the journeys that it alone makes up. Credited, not caused.
 */
import { credited, type Journey } from "./TouchAttribution.ts"

/** The work doubles with every player. */
export const mostPlayers = 20

/**
 * φ_i = Σ_{S without i} |S|! (n − |S| − 1)!/n! · (v(S ∪ i) − v(S)). Sums to v(all) − v(none). Null for more than
 * `mostPlayers`. `value` is asked once for each combination, in players' order.
 */
export const shapley = (
  players: ReadonlyArray<string>,
  value: (combination: ReadonlyArray<string>) => number,
): ReadonlyMap<string, number> | null => {
  const count = players.length
  if (count > mostPlayers) return null
  const worth = Float64Array.from({ length: 2 ** count }, (_, set) =>
    value(players.filter((_player, at) => (set & (1 << at)) !== 0)),
  )
  // The weight of a combination of each size, 1/(n · C(n − 1, size)).
  const weights: Array<number> = []
  for (let size = 0, choices = 1; size < count; size++) {
    weights.push(1 / (count * choices))
    choices = (choices * (count - 1 - size)) / (size + 1)
  }
  const sizes = new Uint8Array(2 ** count)
  for (let set = 1; set < sizes.length; set++) sizes[set] = (sizes[set >> 1] ?? 0) + (set & 1)
  return new Map(
    players.map((player, at) => {
      let total = 0
      for (let set = 0; set < worth.length; set++) {
        if ((set & (1 << at)) !== 0) continue
        total += (weights[sizes[set] ?? 0] ?? 0) * ((worth[set | (1 << at)] ?? 0) - (worth[set] ?? 0))
      }
      return [player, total]
    }),
  )
}

/** Conversions, or value, of each journey in equal parts to its distinct channels. */
export const simplifiedShapley = (
  journeys: ReadonlyArray<Journey>,
  measure: "conversions" | "value" = "conversions",
): ReadonlyMap<string, number> =>
  credited(
    journeys.map((journey) => ({ ...journey, touches: [...new Set(journey.touches)] })),
    (touches) => touches.map(() => 1 / touches.length),
    measure,
  )
