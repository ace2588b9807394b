/**
 * Facts for stories, in the words of the story.
 *
 * Promises: every member that a story does not name has a sensible value; the same words give the same facts, in every
 * run. Times are days and hours after `start`; personal values are hashed under `handleKey`. It decides nothing: whether
 * an order earns a reward is for the engine to say.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { fromDecimal } from "@advocacy-kit/core/money/Money"

/** When stories begin: Thursday, 1 October 2026, at noon in UTC. */
export const start: Instant.Instant = Instant.fromIso("2026-10-01T12:00:00Z")

/** `at({ day: 3, hour: 2 })` is three days and two hours after the start; days may be negative. */
export const at = (offset: {
  readonly day?: number
  readonly hour?: number
  readonly minute?: number
}): Instant.Instant =>
  start + Instant.days(offset.day ?? 0) + (offset.hour ?? 0) * 3_600_000 + (offset.minute ?? 0) * 60_000

/** What stories hash personal values with; never a real tenant's. */
export const handleKey: Handle.HandleKey = new TextEncoder().encode("advocacy-kit scenario key")

export const emailOf = (address: string): Handle.Handle => Handle.email(handleKey, address)
export const customerOf = (id: string | number): Handle.Handle => Handle.platform("shopify", "customer", `${id}`)
export const orderOf = (id: string | number): Handle.Handle => Handle.platform("shopify", "order", `${id}`)
export const contactOf = (id: string | number): Handle.Handle => Handle.platform("hubspot", "contact", `${id}`)

interface Told {
  /** Days after the start. */
  readonly day?: number
  /** Grows with each telling of the same record; 1 for a record's first, 0 for what happens once. */
  readonly version?: number
}

const head = (key: string, version: number, told: Told) => ({
  key: Fact.key(key),
  version: told.version ?? version,
  rank: Fact.rank.api,
  occurredAt: at({ day: told.day ?? 0 }),
})

/** A customer of the shop, known by their e-mail address. */
export const person = (
  told: Told & {
    readonly customer: string | number
    readonly email?: string
    readonly mergedFrom?: ReadonlyArray<string | number>
    readonly marketing?: Fact.PersonSeen["marketing"]
    readonly soft?: ReadonlyArray<Handle.Handle>
  },
): Fact.PersonSeen => ({
  _tag: "PersonSeen",
  ...head(customerOf(told.customer), 1, told),
  person: customerOf(told.customer),
  aliases: told.email === undefined ? [] : [emailOf(told.email)],
  mergedFrom: (told.mergedFrom ?? []).map(customerOf),
  companies: [],
  soft: told.soft ?? [],
  marketing: told.marketing ?? "granted",
  lifecycle: null,
})

/** A code that its owner shares. */
export const asset = (
  told: Told & { readonly code: string; readonly owner: string | number; readonly program?: string },
): Fact.AssetIssued => ({
  _tag: "AssetIssued",
  ...head(`advocacy:asset/${Handle.normaliseCode(told.code)}`, 0, told),
  code: Handle.normaliseCode(told.code),
  owner: customerOf(told.owner),
  program: told.program ?? "refer-a-friend",
})

/** Somebody entered the shop by a share link. */
export const visit = (told: Told & { readonly code: string; readonly email: string }): Fact.LinkVisited => ({
  _tag: "LinkVisited",
  ...head(`advocacy:visit/${Handle.normaliseCode(told.code)}/${emailOf(told.email)}/${told.day ?? 0}`, 0, told),
  code: Handle.normaliseCode(told.code),
  visitor: emailOf(told.email),
})

/** The owner of a code invited a friend. */
export const invitation = (told: Told & { readonly code: string; readonly friend: string }): Fact.InvitationSent => ({
  _tag: "InvitationSent",
  ...head(`advocacy:invitation/${Handle.normaliseCode(told.code)}/${emailOf(told.friend)}`, 0, told),
  code: Handle.normaliseCode(told.code),
  friend: emailOf(told.friend),
})

/** An answer to the question whether one would recommend the brand, 0 to 10. */
export const answer = (
  told: Told & { readonly customer: string | number; readonly score: number },
): Fact.SurveyAnswered => ({
  _tag: "SurveyAnswered",
  ...head(`hubspot:answer/${told.customer}/${told.day ?? 0}`, 0, told),
  person: customerOf(told.customer),
  survey: "nps",
  occasion: "relational",
  score: told.score,
})

/** A paid order of one line; `total` and `discount` are decimal amounts such as `"50.00"`. */
export const order = (
  told: Told & {
    readonly order: string | number
    readonly customer?: string | number
    readonly email?: string
    readonly total?: string
    readonly currency?: string
    readonly code?: string
    readonly discount?: string
    /** False once the line has been sent back. */
    readonly kept?: boolean
    readonly attributes?: Readonly<Record<string, string>>
    readonly visits?: ReadonlyArray<Fact.Visit>
    readonly cancelledDay?: number
    readonly paid?: boolean
    readonly test?: boolean
    readonly soft?: ReadonlyArray<Handle.Handle>
  },
): Fact.OrderPlaced => {
  const currency = currencyOf(told.currency ?? "EUR")
  const minor = (decimal: string): bigint => fromDecimal(decimal, currency).amountMinor
  return {
    _tag: "OrderPlaced",
    ...head(orderOf(told.order), 1, told),
    order: orderOf(told.order),
    customer: told.customer === undefined ? null : customerOf(told.customer),
    email: told.email === undefined ? null : emailOf(told.email),
    currency,
    test: told.test ?? false,
    cancelledAt: told.cancelledDay === undefined ? null : at({ day: told.cancelledDay }),
    paid: told.paid ?? true,
    channel: "web",
    lines: [
      {
        line: "1",
        product: "product/1",
        quantity: 1,
        currentQuantity: told.kept === false ? 0 : 1,
        amountMinor: minor(told.total ?? "50"),
        isGiftCard: false,
      },
    ],
    codes: told.code === undefined ? [] : [{ code: told.code, discountMinor: minor(told.discount ?? "0") }],
    attributes: Object.entries(told.attributes ?? {}).map(([key, value]) => ({ key, value })),
    visits: told.visits ?? [],
    soft: told.soft ?? [],
  }
}

/** Money back for an order that `order` told of: for its line when `returned`, else as goodwill beyond it. */
export const refund = (
  told: Told & {
    readonly order: string | number
    readonly refund: string | number
    readonly amount: string
    readonly returned?: boolean
    readonly currency?: string
  },
): Fact.RefundMade => {
  const currency = currencyOf(told.currency ?? "EUR")
  const { amountMinor } = fromDecimal(told.amount, currency)
  return {
    _tag: "RefundMade",
    ...head(`shopify:refund/${told.refund}`, 0, told),
    order: orderOf(told.order),
    currency,
    lines: told.returned === true ? [{ line: "1", quantity: 1, amountMinor }] : [],
    otherMinor: told.returned === true ? 0n : amountMinor,
  }
}
