/**
 * Store credit as the Admin API has it: accounts of a customer, one for each currency, credits, debits, and what expires.
 *
 * [V] There is no key, memo or reference by which a credit could be found again: `StoreCreditAccountCreditInput` has an amount,
 * an expiry and whether to notify. [V] None of these mutations takes `@idempotent`, so the same request twice credits twice.
 * [D] `id` names an account or its owner; an owner without an account in the currency gets one with the first credit.
 * [D] `type` and `expires_at` can be searched for. [U] `expires_at` keeps whole seconds; the account's limit is 10,000 units of
 * its currency; a currency is supported when the shop presents prices in it. Accounts of companies are not implemented.
 */

import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { findOfType } from "./NodeLookup.ts"
import { notImplemented } from "./Refusal.ts"
import { instant, instantOrNull, money } from "./Scalars.ts"
import * as SearchSyntax from "./SearchSyntax.ts"
import type { CustomerRow } from "./ShopState.ts"
import type { StoredCreditAccount, StoredCreditTransaction } from "./StoreCreditBook.ts"

const limit = Decimal.parse("10000")

interface MoneyInput {
  readonly amount: string | number
  readonly currencyCode: string
}

const problem = (code: string, message: string, ...field: ReadonlyArray<string>) => ({
  storeCreditAccountTransaction: null,
  userErrors: [{ field, message, code }],
})

const amountOf = ({ amount }: MoneyInput): Decimal.Scaled => Decimal.parse(String(amount))

/** Books what has expired by now, so that balances are those of the present. */
const settleExpired = (account: StoredCreditAccount, execution: Execution): void => {
  const { commit, state } = execution
  for (const credit of state.storeCredit.expired(account.id, state.now)) {
    const left = state.storeCredit.remainingOf(credit.id)
    commit({
      type: "storeCredit.posted",
      account,
      transaction: {
        __typename: "StoreCreditAccountExpirationTransaction",
        id: state.nextId(),
        accountId: account.id,
        amount: Decimal.print(left),
        balanceAfter: Decimal.print(state.storeCredit.balanceOf(account.id) - left),
        createdAt: credit.expiresAt ?? state.now,
        event: "ADJUSTMENT",
        expiresAt: null,
        creditId: credit.id,
      },
      taken: [{ creditId: credit.id, amount: Decimal.print(left) }],
    })
  }
}

/** The account that an id and a currency name; one that is not there yet is made with the first credit. */
const accountOf = (
  id: string,
  currency: string,
  execution: Execution,
): StoredCreditAccount | "no owner" | "no account" | { readonly owner: string } => {
  const { state } = execution
  const accountId = GlobalId.numberOf("StoreCreditAccount", id)
  if (accountId !== undefined) return state.storeCredit.accounts.get(accountId) ?? "no account"
  if (GlobalId.parse(id)?.type === "CompanyLocation") throw notImplemented("Store credit of a company location")
  const customerId = GlobalId.numberOf("Customer", id)
  if (customerId === undefined || !state.customers.has(customerId)) return "no owner"
  return (
    state.storeCredit.accountsOf(customerId).find((account) => account.currency === currency) ?? { owner: customerId }
  )
}

const wholeSeconds = (text: string): string => `${new Date(text).toISOString().slice(0, 19)}.000Z`

