/**
 * The reference model, part 12: what each of several advocates has of a reward, where shares were handed over and the evidence has
 * changed since. See docs/crediting.md, "Who brought the buyer" and "After the handing-over".
 */
import type { Share } from "@advocacy-kit/core/money/Share"
import { partsOf } from "./ModelCommitment.ts"
import { inOrder, type ModelHistory } from "./ModelHistory.ts"
import type { Claim } from "./ModelReferral.ts"

export interface Part {
  readonly amountMinor: bigint
  /** What handing it over keeps. */
  readonly share: Share
}

/** Equal parts; the cents that remain go to the first. */
const equal = (totalMinor: bigint, place: number, of: number): bigint =>
  totalMinor / BigInt(of) + (BigInt(place) < totalMinor % BigInt(of) ? 1n : 0n)

const least = (left: bigint, right: bigint): bigint => (left < right ? left : right)

/** Of each part the first handing-over that says a share, those that were handed over first before others. */
const kept = (history: ModelHistory, { mechanic, purchase }: Claim) =>
  history.committed
    .flatMap(({ at, credit, key, share }) => {
      const parts = partsOf(credit)
      const isHere = parts?.rule === mechanic.rule && parts.cause === purchase.key && parts.role === "advocate"
      return isHere && share !== undefined ? [{ at, key: `${key} ${parts.part}`, part: parts.part, share }] : []
    })
    .filter(({ part }, place, list) => list.findIndex((other) => other.part === part) === place)
    .sort(inOrder)

/** The part of a claim in a reward; `among` are all who are judged for the purchase by the rule. */
export const partOf = (history: ModelHistory, claim: Claim, among: ReadonlyArray<Claim>, wholeMinor: bigint): Part => {
  const all = kept(history, claim)
  const isAsBefore = all.every(({ part, share }) => {
    const now = among.find((one) => one.part === part)
    return (
      now !== undefined &&
      now.reason !== "no-evidence" &&
      now.share.place === share.index &&
      now.share.of === share.of &&
      share.leftMinor === share.wholeMinor
    )
  })
  if (isAsBefore) {
    const { of, place } = claim.share
    return {
      amountMinor: equal(wholeMinor, place, of),
      share: { index: place, of, leftMinor: wholeMinor, wholeMinor },
    }
  }
  const amounts: Array<bigint> = []
  const left = () => wholeMinor - amounts.reduce((sum, amount) => sum + amount, 0n)
  for (const { share } of all) {
    const { index, leftMinor, of, wholeMinor: then } = share
    amounts.push(least(equal((wholeMinor * leftMinor) / then, index, of), left()))
  }
  const own = all.findIndex(({ part }) => part === claim.part)
  const [keptMinor, keptShare] = [amounts[own], all[own]?.share]
  if (keptMinor !== undefined && keptShare !== undefined) return { amountMinor: keptMinor, share: keptShare }
  const others = among.filter((one) => !all.some(({ part }) => part === one.part))
  const place = others.findIndex(({ part }) => part === claim.part)
  return {
    amountMinor: equal(left(), place, others.length),
    share: { index: place, of: others.length, leftMinor: left(), wholeMinor },
  }
}
