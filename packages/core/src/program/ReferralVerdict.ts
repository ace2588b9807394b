/**
 * Does this conversion earn somebody a referral? The rules of one mechanic, before limits.
 *
 * Rules are tried in a fixed order and the first that fails is the reason. Every rule tried is in the trials, with what it
 * saw. Soft signs of fraud never refuse: they hold.
 */
import { failed, noted, passed, type Trial } from "../because/Because.ts"
import * as Signal from "../fraud/Signal.ts"
import type { Handle } from "../id/Handle.ts"
import { days, toIso, type Instant } from "../id/Instant.ts"
import type { Currency } from "../money/Currency.ts"
import type { PersonId } from "../person/People.ts"
import { attribute } from "../referral/Attribution.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { isPurchaseRule } from "../referral/Qualification.ts"
import { touchesOf, type Touch } from "../referral/Touch.ts"
import type { Judged, Verdict } from "./Case.ts"
import { check, purchaseChecks, standing, tryAll, type Check, type Tried } from "./ConversionCheck.ts"
import { earlierPurchase, type History } from "./History.ts"
import type { ReferralMechanic } from "./Referral.ts"

export interface Setting {
  readonly history: History
  readonly mechanic: ReferralMechanic
  readonly currency: Currency
}

const whole = { index: 0, of: 1 } as const

/** One verdict for each advocate that the evidence names; empty when the conversion shows no referral evidence at all. */
export const judge = (setting: Setting, conversion: Conversion): ReadonlyArray<Verdict> => {
  const { history, mechanic } = setting
  const touches = touchesOf(conversion, history.touches, history.people, {
    kinds: mechanic.evidence,
    attributeKeys: mechanic.attributeKeys,
  })
  const attribution = attribute(conversion, touches, history.people, mechanic.attribution)
  switch (attribution._tag) {
    case "None":
      return []
    case "Shared": {
      const { length } = attribution.touches
      return attribution.touches.map((touch, index) =>
        judgeTouch(
          setting,
          conversion,
          touch,
          { advocate: ownerOf(history, touch), trials: attribution.trials },
          {
            part: `code:${touch.code}`,
            share: { index, of: length },
          },
        ),
      )
    }
    case "Attributed":
      return [judgeTouch(setting, conversion, attribution.touch, attribution)]
    case "Refused":
      return [
        judgeTouch(setting, conversion, attribution.touch, {
          ...attribution,
          advocate: null,
          refused: attribution.reason,
        }),
      ]
    case "Ambiguous": {
      const [touch] = attribution.touches
      return touch === undefined
        ? []
        : [judgeTouch(setting, conversion, touch, { ...attribution, advocate: null, ambiguous: true })]
    }
  }
}

const ownerOf = ({ people }: History, { owner }: Touch): PersonId | null =>
  owner === null ? null : people.personOf(owner)

interface Attributed {
  readonly advocate: PersonId | null
  readonly trials: ReadonlyArray<Trial>
  readonly refused?: "unknown-code" | "outside-window"
  readonly ambiguous?: boolean
}

const judgeTouch = (
  setting: Setting,
  conversion: Conversion,
  touch: Touch,
  attribution: Attributed,
  of: Pick<Verdict, "part" | "share"> = { part: "", share: whole },
): Verdict => {
  const { history, mechanic } = setting
  const { advocate } = attribution
  const friends = [...new Set(conversion.friends.map(history.people.personOf))]
  const known = earlierPurchase(history, companions(setting, friends), conversion, mechanic.conversions)
  const returnedAt = friends.map((friend) => history.returnedAt.get(friend)).find((at) => at !== undefined) ?? null
  const base = {
    conversion,
    role: "advocate",
    ...of,
    touch,
    advocate,
    beneficiary: touch.owner ?? nobodys(touch.code),
    newBuyer: friends.length > 0 && known === null && returnedAt === null,
    recurring: null,
  } as const
  const before = standing(conversion)
  if (before.reason !== null) return { ...base, outcome: "refused", ...before }
  const trials = [...before.trials, ...attribution.trials]
  if (attribution.refused !== undefined) return { ...base, outcome: "refused", reason: attribution.refused, trials }
  const after = tryAll([
    ...buyerChecks(setting, conversion, friends, advocate, base.beneficiary),
    ...newCustomerChecks(setting, known, returnedAt),
    ...purchaseChecks(conversion, setting.currency, mechanic.qualifies.filter(isPurchaseRule)),
  ])
  trials.push(...after.trials)
  if (after.reason !== null) return { ...base, outcome: "refused", reason: after.reason, trials }
  return attribution.ambiguous === true
    ? { ...base, outcome: "held", reason: "ambiguous", trials }
    : { ...base, outcome: "eligible", reason: null, trials }
}

