/**
 * The shop's gift cards in memory. A code is kept as its digest and its last four characters, as nobody can read a whole
 * code again in the real shop. It changes only through its own methods, which the log's events call.
 */

import { createHash } from "node:crypto"
import * as Decimal from "./Decimal.ts"

export interface StoredGiftCard {
  readonly __typename: "GiftCard"
  readonly id: string
  /** SHA-256 of the code in lower case. */
  readonly codeDigest: string
  readonly lastCharacters: string
  readonly initialValue: string
  readonly note: string | null
  readonly customerId: string | null
  readonly recipient: {
    readonly customerId: string
    readonly message: string | null
    readonly preferredName: string | null
  } | null
  readonly expiresOn: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly deactivatedAt: string | null
  /** How often the customer was told. */
  readonly notifications: number
}

export interface StoredGiftCardDebit {
  readonly __typename: "GiftCardDebitTransaction"
  readonly id: string
  readonly cardId: string
  readonly amount: string
  readonly note: string | null
  readonly processedAt: string
}

/** [D GiftCardCreateInput.code] Codes are not case sensitive. */
export const codeDigestOf = (code: string): string => createHash("sha256").update(code.toLowerCase()).digest("hex")

export class GiftCardDrawer {
  readonly cards = new Map<string, StoredGiftCard>()
  private readonly byCode = new Map<string, string>()
  private readonly debitsOf = new Map<string, Array<StoredGiftCardDebit>>()

  put(card: StoredGiftCard): void {
    this.cards.set(card.id, card)
    this.byCode.set(card.codeDigest, card.id)
  }

  debit(debit: StoredGiftCardDebit): void {
    this.debitsOf.set(debit.cardId, [...this.debits(debit.cardId), debit])
  }

  debits(cardId: string): ReadonlyArray<StoredGiftCardDebit> {
    return this.debitsOf.get(cardId) ?? []
  }

  has(code: string): boolean {
    return this.byCode.has(codeDigestOf(code))
  }

  balanceOf(card: StoredGiftCard): Decimal.Scaled {
    return (
      Decimal.parse(card.initialValue) - Decimal.sum(this.debits(card.id).map(({ amount }) => Decimal.parse(amount)))
    )
  }
}
