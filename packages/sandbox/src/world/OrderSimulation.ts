/**
 * Makes one order from a plan: who, when, through which channel, with which codes, visits and evidence.
 *
 * Promises: every touch in the plan is on the order in the way a platform would show it, and an order without
 * touches carries nothing that looks like referral evidence. Whether it counts is not decided here.
 */
import * as Basket from "./Basket.ts"
import { day, hour, minute, second } from "./Calendar.ts"
import type { AccountDraft, LineDraft, OrderDraft, PersonDraft, TouchDraft, VisitDraft } from "./Draft.ts"
import type { RandomSource } from "./RandomSource.ts"
import { rules } from "./World.ts"
import type { ShopAddress, TruthClass } from "./World.ts"

export const shopFront = "https://www.harbour-and-pine.example"

export interface OrderPlan {
  readonly at: number
  readonly account: AccountDraft | null
  readonly planned: TruthClass
  readonly touches?: ReadonlyArray<TouchDraft>
  readonly referredBy?: PersonDraft
  readonly net?: Basket.NetRange
  /** One product of exactly this price instead of a mixed basket. */
  readonly singleCents?: bigint
  readonly marketingCode?: { readonly code: string; readonly value: Basket.CodeOnOrder["value"] }
  readonly device?: string
  readonly address?: ShopAddress
  readonly test?: boolean
  readonly source?: "web" | "pos"
  readonly giftCard?: boolean
  readonly asGuest?: boolean
  readonly paysLate?: boolean
}

const typedCode = (random: RandomSource, code: string): string => (random.chance(0.2) ? code.toLowerCase() : code)

const queryCode = (random: RandomSource, code: string): string =>
  random.chance(0.15) ? code.toLowerCase() : random.chance(0.05) ? ` ${code}` : code

const ordinaryVisit = (random: RandomSource, at: number): VisitDraft => {
  const channel = random.pick([
    { source: "google", page: "/", referrer: "https://search.example.com/" },
    { source: "direct", page: "/", referrer: null },
    { source: "newsletter", page: "/collections/new?utm_source=newsletter&utm_medium=email", referrer: null },
    {
      source: "instagram",
      page: "/products/wool-blanket?utm_source=instagram&utm_medium=social",
      referrer: "https://social.example.net/",
    },
  ])
  return {
    at,
    landingPage: shopFront + channel.page,
    referrerUrl: channel.referrer,
    referralCode: null,
    source: channel.source,
  }
}

const referralVisit = (random: RandomSource, touch: TouchDraft): VisitDraft => {
  const code = queryCode(random, touch.code)
  const page = random.pick(["/", "/products/rain-shell", "/collections/sale"])
  const tracking = random.chance(0.4) ? "&utm_source=messenger&utm_medium=share" : ""
  return {
    at: touch.at,
    landingPage: `${shopFront}${page}?ref=${encodeURIComponent(code)}${tracking}`,
    referrerUrl: random.chance(0.5) ? "https://chat.example.org/" : null,
    referralCode: code,
    source: "referral",
  }
}

/** Shopify keeps the first and the last visit; a click that is neither would be lost. */
const journey = (random: RandomSource, at: number, clicks: ReadonlyArray<TouchDraft>): OrderDraft["visits"] => {
  const [first, last] = [...clicks]
    .sort((left, right) => left.at - right.at)
    .map((touch) => referralVisit(random, touch))
  if (clicks.length > 2) throw new RangeError("a journey shows two visits at most")
  if (first !== undefined && last !== undefined) return { first, last }
  if (first === undefined) {
    if (random.chance(0.25)) return null
    const visit = ordinaryVisit(random, at - random.int(2, 90) * minute)
    return { first: random.chance(0.5) ? visit : ordinaryVisit(random, at - random.int(1, 20) * day), last: visit }
  }
  const room = Math.floor((at - first.at) / second)
  return random.pick([
    { first, last: first },
    {
      first,
      last: room > 600 ? ordinaryVisit(random, at - random.int(60, Math.min(room - 60, 86_400)) * second) : first,
    },
    { first: ordinaryVisit(random, first.at - random.int(1, 72) * hour), last: first },
  ])
}

