/**
 * The reference model, part 12: what commands give, and what was handed over for purchases that nothing judges. See
 * docs/crediting.md, "Points" and "After the handing-over".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { committedTo, keyOf, partsOf, reviewOf, sum, takenBack } from "./ModelCommitment.ts"
import type { ModelCredit } from "./ModelCredit.ts"
import { all, inForce, type ModelHistory } from "./ModelHistory.ts"
import { isBuyer, type ModelPurchase } from "./ModelPurchase.ts"
import { standing } from "./ModelVerdict.ts"

type Credits = ReadonlyMap<string, ModelCredit>
type Command = Extract<
  ModelHistory["facts"][number],
  { readonly _tag: "ValueRedeemed" | "ValueTransferred" | "ValueAdjusted" }
>

const givenBy = (
  fact: Command,
): { readonly rule: string; readonly to: Handle; readonly unit: string; readonly amountMinor: bigint } | null => {
  if (fact._tag === "ValueRedeemed")
    return fact.gives === null ? null : { rule: "redeem", to: fact.person, ...fact.gives }
  if (fact._tag === "ValueTransferred")
    return { rule: "transfer", to: fact.to, unit: fact.unit, amountMinor: sum(fact.lots) }
  return fact.amountMinor <= 0n
    ? null
    : { rule: "adjust", to: fact.person, unit: fact.unit, amountMinor: fact.amountMinor }
}

/** In the order in which they were given, on top of what is known. What was transferred expires with the first of its lots. */
export const withCommands = (history: ModelHistory, known: Credits): Credits => {
  const credits = new Map(known)
  for (const fact of history.facts) {
    if (fact._tag !== "ValueRedeemed" && fact._tag !== "ValueTransferred" && fact._tag !== "ValueAdjusted") continue
    const given = givenBy(fact)
    if (given === null || fact.program !== history.program) continue
    const { rule, to, unit } = given
    const key = keyOf(history, rule, fact.key, "member")
    const back = takenBack(history, key, unit)
    const isTransfer = fact._tag === "ValueTransferred"
    const ends = fact.lots
      .map(({ credit }) => credits.get(credit)?.expiresAt ?? null)
      .filter((moment): moment is Instant => moment !== null)
    credits.set(key, {
      key,
      at: fact.occurredAt,
      beneficiary: to,
      unit,
      amountMinor: given.amountMinor > back.amountMinor ? given.amountMinor - back.amountMinor : 0n,
      outcome: "credited",
      reason: null,
      review: "clear",
      terms: fact.lots[0]?.terms ?? inForce(history, fact.occurredAt)?.hash ?? "",
      maturesAt: fact.occurredAt,
      expiresAt: isTransfer && ends.length > 0 ? Math.min(...ends) : null,
      taken: committedTo(history, key).filter((one) => one.unit === unit),
      from: isTransfer ? fact.lots : [],
      fellAt: Math.max(fact.occurredAt, back.at),
      isTier: false,
    })
  }
  return credits
}

/** Since when a deal is not won, where it is known and lost. */
const lostAt = (history: ModelHistory, cause: string): Instant | null =>
  all(history, "DealChanged").find(({ key, outcome }) => key === cause && outcome !== "won")?.occurredAt ?? null

/** What was handed over and nothing above speaks of: its cause may have fallen; else a human is asked. */
export const withLone = (history: ModelHistory, bought: ReadonlyArray<ModelPurchase>, known: Credits): Credits => {
  const credits = new Map(known)
  for (const key of new Set(history.committed.map(({ credit }) => credit))) {
    const parts = partsOf(key)
    const [first] = committedTo(history, key)
    if (credits.has(key) || parts === null || first === undefined) continue
    if (!["advocate", "friend", "member"].includes(parts.role)) continue
    const purchase = bought.find((one) => one.key === parts.cause)
    const taken = committedTo(history, key).filter(({ unit }) => unit === first.unit)
    const lastAt = Math.max(...taken.map(({ at }) => at))
    const lost = purchase === undefined ? lostAt(history, parts.cause) : null
    const fallen =
      purchase === undefined
        ? lost === null
          ? null
          : "cancelled"
        : (standing(purchase) ?? (purchase.netMinor === 0n ? "refunded" : null))
    const human = reviewOf(history, key)
    const isRejected = human?.verdict === "reject"
    const isOwn =
      parts.role === "advocate" &&
      purchase !== undefined &&
      committedTo(history, key).some(({ beneficiary }) => isBuyer(history, purchase, beneficiary))
    const isReleased = !isOwn && human?.verdict === "release" && human.occurredAt >= lastAt
    const stands = !isRejected && fallen === null
    credits.set(key, {
      key,
      at: purchase?.at ?? first.at,
      beneficiary: first.beneficiary,
      unit: first.unit,
      amountMinor: stands ? sum(taken) : 0n,
      outcome: stands ? "credited" : "reversed",
      reason: isRejected
        ? "rejected"
        : (fallen ?? (isReleased ? null : purchase === undefined ? "no-conversion" : "no-terms")),
      review: isRejected ? "rejected" : stands && !isReleased ? "held" : "clear",
      terms: first.terms,
      maturesAt: lastAt,
      expiresAt: null,
      taken,
      from: [],
      fellAt: Math.max(lastAt, purchase?.changedAt ?? lost ?? 0, human?.occurredAt ?? 0),
      isTier: false,
    })
  }
  return credits
}
