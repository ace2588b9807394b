/**
 * Store credit in memory: one account for each customer and currency, and its transactions in order. It changes only
 * through `post`, so that replaying the log gives the same books.
 *
 * [D StoreCreditAccountCreditTransaction] A debit spends the credit that expires soonest first; what is left of a credit at
 * its expiry leaves the balance by a transaction of its own. [U] Among credits without expiry the oldest is spent first.
 */

import * as Decimal from "./Decimal.ts"

export interface StoredCreditAccount {
  readonly __typename: "StoreCreditAccount"
  readonly id: string
  readonly customerId: string
  readonly currency: string
}

export interface StoredCreditTransaction {
  readonly __typename:
    | "StoreCreditAccountCreditTransaction"
    | "StoreCreditAccountDebitTransaction"
    | "StoreCreditAccountExpirationTransaction"
  readonly id: string
  readonly accountId: string
  /** A positive decimal, whatever its kind. */
  readonly amount: string
  readonly balanceAfter: string
  readonly createdAt: string
  readonly event: "ADJUSTMENT"
  /** Of a credit. */
  readonly expiresAt: string | null
  /** Of an expiration: the credit that expired. */
  readonly creditId: string | null
}

export interface CreditPosting {
  readonly account: StoredCreditAccount
  readonly transaction: StoredCreditTransaction
  /** What the transaction takes of earlier credits. */
  readonly taken: ReadonlyArray<{ readonly creditId: string; readonly amount: string }>
}

const never = "9999"

export class StoreCreditBook {
  readonly accounts = new Map<string, StoredCreditAccount>()
  readonly transactions = new Map<string, StoredCreditTransaction>()
  private readonly ofAccount = new Map<string, Array<StoredCreditTransaction>>()
  private readonly remaining = new Map<string, Decimal.Scaled>()

  post({ account, taken, transaction }: CreditPosting): void {
    this.accounts.set(account.id, account)
    this.transactions.set(transaction.id, transaction)
    const own = this.ofAccount.get(account.id) ?? []
    own.push(transaction)
    this.ofAccount.set(account.id, own)
    if (transaction.__typename === "StoreCreditAccountCreditTransaction")
      this.remaining.set(transaction.id, Decimal.parse(transaction.amount))
    for (const { amount, creditId } of taken)
      this.remaining.set(creditId, (this.remaining.get(creditId) ?? 0n) - Decimal.parse(amount))
  }

  /** Oldest first. */
  of(accountId: string): ReadonlyArray<StoredCreditTransaction> {
    return this.ofAccount.get(accountId) ?? []
  }

  accountsOf(customerId: string): ReadonlyArray<StoredCreditAccount> {
    return [...this.accounts.values()].filter((account) => account.customerId === customerId)
  }

  remainingOf(creditId: string): Decimal.Scaled {
    return this.remaining.get(creditId) ?? 0n
  }

  balanceOf(accountId: string): Decimal.Scaled {
    return Decimal.sum(this.of(accountId).map(({ id }) => this.remainingOf(id)))
  }

  /** What a debit would take of which credits; undefined when there is not enough. */
  spending(accountId: string, amount: Decimal.Scaled): CreditPosting["taken"] | undefined {
    const taken: Array<{ readonly creditId: string; readonly amount: string }> = []
    let open = amount
    const credits = this.of(accountId).filter(({ id }) => this.remainingOf(id) > 0n)
    const order = credits.toSorted((left, right) =>
      (left.expiresAt ?? never) < (right.expiresAt ?? never)
        ? -1
        : (left.expiresAt ?? never) > (right.expiresAt ?? never)
          ? 1
          : 0,
    )
    for (const { id } of order) {
      if (open === 0n) break
      const left = this.remainingOf(id)
      const part = left < open ? left : open
      taken.push({ creditId: id, amount: Decimal.print(part) })
      open -= part
    }
    return open === 0n ? taken : undefined
  }

  /** Credits of an account whose time is over and of which something is left, the earliest first. */
  expired(accountId: string, now: string): ReadonlyArray<StoredCreditTransaction> {
    return this.of(accountId)
      .filter(({ expiresAt, id }) => expiresAt !== null && expiresAt <= now && this.remainingOf(id) > 0n)
      .toSorted((left, right) => ((left.expiresAt ?? never) < (right.expiresAt ?? never) ? -1 : 1))
  }
}
