/**
 * Checks of one conversion that do not ask who brought it: whether it stands, its currency, what is left of it, what it holds.
 *
 * A check is a rule tried with what it saw, and the reason it refuses by, if it does.
 */
import { failed, passed, type Trial } from "../because/Because.ts"
import { toIso } from "../id/Instant.ts"
import type { Currency } from "../money/Currency.ts"
import { format, fromDecimal, make as money } from "../money/Money.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { PurchaseQualification } from "../referral/Qualification.ts"

export type Reason =
  | "no-evidence"
  | "test-order"
  | "cancelled"
  | "unknown-code"
  | "outside-window"
  | "unknown-buyer"
  | "self-referral"
  | "existing-customer"
  | "same-company"
  | "not-enrolled"
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

export interface Check {
  readonly trial: Trial
  readonly reason: Reason | null
}

export const check = (rule: string, ok: boolean, reason: Reason, saw: Readonly<Record<string, string>> = {}): Check =>
  ok ? { trial: passed(rule, saw), reason: null } : { trial: failed(rule, saw), reason }

export interface Tried {
  readonly reason: Reason | null
  readonly trials: ReadonlyArray<Trial>
}

/** The checks up to and including the first that refuses. */
export const tryAll = (checks: ReadonlyArray<Check>): Tried => {
  const failing = checks.findIndex(({ reason }) => reason !== null)
  const tried = failing < 0 ? checks : checks.slice(0, failing + 1)
  return { reason: tried.at(-1)?.reason ?? null, trials: tried.map(({ trial }) => trial) }
}

/** Whether a conversion is one at all, whoever brought it. */
export const standing = (conversion: Conversion): Tried =>
  tryAll([
    check("not a test", !conversion.test, "test-order"),
    check(
      "not cancelled",
      conversion.cancelledAt === null,
      "cancelled",
      conversion.cancelledAt === null ? {} : { cancelledAt: toIso(conversion.cancelledAt) },
    ),
  ])

const purchaseCheck = (conversion: Conversion, currency: Currency, rule: PurchaseQualification): Check => {
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
  const minimum = fromDecimal(rule.amount, currency)
  return check("minimum", conversion.netMinor >= minimum.amountMinor, "below-minimum", {
    net: format(money(conversion.currency, conversion.netMinor)),
    minimum: format(minimum),
  })
}

/** Currency, what is left, and the rules about what was bought. In another currency nothing else can be said. */
export const purchaseChecks = (
  conversion: Conversion,
  currency: Currency,
  rules: ReadonlyArray<PurchaseQualification>,
): ReadonlyArray<Check> => {
  const sameCurrency = check("currency", conversion.currency === currency, "other-currency", {
    currency: conversion.currency,
    program: currency,
  })
  if (sameCurrency.reason !== null) return [sameCurrency]
  return [
    sameCurrency,
    check("not refunded", conversion.netMinor > 0n, "refunded", {
      gross: format(money(conversion.currency, conversion.grossMinor)),
      net: format(money(conversion.currency, conversion.netMinor)),
    }),
    ...rules.map((rule) => purchaseCheck(conversion, currency, rule)),
  ]
}
