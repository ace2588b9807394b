/**
 * Rewards as store credit.
 *
 * Shopify gives a credit no key, no note and no protection against repetition. A reward that expires is marked by the very second
 * of its expiry, which follows from the effect, so that it can be told from every other credit. One that does not expire cannot:
 * when its answer was lost and a credit of the same amount has come since, a human decides. Nothing is ever guessed, and nothing
 * is sent again that may be there. Transactions are read directly, not searched for, because nobody says how fast the search is.
 */
import type { Found, Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { HandleKey } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { EffectKey, IssueReward, TakeBack } from "@advocacy-kit/core/ledger/OutboundEffect"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import {
  covers,
  customerOf,
  type Handed,
  isAmount,
  moneyOf,
  noCustomer,
  oneByOne,
  priority,
  refusalOf,
  type RewardKind,
  type Shop,
  spent,
} from "./RewardKind.ts"
import type { ShopifyError } from "./ShopifyError.ts"
import { hmac } from "./Signature.ts"
import {
  creditIssue,
  creditLeft,
  creditTakeBack,
  creditsOfCustomer,
  type CreditTransaction,
  moreCredits,
  storeCreditTerms,
} from "./wire/StoreCredit.ts"

const second = 1_000
const daySeconds = 86_400
/** How far our clock and the shop's may be apart. */
const skewMillis = daySeconds * second

const isStoreCredit = (effect: Handed): effect is IssueReward =>
  effect._tag === "IssueReward" && effect.handOver?.as === "store-credit"

/** The second at which a reward expires: at least `validDays` after it was planned, on one of a day's 86,400 seconds by its key. */
export const expiryOf = (effect: IssueReward, handleKey: HandleKey): Effect.Effect<Instant.Instant | null> => {
  const { key, plannedAt } = effect
  const validDays = effect.handOver?.validDays
  if (validDays === undefined) return Effect.succeed(null)
  return Effect.map(Effect.orDie(hmac(handleKey, `shopify store credit\0${key}`)), (bytes) => {
    const place = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % daySeconds
    return (Math.ceil(plannedAt / second) + validDays * daySeconds + place) * second
  })
}

/** Refusals that pass: the customer's account is full for now. */
const passing = new Set(["CREDIT_LIMIT_EXCEEDED"])

const turnedOff: Outcome = {
  state: "unknown",
  reason: "store credit is turned off in this shop: turn it on in the shop's settings for customer accounts",
}

const issueOne = (shop: Shop, effect: IssueReward): Effect.Effect<Outcome, ShopifyError, CurrentTenant> =>
  Effect.gen(function* () {
    const owner = customerOf(effect)
    if (owner === undefined) return noCustomer
    const { handleKey } = yield* CurrentTenant
    const expiresAt = yield* expiryOf(effect, handleKey)
    const input = {
      creditAmount: moneyOf(effect),
      ...(expiresAt === null ? {} : { expiresAt: Instant.toIso(expiresAt) }),
      notify: shop.notify,
    }
    const { data } = yield* shop.client.mutate(creditIssue, { owner, input }, { priority })
    const { storeCreditAccountTransaction: made, userErrors } = data.storeCreditAccountCredit
    if (made !== null) return { state: "confirmed", reference: made.id } satisfies Outcome
    const codes = userErrors.map(({ code }) => code ?? "refused")
    if (codes.includes("OWNER_NOT_FOUND")) return noCustomer
    const reason = `Shopify refuses the store credit: ${codes.join(", ")}`
    return codes.some((code) => passing.has(code))
      ? ({ state: "unknown", reason } satisfies Outcome)
      : ({ state: "failed", reason } satisfies Outcome)
  })

// -------------------------------------------------------------------------------------------------- looking up

/** Everything that was given and taken by hand or by an app, of all accounts of a customer. */
const adjustmentsOf = (shop: Shop, owner: string): Effect.Effect<ReadonlyArray<CreditTransaction>, ShopifyError> =>
  Effect.gen(function* () {
    const { data } = yield* shop.client.query(creditsOfCustomer, { owner }, { priority })
    const all: Array<CreditTransaction> = []
    for (const account of data.customer?.storeCreditAccounts.nodes ?? []) {
      let { nodes, pageInfo } = account.transactions
      all.push(...nodes)
      while (pageInfo.hasNextPage) {
        const more = yield* shop.client.query(
          moreCredits,
          { account: account.id, after: pageInfo.endCursor },
          { priority },
        )
        const page = more.data.storeCreditAccount?.transactions
        if (page === undefined) break
        ;({ nodes, pageInfo } = page)
        all.push(...nodes)
      }
    }
    return all.filter(({ event }) => event === "ADJUSTMENT")
  })

const isSince = (effect: IssueReward, createdAt: string): boolean =>
  Date.parse(createdAt) >= (effect.absentAt ?? effect.plannedAt - skewMillis)

/** Which of a customer's credits may be this reward. */
const candidatesOf = (
  effect: IssueReward,
  expiresAt: Instant.Instant | null,
  credits: ReadonlyArray<CreditTransaction>,
): ReadonlyArray<CreditTransaction> =>
  credits.filter(
    (one) =>
      one.__typename === "StoreCreditAccountCreditTransaction" &&
      one.amount.currencyCode === effect.unit &&
      isAmount(effect, one.amount) &&
      (expiresAt === null
        ? (one.expiresAt ?? null) === null && isSince(effect, one.createdAt)
        : Date.parse(one.expiresAt ?? "") === expiresAt),
  )

interface Marked {
  readonly effect: IssueReward
  readonly expiresAt: Instant.Instant | null
}

/** What the credits of one customer say of the rewards for them. A pure decision; what is not there is absent. */
export const judge = (
  rewards: ReadonlyArray<Marked>,
  credits: ReadonlyArray<CreditTransaction>,
): ReadonlyMap<EffectKey, Found> => {
  const found = new Map<EffectKey, Found>()
  for (const { effect, expiresAt } of rewards) {
    const candidates = candidatesOf(effect, expiresAt, credits)
    const [first] = candidates
    if (first === undefined) continue
    const alike = rewards.filter(
      (one) => one.expiresAt === expiresAt && one.effect.amountMinor === effect.amountMinor,
    ).length
    if (expiresAt === null)
      found.set(effect.key, {
        unclear: `the customer was given ${candidates.length} credit(s) of this amount since, the last at ${first.createdAt}, and nothing tells whose they are: look at the customer's store credit`,
      })
    else if (candidates.length > 1 || alike > 1 || first.id === undefined)
      found.set(effect.key, {
        unclear: `${candidates.length} credit(s) bear the mark of ${alike} reward(s): look at the customer's store credit`,
      })
    else found.set(effect.key, { reference: first.id })
  }
  return found
}

// -------------------------------------------------------------------------------------------------- taking back

/**
 * A debit has no mark at all. It is sent only while the whole of this very credit is left, so that it takes nobody's own money; when
 * its answer was lost, any debit of the amount since makes it unclear.
 */
const takeBackOne = (shop: Shop, { reference, reward }: TakeBack): Effect.Effect<Outcome, ShopifyError> =>
  Effect.gen(function* () {
    const { data } = yield* shop.client.query(creditLeft, { id: reference }, { priority })
    const there = data.node
    if (there?.__typename !== "StoreCreditAccountCreditTransaction" || there.account === undefined)
      return { state: "failed", reason: "the shop shows this store credit no longer" } satisfies Outcome
    const { account, remainingAmount } = there
    if (remainingAmount === undefined || !covers(reward, remainingAmount))
      return spent(reward, remainingAmount?.amount ?? "0.0")
    if (!covers(reward, account.balance)) return spent(reward, account.balance.amount)
    const taken = yield* shop.client.mutate(
      creditTakeBack,
      { account: account.id, input: { debitAmount: moneyOf(reward) } },
      { priority },
    )
    const { storeCreditAccountTransaction: made, userErrors } = taken.data.storeCreditAccountDebit
    if (made !== null) return { state: "confirmed", reference: made.id } satisfies Outcome
    const codes = userErrors.map(({ code }) => code ?? "refused")
    return codes.includes("INSUFFICIENT_FUNDS")
      ? spent(reward, "less")
      : ({
          state: "failed",
          reason: `Shopify refuses to take back the store credit: ${codes.join(", ")}`,
        } satisfies Outcome)
  })

/** A debit of the amount that has come since, or nothing. */
const judgeTakenBack = (
  { absentAt, plannedAt, reward }: TakeBack,
  transactions: ReadonlyArray<CreditTransaction>,
): Found | undefined => {
  const debits = transactions.filter(
    (one) =>
      one.__typename === "StoreCreditAccountDebitTransaction" &&
      one.amount.currencyCode === reward.unit &&
      isAmount(reward, one.amount) &&
      Date.parse(one.createdAt) >= (absentAt ?? plannedAt - skewMillis),
  )
  return debits.length === 0
    ? undefined
    : {
        unclear: `${debits.length} debit(s) of this amount were made since, and nothing tells whose they are: look at the customer's store credit`,
      }
}

export const make = (shop: Shop): RewardKind => {
  let isOn = false
  const issue: RewardKind["issue"] = (effects) =>
    Effect.gen(function* () {
      const currency = yield* shop.currency
      const rewards = effects.filter(isStoreCredit)
      const refused = new Map<EffectKey, Outcome>()
      for (const effect of rewards) {
        const reason = refusalOf(effect, currency, "store credit")
        if (reason !== undefined) refused.set(effect.key, { state: "failed", reason })
      }
      const rest = rewards.filter(({ key }) => !refused.has(key))
      if (rest.length === 0) return refused
      if (!isOn) {
        const { data } = yield* shop.client.query(storeCreditTerms, {}, { priority })
        isOn = data.storeCreditConfiguration.storeCreditEnabled
      }
      if (!isOn) return new Map([...refused, ...rest.map(({ key }) => [key, turnedOff] as const)])
      return new Map([...refused, ...(yield* oneByOne(rest, (effect) => issueOne(shop, effect)))])
    })
  const find: RewardKind["find"] = (effects) =>
    Effect.gen(function* () {
      const { handleKey } = yield* CurrentTenant
      const found = new Map<EffectKey, Found>()
      for (const [, own] of Map.groupBy(effects.filter(isStoreCredit), ({ recipient }) => recipient)) {
        const owner = own[0] === undefined ? undefined : customerOf(own[0])
        if (owner === undefined) continue
        const rewards = yield* Effect.forEach(own, (effect) =>
          Effect.map(expiryOf(effect, handleKey), (expiresAt): Marked => ({ effect, expiresAt })),
        )
        for (const [key, one] of judge(rewards, yield* adjustmentsOf(shop, owner))) found.set(key, one)
      }
      return found
    })
  const takeBack: RewardKind["takeBack"] = (effects) => oneByOne(effects, (effect) => takeBackOne(shop, effect))
  const findTakenBack: RewardKind["findTakenBack"] = (effects) =>
    Effect.gen(function* () {
      const found = new Map<EffectKey, Found>()
      for (const effect of effects) {
        const owner = customerOf(effect)
        const judged = owner === undefined ? undefined : judgeTakenBack(effect, yield* adjustmentsOf(shop, owner))
        if (judged !== undefined) found.set(effect.key, judged)
      }
      return found
    })
  return { serves: isStoreCredit, issue, find, takeBack, findTakenBack }
}
