/**
 * One way in which the shop gives rewards: which effects it serves, how they are sent, found again, and taken back.
 *
 * A kind promises what the port `Fulfiller` promises, for its effects alone: `issue` fails only when nothing was sent, and never
 * repeats what may have been sent; `find` says of each effect that it is there, that it is unclear, or nothing.
 */
import type { Found, Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { EffectKey, IssueReward, OutboundEffect, TakeBack } from "@advocacy-kit/core/ledger/OutboundEffect"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { ShopifyError } from "./ShopifyError.ts"
import type { CurrencyCode, MoneyInput } from "./wire/Documents.generated.ts"

/** What every kind needs of the shop. */
export interface Shop {
  readonly client: ShopifyClient["Service"]
  /** Asked for once. */
  readonly currency: Effect.Effect<string, ShopifyError>
  readonly program: string
  /** Whether the shop tells customers what they were given. */
  readonly notify: boolean
}

export type Outcomes = ReadonlyMap<EffectKey, Outcome>
export type FoundThere = ReadonlyMap<EffectKey, Found>

/** What is handed over; taking it back is told apart. */
export type Handed = Exclude<OutboundEffect, TakeBack>

export interface RewardKind {
  readonly serves: (effect: Handed) => boolean
  readonly issue: (effects: ReadonlyArray<Handed>) => Effect.Effect<Outcomes, ShopifyError, CurrentTenant>
  readonly find: (effects: ReadonlyArray<Handed>) => Effect.Effect<FoundThere, ShopifyError, CurrentTenant>
  /** Takes back the whole of what nobody has spent; the reason of a refusal says what is left. Same promises as `issue`. */
  readonly takeBack: (effects: ReadonlyArray<TakeBack>) => Effect.Effect<Outcomes, ShopifyError, CurrentTenant>
  /** Those that were taken back. */
  readonly findTakenBack: (effects: ReadonlyArray<TakeBack>) => Effect.Effect<FoundThere, ShopifyError, CurrentTenant>
}

export const priority = "reward"

/** Why a reward of `what` can never be handed over in this shop, or undefined. */
export const refusalOf = (
  effect: Pick<IssueReward, "unit" | "amountMinor">,
  shopCurrency: string,
  what: string,
): string | undefined => {
  if (!Currency.isCurrency(effect.unit))
    return `${what} cannot hand over ${effect.unit}: use a reward in ${shopCurrency}`
  if (effect.unit !== shopCurrency) return `the shop sells in ${shopCurrency}, the reward is in ${effect.unit}`
  return effect.amountMinor > 0n ? undefined : "there is nothing to hand over: the amount is not above zero"
}

const decimalOf = (effect: Pick<IssueReward, "unit" | "amountMinor">): string =>
  Money.toDecimal(Money.make(Currency.make(effect.unit), effect.amountMinor))

/** As Shopify takes it. The unit is the shop's currency, as `refusalOf` sees to. */
export const moneyOf = (effect: Pick<IssueReward, "unit" | "amountMinor">): MoneyInput => ({
  amount: decimalOf(effect),
  currencyCode: effect.unit as string as CurrencyCode,
})

/** What was spent of a reward is owed. `left` is an amount in its currency. */
export const spent = (effect: Pick<IssueReward, "unit" | "amountMinor">, left: string): Outcome => ({
  state: "failed",
  reason: `it cannot be taken back: of ${decimalOf(effect)} only ${left} are left; what was spent stays owed`,
})

/** Whether at least the reward's amount is there. */
export const covers = (effect: Pick<IssueReward, "unit" | "amountMinor">, told: { readonly amount: string }): boolean =>
  Money.fromDecimal(told.amount, Currency.make(effect.unit)).amountMinor >= effect.amountMinor

const canonical = (decimal: string): string => (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal)

/** `40.0` and `40.00` are one amount. */
export const isAmount = (
  effect: Pick<IssueReward, "unit" | "amountMinor">,
  told: { readonly amount: string },
): boolean => canonical(told.amount) === canonical(decimalOf(effect))

/** The shop's id of the customer that a reward is for; undefined where it is for no record of the shop. */
export const customerOf = (effect: Pick<IssueReward, "recipient">): string | undefined => {
  const id = /^shopify:customer\/(.+)$/.exec(effect.recipient)?.[1]
  return id !== undefined && Handle.isRecordNumber(id) ? `gid://shopify/Customer/${id}` : undefined
}

export const noCustomer: Outcome = {
  state: "failed",
  reason: "the shop has no customer record for whom it is for: it is planned again when there is another",
}

/** Errors after which every further request would get the same. */
const stops = new Set(["AccessDenied", "Unauthorised", "Unreachable", "Throttled"])

/** What may have been carried out is in doubt, not failed. */
const inDoubtWhenLost = <R>(sent: Effect.Effect<Outcome, ShopifyError, R>): Effect.Effect<Outcome, ShopifyError, R> =>
  Effect.catchIf(
    sent,
    (error) => error.reason._tag === "Ambiguous" || error.reason._tag === "Malformed",
    () => Effect.succeed<Outcome>({ state: "unknown" }),
  )

/**
 * Sends effects one by one, those of one recipient after each other, and keeps each one's outcome. Fails with the first error when
 * nothing was sent at all; where something was, what could not be sent stays in doubt, with the reason.
 */
export const oneByOne = <Sent extends IssueReward | TakeBack>(
  effects: ReadonlyArray<Sent>,
  send: (effect: Sent) => Effect.Effect<Outcome, ShopifyError, CurrentTenant>,
): Effect.Effect<Outcomes, ShopifyError, CurrentTenant> =>
  Effect.gen(function* () {
    const outcomes = new Map<EffectKey, Outcome>()
    const unsent = new Map<EffectKey, ShopifyError>()
    let stopped: ShopifyError | undefined
    const each = (effect: Sent) =>
      stopped === undefined
        ? inDoubtWhenLost(send(effect)).pipe(
            Effect.match({
              onSuccess: (outcome) => void outcomes.set(effect.key, outcome),
              onFailure: (error) => {
                unsent.set(effect.key, error)
                if (stops.has(error.reason._tag)) stopped = error
              },
            }),
          )
        : Effect.sync(() => void unsent.set(effect.key, stopped as ShopifyError))
    const byRecipient = [...Map.groupBy(effects, ({ recipient }) => recipient).values()]
    yield* Effect.forEach(byRecipient, (own) => Effect.forEach(own, each, { discard: true }), {
      concurrency: 4,
      discard: true,
    })
    const [first] = unsent.values()
    if (first !== undefined && outcomes.size === 0) return yield* first
    for (const [key, { message }] of unsent) outcomes.set(key, { state: "unknown", reason: `not sent: ${message}` })
    return outcomes
  })
