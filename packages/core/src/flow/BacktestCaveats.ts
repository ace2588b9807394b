/**
 * What a reader of a backtest must know before believing a figure.
 */
import type { FactTag } from "../fact/Fact.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import type { Program } from "../program/Program.ts"

const decided: ReadonlyArray<FactTag> = [
  "RewardCommitted",
  "CommitmentWithdrawn",
  "ReviewDecided",
  "ValueRedeemed",
  "ValueTransferred",
  "ValueAdjusted",
  "TierAnnounced",
]

export interface Replayed {
  readonly candidate: Program
  readonly against: Program | null
  readonly since: Instant | null
  readonly leftOut: Readonly<Partial<Record<FactTag, number>>>
  /** The candidate's evaluation. */
  readonly tried: Evaluation
  readonly isScenario: boolean
}

/** What is taken off at the checkout, by rule. */
const checkoutPercents = (program: Program | null): ReadonlyMap<string, number> =>
  new Map(
    program?.definition.mechanics.flatMap((mechanic) =>
      mechanic.kind === "referral" && mechanic.friend?.kind === "checkout-discount"
        ? [[mechanic.rule, mechanic.friend.percent] as const]
        : [],
    ),
  )

/** What the shop took off was decided by the rules of then; no replay changes it. */
const ofCheckout = ({ against, candidate }: Replayed): ReadonlyArray<string> => {
  const [before, after] = [checkoutPercents(against), checkoutPercents(candidate)]
  return [...after].flatMap(([rule, percent]) => {
    const old = before.get(rule)
    if (old === percent) return []
    return old === undefined
      ? against === null
        ? []
        : [
            "the friend's discount at the checkout is new: orders of the past do not carry it, so its cost is not in the figures",
          ]
      : [
          `the friend's discount at the checkout is what the shop gave, at ${old} %: at ${percent} % it would have been about ${(percent / old).toFixed(2)} times that`,
        ]
  })
}

/** One sentence each, without a full stop. */
export const caveatsOf = (replayed: Replayed): ReadonlyArray<string> => {
  const { against, candidate, isScenario, leftOut, since, tried } = replayed
  const left = decided.flatMap((tag) => (leftOut[tag] === undefined ? [] : [`${leftOut[tag]} ${tag}`]))
  const held = [...tried.credits.values()].filter(({ review }) => review === "held").length
  return [
    "people are replayed as they behaved: a higher reward makes nobody share more here, a lower one nobody less",
    ...(left.length === 0
      ? []
      : [
          `left out on both sides, because it was committed or decided by people under the rules of then: ${left.join(", ")}`,
        ]),
    ...(isScenario || held === 0
      ? []
      : [`${held} credits are held for a human and count nothing here; each that is released adds its amount`]),
    ...ofCheckout(replayed),
    ...(against === null || against.currency === candidate.currency
      ? []
      : [
          `the currency changes from ${against.currency} to ${candidate.currency}: purchases in another currency are refused`,
        ]),
    ...(since === null
      ? []
      : [`figures are of conversions made from ${toIso(since)} on; limits count from the beginning`]),
  ]
}
