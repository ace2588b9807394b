/**
 * Whether a score finds those whom a treatment changes, not those who would have done it anyway.
 *
 * Needs people who were drawn by lot to be treated. Qini and uplift curves, the areas under them as a share of what
 * perfect knowledge would reach (Radcliffe 2007; Devriendt et al. 2020; as scikit-uplift 0.5), and the uplift among the
 * best. Of equal scores, all count at once on a curve; among the best, the later one comes first. Null without both groups.
 */

export interface Outcome {
  readonly treated: boolean
  /** 1 where it happened, 0 where not. */
  readonly outcome: number
  /** Predicted effect of the treatment; only the order matters. */
  readonly score: number
}

/** Sums over everybody from the highest score down to a place. */
interface Reached {
  readonly people: number
  readonly treated: number
  readonly inTreated: number
  readonly inControl: number
}

/** From the highest score; equal ones from the last to the first. */
const ranked = (people: ReadonlyArray<Outcome>): ReadonlyArray<Outcome> =>
  people.toReversed().sort((a, b) => b.score - a.score)

const reachedBy = (people: ReadonlyArray<Outcome>): ReadonlyArray<Reached> => {
  let now: Reached = { people: 0, treated: 0, inTreated: 0, inControl: 0 }
  const places = [now]
  const order = ranked(people)
  order.forEach(({ outcome, score, treated }, at) => {
    now = {
      people: now.people + 1,
      treated: now.treated + (treated ? 1 : 0),
      inTreated: now.inTreated + (treated ? outcome : 0),
      inControl: now.inControl + (treated ? 0 : outcome),
    }
    if (order[at + 1]?.score !== score) places.push(now)
  })
  return places
}

type Curve = (reached: Reached) => number

const over = (amount: number, among: number): number => (among === 0 ? 0 : amount / among)

/** Additional outcomes among the treated: Y_T − Y_C · N_T/N_C. */
const qiniCurve: Curve = ({ inControl, inTreated, people, treated }) =>
  inTreated - inControl * over(treated, people - treated)

/** (Y_T/N_T − Y_C/N_C) · N. */
const upliftCurve: Curve = ({ inControl, inTreated, people, treated }) =>
  (over(inTreated, treated) - over(inControl, people - treated)) * people

const areaUnder = (people: ReadonlyArray<Outcome>, curve: Curve): number => {
  let area = 0
  let before: Reached | undefined
  for (const now of reachedBy(people)) {
    if (before !== undefined) area += ((curve(now) + curve(before)) / 2) * (now.people - before.people)
    before = now
  }
  return area
}

const hasBoth = (people: ReadonlyArray<Outcome>): boolean =>
  people.some(({ treated }) => treated) && people.some(({ treated }) => !treated)

/** (area − area of a random order) over (area of the perfect order − area of a random order). */
const shareOfPerfect = (
  people: ReadonlyArray<Outcome>,
  curve: Curve,
  perfect: (person: Outcome) => number,
): number | null => {
  if (!hasBoth(people)) return null
  const random = areaUnder(
    people.map((person) => ({ ...person, score: 0 })),
    curve,
  )
  const best =
    areaUnder(
      people.map((person) => ({ ...person, score: perfect(person) })),
      curve,
    ) - random
  return best === 0 ? null : (areaUnder(people, curve) - random) / best
}

/**
 * The Qini coefficient: 0 for a random order, 1 for treating first whom it made do it and last whom it kept from it.
 */
export const qini = (people: ReadonlyArray<Outcome>): number | null =>
  shareOfPerfect(people, qiniCurve, ({ outcome, treated }) => (treated ? outcome : -outcome))

/** The same with the uplift curve. */
export const upliftArea = (people: ReadonlyArray<Outcome>): number | null => {
  const happenedAnyway = people.filter(({ outcome, treated }) => !treated && outcome === 1).length
  const inVain = people.filter(({ outcome, treated }) => treated && outcome === 0).length
  return shareOfPerfect(people, upliftCurve, ({ outcome, treated }) => {
    const inGroup = treated ? 1 : 0
    return (outcome === inGroup ? 2 : 0) + (happenedAnyway > inVain ? outcome : inGroup)
  })
}

/** Share of outcomes among the treated less that among the others, of the best-scored `share` of all, rounded down. */
export const upliftAmongBest = (people: ReadonlyArray<Outcome>, share = 0.3): number | null => {
  const best = ranked(people).slice(0, Math.floor(people.length * share + 1e-9))
  if (!hasBoth(best)) return null
  const shareIn = (group: boolean): number => {
    const members = best.filter(({ treated }) => treated === group)
    return members.reduce((sum, { outcome }) => sum + outcome, 0) / members.length
  }
  return shareIn(true) - shareIn(false)
}