/** The account of a code that nobody owns. Buyers type anything into a cart; a handle holds no spaces and is short. */
const nobodys = (code: string): Handle => `code:${encodeURIComponent(code).slice(0, 200)}` as Handle

/**
 * What a commitment can fall by: the conversion's own cancellation, refund or shrinking. Evidence, identity and earlier
 * purchases are not looked at again.
 */
export const ownCause = (
  currency: Currency,
  { qualifies }: { readonly qualifies: ReferralMechanic["qualifies"] },
  conversion: Conversion,
): Tried => {
  const before = standing(conversion)
  if (before.reason !== null) return before
  const after = tryAll(purchaseChecks(conversion, currency, qualifies.filter(isPurchaseRule)))
  return { reason: after.reason, trials: [...before.trials, ...after.trials] }
}

/** A conversion that was committed to and whose evidence has gone since. */
export const withoutEvidence = (conversion: Conversion, beneficiary: Handle, part: string): Verdict => ({
  conversion,
  role: "advocate",
  part,
  share: whole,
  outcome: "refused",
  reason: "no-evidence",
  touch: null,
  advocate: null,
  beneficiary,
  trials: [failed("evidence")],
  newBuyer: false,
  recurring: null,
})

/** A purchase by a friend who was credited before: what counts is the first credit and what was bought. */
export const judgeRecurring = (
  setting: Setting,
  conversion: Conversion,
  origin: { readonly cause: string; readonly at: number; readonly beneficiary: Handle; readonly times: number },
): Verdict | null => {
  const { recurring } = setting.mechanic
  if (recurring === null || conversion.at - origin.at > days(recurring.withinDays)) return null
  if (recurring.count !== null && origin.times >= recurring.count) return null
  const { history, mechanic } = setting
  const friends = [...new Set(conversion.friends.map(history.people.personOf))]
  const advocate = history.people.personOf(origin.beneficiary)
  const before = standing(conversion)
  const after = tryAll([
    ...buyerChecks(setting, conversion, friends, advocate, origin.beneficiary),
    ...purchaseChecks(conversion, setting.currency, mechanic.qualifies.filter(isPurchaseRule)),
  ])
  const reason = before.reason ?? after.reason
  return {
    conversion,
    role: "advocate",
    part: "",
    share: whole,
    outcome: reason === null ? "eligible" : "refused",
    reason,
    touch: null,
    advocate,
    beneficiary: origin.beneficiary,
    trials: [
      ...before.trials,
      noted("bought again", {
        firstCreditedFor: origin.cause,
        at: toIso(origin.at),
        withinDays: String(recurring.withinDays),
      }),
      ...(before.reason === null ? after.trials : []),
    ],
    newBuyer: false,
    recurring: recurring.reward,
  }
}

/** What they saw are handles, which no merge changes: a merge that changes no outcome leaves the reasons as they are. */
const buyerChecks = (
  { history, mechanic }: Setting,
  conversion: Conversion,
  friends: ReadonlyArray<PersonId>,
  advocate: PersonId | null,
  beneficiary: Handle,
): ReadonlyArray<Check> => {
  const named = advocate === null ? "several" : beneficiary
  const companiesOf = (people: ReadonlyArray<PersonId>): ReadonlyArray<Handle> =>
    people.flatMap((person) => [...history.companies.of(person)])
  return [
    check("buyer is known", friends.length > 0, "unknown-buyer", { buyer: conversion.friends.join(" ") }),
    check("not a self-referral", advocate === null || !friends.includes(advocate), "self-referral", {
      advocate: named,
      buyer: conversion.friends.join(" "),
    }),
    ...mechanic.qualifies.flatMap((rule): ReadonlyArray<Check> => {
      if (rule.rule === "other-company") {
        const others = companiesOf(friends)
        const together = advocate === null ? [] : companiesOf([advocate]).filter((company) => others.includes(company))
        return [check("another company", together.length === 0, "same-company", { advocate: named })]
      }
      if (rule.rule !== "enrolled") return []
      const since = advocate === null ? undefined : history.enrolledAt.get(advocate)
      const ok = advocate === null || (since !== undefined && since <= conversion.at)
      return [
        check("advocate was enrolled", ok, "not-enrolled", {
          advocate: named,
          ...(since === undefined ? {} : { since: toIso(since) }),
        }),
      ]
    }),
  ]
}

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

