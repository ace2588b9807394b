/**
 * What the person of a credit may read about it: plain words, their amounts, what happens next and when.
 *
 * Promises: nothing of anybody else is in it: no handle, code, id or amount of others, no sign of fraud, no name of another advocate.
 * A purchase is "your friend's order" or "your order" and its day, in the program's time zone. `reference` is a hash that support finds the
 * credit by; nobody can read it back. The texts are those of `DecisionTexts`.
 */
import { sha256Hex } from "../id/Digest.ts"
import type { Handle } from "../id/Handle.ts"
import { fromIso, type Instant } from "../id/Instant.ts"
import { Maturity, type Credit } from "../ledger/Credit.ts"
import { amountIn } from "./Draft.ts"
import { events, outcomes, reasonTexts } from "./DecisionTexts.ts"

/** What a receipt reads of a decision. */
export type Told = Pick<
  Credit,
  "key" | "rule" | "role" | "at" | "amountMinor" | "outcome" | "reason" | "review" | "legs" | "expiresAt" | "because"
> & { readonly unit: string; readonly beneficiaryHandle: Handle; readonly timeZone: string }

export interface Receipt {
  readonly reference: string
  /** What it is about: `Your friend's order of 3 May 2026`. */
  readonly about: string
  /** Whether it counts. */
  readonly state: "counts" | "looked-at" | "does-not-count"
  /** The amount that it is worth, with its unit; null where it is worth nothing. */
  readonly amount: string | null
  /** Sentences, in order. */
  readonly says: ReadonlyArray<string>
  /** What happens next without anybody's doing, and on which day; null: nothing. */
  readonly next: { readonly what: string; readonly on: string | null } | null
}

const formatters = new Map<string, Intl.DateTimeFormat>()
const dayIn = (at: Instant, timeZone: string): string => {
  const known = formatters.get(timeZone)
  const made = known ?? new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" })
  formatters.set(timeZone, made)
  return made.format(at)
}

const isTier = ({ unit }: Told): boolean => unit.startsWith("tier:")

const commands = ["redeem", "transfer", "adjust"] as const
const commandOf = ({ role, rule }: Told) => (role === "member" ? commands.find((one) => one === rule) : undefined)

const aboutOf = (told: Told): string => {
  const day = dayIn(told.at, told.timeZone)
  const command = commandOf(told)
  if (isTier(told)) return `Your level since ${day}`
  if (command === "redeem") return `Your exchange of ${day}`
  if (command === "transfer") return `A gift of ${day}`
  if (command === "adjust") return `A gift from us of ${day}`
  return told.role === "advocate" ? `Your friend's order of ${day}` : `Your order of ${day}`
}

/** Own amounts by where they lie. What one gave away closes in the other's credit. */
const liesIn = ({ beneficiaryHandle: beneficiary, legs }: Told): ReadonlyMap<Maturity, bigint> =>
  new Map(
    Maturity.literals.flatMap((maturity) => {
      const minor = legs
        .filter(({ account }) => account === `${beneficiary}#${maturity}`)
        .reduce((total, { amountMinor }) => total + amountMinor, 0n)
      return minor === 0n ? [] : [[maturity, minor] as const]
    }),
  )

const saw = (told: Told, rule: string, member: string): string | undefined =>
  told.because.findLast((trial) => trial.rule === rule)?.saw[member]

const stateOf = ({ outcome, review }: Told): Receipt["state"] => {
  if (review === "held" || outcome === "held") return "looked-at"
  return outcome === "credited" || outcome === "recorded" ? "counts" : "does-not-count"
}

const positive = (minor: bigint): bigint => (minor < 0n ? -minor : minor)

/** Where the person's own amounts lie, a sentence each. */
const amountsSay = (told: Told): ReadonlyArray<string> => {
  const lies = liesIn(told)
  const sentences = (["pending", "available", "settled", "transferred", "expired", "forfeited"] as const).flatMap(
    (maturity) => {
      const minor = lies.get(maturity)
      if (minor === undefined) return []
      const isUnpaid = maturity === "pending" && saw(told, "hold", "paid") === "false"
      return [`${amountIn(told.unit, minor)}: ${events[isUnpaid ? "unpaid" : maturity].person}`]
    },
  )
  const owed = lies.get("debt")
  return [
    ...sentences,
    ...(owed === undefined ? [] : [`${amountIn(told.unit, positive(owed))}: ${events.debt.person}`]),
    ...(saw(told, "taken back by hand", "amount") === undefined ? [] : [events["taken-back"].person]),
    ...(saw(told, "debt paid by other credits", "amount") === undefined ? [] : [events.repaid.person]),
    ...(saw(told, "pays a debt of the same person", "amount") === undefined ? [] : [events.repays.person]),
  ]
}

const reasonSays = (told: Told): ReadonlyArray<string> => {
  const state = stateOf(told)
  if (state === "looked-at") return [outcomes.held.person]
  if (isTier(told)) return told.outcome === "credited" ? [events.tier.person] : [outcomes[told.outcome].person]
  const command = commandOf(told)
  if (command !== undefined && state === "counts") return [events[command].person]
  return [outcomes[told.outcome].person, ...(told.reason === null ? [] : [reasonTexts(told.reason).person])]
}

const nextOf = (told: Told): Receipt["next"] => {
  const lies = liesIn(told)
  if (stateOf(told) === "looked-at") return { what: "We decide and tell you.", on: null }
  const until = saw(told, "hold", "until")
  if (lies.has("pending")) {
    if (saw(told, "hold", "paid") === "false") return { what: "It becomes yours once the order is paid.", on: null }
    return {
      what: "It becomes yours.",
      on: until === undefined ? null : dayIn(fromIso(until), told.timeZone),
    }
  }
  const ends = told.expiresAt === null ? null : dayIn(told.expiresAt, told.timeZone)
  if (isTier(told) && told.outcome === "credited" && ends !== null) return { what: "Your level ends.", on: ends }
  return lies.has("available") && ends !== null ? { what: "What you have not used expires.", on: ends } : null
}

/** The receipt of a decision, for its beneficiary. */
export const of = (told: Told): Receipt => {
  const state = stateOf(told)
  const tier = saw(told, "tier reached", "tier") ?? saw(told, "announced", "tier")
  const worth = told.amountMinor > 0n && state === "counts"
  return {
    reference: sha256Hex(told.key).slice(0, 12),
    about: aboutOf(told),
    state,
    amount: !worth ? null : isTier(told) ? (tier ?? null) : amountIn(told.unit, told.amountMinor),
    says: [...reasonSays(told), ...amountsSay(told)],
    next: nextOf(told),
  }
}

/** As a text of a few lines. */
export const text = ({ about, amount, next, reference, says }: Receipt): string =>
  [
    amount === null ? about : `${about}: ${amount}`,
    ...says.map((sentence) => `  ${sentence}`),
    ...(next === null ? [] : [`  Next${next.on === null ? "" : `, on ${next.on}`}: ${next.what}`]),
    `  Reference ${reference}`,
  ].join("\n")
