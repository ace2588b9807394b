/**
 * One fold over all conversions in (at, cause) order: limits, budgets, tiers, and what a first credit starts.
 *
 * Commitments are reserved first, wherever they stand; then each conversion is granted if every limit that
 * it touches has room. Tiers are read before a conversion is counted, so that nobody lifts themselves by the purchase at hand.
 */
import { noted } from "../because/Because.ts"
import type { Handle } from "../id/Handle.ts"
import { partsOf, pointsUnit } from "../ledger/Credit.ts"
import { inOrder, type Conversion } from "../referral/Conversion.ts"
import { earned } from "../points/Points.ts"
import { worth } from "../reward/Reward.ts"
import {
  creditKey,
  keyOfCase,
  laterReward,
  unitOf,
  type Case,
  type Judged,
  type Settled,
  type Verdict,
} from "./Case.ts"
import { checkoutCost } from "./CheckoutCredit.ts"
import { standing } from "./ConversionCheck.ts"
import { commitmentsTo, decide, hasAdvocate, type Decided } from "./Deciding.ts"
import type { Draft } from "./Draft.ts"
import type { History } from "./History.ts"
import { seeingItsOwn } from "./OwnPlace.ts"
import { divide, shareIn } from "./Sharing.ts"
import { costsOf, roomFor, takesOf, type Touching } from "./Limiting.ts"
import { judgeRecurring, withoutEvidence } from "./ReferralVerdict.ts"
import * as TierMove from "./TierMove.ts"
import type { Take, Tally } from "../ledger/Tally.ts"
import type { Terms } from "./Terms.ts"

export interface Folded {
  readonly settled: ReadonlyArray<Settled>
  readonly tierMoves: ReadonlyArray<Draft>
}

/** What is known of conversions that are not settled here. */
export interface Elsewhere {
  /** Whom a rule credited for a cause; null for nobody. */
  readonly credited: (rule: string, cause: string) => Handle | null
}

/** Everything is settled here. */
export const nothingElsewhere: Elsewhere = { credited: () => null }

/** One run of the fold: what it reads, and what it has found so far. */
interface Run {
  readonly history: History
  readonly tally: Tally
  readonly elsewhere: Elsewhere
  /** By rule and cause: whom this run credited as an advocate; null for nobody. */
  readonly credited: Map<string, Handle | null>
  /** Credits that took their place first. */
  readonly reserved: Set<string>
}

/** The first credit that a friend brought an advocate under a rule, and how many came after it. */
interface Origin {
  readonly cause: string
  readonly at: number
  readonly beneficiary: Handle
  readonly times: number
}

/** Settles conversions in their order, by what was judged of them. */
export const settleAll = (
  history: History,
  terms: Terms,
  conversions: ReadonlyArray<Conversion>,
  judged: ReadonlyArray<Judged>,
  taken: Tally,
  elsewhere: Elsewhere = nothingElsewhere,
): Folded => {
  const tally = seeingItsOwn(taken)
  const run: Run = { history, tally, elsewhere, credited: new Map(), reserved: new Set() }
  for (const one of judged) reserve(run, one)
  const settled: Array<Settled> = []
  const tierMoves: Array<Draft> = []
  const byConversion = Map.groupBy(judged, ({ conversion }) => conversion)
  for (const conversion of conversions) {
    const here = (byConversion.get(conversion) ?? []).flatMap((one) => settle(run, one))
    settled.push(...here)
    const program = terms.at(conversion.at)
    if (program !== undefined && TierMove.tiersIn(program).length > 0)
      tierMoves.push(...countTiers(history, tally, program, conversion, here))
  }
  return { settled, tierMoves }
}

/** Conversions that nobody's evidence speaks for, but a commitment does. */
const committedAlone = (history: History, { conversion, mechanic, program }: Judged): ReadonlyArray<Verdict> =>
  history.commitments.keysOf(mechanic.rule, conversion.cause).flatMap((key) => {
    const parts = partsOf(key)
    const [first] = history.commitments.of(key)
    return first === undefined || parts === null || parts.program !== program.name || parts.role === "friend"
      ? []
      : [withoutEvidence(conversion, first.beneficiary, parts.part)]
  })

/** A friend's commitment speaks for a conversion too. */
const friendAlone = (history: History, { conversion, mechanic, program }: Judged): ReadonlyArray<Verdict> => {
  const [first] = history.commitments.of(creditKey(program.name, mechanic, conversion.cause, "friend"))
  return mechanic.kind !== "referral" || first === undefined ? [] : [withoutEvidence(conversion, first.beneficiary, "")]
}

/** What is judged when nothing else speaks for it; a part that is committed to and not judged any more keeps its share. */
const withCommitted = (history: History, one: Judged, verdicts: ReadonlyArray<Verdict>): ReadonlyArray<Verdict> => {
  const known = new Set(verdicts.map(({ part }) => part))
  const alone = committedAlone(history, one).filter(({ part }) => !known.has(part))
  const all = divide(history, one, [...verdicts, ...alone])
  return all.length > 0 ? all : friendAlone(history, one)
}

