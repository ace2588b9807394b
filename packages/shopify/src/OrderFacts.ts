/**
 * An order of the shop as a fact.
 *
 * Promises: pure; amounts are in the shop's currency, after every discount, without tax and shipping: where prices
 * include tax, the line's own tax is taken off. Of the cart's attributes only referral codes are kept, and the device id
 * as a keyed hash. A journey counts once Shopify says that it is ready.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import { z } from "zod"
import { attempt, type Lens, numberOf, placeOf, type RawRecord, storable } from "./Reading.ts"
import { bag, LineRecord, OrderRecord, type VisitRecord } from "./wire/OrderRecord.ts"

/**
 * Money was taken, or is held for the shop (`AUTHORIZED`). What was refunded had been paid; the refund is a fact of its
 * own. A part payment is not yet payment.
 */
const paidStatuses = new Set(["AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED"])

export const orderHandle = (gid: string): Handle.Handle => Handle.platform("shopify", "order", numberOf(gid))

const sum = (
  amounts: ReadonlyArray<{ readonly shopMoney: { readonly amount: string } }>,
  currency: Currency.Currency,
): bigint =>
  amounts.reduce((total, { shopMoney }) => total + Money.fromDecimal(shopMoney.amount, currency).amountMinor, 0n)

const lineOf = (line: LineRecord, order: OrderRecord, currency: Currency.Currency): Fact.OrderLine => {
  const tax = order.taxesIncluded
    ? sum(
        line.taxLines.map(({ priceSet }) => priceSet),
        currency,
      )
    : 0n
  const discount = sum(
    line.discountAllocations.map(({ allocatedAmountSet }) => allocatedAmountSet),
    currency,
  )
  const amountMinor = sum([line.originalTotalSet], currency) - discount - tax
  if (amountMinor < 0n) throw new RangeError(`line ${numberOf(line.id)}: discounts and tax exceed the price`)
  return {
    line: numberOf(line.id),
    product: line.product === null ? null : numberOf(line.product.id),
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    amountMinor,
    isGiftCard: line.isGiftCard,
  }
}

/** Every code of the order, with what its applications took off the lines. */
const codesOf = (
  codes: ReadonlyArray<string>,
  lines: ReadonlyArray<LineRecord>,
  currency: Currency.Currency,
): Fact.OrderPlaced["codes"] => {
  const allocations = lines.flatMap((line) => line.discountAllocations)
  return codes.map((code) => ({
    code,
    discountMinor: sum(
      allocations
        .filter(
          ({ discountApplication }) =>
            Handle.normaliseCode(discountApplication.code ?? "") === Handle.normaliseCode(code),
        )
        .map(({ allocatedAmountSet }) => allocatedAmountSet),
      currency,
    ),
  }))
}

const codeIn = (landingPage: string | null): string | null => {
  if (landingPage === null) return null
  const query = landingPage.indexOf("?")
  return query < 0 ? null : new URLSearchParams(landingPage.slice(query + 1).split("#")[0]).get("ref")
}

const short = (text: string | null): string | null =>
  text === null || text === "" || text.length > 255 || text.includes("\0") ? null : text

const named = (name: string | null): { readonly name?: string } => {
  const kept = short(name)
  return kept === null ? {} : { name: kept }
}

const visitsOf = (journey: OrderRecord["customerJourneySummary"]): ReadonlyArray<Fact.Visit> => {
  if (journey === null || !journey.ready) return []
  const visits = [journey.firstVisit, journey.lastVisit].filter((visit): visit is VisitRecord => visit !== null)
  const read = visits.map(({ landingPage, occurredAt, referralCode, source }) => ({
    at: Instant.fromIso(occurredAt),
    code: short(referralCode) ?? short(codeIn(landingPage)),
    source: short(source),
  }))
  const [first, last] = read
  // A single visit is both the first and the last.
  return first !== undefined && last !== undefined && first.at === last.at && first.code === last.code ? [first] : read
}

/** Evidence of shared households and rings. */
const softOf = (order: OrderRecord, lens: Lens): ReadonlyArray<Handle.Handle> =>
  [
    Handle.address(lens.handleKey, order.shippingAddress?.address1 ?? "", order.shippingAddress?.zip ?? ""),
    Handle.device(lens.handleKey, order.customAttributes.find(({ key }) => key === lens.deviceAttribute)?.value ?? ""),
  ].filter((handle) => handle !== null)

