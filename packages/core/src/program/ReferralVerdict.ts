/**
 * Does this conversion earn somebody a referral? The rules of one mechanic, before limits.
 *
 * Rules are tried in a fixed order and the first that fails is the reason. Every rule tried is in the trials, with what it
 * saw. Soft signs of fraud never refuse: they hold.
 */
import { failed, passed, type Trial } from "../because/Because.ts"
import * as Signal from "../fraud/Signal.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso } from "../id/Instant.ts"
import type { Currency } from "../money/Currency.ts"
import { format, fromDecimal, make as money } from "../money/Money.ts"
import type { PersonId } from "../person/People.ts"
import { attribute } from "../referral/Attribution.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { touchesOf, type Touch } from "../referral/Touch.ts"
import { earlierPurchase, type History } from "./History.ts"
import type { Qualification, ReferralMechanic } from "./Referral.ts"

export type Reason =
  | "no-evidence"
  | "test-order"
  | "cancelled"
  | "unknown-code"
  | "outside-window"
  | "unknown-buyer"
  | "self-referral"
  | "existing-customer"
  | "other-currency"
  | "refunded"
  | "below-minimum"
  | "other-products"
  | "other-channel"
  | "limit-reached"
  | "ambiguous"
  | "leaked-code"
  | "shared-device"
  | "shared-address"
  | "shared-phone"
  | "shared-payment"
  | "rejected"
  /** Of a commitment alone: its conversion, or its terms, are not known. */
  | "no-conversion"
  | "no-terms"

export interface Verdict {
  readonly conversion: Conversion
  readonly outcome: "eligible" | "refused" | "held"
  readonly reason: Reason | null
  /** The touch that decided; for an ambiguous conversion the first of those that compete. */
  readonly touch: Touch
  /** Whom the evidence names; null when nobody, or several. */
  readonly advocate: PersonId | null
  /** The handle that would earn. */
  readonly beneficiary: Handle
  readonly trials: ReadonlyArray<Trial>
  /** What soft fraud detection looks at later: whether the buyer was new. */
  readonly newBuyer: boolean
}

export interface Setting {
  readonly history: History
  readonly mechanic: ReferralMechanic
  readonly currency: Currency
}

/** Null when the conversion shows no referral evidence at all. */
export const judge = (setting: Setting, conversion: Conversion): Verdict | null => {
  const { history, mechanic } = setting
  const touches = touchesOf(conversion, history.touches, history.people, {
    kinds: mechanic.evidence,
    attributeKeys: mechanic.attributeKeys,
  })
  const attribution = attribute(conversion, touches, history.people, mechanic.attribution)
  if (attribution._tag === "None") return null
  const touch = attribution._tag === "Ambiguous" ? attribution.touches[0] : attribution.touch
  if (touch === undefined) return null
  const advocate = attribution._tag === "Attributed" ? attribution.advocate : null
  const base = { conversion, touch, advocate, beneficiary: touch.owner ?? nobodys(touch.code) }
  const before = standing(conversion)
  const friends = [...new Set(conversion.friends.map(history.people.personOf))]
  const known = earlierPurchase(history, companions(setting, friends), conversion, mechanic.conversions)
  const newBuyer = friends.length > 0 && known === null
  if (before.reason !== null) return { ...base, outcome: "refused", newBuyer, ...before }
  const trials = [...before.trials, ...attribution.trials]
  if (attribution._tag === "Refused")
    return { ...base, outcome: "refused", reason: attribution.reason, trials, newBuyer }
  const checks = [
    ...buyerChecks(conversion, friends, advocate, base.beneficiary),
    ...amountChecks(setting, conversion, known),
  ]
  for (const check of checks) {
    trials.push(check.trial)
    if (check.reason !== null) return { ...base, outcome: "refused", reason: check.reason, trials, newBuyer }
  }
  if (attribution._tag === "Ambiguous") return { ...base, outcome: "held", reason: "ambiguous", trials, newBuyer }
  return { ...base, outcome: "eligible", reason: null, trials, newBuyer }
}

/** The account of a code that nobody owns. Buyers type anything into a cart; a handle holds no spaces and is short. */
const nobodys = (code: string): Handle => `code:${encodeURIComponent(code).slice(0, 200)}` as Handle

/**
 * What a commitment can fall by: the conversion's own cancellation, refund or shrinking. Evidence, identity and earlier
 * purchases are not looked at again.
 */
export const ownCause = (
  setting: Setting,
  conversion: Conversion,
): { readonly reason: Reason | null; readonly trials: ReadonlyArray<Trial> } => {
  const before = standing(conversion)
  if (before.reason !== null) return before
  const amounts = amountChecks(
    {
      ...setting,
      mechanic: {
        ...setting.mechanic,
        qualifies: setting.mechanic.qualifies.filter(({ rule }) => rule !== "new-customer"),
      },
    },
    conversion,
    null,
  )
  const failing = amounts.findIndex(({ reason }) => reason !== null)
  const tried = failing < 0 ? amounts : amounts.slice(0, failing + 1)
  return { reason: tried.at(-1)?.reason ?? null, trials: [...before.trials, ...tried.map(({ trial }) => trial)] }
}

/** A conversion that was committed to and whose evidence has gone since. */
export const withoutEvidence = (conversion: Conversion, beneficiary: Handle): Verdict => ({
  conversion,
  outcome: "refused",
  reason: "no-evidence",
  touch: { kind: "code", code: "", at: conversion.at, shownBy: conversion.cause, owner: beneficiary },
  advocate: null,
  beneficiary,
  trials: [failed("evidence")],
  newBuyer: false,
})

interface Check {
  readonly trial: Trial
  readonly reason: Reason | null
}

