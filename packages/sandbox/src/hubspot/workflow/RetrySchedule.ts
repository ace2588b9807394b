/**
 * When an action is tried again: after a minute, then after twice as long each time, eight hours at most, for three days
 * from the first attempt. The three days are documented for actions; the minute and the eight hours for the older
 * webhooks of workflows. The real gaps are randomised; here they are not, so that runs repeat.
 */

const firstGapMillis = 60_000
const longestGapMillis = 8 * 3_600_000
const givingUpMillis = 3 * 86_400_000

/**
 * `null`: it is not tried again. `attempts`: made so far. The last attempt is at the end of the three days; an app that
 * wants to be left alone for longer is given up.
 */
export const nextAt = (
  firstAttemptMillis: number,
  nowMillis: number,
  attempts: number,
  wantedGapMillis: number | null,
): number | null => {
  const end = firstAttemptMillis + givingUpMillis
  if (nowMillis >= end) return null
  if (wantedGapMillis !== null) return nowMillis + wantedGapMillis > end ? null : nowMillis + wantedGapMillis
  const gap = Math.min(longestGapMillis, firstGapMillis * 2 ** Math.min(attempts - 1, 20))
  return Math.min(end, nowMillis + gap)
}