const credit = (
  _: unknown,
  args: {
    readonly id: string
    readonly creditInput: { readonly creditAmount: MoneyInput; readonly expiresAt?: string | null }
  },
  execution: Execution,
) => {
  const { commit, state } = execution
  const { creditAmount, expiresAt } = args.creditInput
  const place = ["creditInput", "creditAmount"] as const
  const found = accountOf(args.id, creditAmount.currencyCode, execution)
  if (found === "no owner") return problem("OWNER_NOT_FOUND", "Owner does not exist", "id")
  if (found === "no account") return problem("ACCOUNT_NOT_FOUND", "Store credit account does not exist", "id")
  const amount = amountOf(creditAmount)
  if (amount <= 0n)
    return problem(
      "NEGATIVE_OR_ZERO_AMOUNT",
      "A positive amount must be used to credit a store credit account",
      ...place,
      "amount",
    )
  if ("currency" in found && found.currency !== creditAmount.currencyCode)
    return problem(
      "MISMATCHING_CURRENCY",
      "The currency provided does not match the currency of the store credit account",
      ...place,
      "currencyCode",
    )
  if (creditAmount.currencyCode !== state.brand.currency)
    return problem("UNSUPPORTED_CURRENCY", "Currency is not supported", ...place, "currencyCode")
  const expires = expiresAt === null || expiresAt === undefined ? null : wholeSeconds(expiresAt)
  if (expires !== null && expires <= state.now)
    return problem("EXPIRES_AT_IN_PAST", "The expiry date must be in the future", "creditInput", "expiresAt")
  const account: StoredCreditAccount =
    "currency" in found
      ? found
      : {
          __typename: "StoreCreditAccount",
          id: state.nextId(),
          customerId: found.owner,
          currency: creditAmount.currencyCode,
        }
  settleExpired(account, execution)
  const balance = state.storeCredit.balanceOf(account.id) + amount
  if (balance > limit)
    return problem(
      "CREDIT_LIMIT_EXCEEDED",
      "The operation would cause the account's credit limit to be exceeded",
      ...place,
      "amount",
    )
  const transaction: StoredCreditTransaction = {
    __typename: "StoreCreditAccountCreditTransaction",
    id: state.nextId(),
    accountId: account.id,
    amount: Decimal.print(amount),
    balanceAfter: Decimal.print(balance),
    createdAt: state.now,
    event: "ADJUSTMENT",
    expiresAt: expires,
    creditId: null,
  }
  commit({ type: "storeCredit.posted", account, transaction, taken: [] })
  return { storeCreditAccountTransaction: transaction, userErrors: [] }
}

const debit = (
  _: unknown,
  args: { readonly id: string; readonly debitInput: { readonly debitAmount: MoneyInput } },
  execution: Execution,
) => {
  const { commit, state } = execution
  const { debitAmount } = args.debitInput
  const place = ["debitInput", "debitAmount"] as const
  const account = accountOf(args.id, debitAmount.currencyCode, execution)
  if (typeof account === "string" || "owner" in account)
    return problem("ACCOUNT_NOT_FOUND", "Store credit account does not exist", "id")
  const amount = amountOf(debitAmount)
  if (amount <= 0n)
    return problem(
      "NEGATIVE_OR_ZERO_AMOUNT",
      "A positive amount must be used to debit a store credit account",
      ...place,
      "amount",
    )
  if (account.currency !== debitAmount.currencyCode)
    return problem(
      "MISMATCHING_CURRENCY",
      "The currency provided does not match the currency of the store credit account",
      ...place,
      "currencyCode",
    )
  settleExpired(account, execution)
  const taken = state.storeCredit.spending(account.id, amount)
  if (taken === undefined)
    return problem(
      "INSUFFICIENT_FUNDS",
      "The store credit account does not have sufficient funds to satisfy the request",
      ...place,
      "amount",
    )
  const transaction: StoredCreditTransaction = {
    __typename: "StoreCreditAccountDebitTransaction",
    id: state.nextId(),
    accountId: account.id,
    amount: Decimal.print(amount),
    balanceAfter: Decimal.print(state.storeCredit.balanceOf(account.id) - amount),
    createdAt: state.now,
    event: "ADJUSTMENT",
    expiresAt: null,
    creditId: null,
  }
  commit({ type: "storeCredit.posted", account, transaction, taken })
  return { storeCreditAccountTransaction: transaction, userErrors: [] }
}

// -------------------------------------------------------------------------------------------------- reading

