/**
 * Two versions of a referral program that differ in all that can hurt: amounts, limits, window, hold, sometimes currency.
 *
 * Promises: the same chance gives the same programs; both have the same name and rule, so that their credits meet.
 */
import { type Currency, exponentOf, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { make as money, toDecimal } from "@advocacy-kit/core/money/Money"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import type { Chance } from "./Chance.ts"

export const name = "troubled"
export const rule = "referral"

const currencies = ["EUR", "JPY", "KWD", "USD", "CLF"] as const

export const drawCurrency = (chance: Chance): Currency => currencyOf(chance.pick(...currencies))

/** About `whole` of a currency's main unit, with odd minor digits. */
export const amount = (chance: Chance, currency: Currency, whole: number): bigint => {
  const unit = 10n ** BigInt(exponentOf(currency))
  return BigInt(chance.between(1, whole)) * unit + BigInt(chance.below(Number(unit)))
}

export const decimal = (chance: Chance, currency: Currency, whole: number): string =>
  toDecimal(money(currency, amount(chance, currency, whole)))

/** The plain referral mechanic. */
export const mechanic = (chance: Chance, currency: Currency): Referral.ReferralMechanic => {
  const { Attribution, Evidence, Limits, Qualify } = Referral
  const model = chance.percent(70) ? Attribution.lastTouch : Attribution.firstTouch
  return Referral.make({
    rule,
    conversions: ["order", "deal"],
    evidence: chance.percent(80)
      ? [Evidence.code, Evidence.cartAttribute, Evidence.click, Evidence.invitation]
      : [Evidence.invitation, Evidence.code],
    attribution: model({ window: chance.pick("10 days", "30 days") }),
    qualifies: [
      ...(chance.percent(60) ? [chance.pick(Qualify.newCustomer, Qualify.newCompany)] : []),
      ...(chance.percent(50) ? [Qualify.minimum(decimal(chance, currency, 30))] : []),
      ...(chance.percent(15) ? [Qualify.products("product/0", "product/1")] : []),
    ],
    hold: chance.pick("0 days", "14 days"),
    advocate: chance.percent(50)
      ? Reward.discount({ amount: decimal(chance, currency, 20) })
      : Reward.discount({ percentOfOrder: chance.between(1, 33) }),
    friend: chance.pick(
      Reward.discount({ percent: 10, timing: "atCheckout" }),
      Reward.discount({ percentOfOrder: 7 }),
      null,
    ),
    limits: chance.percent(75)
      ? [Limits.perAdvocate({ count: chance.between(1, 2), per: chance.pick("week", "month", "year") })]
      : [],
    review: { shared: chance.percent(50) ? ["device"] : [], leakedPer24Hours: chance.percent(30) ? 3 : null },
  })
}

export interface Programs {
  readonly first: Program.Program
  readonly second: Program.Program
}

export const draw = (chance: Chance): Programs => {
  const currency = drawCurrency(chance)
  const other = chance.percent(15) ? drawCurrency(chance) : currency
  const make = (of: Currency) =>
    Program.make(name, {
      currency: of,
      timeZone: chance.pick("Europe/Berlin", "Pacific/Apia"),
      mechanics: [mechanic(chance, of)],
    })
  return { first: make(currency), second: make(other) }
}
