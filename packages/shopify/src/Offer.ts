/**
 * One parent discount per offer, and the codes that belong under it.
 *
 * Promises: pure but for the keyed hash. The same effects give the same offers and the same codes in every process, and
 * nobody without the tenant's key can guess one. Codes have no letters that are read as digits.
 */
import type { Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import * as Digest from "@advocacy-kit/core/id/Digest"
import type { HandleKey } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { EffectKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import { Effect } from "effect"
import { type Handed, refusalOf } from "./RewardKind.ts"
import { hmac } from "./Signature.ts"
import type { DiscountCodeBasicInput } from "./wire/Documents.generated.ts"

export interface Coded {
  readonly key: EffectKey
  readonly code: string
}

export interface Offer {
  /** The parent's own first code: what it is found by. It is handed to nobody. */
  readonly offerCode: string
  readonly title: string
  readonly value: { readonly amount: string } | { readonly percent: number }
  readonly startsAt: Instant.Instant
  readonly coded: ReadonlyArray<Coded>
}

/** Crockford's alphabet: no I, L, O or U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** `length` characters of five bits each; `bytes` must hold as many bits. */
export const base32 = (bytes: Uint8Array, length: number): string => {
  const bits = bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  const total = BigInt(bytes.length * 8)
  return Array.from({ length }, (_, at) => alphabet[Number((bits >> (total - BigInt(at + 1) * 5n)) & 31n)]).join("")
}

/** 16 characters that nobody without the tenant's key can guess. */
export const secret = (key: HandleKey, kind: string, text: string): Effect.Effect<string> =>
  Effect.map(Effect.orDie(hmac(key, `shopify ${kind}\0${text}`)), (bytes) => base32(bytes, 16))

/** Why this shop can never hand the effect over, or undefined. */
const refusal = (effect: Handed, shopCurrency: string): string | undefined => {
  if (effect._tag === "OpenShareCode") {
    if (effect.percent < 1 || effect.percent > 100) return `${effect.percent} percent is not a discount: use 1 to 100`
    return /^[\x21-\x7e]{1,255}$/.test(effect.code)
      ? undefined
      : "the share code is not printable text of at most 255 characters"
  }
  return refusalOf(effect, shopCurrency, "a discount code")
}

const valueOf = (effect: Handed): Offer["value"] =>
  effect._tag === "OpenShareCode"
    ? { percent: effect.percent }
    : { amount: Money.toDecimal(Money.make(Currency.make(effect.unit), effect.amountMinor)) }

const titleOf = (effect: Handed, program: string): string =>
  effect._tag === "OpenShareCode"
    ? `${program}: ${effect.percent}% for friends`
    : `${program}: reward of ${Money.format(Money.make(Currency.make(effect.unit), effect.amountMinor))}`

/** The effects by offer, and those that this shop refuses for good. */
export const plan = (
  effects: ReadonlyArray<Handed>,
  options: { readonly handleKey: HandleKey; readonly shopCurrency: string; readonly program: string },
): Effect.Effect<{ readonly offers: ReadonlyArray<Offer>; readonly refused: ReadonlyMap<EffectKey, Outcome> }> =>
  Effect.gen(function* () {
    const refused = new Map<EffectKey, Outcome>()
    const offers = new Map<string, Offer>()
    for (const effect of effects) {
      const reason = refusal(effect, options.shopCurrency)
      if (reason !== undefined) {
        refused.set(effect.key, { state: "failed", reason })
        continue
      }
      const value = valueOf(effect)
      const name = Digest.canonical({
        kind: effect._tag,
        terms: effect.terms,
        value,
        unit: effect._tag === "IssueReward" ? effect.unit : "percent",
      })
      const known = offers.get(name)
      const code =
        effect._tag === "OpenShareCode" ? effect.code : yield* secret(options.handleKey, "reward", effect.key)
      offers.set(name, {
        offerCode: known?.offerCode ?? `OFFER-${yield* secret(options.handleKey, "offer", name)}`,
        title: titleOf(effect, options.program),
        value,
        startsAt: Math.min(known?.startsAt ?? effect.plannedAt, effect.plannedAt),
        coded: [...(known?.coded ?? []), { key: effect.key, code }],
      })
    }
    return { offers: [...offers.values()], refused }
  })

/** The parent discount's definition, as Shopify takes it. */
export const inputOf = (offer: Offer, kind: "reward" | "share"): DiscountCodeBasicInput => ({
  title: offer.title.slice(0, 255),
  code: offer.offerCode,
  startsAt: Instant.toIso(offer.startsAt),
  context: { all: "ALL" },
  customerGets: {
    items: { all: true },
    value:
      "percent" in offer.value
        ? { percentage: offer.value.percent / 100 }
        : { discountAmount: { amount: offer.value.amount, appliesOnEachItem: false } },
  },
  appliesOncePerCustomer: true,
  // A reward's code is good once; an advocate's own code is good for every friend. It goes along with sales on products and shipping.
  ...(kind === "reward" ? { usageLimit: 1 } : {}),
  combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
})