const check = (rule: string, ok: boolean, reason: Reason, saw: Readonly<Record<string, string>> = {}): Check =>
  ok ? { trial: passed(rule, saw), reason: null } : { trial: failed(rule, saw), reason }

/** Whether a conversion is one at all, whoever brought it. */
export const standing = (conversion: Conversion): { readonly reason: Reason | null; readonly trials: Array<Trial> } => {
  const trials: Array<Trial> = []
  const checks = [
    check("not a test", !conversion.test, "test-order"),
    check(
      "not cancelled",
      conversion.cancelledAt === null,
      "cancelled",
      conversion.cancelledAt === null ? {} : { cancelledAt: toIso(conversion.cancelledAt) },
    ),
  ]
  for (const { reason, trial } of checks) {
    trials.push(trial)
    if (reason !== null) return { reason, trials }
  }
  return { reason: null, trials }
}

/** What they saw are handles, which no merge changes: a merge that changes no outcome leaves the reasons as they are. */
const buyerChecks = (
  conversion: Conversion,
  friends: ReadonlyArray<PersonId>,
  advocate: PersonId | null,
  beneficiary: Handle,
): ReadonlyArray<Check> => [
  check("buyer is known", friends.length > 0, "unknown-buyer", { buyer: conversion.friends.join(" ") }),
  check("not a self-referral", advocate === null || !friends.includes(advocate), "self-referral", {
    advocate: advocate === null ? "several" : beneficiary,
    buyer: conversion.friends.join(" "),
  }),
]

/** Everybody whose earlier purchase would make the friend a known customer. */
const companions = ({ history, mechanic }: Setting, friends: ReadonlyArray<PersonId>): ReadonlySet<PersonId> => {
  const all = new Set(friends)
  if (mechanic.qualifies.some((rule) => rule.rule === "new-customer" && rule.per === "company")) {
    for (const friend of friends) {
      for (const company of history.companies.of(friend))
        for (const person of history.companies.people(company)) all.add(person)
    }
  }
  return all
}

const qualification = (
  setting: Setting,
  conversion: Conversion,
  known: Conversion | null,
  rule: Qualification,
): Check => {
  if (rule.rule === "new-customer") {
    const saw = known === null ? { per: rule.per } : { per: rule.per, boughtBefore: known.cause, at: toIso(known.at) }
    return check("new customer", known === null, "existing-customer", saw)
  }
  if (rule.rule === "products") {
    return check(
      "has a product that counts",
      rule.anyOf.some((product) => conversion.products.has(product)),
      "other-products",
      { anyOf: rule.anyOf.join(" ") },
    )
  }
  if (rule.rule === "channels") {
    return check(
      "channel counts",
      conversion.channel !== null && rule.anyOf.includes(conversion.channel),
      "other-channel",
      { channel: conversion.channel ?? "none" },
    )
  }
  const minimum = fromDecimal(rule.amount, setting.currency)
  return check("minimum", conversion.netMinor >= minimum.amountMinor, "below-minimum", {
    net: format(money(conversion.currency, conversion.netMinor)),
    minimum: format(minimum),
  })
}

const amountChecks = (setting: Setting, conversion: Conversion, known: Conversion | null): ReadonlyArray<Check> => {
  const [whom, what] = [
    setting.mechanic.qualifies.filter((rule) => rule.rule === "new-customer"),
    setting.mechanic.qualifies.filter((rule) => rule.rule !== "new-customer"),
  ]
  const judgeRule = (rule: Qualification): Check => qualification(setting, conversion, known, rule)
  const currency = check("currency", conversion.currency === setting.currency, "other-currency", {
    currency: conversion.currency,
    program: setting.currency,
  })
  if (currency.reason !== null) return [...whom.map(judgeRule), currency]
  return [
    ...whom.map(judgeRule),
    currency,
    check("not refunded", conversion.netMinor > 0n, "refunded", {
      gross: format(money(conversion.currency, conversion.grossMinor)),
      net: format(money(conversion.currency, conversion.netMinor)),
    }),
    ...what.map(judgeRule),
  ]
}

/** Holds what is eligible but shows soft signs of fraud; what is held already stays as it is. */
export const screen = (
  history: History,
  mechanic: ReferralMechanic,
  verdicts: ReadonlyArray<Verdict>,
): ReadonlyArray<Verdict> => {
  const { leakedPer24Hours, shared } = mechanic.review
  const use = (verdict: Verdict): Signal.CodeUse => ({
    code: verdict.touch.code,
    at: verdict.conversion.at,
    buyer: history.people.personOf(verdict.conversion.friends[0] ?? verdict.beneficiary),
  })
  const leaked =
    leakedPer24Hours === null
      ? new Set()
      : Signal.leaked(verdicts.filter(({ newBuyer }) => newBuyer).map(use), leakedPer24Hours)
  return verdicts.map((verdict) => {
    if (verdict.outcome !== "eligible" || verdict.advocate === null) return verdict
    if (leaked.has(Signal.useKey(use(verdict)))) {
      return {
        ...verdict,
        outcome: "held",
        reason: "leaked-code",
        trials: [...verdict.trials, failed("code did not leak", { code: verdict.touch.code, within: "24 hours" })],
      }
    }
    const friend = verdict.conversion.friends[0]
    const friendSoft = friend === undefined ? undefined : history.soft.get(history.people.personOf(friend))
    const [sign] = Signal.shared(verdict.conversion, friendSoft, history.soft.get(verdict.advocate), shared)
    if (sign === undefined)
      return {
        ...verdict,
        trials: [...verdict.trials, passed("no soft sign of fraud", { looked: [...shared, "leak"].join(" ") })],
      }
    return {
      ...verdict,
      outcome: "held",
      reason: `shared-${sign}`,
      trials: [...verdict.trials, failed(`${sign} is not the advocate's`)],
    }
  })
}
