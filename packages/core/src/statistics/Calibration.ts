/**
 * Whether predicted chances come true.
 *
 * A score can rank well and still promise too much. Brier's score (Brier 1950) and a reliability table say so.
 */

/** Mean of (chance − outcome)²: 0 is perfect, share · (1 − share) is what the base rate alone gets. Null without people. */
export const brier = (chances: ReadonlyArray<number>, outcomes: ReadonlyArray<boolean>): number | null =>
  chances.length === 0
    ? null
    : chances.reduce((sum, chance, at) => sum + (chance - (outcomes[at] === true ? 1 : 0)) ** 2, 0) / chances.length

export interface Reliability {
  readonly people: number
  /** Mean chance that was predicted for them. */
  readonly predicted: number
  /** Share of them to whom it happened. */
  readonly observed: number
}

/** People by predicted chance in `groups` of equal size, lowest first; empty groups are left out. */
export const reliability = (
  chances: ReadonlyArray<number>,
  outcomes: ReadonlyArray<boolean>,
  groups = 10,
): ReadonlyArray<Reliability> => {
  const order = Array.from(chances.keys()).sort((a, b) => (chances[a] ?? 0) - (chances[b] ?? 0))
  return Array.from({ length: groups }, (_, group) =>
    order.slice(Math.floor((group * order.length) / groups), Math.floor(((group + 1) * order.length) / groups)),
  )
    .filter((members) => members.length > 0)
    .map((members) => ({
      people: members.length,
      predicted: members.reduce((sum, at) => sum + (chances[at] ?? 0), 0) / members.length,
      observed: members.filter((at) => outcomes[at] === true).length / members.length,
    }))
}
