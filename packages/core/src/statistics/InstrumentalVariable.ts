/**
 * The effect on those who did what they were encouraged to do (Imbens and Angrist 1994).
 *
 * Where one can draw by lot who is invited, but not who refers, the effect of the invitation on the outcome over its
 * effect on the doing is the local average treatment effect: on those whom the invitation moved. It rests on the
 * invitation working only through the doing, and on nobody being put off by it.
 */

/** One person: drawn to be encouraged or not, did it or not (1 or 0, or how much), and the outcome. */
export interface Encouraged {
  readonly encouraged: boolean
  readonly taken: number
  readonly outcome: number
}

export interface LocalEffect {
  /** Effect of the encouragement on the outcome (intention to treat), in the unit of the outcome. */
  readonly intentionToTreat: number
  /** Effect of the encouragement on the doing. */
  readonly firstStage: number
  /** Intention to treat over first stage: the outcome for each additional one who did it. */
  readonly effect: number
  /** Robust to unequal variances (HC0). */
  readonly standardError: number
}

/**
 * Wald's estimate β = ITT_Y / ITT_D with SE = √(Σ (z − z̄)² e²) / |Σ (z − z̄)(d − d̄)|, e = (y − ȳ) − β (d − d̄). Null
 * where nobody or everybody was encouraged, and where the encouragement moved nobody. A first stage near 0 makes it
 * worthless: look at that first.
 */
export const localEffect = (people: ReadonlyArray<Encouraged>): LocalEffect | null => {
  const meanOf = (among: ReadonlyArray<Encouraged>, read: (one: Encouraged) => number): number =>
    among.reduce((sum, one) => sum + read(one), 0) / among.length
  const yes = people.filter(({ encouraged }) => encouraged)
  const no = people.filter(({ encouraged }) => !encouraged)
  if (yes.length === 0 || no.length === 0) return null
  const intentionToTreat = meanOf(yes, ({ outcome }) => outcome) - meanOf(no, ({ outcome }) => outcome)
  const firstStage = meanOf(yes, ({ taken }) => taken) - meanOf(no, ({ taken }) => taken)
  if (firstStage === 0) return null
  const effect = intentionToTreat / firstStage
  const share = yes.length / people.length
  const [outcome, taken] = [meanOf(people, (one) => one.outcome), meanOf(people, (one) => one.taken)]
  let [squares, moved] = [0, 0]
  for (const one of people) {
    const z = (one.encouraged ? 1 : 0) - share
    squares += (z * (one.outcome - outcome - effect * (one.taken - taken))) ** 2
    moved += z * (one.taken - taken)
  }
  return { intentionToTreat, firstStage, effect, standardError: Math.sqrt(squares) / Math.abs(moved) }
}