const typeNames: Readonly<Record<StoredCreditTransaction["__typename"], string>> = {
  StoreCreditAccountCreditTransaction: "credit",
  StoreCreditAccountDebitTransaction: "debit",
  StoreCreditAccountExpirationTransaction: "expiration",
}

const transactionSearch: SearchSyntax.SearchFields<StoredCreditTransaction> = {
  id: { kind: "number", read: (row) => row.id },
  type: { kind: "text", read: (row) => typeNames[row.__typename] },
  expires_at: { kind: "instant", read: (row) => row.expiresAt },
}

const accountSearch: SearchSyntax.SearchFields<StoredCreditAccount> = {
  id: { kind: "number", read: (row) => row.id },
  currency_code: { kind: "text", read: (row) => row.currency },
}

interface Searched extends PageArguments {
  readonly query?: string | null
  readonly sortKey?: string
}

const accountTable = fields<StoredCreditAccount>("StoreCreditAccount", {
  id: (row) => GlobalId.make("StoreCreditAccount", row.id),
  balance: (row, _, execution) => {
    settleExpired(row, execution)
    return money(execution.state.storeCredit.balanceOf(row.id), row.currency)
  },
  owner: (row, _, { state }) => state.customers.get(row.customerId) ?? null,
  transactions: (row, args: Searched, execution) => {
    settleExpired(row, execution)
    if (args.sortKey === "EXPIRES_AT") throw notImplemented("Sorting store credit transactions by EXPIRES_AT")
    const matches = SearchSyntax.compile(
      SearchSyntax.parse(args.query),
      transactionSearch,
      execution.state.brand.timeZone,
    )
    return listPage(execution.state.storeCredit.of(row.id).filter(matches), args, execution)
  },
})

const transactionTable = (typeName: StoredCreditTransaction["__typename"]): TypeFields => {
  const currencyOf = (row: StoredCreditTransaction, { state }: Execution): string =>
    state.storeCredit.accounts.get(row.accountId)?.currency ?? state.brand.currency
  return fields<StoredCreditTransaction>(typeName, {
    id: (row) => GlobalId.make(typeName, row.id),
    account: (row, _, { state }) => state.storeCredit.accounts.get(row.accountId) ?? null,
    amount: (row, _, execution) => money(Decimal.parse(row.amount), currencyOf(row, execution)),
    balanceAfterTransaction: (row, _, execution) => money(Decimal.parse(row.balanceAfter), currencyOf(row, execution)),
    createdAt: (row) => instant(row.createdAt),
    expiresAt: (row) => instantOrNull(row.expiresAt),
    remainingAmount: (row, _, execution) =>
      money(execution.state.storeCredit.remainingOf(row.id), currencyOf(row, execution)),
    creditTransaction: (row, _, { state }) => state.storeCredit.transactions.get(row.creditId ?? "") ?? null,
    origin: () => null,
  })
}

const ofCustomer = fields<CustomerRow>("Customer", {
  storeCreditAccounts: (row, args: Searched, execution) => {
    const matches = SearchSyntax.compile(SearchSyntax.parse(args.query), accountSearch, execution.state.brand.timeZone)
    return listPage(execution.state.storeCredit.accountsOf(row.id).filter(matches), args, execution)
  },
})

const queries = fields<unknown>("QueryRoot", {
  storeCreditConfiguration: (_, __, { storeCreditEnabled }) => ({ storeCreditEnabled }),
  storeCreditAccount: (_, args: { readonly id: string }, execution) =>
    findOfType("StoreCreditAccount", args.id, execution),
})

export const storeCreditTables: ReadonlyArray<TypeFields> = [
  accountTable,
  transactionTable("StoreCreditAccountCreditTransaction"),
  transactionTable("StoreCreditAccountDebitTransaction"),
  transactionTable("StoreCreditAccountExpirationTransaction"),
  ofCustomer,
  queries,
  fields<unknown>("Mutation", { storeCreditAccountCredit: credit, storeCreditAccountDebit: debit }),
]
