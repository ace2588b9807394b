/**
 * What the heavier statistics cost, without a database: scoring people, fitting BG/NBD, exact removal of channels.
 *
 * Each is told in seconds, to be read, and as a ratio to something plain over the same data in the same run. Memory is that of the whole
 * process, with the people themselves and what was measured before, at the most.
 */
import * as AdvocateScore from "@advocacy-kit/core/advocate/AdvocateScore"
import * as BgNbd from "@advocacy-kit/core/metric/BgNbd"
import { markov } from "@advocacy-kit/core/metric/MarkovAttribution"
import * as Simulated from "./SimulatedPeople.ts"

type Say = (line: string) => void

const timed = (work: () => unknown): number => {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

/** The middle of an odd number of runs. */
const median = (runs: number, work: () => unknown): number =>
  Array.from({ length: runs }, () => timed(work)).sort((left, right) => left - right)[(runs - 1) / 2] ?? 0

const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

const scoring = (say: Say): void => {
  const [few, many] = [100_000, 1_000_000].map((count) => {
    const people = Simulated.people(count)
    const before = megabytes()
    const millis = timed(() => AdvocateScore.scoreAll(people))
    say(
      `Scoring ${count} people: ${(millis / 1000).toFixed(2)} s; memory at most ${megabytes()} MB, ${before} MB before`,
    )
    return millis
  })
  say(`  ten times as many take ${((many ?? 0) / (few ?? 1)).toFixed(1)} times as long`)
}

const customerCount = 23_570

const fitting = (say: Say): void => {
  const customers = Simulated.customers(customerCount)
  const once = median(5, () => BgNbd.logLikelihood(Simulated.published, customers))
  const fit = BgNbd.fit(customers)
  const millis = median(3, () => BgNbd.fit(customers))
  say(`BG/NBD of ${customerCount} customers: ${(millis / 1000).toFixed(2)} s`)
  say(`  as long as ${(millis / once).toFixed(0)} times the likelihood of all customers, one by one`)
  if (fit.parameters === null) return say(`  not fitted: ${fit.reason}`)
  const near = Object.values(Simulated.published).map((value, at) =>
    Math.abs(((fit.parameters[at] ?? NaN) - value) / (fit.standardErrors[at] ?? NaN)),
  )
  say(`  the likelihood was computed ${fit.evaluations} times`)
  say(`  found within ${Math.max(...near).toFixed(1)} standard errors of what the customers were made with`)
}

const removing = (say: Say): void => {
  const [count, channels] = [10_000, 12]
  const journeys = Simulated.journeys(count, channels)
  const counting = median(5, () => {
    const touched = new Map<string, number>()
    for (const { touches } of journeys) for (const one of touches) touched.set(one, (touched.get(one) ?? 0) + 1)
    return touched
  })
  for (const order of [1, 2]) {
    const first = timed(() => markov(journeys, order))
    const again = median(5, () => markov(journeys, order))
    say(
      `Exact removal of ${channels} channels from ${count} journeys, order ${order}: ${first.toFixed(0)} ms the first time, then ${again.toFixed(0)} ms`,
    )
    say(`  ${(again / counting).toFixed(0)} times as long as counting their touches`)
  }
}

export const run = (say: Say): void => {
  scoring(say)
  fitting(say)
  removing(say)
}
