/**
 * The just and omniscient judge: says of every order what the program's published rules make of it.
 *
 * It judges drafts, that is what the simulator planned and knows (who is who, who left which evidence when), never
 * what the platforms show, and shares no code with the engine. Limits are one fold in order of (instant, order id);
 * an order that is refused or held takes no place. Orders under test stand in the list, but are no conversions.
 */
import * as Basket from "./Basket.ts"
import { day, yearOf } from "./Calendar.ts"
import type { OrderDraft, PersonDraft, TouchDraft } from "./Draft.ts"
import * as Price from "./Price.ts"
import { rules } from "./World.ts"
import type { RefusalReason, TrueConversion, TruthClass } from "./World.ts"

interface Knowledge {
  /** Orders per provable identity, in order. */
  readonly byIdentity: ReadonlyMap<string, ReadonlyArray<OrderDraft>>
  readonly devices: ReadonlyMap<PersonDraft, ReadonlySet<string>>
  readonly homes: ReadonlyMap<PersonDraft, ReadonlySet<string>>
}

/** What stands before limits and suspicion. */
type Opinion =
  | { readonly verdict: "none" }
  | { readonly verdict: "unevidenced" }
  | { readonly verdict: "ambiguous" }
  | {
      readonly verdict: "refused"
      readonly reason: RefusalReason
      readonly touch: TouchDraft | null
      readonly alias: boolean
    }
  | { readonly verdict: "good"; readonly touch: TouchDraft; readonly rivals: boolean }

const minimumCents = Price.fromDecimal(rules.minimum)
const windowMs = rules.windowDays * day

const inOrder = (left: OrderDraft, right: OrderDraft): number =>
  left.at - right.at || (BigInt(left.id) < BigInt(right.id) ? -1 : 1)

const home = (order: OrderDraft): string | null =>
  order.address === null
    ? null
    : `${order.address.address1} | ${order.address.zip}`.toLowerCase().replace(/\s+/g, " ").trim()

const identityOf = (order: OrderDraft): string | null => order.account?.identity ?? null

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): Map<string, Array<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

const know = (orders: ReadonlyArray<OrderDraft>): Knowledge => {
  const byIdentity = grouped(
    orders.filter((order) => order.account !== null),
    (order) => identityOf(order) ?? "",
  )
  const devices = new Map<PersonDraft, Set<string>>()
  const homes = new Map<PersonDraft, Set<string>>()
  for (const order of orders) {
    const person = order.account?.person
    if (person === undefined || person.referral === null || identityOf(order) !== person.id) continue
    const place = home(order)
    if (order.device !== null) devices.set(person, (devices.get(person) ?? new Set()).add(order.device))
    if (place !== null) homes.set(person, (homes.get(person) ?? new Set()).add(place))
  }
  return { byIdentity, devices, homes }
}

const touchesOf = (order: OrderDraft): Array<TouchDraft> => {
  const invitation = order.account?.person.invitation
  return invitation === null || invitation === undefined
    ? [...order.touches]
    : [...order.touches, { kind: "invitation", ...invitation }]
}

const rank = (touch: TouchDraft): number => rules.evidence.indexOf(touch.kind)

const counts = (order: OrderDraft, touch: TouchDraft): boolean =>
  touch.at <= order.at && order.at - touch.at <= windowMs

/** The earlier order that makes the buyer a customer already. */
const earlierOrder = (knowledge: Knowledge, order: OrderDraft): OrderDraft | undefined =>
  (knowledge.byIdentity.get(identityOf(order) ?? "") ?? []).find(
    (other) =>
      other !== order &&
      inOrder(other, order) < 0 &&
      !other.test &&
      (other.cancelled === null || other.cancelled.at > order.at),
  )

const netOf = (order: OrderDraft): bigint => (order.cancelled === null ? Basket.net(order.lines, order.refunds) : 0n)

const opinion = (knowledge: Knowledge, order: OrderDraft): Opinion => {
  const touches = touchesOf(order)
  const no = (reason: RefusalReason, touch: TouchDraft | null, alias = false): Opinion => ({
    verdict: "refused",
    reason,
    touch,
    alias,
  })
  if (touches.length === 0) return order.referredBy === null ? { verdict: "none" } : { verdict: "unevidenced" }
  const known = touches.filter((touch) => touch.advocate !== null)
  const valid = known
    .filter((touch) => counts(order, touch))
    .sort((left, right) => right.at - left.at || rank(left) - rank(right))
  const [best] = valid
  if (order.test) return no("test-order", best ?? null)
  if (order.cancelled !== null) return no("cancelled", best ?? null)
  if (best === undefined) {
    const unknown = touches.find((touch) => touch.advocate === null && counts(order, touch))
    return unknown === undefined ? no("outside-window", known[0] ?? null) : no("unknown-code", unknown)
  }
  const rivals = valid.filter((touch) => touch.advocate !== best.advocate)
  if (rivals.some((touch) => touch.at === best.at && touch.kind === best.kind)) return { verdict: "ambiguous" }
  const account = order.account
  const main = best.advocate?.accounts[0]
  if (account !== null && account.identity === main?.identity) return no("self-referral", best, account !== main)
  const earlier = earlierOrder(knowledge, order)
  if (earlier !== undefined) return no("existing-customer", best, earlier.account !== account)
  const net = netOf(order)
  if (net === 0n) return no("refunded", best)
  if (net < minimumCents) return no("below-minimum", best)
  return { verdict: "good", touch: best, rivals: rivals.length > 0 }
}

