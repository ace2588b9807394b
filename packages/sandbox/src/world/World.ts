/**
 * The shape of a simulated brand: what the two platforms hold, what happens live, and what is true.
 *
 * A world is plain JSON, made by `Simulator.simulate(options)` from a seed. The Shopify and HubSpot sandboxes
 * are filled from it; the demo checks itself against its `truth`. Nothing here knows how the engine decides.
 * Times are ISO 8601 in UTC with milliseconds, money is a decimal string in the shop's currency.
 */

export interface World {
  readonly brand: Brand
  readonly shop: Shop
  readonly portal: Portal
  /** What happens after `brand.liveFrom`, in order of `at`. */
  readonly live: ReadonlyArray<LiveChange>
  readonly truth: Truth
}

export interface Brand {
  readonly seed: number
  readonly name: string
  /** `something.myshopify.com` */
  readonly shopDomain: string
  readonly portalId: number
  readonly currency: string
  readonly timeZone: string
  /** First order may not be older. */
  readonly startsAt: string
  /** The state of `shop` and `portal` is as at this instant; `live` changes follow. */
  readonly liveFrom: string
  /** The world's present: no event is later. */
  readonly now: string
}

// ---------------------------------------------------------------------------------------------- Shopify

export interface Shop {
  readonly customers: ReadonlyArray<ShopCustomer>
  readonly orders: ReadonlyArray<ShopOrder>
  /** Code discounts that exist before the program is connected: one parent per offer, many codes. */
  readonly discounts: ReadonlyArray<ShopDiscount>
}

export interface ShopCustomer {
  /** Decimal digits; some are above 2^53. */
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly locale: string
  readonly tags: ReadonlyArray<string>
  readonly marketing: "SUBSCRIBED" | "NOT_SUBSCRIBED" | "UNSUBSCRIBED"
}

export interface ShopOrder {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly processedAt: string
  readonly updatedAt: string
  readonly cancelledAt: string | null
  readonly cancelReason: "CUSTOMER" | "FRAUD" | "INVENTORY" | "DECLINED" | "OTHER" | "STAFF" | null
  readonly test: boolean
  readonly financialStatus: "PAID" | "PENDING" | "PARTIALLY_REFUNDED" | "REFUNDED" | "VOIDED"
  readonly currency: string
  readonly customerId: string | null
  readonly email: string | null
  readonly sourceName: "web" | "pos"
  /** In the order the buyer entered them. */
  readonly discountCodes: ReadonlyArray<string>
  readonly lines: ReadonlyArray<ShopLine>
  /** Shipping is never discounted here. */
  readonly shipping: string
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: string }>
  readonly cartToken: string | null
  readonly checkoutToken: string | null
  readonly clientIp: string | null
  readonly shippingAddress: ShopAddress | null
  readonly journey: ShopJourney | null
  readonly refunds: ReadonlyArray<ShopRefund>
}

export interface ShopLine {
  readonly id: string
  readonly productId: string
  readonly title: string
  readonly quantity: number
  /** Quantity left after refunds and edits. */
  readonly currentQuantity: number
  readonly unitPrice: string
  readonly isGiftCard: boolean
  /** What each code took off this line as a whole (for the original quantity). */
  readonly allocations: ReadonlyArray<{ readonly code: string; readonly amount: string }>
}

export interface ShopAddress {
  readonly address1: string
  readonly city: string
  readonly zip: string
  readonly countryCode: string
}

export interface ShopJourney {
  readonly ready: boolean
  readonly first: ShopVisit | null
  readonly last: ShopVisit | null
}

export interface ShopVisit {
  readonly id: string
  readonly occurredAt: string
  /** May carry `?ref=CODE`. */
  readonly landingPage: string
  readonly referrerUrl: string | null
  /** What Shopify parsed from `ref`, `source` or `r`. */
  readonly referralCode: string | null
  readonly source: string
}

export interface ShopRefund {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly total: string
  readonly lines: ReadonlyArray<{
    readonly id: string
    readonly lineId: string
    readonly quantity: number
    /** Refunded for this line, after its discounts. */
    readonly subtotal: string
    readonly tax: string
  }>
}

export interface ShopDiscount {
  readonly id: string
  readonly title: string
  /** Share of the order in percent, or a fixed amount. */
  readonly value: { readonly percent: number } | { readonly amount: string }
  readonly startsAt: string
  readonly codes: ReadonlyArray<{ readonly id: string; readonly code: string }>
}

// ---------------------------------------------------------------------------------------------- HubSpot

export interface Portal {
  readonly contacts: ReadonlyArray<CrmRecord>
  readonly companies: ReadonlyArray<CrmRecord>
  readonly deals: ReadonlyArray<CrmRecord>
  /** Object type 0-19. */
  readonly feedbackSubmissions: ReadonlyArray<CrmRecord>
  readonly associations: ReadonlyArray<CrmAssociation>
  /** Ids that still resolve to the record they were merged into. */
  readonly forwards: ReadonlyArray<{ readonly from: string; readonly to: string }>
}

export type CrmObjectType = "contacts" | "companies" | "deals" | "feedback_submissions"

export interface CrmRecord {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  /**
   * All values are strings, as on the wire; a property that is not set is absent. Contacts use: email,
   * hs_additional_emails (`;` list), firstname, lastname, phone, lifecyclestage, hs_merged_object_ids (`;` list),
   * hs_email_optout, hs_feedback_last_nps_rating, hs_feedback_last_survey_date, and the brand's own
   * referral_code, referral_code_issued_at, invited_by_code, invited_at. Deals: dealname, amount,
   * deal_currency_code, dealstage, hs_is_closed_won, closedate, referral_code_used. Companies: name, domain.
   * Feedback: hs_survey_type, hs_value, hs_response_group, hs_submission_timestamp, hs_survey_channel.
   */
  readonly properties: Readonly<Record<string, string>>
}

