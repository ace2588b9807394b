/**
 * What an advocate's code took off at the checkout: recorded whatever became of the referral, net of refunds.
 *
 * The shop gave it; nothing is issued and nothing is clawed back. It counts in budgets.
 */
import { noted } from "../because/Because.ts"
import { normaliseCode, type Handle } from "../id/Handle.ts"
import type { Unit } from "../ledger/Credit.ts"
import { format, make as money, scale } from "../money/Money.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { creditKey, type Judged } from "./Case.ts"
import type { Draft } from "./Draft.ts"
import type { History } from "./History.ts"
import type { ReferralMechanic } from "./Referral.ts"

interface CheckoutCost {
  readonly friend: Handle
  readonly codes: ReadonlyArray<string>
  readonly givenMinor: bigint
  /** What is left of it after refunds. */
  readonly amountMinor: bigint
}

/** Null where the mechanic gives nothing at the checkout, or nothing was given. */
export const checkoutCost = (
  history: History,
  mechanic: ReferralMechanic,
  conversion: Conversion,
): CheckoutCost | null => {
  if (mechanic.friend?.kind !== "checkout-discount" || conversion.test) return null
  const owned = conversion.codes.filter(
    ({ code, discountMinor }) => discountMinor > 0n && history.touches.assets.has(normaliseCode(code)),
  )
  const givenMinor = owned.reduce((total, { discountMinor }) => total + discountMinor, 0n)
  const [friend] = conversion.friends
  if (givenMinor === 0n || friend === undefined) return null
  const isWhole = conversion.grossMinor === 0n && conversion.cancelledAt === null
  return {
    friend,
    codes: owned.map(({ code }) => normaliseCode(code)),
    givenMinor,
    amountMinor: isWhole
      ? givenMinor
      : conversion.grossMinor === 0n
        ? 0n
        : scale(givenMinor, conversion.netMinor, conversion.grossMinor),
  }
}

export const checkoutDraft = (
  history: History,
  { conversion, mechanic, program }: Judged,
  code: string | null,
): ReadonlyArray<Draft> => {
  const cost = mechanic.kind === "referral" ? checkoutCost(history, mechanic, conversion) : null
  if (cost === null) return []
  const { amountMinor, friend, givenMinor } = cost
  return [
    {
      credit: {
        key: creditKey(program.name, mechanic, conversion.cause, "friend"),
        program: program.name,
        rule: mechanic.rule,
        cause: conversion.cause,
        role: "friend",
        part: "",
        beneficiary: friend,
        code,
        unit: conversion.currency as string as Unit,
        at: conversion.at,
        amountMinor,
        outcome: "recorded",
        reason: null,
        review: "clear",
        effectiveAt: conversion.changedAt,
        expiresAt: null,
        nextDueAt: null,
        terms: program.hash,
        because: [
          noted("given at the checkout", {
            codes: cost.codes.join(" "),
            discount: format(money(conversion.currency, givenMinor)),
            netOfRefunds: format(money(conversion.currency, amountMinor)),
          }),
        ],
      },
      sheet: {
        program: program.name,
        beneficiary: friend,
        amountMinor,
        committed: [{ kind: "settled", amountMinor }],
        rest: "pending",
      },
      maturesAt: conversion.at,
      fellAt: conversion.changedAt,
    },
  ]
}
