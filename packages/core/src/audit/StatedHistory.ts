/**
 * A history made ready to be audited: what happened on one side, what the other product says that it paid on the other.
 */
import type { Fact, FactKey, RefundMade, RewardPaid } from "../fact/Fact.ts"
import { newest } from "../fact/FactVersion.ts"
import type { Instant } from "../id/Instant.ts"
import type { Program } from "../program/Program.ts"

export interface StatedHistory {
  /** The newest version of everything that happened, without the records. */
  readonly facts: ReadonlyArray<Fact>
  readonly records: ReadonlyArray<RewardPaid>
}

/** The newest version of each; hashed are only those of which there are several. */
const onlyNewest = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> => {
  const single = new Map<FactKey, Fact>()
  const several: Array<Fact> = []
  for (const fact of facts) {
    if (single.has(fact.key)) several.push(fact)
    else single.set(fact.key, fact)
  }
  if (several.length === 0) return facts
  const repeated = new Set(several.map(({ key }) => key))
  const contenders = [...[...repeated].flatMap((key) => single.get(key) ?? []), ...several]
  return [...[...single.values()].filter(({ key }) => !repeated.has(key)), ...newest(contenders).values()]
}

/**
 * What had occurred by `asOf`. With `everyCode`, codes and enrolments count whatever program they were issued in: an export of one
 * product knows one program, by a name of its own.
 */
export const statedHistory = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  { asOf, everyCode }: { readonly asOf: Instant; readonly everyCode: boolean },
): StatedHistory => {
  const past = onlyNewest(facts.filter(({ occurredAt }) => occurredAt <= asOf))
  return {
    records: past.filter((fact) => fact._tag === "RewardPaid"),
    facts: past
      .filter((fact) => fact._tag !== "RewardPaid")
      .map((fact) =>
        everyCode && (fact._tag === "AssetIssued" || fact._tag === "Enrolled")
          ? { ...fact, program: program.name }
          : fact,
      ),
  }
}

/** Members whose estimate leaves amounts as they are. */
const ofTime: ReadonlySet<string> = new Set(["occurredAt", "cancelledAt", "paid"])

const isEstimated = ({ estimated = [] }: Fact): boolean => estimated.some((member) => !ofTime.has(member))

/** A refund of which a file knows the sum, and not what of it went back on goods. */
const isSum = (fact: Fact): fact is RefundMade => fact._tag === "RefundMade" && isEstimated(fact)

/** How many such refunds there are. */
export const sumsIn = (facts: ReadonlyArray<Fact>): number => facts.filter(isSum).length

/** The history in which no more went back on goods than is certain; null where that is the same. */
export const withLeastRefunds = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> | null =>
  facts.some(isSum)
    ? facts.map((fact) => (isSum(fact) ? { ...fact, otherMinor: fact.atLeastMinor ?? 0n } : fact))
    : null

/** Touches of lists that do not say whether the product counted them: whose code it was is taken for granted. */
export const unconfirmedIn = (facts: ReadonlyArray<Fact>): ReadonlySet<FactKey> =>
  new Set(
    facts.flatMap((fact) =>
      (fact._tag === "InvitationSent" || fact._tag === "LinkVisited") && fact.estimated?.includes("code") === true
        ? [fact.key]
        : [],
    ),
  )