const touching = (one: Case, beneficiary: Handle, costMinor: bigint): Touching => ({
  program: one.program,
  mechanic: one.mechanic,
  conversion: one.verdict.conversion,
  beneficiary,
  costMinor,
})

const reserve = ({ history, reserved, tally }: Run, one: Judged): void => {
  const { conversion } = one
  for (const verdict of withCommitted(history, one, one.verdicts)) {
    const each = { ...one, verdict }
    if (commitmentsTo(history, each).length === 0) continue
    const decided = decide(history, each)
    if (decided.outcome !== "credited" || !hasAdvocate(history, each)) continue
    for (const take of takesOf(
      history,
      touching(each, decided.beneficiary, costOf(each, mainAmount(decided, 100).amountMinor)),
    ))
      tally.reserve(conversion, take)
    reserved.add(keyOfCase(each))
  }
}

/** What friends were given at the checkout fills budgets in its place, whatever becomes of the referral. */
const grantCosts = ({ history, tally }: Run, one: Judged): void => {
  const { conversion, mechanic, program } = one
  const [verdict] = one.verdicts
  if (mechanic.kind !== "referral" || verdict === undefined) return
  const given = checkoutCost(history, mechanic, conversion)
  if (given === null || conversion.currency !== program.currency) return
  for (const take of costsOf(history, touching({ ...one, verdict }, verdict.beneficiary, given.amountMinor)))
    tally.grant(conversion, take)
}

/** What the main role gets if it is credited: its share of the reward, or the points. `percent` is the tier's. */
const mainAmount = (one: Case, percent: number): Pick<Settled, "amountMinor" | "share"> => {
  const { mechanic, program, verdict } = one
  const { netMinor } = verdict.conversion
  if (mechanic.kind === "points")
    return { amountMinor: earned(mechanic, netMinor, program.currency, percent), share: null }
  const reward = laterReward(mechanic, "advocate", verdict.recurring)
  return reward === null ? { amountMinor: 0n, share: null } : shareIn(one, worth(reward, netMinor, program.currency))
}

/** What granting costs in the program's money, for budgets: both sides' rewards; the friend's counts with the first share. */
const costOf = ({ mechanic, program, verdict }: Case, amountMinor: bigint): bigint => {
  if (mechanic.kind === "points") return 0n
  const advocate = laterReward(mechanic, "advocate", verdict.recurring)
  const friend = laterReward(mechanic, "friend", verdict.recurring)
  const isMoney = (reward: typeof friend): reward is NonNullable<typeof friend> =>
    reward !== null && unitOf(program, reward) !== pointsUnit(program.name)
  return (
    (isMoney(advocate) ? amountMinor : 0n) +
    (isMoney(friend) && verdict.share.index === 0 ? worth(friend, verdict.conversion.netMinor, program.currency) : 0n)
  )
}

const givesWay = new Set<Verdict["reason"]>(["existing-customer", "unknown-code", "outside-window"])

/** The verdicts of a conversion once it is known whether the friend was brought before. */
const verdictsOf = (run: Run, one: Judged): ReadonlyArray<Verdict> => {
  const { history } = run
  const { conversion, mechanic, program, verdicts } = one
  if (
    mechanic.kind !== "referral" ||
    mechanic.recurring === null ||
    !verdicts.every(({ reason }) => givesWay.has(reason))
  )
    return withCommitted(history, one, verdicts)
  const origin = originOf(run, one)
  const again =
    origin === null ? null : judgeRecurring({ history, mechanic, currency: program.currency }, conversion, origin)
  return withCommitted(history, one, again === null ? verdicts : [again])
}

/** The friend's earlier purchases that the rule credited somebody for. */
const originOf = ({ credited, elsewhere, history }: Run, { conversion, mechanic }: Judged): Origin | null => {
  const friends = [...new Set(conversion.friends.map(history.people.personOf))]
  const earlier = friends
    .flatMap((friend) => history.purchases.get(friend) ?? [])
    .filter((purchase) => inOrder(purchase, conversion) < 0)
    .sort(inOrder)
  const brought = [...new Set(earlier)].flatMap((purchase) => {
    const name = `${mechanic.rule}|${purchase.cause}`
    const here = credited.get(name)
    const beneficiary = here === undefined ? elsewhere.credited(mechanic.rule, purchase.cause) : here
    return beneficiary === null ? [] : [{ at: purchase.at, cause: purchase.cause, beneficiary }]
  })
  const [first] = brought
  return first === undefined ? null : { ...first, times: brought.length - 1 }
}