/** Orders on a code that at least so many new buyers used within 24 hours. */
const leaked = (good: ReadonlyArray<{ readonly order: OrderDraft; readonly touch: TouchDraft }>): Set<OrderDraft> => {
  const found = new Set<OrderDraft>()
  for (const uses of grouped(good, ({ touch }) => touch.code).values()) {
    for (let first = 0; first < uses.length; first++) {
      const from = uses[first]?.order.at ?? 0
      const within = uses.slice(first).filter(({ order }) => order.at - from <= day)
      const buyers = new Set(within.map(({ order }) => identityOf(order)))
      if (buyers.size >= rules.leakedPer24Hours) for (const { order } of within) found.add(order)
    }
  }
  return found
}

const refusedClass = (order: OrderDraft, reason: RefusalReason, alias: boolean): TruthClass => {
  switch (reason) {
    case "self-referral":
      return alias ? "self-referral-alias" : reason
    case "existing-customer":
      return alias ? "existing-customer-alias" : reason
    case "below-minimum":
      return order.refunds.length > 0 ? "refunded-below-minimum" : reason
    case "refunded":
      return "fully-refunded"
    case "limit-reached":
      return "over-limit"
    case "shared-device":
      return "ring-device"
    case "shared-household":
      return "household"
    default:
      return reason
  }
}

/** Classes that the platforms' hard evidence does not decide. */
const soft: ReadonlySet<TruthClass> = new Set(["ring-device", "household", "word-of-mouth"])

const reversalOf = (order: OrderDraft): TrueConversion["reversal"] => {
  if (order.cancelled === null && order.refunds.length === 0) return "none"
  return netOf(order) === 0n ? "full" : "partial"
}

const conversion = (
  order: OrderDraft,
  verdict: TrueConversion["verdict"],
  truthClass: TruthClass,
  named: { readonly advocate?: PersonDraft | null; readonly code?: string; readonly reason?: RefusalReason },
): TrueConversion => ({
  orderId: order.id,
  verdict,
  class: truthClass,
  provable: !soft.has(truthClass),
  advocate: named.advocate?.id ?? null,
  friend: order.account?.person.id ?? null,
  reason: named.reason ?? null,
  code: named.code ?? null,
  netAmount: Price.toDecimal(netOf(order)),
  reversal: reversalOf(order),
})

const suspicion = (
  knowledge: Knowledge,
  order: OrderDraft,
  who: PersonDraft,
  leakedOrders: ReadonlySet<OrderDraft>,
): RefusalReason | null => {
  const place = home(order)
  if (leakedOrders.has(order)) return "leaked-code"
  if (order.device !== null && knowledge.devices.get(who)?.has(order.device) === true) return "shared-device"
  if (place !== null && knowledge.homes.get(who)?.has(place) === true) return "shared-household"
  return null
}

/** The truth of every order, in order of (instant, order id). */
export const judge = (drafts: ReadonlyArray<OrderDraft>): Array<TrueConversion> => {
  const orders = [...drafts].sort(inOrder)
  const knowledge = know(orders)
  const opinions = orders.map((order) => ({ order, found: opinion(knowledge, order) }))
  const leakedOrders = leaked(
    opinions.flatMap(({ found, order }) => (found.verdict === "good" ? [{ order, touch: found.touch }] : [])),
  )
  const places = new Map<string, number>()
  return opinions.map(({ found, order }) => {
    if (found.verdict === "none") return conversion(order, "none", "organic", {})
    if (found.verdict === "unevidenced")
      return conversion(order, "unevidenced", "word-of-mouth", { advocate: order.referredBy })
    if (found.verdict === "ambiguous") return conversion(order, "ambiguous", "ambiguous-codes", {})
    if (found.verdict === "refused") {
      const { alias, reason, touch } = found
      return conversion(order, "refused", refusedClass(order, reason, alias), {
        reason,
        ...(touch === null ? {} : { advocate: touch.advocate, code: touch.code }),
      })
    }
    const { rivals, touch } = found
    const who = touch.advocate as PersonDraft
    const named = { advocate: who, code: touch.code }
    const place = `${who.id} ${yearOf(order.at)}`
    const taken = places.get(place) ?? 0
    if (taken >= rules.limitPerYear)
      return conversion(order, "refused", "over-limit", { ...named, reason: "limit-reached" })
    const reason = suspicion(knowledge, order, who, leakedOrders)
    if (reason !== null) return conversion(order, "suspect", refusedClass(order, reason, false), { ...named, reason })
    places.set(place, taken + 1)
    const truthClass = order.refunds.length > 0 ? "partially-refunded" : rivals ? "several-touches" : touch.kind
    return conversion(order, "credited", truthClass, named)
  })
}
