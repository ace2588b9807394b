/**
 * What several rules of attribution agree on: a band for each channel.
 *
 * Rules that learn from data are unstable while there are few conversions. Then the least and the most that the simple
 * rules credit say honestly how much depends on the rule chosen. A band is no confidence interval.
 */

/** Conversions a channel below which rules that learn from data are not to be trusted alone. */
export const enoughConversionsPerChannel = 600

/** Whether `conversions` over `channels` are enough for Markov or Shapley attribution. */
export const isStable = (conversions: number, channels: number): boolean =>
  channels > 0 && conversions / channels >= enoughConversionsPerChannel

export interface Band {
  readonly low: number
  readonly high: number
}

/** The least and the most that any of `results` credits to each channel; a channel that a result does not name gets 0 there. */
export const band = (results: ReadonlyArray<ReadonlyMap<string, number>>): ReadonlyMap<string, Band> => {
  const channels = new Set(results.flatMap((result) => [...result.keys()]))
  return new Map(
    [...channels].map((channel) => {
      const found = results.map((result) => result.get(channel) ?? 0)
      return [channel, { low: Math.min(...found), high: Math.max(...found) }]
    }),
  )
}
