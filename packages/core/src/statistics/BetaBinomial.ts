/**
 * Shares of many small groups that lend each other strength (empirical Bayes; Efron and Morris 1975, Robinson 2017).
 *
 * One success of one trial is no share of 100 %. All groups together say how shares vary (a beta distribution, found by
 * maximum likelihood); each group's share is then drawn towards the mean of all, the more the fewer its trials. To rank,
 * take the lower bound, which asks for evidence.
 */
import * as Beta from "./Beta.ts"

export interface Counts {
  readonly successes: number
  readonly trials: number
}

export interface Prior {
  readonly alpha: number
  readonly beta: number
}

/** How many groups reach beyond each count: entry j counts those with more than j. */
const beyond = (counts: ReadonlyArray<number>): ReadonlyArray<number> => {
  const result = Array.from({ length: counts.reduce((a, b) => Math.max(a, b), 0) }, () => 0)
  for (const count of counts) if (count > 0) result[count - 1] = (result[count - 1] ?? 0) + 1
  for (let at = result.length - 2; at >= 0; at--) result[at] = (result[at] ?? 0) + (result[at + 1] ?? 0)
  return result
}

/** Σ_j often_j ln(at + j), with its first and second derivative. */
const rising = (often: ReadonlyArray<number>, at: number): readonly [number, number, number] => {
  let [value, slope, curve] = [0, 0, 0]
  often.forEach((groups, j) => {
    value += groups * Math.log(at + j)
    slope += groups / (at + j)
    curve -= groups / (at + j) ** 2
  })
  return [value, slope, curve]
}

interface Point extends Prior {
  readonly likelihood: number
  /** In ln α and ln β, so that a step cannot leave the positive numbers. */
  readonly gradient: readonly [number, number]
  readonly hessian: readonly [number, number, number]
}

/**
 * The prior of largest likelihood: Newton's method in logarithms, damped until a step helps. Counts are whole numbers.
 * Null where the groups say nothing about how shares vary: none has two trials, nobody or everybody succeeded, or they
 * vary no more than chance alone would have them (the pooled share is then all there is).
 */
export const fit = (groups: ReadonlyArray<Counts>): Prior | null => {
  const successes = beyond(groups.map((group) => group.successes))
  const failures = beyond(groups.map((group) => group.trials - group.successes))
  const trials = beyond(groups.map((group) => group.trials))
  if (trials.length < 2 || successes.length === 0 || failures.length === 0) return null
  const pointAt = (alpha: number, beta: number): Point => {
    const [one, two, both] = [rising(successes, alpha), rising(failures, beta), rising(trials, alpha + beta)]
    const [a, b] = [alpha * (one[1] - both[1]), beta * (two[1] - both[1])]
    return {
      alpha,
      beta,
      likelihood: one[0] + two[0] - both[0],
      gradient: [a, b],
      hessian: [alpha ** 2 * (one[2] - both[2]) + a, -alpha * beta * both[2], beta ** 2 * (two[2] - both[2]) + b],
    }
  }
  const share = (successes[0] ?? 0) / (trials[0] ?? 1)
  let point = pointAt(Math.max(0.05, share), Math.max(0.05, 1 - share))
  let damping = 1e-3
  for (let round = 0; round < 500; round++) {
    const { alpha, beta, gradient, hessian } = point
    if (alpha + beta > 1e6 || alpha < 1e-8 || beta < 1e-8) return null
    if (Math.hypot(...gradient) < 1e-11 * (trials[0] ?? 1)) return { alpha, beta }
    const [aa, bb] = [damping - hessian[0], damping - hessian[2]]
    const determinant = aa * bb - hessian[1] ** 2
    const stepA = (bb * gradient[0] + hessian[1] * gradient[1]) / determinant
    const stepB = (aa * gradient[1] + hessian[1] * gradient[0]) / determinant
    const uphill = aa > 0 && determinant > 0 && Math.abs(stepA) < 4 && Math.abs(stepB) < 4
    const next = uphill ? pointAt(alpha * Math.exp(stepA), beta * Math.exp(stepB)) : undefined
    if (next !== undefined && next.likelihood >= point.likelihood) {
      point = next
      damping = Math.max(damping / 10, 1e-12)
    } else if (damping > 1e12) return { alpha, beta }
    else damping *= 10
  }
  return null
}

export interface Posterior {
  /** (α + successes)/(α + β + trials). */
  readonly mean: number
  /** The share below which the group's own lies with probability `tail`. */
  readonly lower: number
}

/** (α + successes)/(α + β + trials): the mean alone, which costs nothing. */
export const posteriorMean = ({ alpha, beta }: Prior, { successes, trials }: Counts): number =>
  (alpha + successes) / (alpha + beta + trials)

/** What is to be thought of one group; without trials it is what is thought of all. */
export const posterior = (prior: Prior, counts: Counts, tail = 0.05): Posterior => ({
  mean: posteriorMean(prior, counts),
  lower: Beta.quantile(tail, prior.alpha + counts.successes, prior.beta + counts.trials - counts.successes),
})
