/**
 * What can no longer be taken back silently: rewards that are being handed over, and lots that people redeemed or gave away.
 *
 * Two tellings of one handing-over are one commitment: the first, by time and key. A withdrawn one never was. What a human took
 * back by an adjustment is no commitment; it lowers what the credit is worth.
 */
import { failed, type Trial } from "../because/Because.ts"
import type { Fact, Lot, RewardCommitted } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { partsOf } from "../ledger/Credit.ts"
import type { Share } from "../money/Share.ts"

export interface Commitment {
  readonly credit: string
  /** The fact that says so. */
  readonly shownBy: string
  /** Where the value went: to the beneficiary, or through them to somebody else. */
  readonly kind: "settled" | "transferred"
  /** The number of the handing-over; null for a lot that a command took. */
  readonly ordinal: number | null
  readonly occurredAt: Instant
  readonly beneficiary: Handle
  readonly unit: string
  readonly amountMinor: bigint
  /** Hash of the program version whose terms the commitment keeps. */
  readonly terms: string
  /** The share that it keeps; null where nothing is shared, or it was recorded before shares were. */
  readonly share: Share | null
}

export interface Commitments {
  /** Those in force by credit key: handings-over by ordinal, then lots by time. */
  readonly of: (credit: string) => ReadonlyArray<Commitment>
  /** Keys of credits with commitments that have this rule and cause. */
  readonly keysOf: (rule: string, cause: string) => ReadonlyArray<string>
  readonly all: ReadonlyMap<string, ReadonlyArray<Commitment>>
  /** What humans took back of a credit in its unit, and when last; null for nothing. */
  readonly takenBack: (credit: string, unit: string) => TakenBack | null
}

interface TakenBack {
  readonly amountMinor: bigint
  readonly at: Instant
}

/** Those that are counted in `unit`: units never add, so what is in another is none of the credit's value. */
export const inUnit = (committed: ReadonlyArray<Commitment>, unit: string): ReadonlyArray<Commitment> =>
  committed.filter((one) => one.unit === unit)

/** Names what is not counted, for a human. */
export const inOtherUnits = (committed: ReadonlyArray<Commitment>, unit: string): ReadonlyArray<Trial> =>
  committed
    .filter((one) => one.unit !== unit)
    .map((one) => failed("one unit", { shownBy: one.shownBy, unit: one.unit, amountMinor: String(one.amountMinor) }))

/** The commitments of one program among the newest facts. */
export const fold = (facts: ReadonlyArray<Fact>, program: string): Commitments => {
  const inForce = [...handedOver(facts), ...lotsTaken(facts)].filter(({ credit }) => credit.startsWith(`${program}|`))
  const all = Map.groupBy(inForce.sort(inOrder), ({ credit }) => credit)
  const byCause = Map.groupBy(all.keys(), (key) => {
    const parts = partsOf(key)
    return `${parts?.rule}|${parts?.cause}`
  })
  return {
    of: (credit) => all.get(credit) ?? [],
    keysOf: (rule, cause) => byCause.get(`${rule}|${cause}`) ?? [],
    all,
    takenBack: takenBackOf(facts),
  }
}

const inOrder = (left: Commitment, right: Commitment): number =>
  (left.ordinal ?? Number.MAX_SAFE_INTEGER) - (right.ordinal ?? Number.MAX_SAFE_INTEGER) ||
  left.occurredAt - right.occurredAt ||
  (left.shownBy < right.shownBy ? -1 : left.shownBy > right.shownBy ? 1 : 0)

const handedOver = (facts: ReadonlyArray<Fact>): ReadonlyArray<Commitment> => {
  const nameOf = (fact: { readonly credit: string; readonly ordinal: number }): string =>
    `${fact.credit}|${fact.ordinal}`
  const withdrawn = new Set(facts.filter((fact) => fact._tag === "CommitmentWithdrawn").map(nameOf))
  const inForce = new Map<string, RewardCommitted>()
  for (const fact of facts) {
    if (fact._tag !== "RewardCommitted" || withdrawn.has(nameOf(fact))) continue
    const known = inForce.get(nameOf(fact))
    const isFirst =
      known === undefined ||
      fact.occurredAt < known.occurredAt ||
      (fact.occurredAt === known.occurredAt && fact.key < known.key)
    if (isFirst) inForce.set(nameOf(fact), fact)
  }
  return [...inForce.values()].map(
    ({ amountMinor, beneficiary, credit, key, occurredAt, ordinal, share, terms, unit }) => ({
      credit,
      shownBy: key,
      kind: "settled",
      ordinal,
      occurredAt,
      beneficiary,
      unit,
      amountMinor,
      terms,
      share: share ?? null,
    }),
  )
}

const lotsTaken = (facts: ReadonlyArray<Fact>): ReadonlyArray<Commitment> =>
  facts.flatMap((fact) => {
    if (fact._tag !== "ValueRedeemed" && fact._tag !== "ValueTransferred") return []
    const kind = fact._tag === "ValueRedeemed" ? "settled" : "transferred"
    return fact.lots.map((lot: Lot): Commitment => ({
      ...lot,
      share: lot.share ?? null,
      shownBy: fact.key,
      kind,
      ordinal: null,
      occurredAt: fact.occurredAt,
      unit: fact.unit,
    }))
  })

const takenBackOf = (facts: ReadonlyArray<Fact>): Commitments["takenBack"] => {
  const back = new Map<string, TakenBack>()
  const nameOf = (credit: string, unit: string): string => `${unit} ${credit}`
  for (const fact of facts) {
    if (fact._tag !== "ValueAdjusted") continue
    for (const { amountMinor, credit } of fact.lots) {
      const known = back.get(nameOf(credit, fact.unit))
      back.set(nameOf(credit, fact.unit), {
        amountMinor: (known?.amountMinor ?? 0n) + amountMinor,
        at: Math.max(known?.at ?? fact.occurredAt, fact.occurredAt),
      })
    }
  }
  return (credit, unit) => back.get(nameOf(credit, unit)) ?? null
}