/** Who was erased and is back is no new customer, whatever is still known of earlier purchases. */
const newCustomerChecks = (
  { mechanic }: Setting,
  known: Conversion | null,
  returnedAt: Instant | null,
): ReadonlyArray<Check> =>
  mechanic.qualifies
    .filter((rule) => rule.rule === "new-customer")
    .map(({ per }) =>
      check("new customer", known === null && returnedAt === null, "existing-customer", {
        per,
        ...(known === null ? {} : { boughtBefore: known.cause, at: toIso(known.at) }),
        ...(returnedAt === null ? {} : { returnedAfterErasure: toIso(returnedAt) }),
      }),
    )

/** A new buyer's purchase that names the code itself; an invitation or a visit is no use of it. */
const isCodeUse = ({ conversion, newBuyer, touch }: Verdict): boolean => newBuyer && touch?.shownBy === conversion.cause

/** Holds what is eligible but shows soft signs of fraud; what is held already stays as it is. */
export const screen = (
  history: History,
  mechanic: ReferralMechanic,
  verdicts: ReadonlyArray<Verdict>,
): ((verdict: Verdict) => Verdict) => {
  const { leakedPer24Hours, shared } = mechanic.review
  const use = (verdict: Verdict): Signal.CodeUse => ({
    code: verdict.touch?.code ?? "",
    at: verdict.conversion.at,
    buyer: history.people.personOf(verdict.conversion.friends[0] ?? verdict.beneficiary),
  })
  const leaked =
    leakedPer24Hours === null ? new Set() : Signal.leaked(verdicts.filter(isCodeUse).map(use), leakedPer24Hours)
  return (verdict) => {
    if (verdict.outcome !== "eligible" || verdict.advocate === null) return verdict
    const isLeaked = isCodeUse(verdict) && leaked.has(Signal.useKey(use(verdict)))
    const friend = verdict.conversion.friends[0]
    const friendSoft = friend === undefined ? undefined : history.soft.get(history.people.personOf(friend))
    const signs = Signal.shared(verdict.conversion, friendSoft, history.soft.get(verdict.advocate), shared)
    const trials = [
      ...verdict.trials,
      ...(leakedPer24Hours === null || !isCodeUse(verdict)
        ? []
        : [
            (isLeaked ? failed : passed)("code did not leak", {
              code: verdict.touch?.code ?? "",
              newBuyersBelow: String(leakedPer24Hours),
              within: "24 hours",
            }),
          ]),
      ...shared.map((kind) => (signs.includes(kind) ? failed : passed)(`${kind} is not the advocate's`)),
    ]
    const [sign] = signs
    if (isLeaked) return { ...verdict, outcome: "held", reason: "leaked-code", trials }
    return sign === undefined
      ? { ...verdict, trials }
      : { ...verdict, outcome: "held", reason: `shared-${sign}`, trials }
  }
}

/** Screens what one rule says of all conversions; different versions of it may screen differently. */
export const screenAll = (history: History, judged: ReadonlyArray<Judged>): ReadonlyArray<Judged> => {
  const byRule = new Map(
    [...Map.groupBy(judged, ({ mechanic }) => mechanic.rule)].map(([rule, list]) => [
      rule,
      list.flatMap(({ verdicts }) => verdicts),
    ]),
  )
  const screens = new Map<ReferralMechanic, (verdict: Verdict) => Verdict>()
  return judged.map((one) => {
    const { mechanic } = one
    if (mechanic.kind !== "referral") return one
    const known = screens.get(mechanic) ?? screen(history, mechanic, byRule.get(mechanic.rule) ?? [])
    screens.set(mechanic, known)
    return { ...one, verdicts: one.verdicts.map(known) }
  })
}
