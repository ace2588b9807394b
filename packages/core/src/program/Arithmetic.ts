/**
 * The calculation behind an amount, as reasons: what is left of the purchase, what the rule makes of it, what has left the house.
 *
 * Promises: each line follows from the one before it; long lists are cut after twenty with a word on how many more there are. It computes
 * nothing that decides: the numbers are those that the decision used.
 */
import { listed, noted, type Trial } from "../because/Because.ts"
import { format, make as money } from "../money/Money.ts"
import { isOfWhole } from "../money/Share.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { describe, type Reward } from "../reward/Reward.ts"
import type { Commitment } from "./Commitment.ts"
import type { Settled } from "./Case.ts"
import { amountIn } from "./Draft.ts"

/** `net = gross − refunds − edits`; empty where nothing was taken away. */
export const net = (conversion: Conversion): ReadonlyArray<Trial> => {
  const { cancelledAt, currency, grossMinor, netMinor, removed } = conversion
  if (removed.length === 0 && cancelledAt === null) return []
  const show = (minor: bigint): string => format(money(currency, minor))
  return [
    noted("net", {
      gross: show(grossMinor),
      ...listed(removed.map(({ amountMinor, fact }) => [`less ${fact ?? "edits"}`, show(amountMinor)])),
      ...(cancelledAt === null ? {} : { "less the rest": "cancelled" }),
      net: show(netMinor),
    }),
  ]
}

const rateOf = ({ mechanic, program }: Settled, reward: Reward | null): string => {
  if (mechanic.kind === "points") return `${mechanic.perUnit} points per 1 ${program.currency}, rounded down`
  if (reward === null) return "nothing"
  return describe(reward, program.currency)
}

/** Which of how many equal parts it is, and of what, where that is not the whole. */
const shareSeen = ({ share, verdict }: Settled, unit: string): Readonly<Record<string, string>> => {
  const { index, of } = share ?? verdict.share
  return {
    ...(of > 1 ? { share: `${index + 1} of ${of}` } : {}),
    ...(share === null || isOfWhole(share)
      ? {}
      : { shareOf: `${amountIn(unit, share.leftMinor)} of ${amountIn(unit, share.wholeMinor)}` }),
    ...(verdict.division?.kept.has(verdict.part) === true ? { shareKept: "since it was handed over" } : {}),
  }
}

/** From the net amount to what the role gets. */
export const worth = (
  one: Settled,
  reward: Reward | null,
  unit: string,
  dueMinor: bigint,
  isShared: boolean,
): Trial => {
  const { conversion } = one.verdict
  const percent = one.trials.find(({ rule }) => rule === "tier")?.saw.percent
  return noted("amount", {
    net: format(money(conversion.currency, conversion.netMinor)),
    rate: rateOf(one, reward),
    ...(percent === undefined || percent === "100" ? {} : { tierPercent: percent }),
    ...(isShared ? shareSeen(one, unit) : {}),
    worth: amountIn(unit, dueMinor),
  })
}

/** What is open or owed back, where a part has left the house; empty where nothing has. */
export const balance = (
  unit: string,
  amountMinor: bigint,
  committed: ReadonlyArray<Pick<Commitment, "shownBy" | "kind" | "amountMinor">>,
): ReadonlyArray<Trial> => {
  if (committed.length === 0) return []
  const outMinor = committed.reduce((total, one) => total + one.amountMinor, 0n)
  const leftMinor = amountMinor - outMinor
  return [
    noted("balance", {
      amount: amountIn(unit, amountMinor),
      ...listed(
        committed.map((one) => [
          `less ${one.shownBy}`,
          `${amountIn(unit, one.amountMinor)} ${one.kind === "settled" ? "handed over" : "given away"}`,
        ]),
      ),
      ...(leftMinor < 0n ? { owedBack: amountIn(unit, -leftMinor) } : { open: amountIn(unit, leftMinor) }),
    }),
  ]
}
