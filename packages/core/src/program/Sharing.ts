/**
 * How a reward is divided among those who share it, where some of the shares have been committed to.
 *
 * Promises: a share that was committed to stays what it was, whatever evidence comes or goes; the others share equally in what the
 * kept shares leave; all parts sum to the whole at most, and none is negative. As long as the evidence names the same
 * advocates as it did, it is the plain division into equal parts.
 */
import { equalPart, isOfWhole, minorOf, type Share } from "../money/Share.ts"
import type { Case, Judged, Verdict } from "./Case.ts"
import type { Commitment } from "./Commitment.ts"
import type { History } from "./History.ts"
import { partsOf } from "../ledger/Credit.ts"

/** The commitment of a credit that says its share: the first that does; what earlier versions recorded says none. */
const keepsShare = (committed: ReadonlyArray<Commitment>) =>
  committed.flatMap(({ occurredAt, share, shownBy }) => (share === null ? [] : [{ occurredAt, share, shownBy }]))[0]

/** The shares that were committed to for a conversion by their part, in the order in which that happened. */
const keptShares = (
  history: History,
  { conversion, mechanic, program }: Omit<Judged, "verdicts">,
): ReadonlyMap<string, Share> => {
  const kept = history.commitments.keysOf(mechanic.rule, conversion.cause).flatMap((key) => {
    const parts = partsOf(key)
    const first = keepsShare(history.commitments.of(key))
    return parts === null || parts.program !== program.name || parts.role !== "advocate" || first === undefined
      ? []
      : [{ ...first, part: parts.part }]
  })
  // One command may take lots of two shares.
  const nameOf = (one: (typeof kept)[number]): string => `${one.shownBy} ${one.part}`
  kept.sort((a, b) => a.occurredAt - b.occurredAt || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))
  return new Map(kept.map(({ part, share }) => [part, share]))
}

/** The evidence still gives each kept share its place, so that the plain division is the one that was committed to. */
const isAsKept = (kept: ReadonlyMap<string, Share>, verdicts: ReadonlyArray<Verdict>): boolean =>
  [...kept].every(([part, share]) =>
    verdicts.some(
      (verdict) =>
        verdict.part === part &&
        verdict.reason !== "no-evidence" &&
        verdict.share.index === share.index &&
        verdict.share.of === share.of &&
        isOfWhole(share),
    ),
  )

/** Gives each of a conversion's verdicts its part of the division, where that is not the plain one any more. */
export const divide = (
  history: History,
  one: Omit<Judged, "verdicts">,
  verdicts: ReadonlyArray<Verdict>,
): ReadonlyArray<Verdict> => {
  const kept = keptShares(history, one)
  if (kept.size === 0 || isAsKept(kept, verdicts)) return verdicts
  const open = verdicts.filter(({ part }) => !kept.has(part))
  return verdicts.map((verdict) => ({
    ...verdict,
    division: { kept, index: Math.max(0, open.indexOf(verdict)), of: Math.max(1, open.length) },
  }))
}

/** What a verdict's share of a reward is worth, and what a commitment to it would keep; null where nothing is shared. */
export const shareIn = (
  { verdict }: Pick<Case, "verdict">,
  wholeMinor: bigint,
): { readonly amountMinor: bigint; readonly share: Share | null } => {
  const { division, part } = verdict
  let leftMinor = wholeMinor
  for (const [name, share] of division?.kept ?? []) {
    const wanted = minorOf(share, wholeMinor)
    const amountMinor = wanted < leftMinor ? wanted : leftMinor
    if (name === part) return { amountMinor, share }
    leftMinor -= amountMinor
  }
  const { index, of } = division ?? verdict.share
  return {
    amountMinor: equalPart(leftMinor, { index, of }),
    share: part === "" || wholeMinor <= 0n ? null : { index, of, leftMinor, wholeMinor },
  }
}