const shownAs = (random: RandomSource, account: AccountDraft, guest: boolean): string =>
  guest && random.chance(0.03)
    ? ` ${account.shownEmail} `
    : random.chance(0.1)
      ? account.email.toUpperCase()
      : account.shownEmail

const allCodes = (random: RandomSource, plan: OrderPlan): Array<Basket.CodeOnOrder> => [
  ...(plan.touches ?? [])
    .filter((touch) => touch.kind === "code")
    .map((touch) => ({ typed: typedCode(random, touch.code), value: { percent: rules.friendPercent } })),
  ...(plan.marketingCode === undefined ? [] : [{ typed: plan.marketingCode.code, value: plan.marketingCode.value }]),
]

const attributesOf = (random: RandomSource, plan: OrderPlan, device: string | null): OrderDraft["attributes"] => {
  const ref = (plan.touches ?? []).find((touch) => touch.kind === "cart-attribute")
  return [
    ...(ref === undefined
      ? []
      : [{ key: "ref", value: random.chance(0.1) ? ` ${ref.code} ` : queryCode(random, ref.code) }]),
    ...(device === null ? [] : [{ key: "_device", value: device }]),
    ...(random.chance(0.04) ? [{ key: "gift_note", value: "Happy birthday!" }] : []),
  ]
}

const linesOf = (random: RandomSource, plan: OrderPlan, codes: ReadonlyArray<Basket.CodeOnOrder>): Array<LineDraft> => {
  const lines =
    plan.singleCents === undefined
      ? Basket.fill(random, codes, plan.net ?? Basket.anyNet)
      : Basket.single(plan.singleCents, codes)
  return plan.giftCard === true ? [...lines, Basket.giftCard()] : lines
}

export const order = (random: RandomSource, plan: OrderPlan): OrderDraft => {
  const { account, at } = plan
  const touches = plan.touches ?? []
  const web = (plan.source ?? "web") === "web"
  const asGuest = account === null || account.guest || plan.asGuest === true
  const device = web && account !== null ? (plan.device ?? random.pick(account.person.devices)) : null
  const codes = allCodes(random, plan)
  const lines = linesOf(random, plan, codes)
  if (account !== null && !account.guest)
    account.createdAt = Math.min(account.createdAt, at - random.int(60, 900) * second)
  return {
    at,
    account,
    asGuest,
    email: account === null ? null : shownAs(random, account, asGuest),
    source: web ? "web" : "pos",
    test: plan.test ?? false,
    device,
    clientIp: web && account !== null ? account.person.clientIp : null,
    address: web && account !== null ? (plan.address ?? account.person.address) : null,
    lines,
    shippingCents: web && Basket.paid(lines) < 6_000n ? 490n : 0n,
    codes: codes.map(({ typed }) => typed),
    attributes: attributesOf(random, plan, device),
    visits: web
      ? journey(
          random,
          at,
          touches.filter((touch) => touch.kind === "link-click"),
        )
      : null,
    journeyReadyAt: at + (web ? random.int(20, 1_500) * second : 0),
    paidAt: plan.paysLate === true ? at + random.int(20, 80) * hour : at,
    fulfilledAt: web ? at + random.int(14, 60) * hour : at,
    cartToken: web ? random.text("0123456789abcdef", 32) : null,
    checkoutToken: web ? random.text("0123456789abcdef", 32) : null,
    cancelled: null,
    refunds: [],
    touches,
    referredBy: plan.referredBy ?? null,
    planned: plan.planned,
    id: "",
    name: "",
  }
}

/** Cancels it: a payment that was only authorised is voided, one that was taken is paid back in full. */
export const cancel = (
  draft: OrderDraft,
  at: number,
  reason: NonNullable<OrderDraft["cancelled"]>["reason"],
  voided: boolean,
): void => {
  draft.cancelled = { at: voided ? at : at + second, reason, voided }
  if (voided) return
  const before = Basket.returned(draft.lines, draft.refunds)
  draft.refunds.push(
    Basket.refund(
      draft.lines,
      before,
      draft.lines.map((line) => line.quantity),
      at,
      draft.shippingCents,
    ),
  )
}