export interface CrmAssociation {
  readonly fromType: CrmObjectType
  readonly fromId: string
  readonly toType: CrmObjectType
  readonly toId: string
}

// -------------------------------------------------------------------------------------------------- Live

/**
 * One change after `liveFrom`; `after` is the whole record as it then is. `deliveries` lists the webhook
 * deliveries that it causes, as delays in seconds after `at`: one entry is the normal case, several are
 * duplicates, none is a lost webhook, a large delay is a late one.
 */
export type LiveChange = {
  readonly at: string
  readonly deliveries: ReadonlyArray<number>
} & (
  | { readonly kind: "shop.customer"; readonly created: boolean; readonly after: ShopCustomer }
  | { readonly kind: "shop.order"; readonly created: boolean; readonly after: ShopOrder }
  /** `after` is the order with the refund in it. */
  | { readonly kind: "shop.refund"; readonly refundId: string; readonly after: ShopOrder }
  | {
      readonly kind: "crm.contact"
      readonly created: boolean
      readonly changed: ReadonlyArray<string>
      readonly after: CrmRecord
    }
  | {
      readonly kind: "crm.deal"
      readonly created: boolean
      readonly changed: ReadonlyArray<string>
      readonly after: CrmRecord
    }
)

// ------------------------------------------------------------------------------------------------- Truth

/** What really happened, known to the simulator alone. Person ids are the simulator's own. */
export interface Truth {
  readonly people: ReadonlyArray<TruePerson>
  readonly conversions: ReadonlyArray<TrueConversion>
  /** Answers by distinct people, newest per person counts. */
  readonly nps: {
    readonly answers: number
    readonly promoters: number
    readonly passives: number
    readonly detractors: number
  }
}

export interface TruePerson {
  readonly person: string
  readonly shopCustomerIds: ReadonlyArray<string>
  /** Present ids only; merged-away ids are in `portal.forwards`. */
  readonly contactIds: ReadonlyArray<string>
  /** Lower-case, as the person has used them in either platform. */
  readonly emails: ReadonlyArray<string>
  /** Referral codes that were issued to this person. */
  readonly codes: ReadonlyArray<string>
  /** Links that platforms can prove (equal e-mails, platform merges); others are soft. */
  readonly provable: boolean
}

/**
 * What a just and omniscient judge says of one order under the simulated brand's program:
 * - `credited`: a true referral, eligible, with evidence on record
 * - `unevidenced`: a true referral that left no evidence
 * - `refused`: evidence is there, but the rules say no, for `reason`
 * - `ambiguous`: evidence names several advocates equally
 * - `suspect`: evidence is there, but rests on soft fraud (`reason`), so it should be held
 * - `none`: no referral at all
 */
export interface TrueConversion {
  readonly orderId: string
  readonly verdict: "credited" | "unevidenced" | "refused" | "ambiguous" | "suspect" | "none"
  /** Scenario, e.g. `code`, `cart-attribute`, `link-click`, `invitation`, `self-referral`, `ring-device`. */
  readonly class: TruthClass
  /** Whether the class can be decided from hard evidence alone. */
  readonly provable: boolean
  readonly advocate: string | null
  readonly friend: string | null
  /** For `refused` and `suspect`. */
  readonly reason: RefusalReason | null
  /** Code that carries the evidence, where there is one. */
  readonly code: string | null
  /** Net of discounts and refunds, excluding shipping, as a decimal string. */
  readonly netAmount: string
  /** `full` when everything was refunded or the order was cancelled, `partial`, or `none`. */
  readonly reversal: "none" | "partial" | "full"
}

export type TruthClass =
  | "code"
  | "cart-attribute"
  | "link-click"
  | "invitation"
  | "several-touches"
  | "ambiguous-codes"
  | "self-referral"
  | "self-referral-alias"
  | "existing-customer"
  | "existing-customer-alias"
  | "below-minimum"
  | "outside-window"
  | "cancelled"
  | "fully-refunded"
  | "partially-refunded"
  | "refunded-below-minimum"
  | "over-limit"
  | "test-order"
  | "leaked-code"
  | "ring-device"
  | "household"
  | "unknown-code"
  | "word-of-mouth"
  | "organic"

export type RefusalReason =
  | "self-referral"
  | "existing-customer"
  | "below-minimum"
  | "outside-window"
  | "cancelled"
  | "refunded"
  | "limit-reached"
  | "test-order"
  | "leaked-code"
  | "shared-device"
  | "shared-household"
  | "unknown-code"

/**
 * The rules of the simulated brand's program, which the truth is judged by. The demo's program states the same
 * rules in the library's own terms.
 */
export const rules = {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  /** Net order value, after discounts and refunds, without shipping. */
  minimum: "40.00",
  /** A touch counts for this long. */
  windowDays: 30,
  holdDays: 14,
  /** Advocate's reward per conversion. */
  advocateReward: "20.00",
  /** What a friend gets off with a code at the checkout, in percent of the lines. */
  friendPercent: 10,
  /** Conversions per advocate and calendar year in the brand's time zone. */
  limitPerYear: 10,
  /** Distinct new buyers on one code within 24 hours that make it look leaked. */
  leakedPer24Hours: 10,
  /** Evidence at the same instant ranks in this order; the latest instant wins. */
  evidence: ["code", "cart-attribute", "link-click", "invitation"],
} as const
