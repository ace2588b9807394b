/**
 * Rewards as gift cards.
 *
 * The code follows from the effect and the tenant's key, and a shop has each code once: a card cannot be made twice, however often
 * it is asked for. The code is stored and told nowhere on our side: Shopify sends it to the customer. That a customer was told is
 * written into the card's note, so that a lost answer ends in one more message about the same card, never in a card that nobody knows of.
 * A card that cannot be sent to its customer is ended again.
 */
import type { Found, Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { HandleKey } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { EffectKey, IssueReward, TakeBack } from "@advocacy-kit/core/ledger/OutboundEffect"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { secret } from "./Offer.ts"
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
import { type GiftCard, giftIssue, giftLeft, giftLookup, giftNote, giftTell, giftVoid } from "./wire/GiftCards.ts"

const isGiftCard = (effect: Handed): effect is IssueReward =>
  effect._tag === "IssueReward" && effect.handOver?.as === "gift-card"

interface Card {
  /** 16 characters; leaves this module only for Shopify. */
  readonly code: string
  /** What the card's note says from the beginning, and once the customer was told. */
  readonly made: string
  readonly told: string
}

const cardOf = (effect: IssueReward, handleKey: HandleKey): Effect.Effect<Card> =>
  Effect.gen(function* () {
    const code = (yield* secret(handleKey, "gift card", effect.key)).toLowerCase()
    const made = `adv:${yield* secret(handleKey, "gift card note", effect.key)}`
    return { code, made, told: `${made} told` }
  })

const expiresOn = ({ handOver, plannedAt }: IssueReward): string | null =>
  handOver?.validDays === undefined
    ? null
    : Instant.toIso(plannedAt + Instant.days(handOver.validDays)).slice(0, "2026-01-01".length)

/** The card with this code, whoever made it. */
const lookUp = (shop: Shop, code: string): Effect.Effect<GiftCard | undefined, ShopifyError> =>
  Effect.map(shop.client.query(giftLookup, { search: code }, { priority }), ({ data }) => data.giftCards.nodes[0])

const isOurs = (effect: IssueReward, card: Card, there: GiftCard): boolean =>
  (there.note === card.made || there.note === card.told) && isAmount(effect, there.initialValue)

const failed = (reason: string): Outcome => ({ state: "failed", reason })
const inDoubt = (reason: string): Outcome => ({ state: "unknown", reason })

/** Tells the customer, and notes it on the card; a customer who cannot be told gets no card. */
const tell = (shop: Shop, id: string, card: Card): Effect.Effect<Outcome, ShopifyError> =>
  Effect.gen(function* () {
    const told = yield* shop.client.mutate(giftTell, { id }, { priority })
    const refusals = told.data.giftCardSendNotificationToCustomer.userErrors.map(({ code }) => code ?? "refused")
    if (refusals.length > 0) {
      const ended = yield* shop.client.mutate(giftVoid, { id }, { priority })
      return ended.data.giftCardDeactivate.userErrors.length === 0
        ? failed(`Shopify cannot send the gift card to this customer (${refusals.join(", ")}): it was ended again`)
        : inDoubt(`Shopify cannot send the gift card to this customer (${refusals.join(", ")}), and did not end it`)
    }
    const noted = yield* shop.client.mutate(giftNote, { id, input: { note: card.told } }, { priority })
    return noted.data.giftCardUpdate.userErrors.length === 0
      ? ({ state: "confirmed", reference: id } satisfies Outcome)
      : inDoubt("Shopify refuses a note on the gift card")
  })

/** A card that is there already: ours to be told of, or somebody else's. */
const settleTaken = (shop: Shop, effect: IssueReward, card: Card): Effect.Effect<Outcome, ShopifyError> =>
  Effect.gen(function* () {
    const there = yield* lookUp(shop, card.code)
    if (there === undefined) return inDoubt("the shop has a gift card with this code, and does not show it yet")
    if (!isOurs(effect, card, there)) return failed("the shop uses this code for another gift card")
    if (!there.enabled) return failed("the shop has ended this gift card")
    return there.note === card.told
      ? ({ state: "confirmed", reference: there.id } satisfies Outcome)
      : yield* tell(shop, there.id, card)
  })

/** Refusals that pass or that the merchant can change. */
const passing = new Set(["INTERNAL_ERROR", "GIFT_CARD_LIMIT_EXCEEDED"])

const issueOne = (shop: Shop, effect: IssueReward): Effect.Effect<Outcome, ShopifyError, CurrentTenant> =>
  Effect.gen(function* () {
    const customerId = customerOf(effect)
    if (customerId === undefined) return noCustomer
    const { handleKey } = yield* CurrentTenant
    const card = yield* cardOf(effect, handleKey)
    const input = {
      code: card.code,
      initialAmount: moneyOf(effect),
      note: card.made,
      customerId,
      expiresOn: expiresOn(effect),
    }
    const { data } = yield* shop.client.mutate(giftIssue, { input }, { priority })
    const { giftCard, userErrors } = data.giftCardCreate
    // From here on there is a card, and whatever goes wrong leaves it in doubt.
    const after = (settled: Effect.Effect<Outcome, ShopifyError>): Effect.Effect<Outcome> =>
      Effect.catch(settled, ({ message }) => Effect.succeed(inDoubt(message)))
    if (giftCard !== null) return yield* after(tell(shop, giftCard.id, card))
    const codes = userErrors.map(({ code }) => code ?? "refused")
    if (codes.includes("TAKEN")) return yield* after(settleTaken(shop, effect, card))
    if (codes.includes("CUSTOMER_NOT_FOUND")) return noCustomer
    const reason = `Shopify refuses the gift card: ${codes.join(", ")}`
    return codes.some((code) => passing.has(code)) ? inDoubt(reason) : failed(reason)
  })

/** Whether a card is ended with all that it held, still good with all of it, or spent from. */
const standing = (
  shop: Shop,
  { reference, reward }: TakeBack,
): Effect.Effect<"ended" | "whole" | Outcome, ShopifyError> =>
  Effect.map(shop.client.query(giftLeft, { id: reference }, { priority }), ({ data: { giftCard } }) =>
    giftCard === null
      ? failed("the shop shows this gift card no longer")
      : !covers(reward, giftCard.balance)
        ? spent(reward, giftCard.balance.amount)
        : giftCard.enabled
          ? "whole"
          : "ended",
  )

const takeBackOne = (shop: Shop, effect: TakeBack): Effect.Effect<Outcome, ShopifyError> =>
  Effect.gen(function* () {
    const before = yield* standing(shop, effect)
    if (before === "whole") {
      const { data } = yield* shop.client.mutate(giftVoid, { id: effect.reference }, { priority })
      const codes = data.giftCardDeactivate.userErrors.map(({ code }) => code ?? "refused")
      if (codes.length > 0) return failed(`Shopify refuses to end the gift card: ${codes.join(", ")}`)
    } else if (before !== "ended") return before
    return { state: "confirmed", reference: effect.reference } satisfies Outcome
  })

export const make = (shop: Shop): RewardKind => {
  const issue: RewardKind["issue"] = (effects) =>
    Effect.gen(function* () {
      const currency = yield* shop.currency
      const refused = new Map<EffectKey, Outcome>()
      const rest: Array<IssueReward> = []
      for (const effect of effects.filter(isGiftCard)) {
        const reason = refusalOf(effect, currency, "a gift card")
        if (reason === undefined) rest.push(effect)
        else refused.set(effect.key, failed(reason))
      }
      if (rest.length === 0) return refused
      return new Map([...refused, ...(yield* oneByOne(rest, (effect) => issueOne(shop, effect)))])
    })
  /** A card that its customer was not told of is not there yet: issuing it once more tells them. One that was ended is gone. */
  const find: RewardKind["find"] = (effects) =>
    Effect.gen(function* () {
      const { handleKey } = yield* CurrentTenant
      const found = new Map<EffectKey, Found>()
      for (const effect of effects.filter(isGiftCard)) {
        const card = yield* cardOf(effect, handleKey)
        const there = yield* lookUp(shop, card.code)
        if (there !== undefined && there.enabled && there.note === card.told && isOurs(effect, card, there))
          found.set(effect.key, { reference: there.id })
      }
      return found
    })
  const takeBack: RewardKind["takeBack"] = (effects) => oneByOne(effects, (effect) => takeBackOne(shop, effect))
  const findTakenBack: RewardKind["findTakenBack"] = (effects) =>
    Effect.gen(function* () {
      const found = new Map<EffectKey, Found>()
      for (const effect of effects)
        if ((yield* standing(shop, effect)) === "ended") found.set(effect.key, { reference: effect.reference })
      return found
    })
  return { serves: isGiftCard, issue, find, takeBack, findTakenBack }
}
