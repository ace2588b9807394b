/**
 * Everything that can happen to the shop after its world was written: what clients change through the API and how far
 * the live phase has come. Events are plain JSON, one line each in the log; `ShopState.apply` is the only reader.
 * Times are instants of the simulated world. Ids are the decimal number of a global id.
 */

import type { ShopCustomer, ShopJourney, ShopOrder } from "../world/World.ts"
import type { AccessEvent } from "./AccessEvent.ts"
import type { ProxyRoute } from "./AppProxy.ts"
import type { StoredGiftCard, StoredGiftCardDebit } from "./GiftCardDrawer.ts"
import type { CreditPosting } from "./StoreCreditBook.ts"
import type { WebhookEvent } from "./WebhookDelivery.ts"

export interface RedeemCode {
  readonly id: string
  readonly code: string
}

export interface StoredDiscount {
  readonly __typename: "DiscountCodeNode"
  readonly id: string
  readonly title: string
  readonly value: { readonly percent: number } | { readonly amount: string; readonly eachItem: boolean }
  readonly startsAt: string
  readonly endsAt: string | null
  readonly usageLimit: number | null
  readonly oncePerCustomer: boolean
  readonly minimum: { readonly subtotal: string } | { readonly quantity: string } | null
  readonly combinesWith: {
    readonly orderDiscounts: boolean
    readonly productDiscounts: boolean
    readonly shippingDiscounts: boolean
  }
  readonly tags: ReadonlyArray<string>
  readonly createdAt: string
  readonly updatedAt: string
  readonly fromClient: boolean
}

export interface CodeProblem {
  readonly code: "TAKEN" | "BLANK" | "TOO_LONG" | "INVALID"
  readonly message: string
}

export interface CodeResult {
  readonly code: string
  readonly id: string | null
  readonly problem: CodeProblem | null
}

export interface CodeCreation {
  readonly __typename: "DiscountRedeemCodeBulkCreation"
  readonly id: string
  readonly discountId: string
  readonly createdAt: string
  readonly codes: ReadonlyArray<string>
  /** Null until the asynchronous import has run. */
  readonly results: ReadonlyArray<CodeResult> | null
}

export interface StoredMetafield {
  readonly __typename: "Metafield"
  readonly id: string
  readonly ownerId: string
  readonly namespace: string
  readonly key: string
  readonly type: string
  readonly value: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface StoredSubscription {
  readonly __typename: "WebhookSubscription"
  readonly id: string
  readonly topic: string
  readonly uri: string
  readonly format: string
  readonly filter: string | null
  readonly name: string | null
  readonly includeFields: ReadonlyArray<string>
  readonly metafieldNamespaces: ReadonlyArray<string>
  readonly createdAt: string
}

export type BulkFate = "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | "CANCELED"

export interface StoredBulkOperation {
  readonly __typename: "BulkOperation"
  readonly id: string
  readonly query: string
  readonly groupObjects: boolean
  readonly status: "CREATED" | "RUNNING" | "COMPLETED" | "CANCELED" | "FAILED"
  readonly errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | null
  readonly createdAt: string
  readonly completedAt: string | null
  readonly objectCount: number
  readonly rootObjectCount: number
  /** Bytes of the result, null while there is none. */
  readonly fileBytes: number | null
  /** What a fault makes of it; absent when none does. */
  readonly fate?: BulkFate
  /** Bytes of what a failed one had written. */
  readonly partialBytes?: number
}

/** What an app told Shopify Flow. */
export interface FlowTrigger {
  readonly id: string
  readonly handle: string
  readonly payload: unknown
  readonly at: string
}

export type ShopEvent =
  | AccessEvent
  | WebhookEvent
  | { readonly type: "order.put"; readonly order: ShopOrder }
  /** What will be known of an order's journey, and when. */
  | {
      readonly type: "journey.planned"
      readonly orderId: string
      readonly at: string
      readonly journey: ShopJourney
    }
  | { readonly type: "journey.ready"; readonly orderId: string; readonly at: string }
  | { readonly type: "proxy.declared"; readonly proxy: ProxyRoute }
  | { readonly type: "customer.put"; readonly customer: ShopCustomer }
  | { readonly type: "customer.deleted"; readonly id: string }
  | {
      readonly type: "customer.merged"
      readonly keptId: string
      readonly deletedId: string
      readonly at: string
    }
  | { readonly type: "webhook.changed"; readonly subscription: StoredSubscription }
  | { readonly type: "discount.created"; readonly discount: StoredDiscount; readonly code: RedeemCode }
  | {
      readonly type: "discount.activity"
      readonly discountIds: ReadonlyArray<string>
      readonly endsAt: string | null
      readonly at: string
    }
  | { readonly type: "codes.requested"; readonly creation: CodeCreation }
  | {
      readonly type: "codes.imported"
      readonly creationId: string
      readonly results: ReadonlyArray<CodeResult>
      readonly at: string
    }
  | { readonly type: "codes.deleted"; readonly codeIds: ReadonlyArray<string> }
  | {
      readonly type: "tags.edited"
      readonly ownerId: string
      readonly add: ReadonlyArray<string>
      readonly remove: ReadonlyArray<string>
      readonly at: string
    }
  | { readonly type: "metafields.set"; readonly metafields: ReadonlyArray<StoredMetafield> }
  | {
      readonly type: "metafields.deleted"
      readonly metafields: ReadonlyArray<{ readonly ownerId: string; readonly namespace: string; readonly key: string }>
    }
  | ({ readonly type: "storeCredit.posted" } & CreditPosting)
  | { readonly type: "giftCard.changed"; readonly card: StoredGiftCard }
  | { readonly type: "giftCard.debited"; readonly debit: StoredGiftCardDebit }
  | { readonly type: "flow.triggered"; readonly trigger: FlowTrigger }
  | { readonly type: "webhook.created"; readonly subscription: StoredSubscription }
  | { readonly type: "webhook.deleted"; readonly id: string }
  | { readonly type: "bulk.changed"; readonly operation: StoredBulkOperation }
  /** `index` counts the changes of `world.live`. */
  | { readonly type: "live.applied"; readonly index: number }
  | { readonly type: "live.acknowledged"; readonly delivery: string }
  | { readonly type: "clock.advanced"; readonly to: string }
