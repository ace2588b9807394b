/**
 * The simulator's own knowledge while a world is being made: people, their accounts, orders and contacts.
 *
 * Drafts are mutable and hold every event up to `now`; `shop`, `portal` and `live` are renderings of drafts at
 * an instant. Ids are empty until `Simulator` numbers everything in order of time.
 */
import type { Period } from "./Calendar.ts"
import type { CrmObjectType, ShopAddress, ShopCustomer, ShopOrder, TruthClass } from "./World.ts"

export interface PersonDraft {
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly locale: string
  readonly phone: string
  readonly address: ShopAddress
  readonly clientIp: string
  readonly devices: ReadonlyArray<string>
  /** The first is the main one. People known to HubSpot alone have none. */
  readonly accounts: Array<AccountDraft>
  readonly contacts: Array<ContactDraft>
  referral: { readonly code: string; readonly issuedAt: number } | null
  invitation: { readonly advocate: PersonDraft; readonly code: string; readonly at: number } | null
  /** Whether the platforms can prove that all accounts and contacts are one person. */
  provable: boolean
  /** Orders that no scenario planned may follow from here; null: none may. */
  repeatsFrom: number | null
  /** How much this person likes to buy again. */
  readonly appetite: number
}

export interface AccountDraft {
  readonly person: PersonDraft
  /** Accounts with the same identity are provably one person. */
  readonly identity: string
  /** Lower-case. */
  readonly email: string
  /** As Shopify shows it. */
  readonly shownEmail: string
  /** A guest has an e-mail on the order and no customer record. */
  readonly guest: boolean
  /** From when HubSpot knows that this e-mail is the same person's; 0: from the start. */
  knownFrom: number
  readonly marketing: ShopCustomer["marketing"]
  createdAt: number
  readonly changes: Array<CustomerChange>
  customerId: string
}

export interface CustomerChange {
  readonly at: number
  readonly tags?: ReadonlyArray<string>
  readonly marketing?: ShopCustomer["marketing"]
  readonly lastName?: string
}

export interface LineDraft {
  readonly productId: string
  readonly title: string
  readonly isGiftCard: boolean
  readonly quantity: number
  readonly unitCents: bigint
  readonly allocations: Array<{ readonly code: string; readonly cents: bigint }>
  id: string
}

export interface RefundDraft {
  readonly at: number
  readonly lines: ReadonlyArray<{ readonly index: number; readonly quantity: number; readonly cents: bigint }>
  readonly shippingCents: bigint
  id: string
}

export interface VisitDraft {
  readonly at: number
  readonly landingPage: string
  readonly referrerUrl: string | null
  readonly referralCode: string | null
  readonly source: string
}

/** A piece of referral evidence that the simulator put on record. `advocate` is null for an invented code. */
export interface TouchDraft {
  readonly kind: "code" | "cart-attribute" | "link-click" | "invitation"
  readonly advocate: PersonDraft | null
  readonly code: string
  readonly at: number
}

export interface OrderDraft {
  readonly at: number
  /** Null for a till sale to somebody who left no name. */
  readonly account: AccountDraft | null
  /** What stands on the order; a customer may order without signing in. */
  readonly asGuest: boolean
  readonly email: string | null
  readonly source: "web" | "pos"
  readonly test: boolean
  readonly device: string | null
  readonly clientIp: string | null
  readonly address: ShopAddress | null
  readonly lines: ReadonlyArray<LineDraft>
  readonly shippingCents: bigint
  readonly codes: ReadonlyArray<string>
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: string }>
  readonly visits: { readonly first: VisitDraft | null; readonly last: VisitDraft | null } | null
  readonly journeyReadyAt: number
  readonly paidAt: number
  readonly fulfilledAt: number
  readonly cartToken: string | null
  readonly checkoutToken: string | null
  cancelled: {
    readonly at: number
    readonly reason: NonNullable<ShopOrder["cancelReason"]>
    readonly voided: boolean
  } | null
  readonly refunds: Array<RefundDraft>
  readonly touches: ReadonlyArray<TouchDraft>
  /** Who really brought the buyer with this order, whether or not anything shows it. */
  readonly referredBy: PersonDraft | null
  readonly planned: TruthClass
  id: string
  name: string
}

export interface ContactDraft {
  readonly createdAt: number
  /** Properties as at `createdAt` or at `liveFrom`, whichever is later. */
  readonly properties: Record<string, string>
  touchedAt: number
  readonly changes: Array<{ readonly at: number; readonly properties: Readonly<Record<string, string>> }>
  /** Creation times of records that were merged into this one. */
  readonly mergedFrom: Array<{ readonly createdAt: number; id: string }>
  id: string
}

export interface RecordDraft {
  readonly type: Exclude<CrmObjectType, "contacts">
  readonly createdAt: number
  readonly properties: Readonly<Record<string, string>>
  readonly changes: Array<{ readonly at: number; readonly properties: Readonly<Record<string, string>> }>
  readonly contacts: Array<ContactDraft>
  readonly company: RecordDraft | null
  id: string
}

/** Everything that is being made. */
export interface Story {
  readonly period: Period
  readonly seed: number
  readonly people: Array<PersonDraft>
  readonly orders: Array<OrderDraft>
  readonly records: Array<RecordDraft>
}