const settle = (run: Run, one: Judged): ReadonlyArray<Settled> => {
  const { history } = run
  grantCosts(run, one)
  const settled = verdictsOf(run, one).map((verdict) => settleOne(run, decide(history, { ...one, verdict })))
  const [first] = settled.filter((each) => isCredited(history, each)).sort(inOrderOfPart)
  run.credited.set(`${one.mechanic.rule}|${one.conversion.cause}`, first?.beneficiary ?? null)
  return settled
}

/** Whether an advocate has a credit that is credited: not only held, and not of nothing. */
const isCredited = (history: History, one: Settled): boolean =>
  one.outcome === "credited" &&
  one.verdict.role === "advocate" &&
  one.mechanic.kind === "referral" &&
  laterReward(one.mechanic, "advocate", one.verdict.recurring) !== null &&
  (one.review !== "held" || history.commitments.of(keyOfCase(one)).length > 0)

const inOrderOfPart = ({ verdict: left }: Settled, { verdict: right }: Settled): number =>
  left.part < right.part ? -1 : left.part > right.part ? 1 : 0

/** What is committed to takes its place in order where it was not known before the fold whose it is. */
const takesInOrder = ({ history, reserved }: Run, decided: Decided, amountMinor: bigint): ReadonlyArray<Take> =>
  reserved.has(keyOfCase(decided)) || !hasAdvocate(history, decided)
    ? []
    : takesOf(history, touching(decided, decided.beneficiary, costOf(decided, amountMinor)))

const settleOne = (run: Run, decided: Decided): Settled => {
  const { history, tally } = run
  const { conversion } = decided.verdict
  if (decided.outcome !== "credited") return { ...decided, amountMinor: 0n, share: null }
  const tier = tierFor(history, tally, decided)
  const { amountMinor, share } = mainAmount(decided, tier.percent)
  const trials = [...decided.trials, ...tier.trials]
  if (decided.committed.length > 0) {
    const takes = takesInOrder(run, decided, amountMinor)
    for (const take of takes) tally.grant(conversion, take)
    return { ...decided, trials, amountMinor, share }
  }
  const room = roomFor(history, tally, touching(decided, decided.beneficiary, costOf(decided, amountMinor)))
  if (!room.isGranted) {
    return {
      ...decided,
      outcome: "refused",
      reason: "limit-reached",
      trials: [...trials, ...room.trials],
      amountMinor: 0n,
      share: null,
    }
  }
  for (const take of room.takes) tally.grant(conversion, take)
  return { ...decided, trials: [...trials, ...room.trials], amountMinor, share }
}

/** By how much the member's tier multiplies points. */
const tierFor = (
  history: History,
  tally: Tally,
  { beneficiary, mechanic, program, verdict }: Case & { readonly beneficiary: Handle },
) => {
  if (mechanic.kind !== "points" || Object.keys(mechanic.tierPercent).length === 0) return { percent: 100, trials: [] }
  const held = TierMove.heldAt(history, tally, program, history.people.personOf(beneficiary), verdict.conversion)
  const percent = Math.max(100, ...held.map((tier) => mechanic.tierPercent[tier] ?? 100))
  return { percent, trials: [noted("tier", { holds: held.join(" ") || "none", percent: String(percent) })] }
}

/** Counts what was credited for a conversion towards tiers, and what was spent. */
const countTiers = (
  history: History,
  tally: Tally,
  program: Parameters<typeof TierMove.count>[2],
  conversion: Judged["conversion"],
  here: ReadonlyArray<Settled>,
): ReadonlyArray<Draft> => {
  const credited = here.filter(({ outcome, review }) => outcome === "credited" && review === "clear")
  const [buyer] = conversion.friends
  const spent =
    standing(conversion).reason === null && conversion.currency === program.currency ? conversion.netMinor : 0n
  return [
    ...credited.flatMap((one) => {
      const counted = { conversion, beneficiary: one.beneficiary, part: one.verdict.part }
      return [
        ...(one.verdict.role === "advocate"
          ? TierMove.count(history, tally, program, { ...counted, counts: "referrals", amount: 1n })
          : []),
        ...(isPoints(one)
          ? TierMove.count(history, tally, program, {
              ...counted,
              // Advocate and buyer may both rise by the points of one purchase.
              part: one.verdict.role === "advocate" ? one.verdict.part || "advocate" : one.verdict.part,
              counts: "points",
              amount: one.amountMinor,
            })
          : []),
      ]
    }),
    ...(buyer === undefined
      ? []
      : TierMove.count(history, tally, program, {
          conversion,
          beneficiary: buyer,
          part: "",
          counts: "spend",
          amount: spent,
        })),
  ]
}

const isPoints = ({ mechanic, program, verdict }: Case): boolean => {
  if (mechanic.kind === "points") return true
  const reward = laterReward(mechanic, "advocate", verdict.recurring)
  return reward !== null && unitOf(program, reward) === pointsUnit(program.name)
}
