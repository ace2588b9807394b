/**
 * Rewards as discount codes, and advocates' share codes.
 *
 * Promises: a code is a function of the effect's key, and a shop has each code once, so an effect exists at most once
 * however often it is sent. A request whose answer was lost is not repeated: its effects are `unknown` until looked up.
 * Codes appear in no error and no log.
 */
import type { Found, Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { EffectKey, TakeBack } from "@advocacy-kit/core/ledger/OutboundEffect"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { type Coded, inputOf, type Offer, plan } from "./Offer.ts"
import { type Handed, oneByOne, priority, type RewardKind, type Shop } from "./RewardKind.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import { Invalid, ShopifyError, Unreachable } from "./ShopifyError.ts"
import {
  codesAdd,
  codesAdded,
  codesAtOnce,
  codesDelete,
  codesLookup,
  codeState,
  lookupVariables,
  offerCreate,
} from "./wire/Discounts.ts"

type Client = ShopifyClient["Service"]

/** Shopify takes 250 codes at a time. */
export const codesPerCall = 250

const chunks = <Item>(items: ReadonlyArray<Item>, size: number): ReadonlyArray<ReadonlyArray<Item>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

/** Which discount each code belongs to; a code that the shop does not have is absent. */
const lookUp = (
  client: Client,
  codes: ReadonlyArray<string>,
): Effect.Effect<ReadonlyMap<string, string>, ShopifyError> =>
  Effect.gen(function* () {
    const found = new Map<string, string>()
    for (const part of chunks(codes, codesAtOnce)) {
      const { data } = yield* client.query(codesLookup, lookupVariables(part), { priority })
      for (const [at, code] of part.entries()) {
        const discount = data[`c${at}`]
        if (discount !== null && discount !== undefined) found.set(code, discount.id)
      }
    }
    return found
  })

/** Refusals that do not speak of the effect: a full shop, a fault of theirs, a parent that the merchant deleted. */
const passing = new Set(["INTERNAL_ERROR", "EXCEEDED_MAX", "MAX_APP_DISCOUNTS", "CONFLICT"])

const codesOf = (userErrors: ReadonlyArray<{ readonly code: string | null }>): string =>
  userErrors.map(({ code }) => code ?? "refused").join(", ")

/** The id of an offer's parent discount, created if need be; or why Shopify refuses such a discount for good. */
const parentOf = (
  client: Client,
  offer: Offer,
): Effect.Effect<{ readonly id: string } | { readonly refused: string }, ShopifyError> =>
  Effect.gen(function* () {
    const before = (yield* lookUp(client, [offer.offerCode])).get(offer.offerCode)
    if (before !== undefined) return { id: before }
    const input = inputOf(offer, "percent" in offer.value ? "share" : "reward")
    // The parent's code makes it unique: after an unanswered attempt, or one that came second, it can be looked up.
    const created = yield* client.mutate(offerCreate, { input }, { priority }).pipe(
      Effect.map(({ data }) => data.discountCodeBasicCreate),
      Effect.catchIf(
        (error) => error.reason._tag === "Ambiguous",
        (error) =>
          Effect.flatMap(lookUp(client, [offer.offerCode]), (found) => {
            const id = found.get(offer.offerCode)
            // No code was sent yet, and the same parent cannot come to be twice: trying again is harmless.
            return id === undefined
              ? Effect.fail(new ShopifyError({ operation: error.operation, reason: new Unreachable({ cause: error }) }))
              : Effect.succeed({ codeDiscountNode: { id }, userErrors: [] })
          }),
      ),
    )
    if (created.codeDiscountNode !== null) return { id: created.codeDiscountNode.id }
    const after = (yield* lookUp(client, [offer.offerCode])).get(offer.offerCode)
    if (after !== undefined) return { id: after }
    if (created.userErrors.some(({ code }) => passing.has(code ?? ""))) {
      const detail = `Shopify refuses the discount for now: ${codesOf(created.userErrors)}`
      return yield* new ShopifyError({ operation: offerCreate.name, reason: new Invalid({ detail }) })
    }
    const reasons = created.userErrors.map(
      ({ code, field }) => `${field?.join(".") ?? "discount"} ${code ?? "refused"}`,
    )
    return { refused: `Shopify refuses the discount: ${reasons.join(", ")}` }
  })

type Outcomes = ReadonlyArray<readonly [EffectKey, Outcome]>

const all = (coded: ReadonlyArray<Coded>, outcome: Outcome): Outcomes => coded.map(({ key }) => [key, outcome])

/** Waits for Shopify to have created the codes of one call; gives each code's error, or null. */
const creation = (
  client: Client,
  id: string,
): Effect.Effect<ReadonlyMap<string, string | null> | undefined, ShopifyError> =>
  Effect.gen(function* () {
    for (let pauseMillis = 100; pauseMillis < 60_000; pauseMillis = Math.ceil(pauseMillis * 1.5)) {
      const { data } = yield* client.query(codesAdded, { id }, { priority })
      const state = data.discountRedeemCodeBulkCreation
      if (state === null) return undefined
      if (state.done) {
        return new Map(
          state.codes.nodes.map((node) => [
            node.code.toUpperCase(),
            node.discountRedeemCode === null ? (node.errors[0]?.code ?? "REFUSED") : null,
          ]),
        )
      }
      yield* Effect.sleep(pauseMillis)
    }
    return undefined
  })

/** A code that the shop has already is ours when it hangs under our parent. */
const settleTaken = (
  client: Client,
  parent: string,
  taken: ReadonlyArray<Coded>,
): Effect.Effect<Outcomes, ShopifyError> =>
  Effect.map(
    lookUp(
      client,
      taken.map(({ code }) => code),
    ),
    (found) =>
      taken.map(({ code, key }): readonly [EffectKey, Outcome] => [
        key,
        found.get(code) === parent
          ? { state: "confirmed", reference: code }
          : { state: "failed", reason: "the shop uses this code for another discount: give the advocate another code" },
      ]),
  )

const unknown: Outcome = { state: "unknown" }

/** One call of at most 250 codes. From the moment it is sent, trouble means `unknown`, never an error. */
const addCodes = (
  client: Client,
  parent: string,
  coded: ReadonlyArray<Coded>,
  forget: Effect.Effect<void>,
): Effect.Effect<Outcomes> =>
  Effect.gen(function* () {
    const { data } = yield* client.mutate(
      codesAdd,
      { id: parent, codes: coded.map(({ code }) => ({ code })) },
      { priority },
    )
    const { bulkCreation, userErrors } = data.discountRedeemCodeBulkAdd
    if (bulkCreation === null) {
      const ofParent = userErrors.some(
        ({ code, field }) => passing.has(code ?? "") || field?.includes("discountId") === true,
      )
      if (ofParent) yield* forget
      return all(
        coded,
        ofParent ? unknown : { state: "failed", reason: `Shopify refuses the codes: ${codesOf(userErrors)}` },
      )
    }
    const errors = yield* creation(client, bulkCreation.id)
    if (errors === undefined) return all(coded, unknown)
    const errorOf = ({ code }: Coded) => errors.get(code.toUpperCase())
    const taken = yield* settleTaken(
      client,
      parent,
      coded.filter((one) => errorOf(one) === "TAKEN"),
    )
    const others = coded.flatMap((one): Outcomes => {
      const error = errorOf(one)
      if (error === "TAKEN") return []
      if (error === undefined || passing.has(error ?? "")) return [[one.key, unknown]]
      return [
        [
          one.key,
          error === null
            ? { state: "confirmed", reference: one.code }
            : { state: "failed", reason: `Shopify refuses the code: ${error}` },
        ],
      ]
    })
    return [...taken, ...others]
  }).pipe(Effect.catch(() => Effect.succeed(all(coded, unknown))))

const isCode = (effect: Handed): boolean =>
  effect._tag === "OpenShareCode" || effect.handOver === undefined || effect.handOver.as === "discount-code"

/**
 * Whether a code is gone unused, still there unused, or used. Two witnesses, each late or blind in its way: Shopify's own count, and orders
 * that show it as their first code.
 */
const standing = (client: Client, { reference }: TakeBack) =>
  Effect.map(
    client.query(codeState, { code: reference, search: `discount_code:"${reference}"` }, { priority }),
    ({ data: { codeDiscountNodeByCode: parent, orders } }) => {
      const own = parent?.codeDiscount.codes?.nodes.find(({ code }) => code.toUpperCase() === reference.toUpperCase())
      if (orders.nodes.length > 0 || (own?.asyncUsageCount ?? 0) > 0) return "used" as const
      if (parent === null) return "gone" as const
      return own === undefined ? ("hidden" as const) : { parent: parent.id, id: own.id }
    },
  )

const takeBackOne = (client: Client, effect: TakeBack): Effect.Effect<Outcome, ShopifyError> =>
  Effect.gen(function* () {
    const gone: Outcome = { state: "confirmed", reference: effect.reference }
    const before = yield* standing(client, effect)
    if (before === "gone") return gone
    if (before === "used")
      return {
        state: "failed",
        reason: "it cannot be taken back: the code was used, and what was spent stays owed",
      } satisfies Outcome
    if (before === "hidden")
      return { state: "unknown", reason: "the shop does not show this code among its own" } satisfies Outcome
    const { data } = yield* client.mutate(codesDelete, { id: before.parent, ids: [before.id] }, { priority })
    const refusals = data.discountCodeRedeemCodeBulkDelete.userErrors
    if (refusals.length > 0)
      return { state: "failed", reason: `Shopify refuses to delete the code: ${codesOf(refusals)}` } satisfies Outcome
    // It is deleted a moment later; if it is still there it is looked up again.
    const after = yield* Effect.orElseSucceed(standing(client, effect), () => "hidden" as const)
    return after === "gone" ? gone : ({ state: "unknown" } satisfies Outcome)
  })

export const make = (shop: Shop): RewardKind => {
  const { client } = shop
  const parents = new Map<string, string>()

  const planned = (effects: ReadonlyArray<Handed>) =>
    Effect.gen(function* () {
      const { handleKey } = yield* CurrentTenant
      return yield* plan(effects, { handleKey, shopCurrency: yield* shop.currency, program: shop.program })
    })

  const issue: RewardKind["issue"] = (effects) =>
    Effect.gen(function* () {
      const { offers, refused } = yield* planned(effects)
      const outcomes = new Map<EffectKey, Outcome>(refused)
      const ready: Array<{ readonly offer: Offer; readonly parent: string }> = []
      // Parents first: until all stand, no code was sent, and an error means that nothing has happened.
      for (const offer of offers) {
        const known = parents.get(offer.offerCode)
        const parent = known === undefined ? yield* parentOf(client, offer) : { id: known }
        if ("refused" in parent)
          for (const { key } of offer.coded) outcomes.set(key, { state: "failed", reason: parent.refused })
        else {
          parents.set(offer.offerCode, parent.id)
          ready.push({ offer, parent: parent.id })
        }
      }
      for (const { offer, parent } of ready) {
        for (const part of chunks(offer.coded, codesPerCall)) {
          const forget = Effect.sync(() => void parents.delete(offer.offerCode))
          for (const [key, outcome] of yield* addCodes(client, parent, part, forget)) outcomes.set(key, outcome)
        }
      }
      return outcomes
    })

  const find: RewardKind["find"] = (effects) =>
    Effect.gen(function* () {
      const { offers } = yield* planned(effects)
      const coded = offers.flatMap((offer) => offer.coded.map((one) => ({ ...one, offerCode: offer.offerCode })))
      const found = yield* lookUp(client, [
        ...offers.map(({ offerCode }) => offerCode),
        ...coded.map(({ code }) => code),
      ])
      return new Map(
        coded.flatMap(({ code, key, offerCode }) => {
          const parent = found.get(code)
          return parent !== undefined && parent === found.get(offerCode) ? [[key, { reference: code }] as const] : []
        }),
      )
    })

  const takeBack: RewardKind["takeBack"] = (effects) => oneByOne(effects, (effect) => takeBackOne(client, effect))
  const findTakenBack: RewardKind["findTakenBack"] = (effects) =>
    Effect.gen(function* () {
      const found = new Map<EffectKey, Found>()
      for (const effect of effects)
        if ((yield* standing(client, effect)) === "gone") found.set(effect.key, { reference: effect.reference })
      return found
    })

  return { serves: isCode, issue, find, takeBack, findTakenBack }
}