const Totals = z.object({ totalRefundedSet: bag })
const Kept = z.object({ quantity: z.number(), currentQuantity: z.number() })

/** Whether refunds may exist, so that they are worth a request: money went back, or lines have shrunk. */
export const mayHaveRefunds = ({ children, record }: RawRecord): boolean => {
  const totals = Totals.safeParse(record)
  if (totals.success && /[1-9]/.test(totals.data.totalRefundedSet.shopMoney.amount)) return true
  return children.some((child) => {
    const line = Kept.safeParse(child)
    return line.success && line.data.currentQuantity < line.data.quantity
  })
}

const Journeyed = z.object({
  id: z.string(),
  processedAt: z.iso.datetime({ offset: true }),
  customerJourneySummary: z.object({ ready: z.boolean() }).nullable(),
})

/** Shopify works out the journey after the order, and does not count that as a change of it. */
export const awaitingJourney = ({
  record,
}: RawRecord): { readonly id: string; readonly at: Instant.Instant } | null => {
  const read = Journeyed.safeParse(record)
  if (!read.success || read.data.customerJourneySummary?.ready !== false) return null
  return { id: read.data.id, at: Instant.fromIso(read.data.processedAt) }
}

/** The order with its journey is newer than the same without: Shopify's times of changes are whole seconds, so that there is room. */
const versionOf = ({ customerJourneySummary, updatedAt }: OrderRecord): number =>
  Instant.fromIso(updatedAt) + (customerJourneySummary?.ready === true ? 1 : 0)

export const ofOrder = (raw: RawRecord, lens: Lens): Page => {
  const place = placeOf("order", raw.record)
  return attempt(place, () => {
    const order = OrderRecord.parse(raw.record)
    const lines = raw.children.map((child) => LineRecord.parse(child))
    const currency = Currency.make(order.currencyCode)
    const attributes = order.customAttributes.flatMap(({ key, value }) =>
      value !== null && lens.referralAttributes.includes(key) ? [{ key, value }] : [],
    )
    const address = order.email?.trim() ?? ""
    const texts = storable([
      ...order.discountCodes.map((text, at) => ({ place: `${place} code ${at + 1}`, text, limit: 255 })),
      ...attributes.map(({ value }, at) => ({ place: `${place} attribute ${at + 1}`, text: value, limit: 255 })),
      { place: `${place} e-mail`, text: address, limit: 500 },
    ])
    const hasEmail = address !== "" && texts.kept.has(`${place} e-mail`)
    const email = hasEmail ? Handle.email(lens.handleKey, address) : null
    return {
      facts: [
        {
          _tag: "OrderPlaced",
          key: Fact.key(place),
          version: versionOf(order),
          rank: Fact.rank.api,
          occurredAt: Instant.fromIso(order.processedAt),
          order: orderHandle(order.id),
          ...named(order.name),
          customer:
            order.customer === null ? null : Handle.platform("shopify", "customer", numberOf(order.customer.id)),
          email,
          currency,
          test: order.test,
          cancelledAt: order.cancelledAt === null ? null : Instant.fromIso(order.cancelledAt),
          paid: paidStatuses.has(order.displayFinancialStatus ?? ""),
          channel: short(order.sourceName),
          lines: inOrder(lines).map((line) => lineOf(line, order, currency)),
          codes: codesOf(
            order.discountCodes.filter((_, at) => texts.kept.has(`${place} code ${at + 1}`)),
            lines,
            currency,
          ),
          attributes: attributes.filter((_, at) => texts.kept.has(`${place} attribute ${at + 1}`)),
          visits: visitsOf(order.customerJourneySummary),
          soft: softOf(order, lens),
        },
      ],
      personal: email === null ? [] : [{ handle: email, value: address }],
      rejected: texts.rejected,
    }
  })
}

/** By id, because a bulk result gives lines in any order and the same order must be the same fact. */
const inOrder = (lines: ReadonlyArray<LineRecord>): ReadonlyArray<LineRecord> =>
  [...lines].sort((a, b) => {
    const difference = BigInt(numberOf(a.id)) - BigInt(numberOf(b.id))
    return difference < 0n ? -1 : difference > 0n ? 1 : 0
  })
