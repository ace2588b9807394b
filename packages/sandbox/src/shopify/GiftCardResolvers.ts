/**
 * Gift cards as the Admin API has them: created with a code of one's own, found by it, told to the customer, deactivated.
 *
 * [D] A code has 8 to 20 letters and digits, is not case sensitive, is unique in the shop (`TAKEN`), and is given whole only
 * in the answer to the creation. [D] The search without a field finds codes. [D] A deactivated card cannot be enabled again.
 * [D] `giftCardConfiguration.issueLimit` is the most that one card may hold; [U] the sandbox's is 2,000 units. [U] Amounts are in
 * the shop's currency alone; deactivating twice answers the card as it is; a card without a customer, or one that is
 * deactivated, is told to nobody. [V] No mutation here takes `@idempotent`. Scheduled notifications are not implemented.
 */

import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import { codeDigestOf } from "./GiftCardDrawer.ts"
import type { GiftCardDrawer, StoredGiftCard, StoredGiftCardDebit } from "./GiftCardDrawer.ts"
import * as GlobalId from "./GlobalId.ts"
import { findOfType } from "./NodeLookup.ts"
import { notImplemented } from "./Refusal.ts"
import { instant, instantOrNull, money } from "./Scalars.ts"
import * as SearchSyntax from "./SearchSyntax.ts"

const issueLimit = Decimal.parse("2000")

interface MoneyInput {
  readonly amount: string | number
  readonly currencyCode: string
}

interface CreateInput {
  readonly code?: string | null
  readonly initialAmount?: MoneyInput | null
  readonly initialValue?: string | number | null
  readonly note?: string | null
  readonly customerId?: string | null
  readonly expiresOn?: string | null
  readonly recipientAttributes?: {
    readonly id: string
    readonly message?: string | null
    readonly preferredName?: string | null
    readonly sendNotificationAt?: string | null
  } | null
}

interface Problem {
  readonly field: ReadonlyArray<string>
  readonly message: string
  readonly code: string
}

const problem = (code: string, message: string, ...field: ReadonlyArray<string>): Problem => ({ field, message, code })

const codeProblem = (code: string, cards: GiftCardDrawer): ReadonlyArray<Problem> => {
  if (code.length < 8) return [problem("TOO_SHORT", "Code is too short (minimum is 8 characters)", "input", "code")]
  if (code.length > 20) return [problem("TOO_LONG", "Code is too long (maximum is 20 characters)", "input", "code")]
  if (!/^[a-z0-9]+$/i.test(code))
    return [problem("INVALID", "Code can only contain letters and numbers", "input", "code")]
  return cards.has(code) ? [problem("TAKEN", "Code has already been taken", "input", "code")] : []
}

const valueProblem = (input: CreateInput, currency: string): ReadonlyArray<Problem> => {
  const value = input.initialAmount?.amount ?? input.initialValue
  if (value === null || value === undefined)
    return [problem("MISSING_ARGUMENT", "Initial amount can't be blank", "input", "initialAmount")]
  if (input.initialAmount && input.initialAmount.currencyCode !== currency)
    return [problem("INVALID", "Currency is not the shop's", "input", "initialAmount", "currencyCode")]
  const amount = Decimal.parse(String(value))
  if (amount <= 0n) return [problem("GREATER_THAN", "Initial value must be greater than 0", "input", "initialAmount")]
  return amount > issueLimit
    ? [problem("GIFT_CARD_LIMIT_EXCEEDED", "Gift card's value exceeds the limit", "input", "initialAmount")]
    : []
}

const customerOf = (id: string | null | undefined, { state }: Execution): string | null | undefined => {
  if (id === null || id === undefined) return null
  const number = GlobalId.numberOf("Customer", id)
  return number !== undefined && state.customers.has(number) ? number : undefined
}

const create = (_: unknown, args: { readonly input: CreateInput }, execution: Execution) => {
  const { commit, state } = execution
  const { input } = args
  if (input.recipientAttributes?.sendNotificationAt) throw notImplemented("A gift card that is sent at a later time")
  const code = (input.code ?? codeDigestOf(state.nextId()).slice(0, 16)).toLowerCase()
  const customerId = customerOf(input.customerId, execution)
  const recipientId = customerOf(input.recipientAttributes?.id, execution)
  const userErrors = [
    ...codeProblem(code, state.giftCards),
    ...valueProblem(input, state.brand.currency),
    ...(customerId === undefined
      ? [problem("CUSTOMER_NOT_FOUND", "The customer could not be found.", "input", "customerId")]
      : []),
    ...(recipientId === undefined
      ? [problem("RECIPIENT_NOT_FOUND", "The recipient could not be found.", "input", "recipientAttributes", "id")]
      : []),
  ]
  if (userErrors.length > 0 || customerId === undefined || recipientId === undefined)
    return { giftCard: null, giftCardCode: null, userErrors }
  const card: StoredGiftCard = {
    __typename: "GiftCard",
    id: state.nextId(),
    codeDigest: codeDigestOf(code),
    lastCharacters: code.slice(-4),
    initialValue: String(input.initialAmount?.amount ?? input.initialValue),
    note: input.note ?? null,
    customerId,
    recipient:
      recipientId === null
        ? null
        : {
            customerId: recipientId,
            message: input.recipientAttributes?.message ?? null,
            preferredName: input.recipientAttributes?.preferredName ?? null,
          },
    expiresOn: input.expiresOn ?? null,
    createdAt: state.now,
    updatedAt: state.now,
    deactivatedAt: null,
    notifications: 0,
  }
  commit({ type: "giftCard.changed", card })
  return { giftCard: card, giftCardCode: code, userErrors: [] }
}

const cardOf = (id: string, { state }: Execution): StoredGiftCard | undefined =>
  state.giftCards.cards.get(GlobalId.numberOf("GiftCard", id) ?? "")

const notFound = problem("GIFT_CARD_NOT_FOUND", "The gift card could not be found.", "id")

const deactivate = (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const card = cardOf(args.id, execution)
  if (card === undefined) return { giftCard: null, userErrors: [notFound] }
  if (card.deactivatedAt !== null) return { giftCard: card, userErrors: [] }
  const now = execution.state.now
  const after: StoredGiftCard = { ...card, deactivatedAt: now, updatedAt: now }
  execution.commit({ type: "giftCard.changed", card: after })
  return { giftCard: after, userErrors: [] }
}

const notify = (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const card = cardOf(args.id, execution)
  if (card === undefined) return { giftCard: null, userErrors: [notFound] }
  const customer = execution.state.customers.get(card.customerId ?? "")
  if (customer === undefined)
    return { giftCard: null, userErrors: [problem("CUSTOMER_NOT_FOUND", "The customer could not be found.", "id")] }
  if (card.deactivatedAt !== null || (customer.email === null && customer.phone === null))
    return { giftCard: null, userErrors: [problem("INVALID", "The gift card cannot be sent to the customer.", "id")] }
  const after: StoredGiftCard = { ...card, notifications: card.notifications + 1 }
  execution.commit({ type: "giftCard.changed", card: after })
  return { giftCard: after, userErrors: [] }
}

/** Notes and the last day alone. */
const update = (
  _: unknown,
  args: { readonly id: string; readonly input: Readonly<Record<string, unknown>> },
  execution: Execution,
) => {
  const other = Object.keys(args.input).find((name) => name !== "note" && name !== "expiresOn")
  if (other !== undefined) throw notImplemented(`giftCardUpdate of ${other}`)
  const card = cardOf(args.id, execution)
  if (card === undefined)
    return { giftCard: null, userErrors: [{ field: ["id"], message: "The gift card could not be found." }] }
  const { note = card.note, expiresOn = card.expiresOn } = args.input as Pick<CreateInput, "note" | "expiresOn">
  const after: StoredGiftCard = { ...card, note, expiresOn, updatedAt: execution.state.now }
  execution.commit({ type: "giftCard.changed", card: after })
  return { giftCard: after, userErrors: [] }
}

const debit = (
  _: unknown,
  args: {
    readonly id: string
    readonly debitInput: { readonly debitAmount: MoneyInput; readonly note?: string | null }
  },
  execution: Execution,
) => {
  const { commit, state } = execution
  const refused = (one: Problem) => ({ giftCardDebitTransaction: null, userErrors: [one] })
  const card = cardOf(args.id, execution)
  if (card === undefined) return refused(notFound)
  const { debitAmount, note } = args.debitInput
  const amount = Decimal.parse(String(debitAmount.amount))
  const place = ["debitInput", "debitAmount", "amount"] as const
  if (debitAmount.currencyCode !== state.brand.currency)
    return refused(problem("MISMATCHING_CURRENCY", "The currency is not that of the gift card", ...place))
  if (amount <= 0n) return refused(problem("NEGATIVE_OR_ZERO_AMOUNT", "A positive amount must be used", ...place))
  if (card.deactivatedAt !== null || amount > state.giftCards.balanceOf(card))
    return refused(problem("INSUFFICIENT_FUNDS", "The gift card does not have sufficient funds", ...place))
  const transaction: StoredGiftCardDebit = {
    __typename: "GiftCardDebitTransaction",
    id: state.nextId(),
    cardId: card.id,
    amount: Decimal.print(amount),
    note: note ?? null,
    processedAt: state.now,
  }
  commit({ type: "giftCard.debited", debit: transaction })
  return { giftCardDebitTransaction: transaction, userErrors: [] }
}

// -------------------------------------------------------------------------------------------------- reading

const search = (cards: GiftCardDrawer): SearchSyntax.SearchFields<StoredGiftCard> => ({
  // A whole code only: names of customers, which the real search finds too, are not looked for.
  [SearchSyntax.anyField]: { kind: "exact", read: (row) => row.codeDigest, wanted: codeDigestOf },
  id: { kind: "number", read: (row) => row.id },
  created_at: { kind: "instant", read: (row) => row.createdAt },
  expires_on: { kind: "text", read: (row) => row.expiresOn },
  customer_id: { kind: "number", read: (row) => row.customerId },
  recipient_id: { kind: "number", read: (row) => row.recipient?.customerId ?? null },
  status: { kind: "text", read: (row) => (row.deactivatedAt === null ? "enabled" : "disabled") },
  balance_status: {
    kind: "text",
    read: (row) => {
      const balance = cards.balanceOf(row)
      if (balance === 0n) return "empty"
      return [balance === Decimal.parse(row.initialValue) ? "full" : "partial", "full_or_partial"]
    },
  },
})

interface Searched extends PageArguments {
  readonly query?: string | null
  readonly sortKey?: string
  readonly savedSearchId?: string | null
}

const matching = (query: string | null | undefined, { state }: Execution): ReadonlyArray<StoredGiftCard> =>
  [...state.giftCards.cards.values()].filter(
    SearchSyntax.compile(SearchSyntax.parse(query), search(state.giftCards), state.brand.timeZone),
  )

const cardTable = fields<StoredGiftCard>("GiftCard", {
  id: (row) => GlobalId.make("GiftCard", row.id),
  balance: (row, _, { state }) => money(state.giftCards.balanceOf(row), state.brand.currency),
  initialValue: (row, _, { state }) => money(Decimal.parse(row.initialValue), state.brand.currency),
  enabled: (row) => row.deactivatedAt === null,
  isRedeemable: (row, _, { state }) => row.deactivatedAt === null && state.giftCards.balanceOf(row) > 0n,
  maskedCode: (row) => `•••• •••• •••• ${row.lastCharacters}`,
  customer: (row, _, { state }) => state.customers.get(row.customerId ?? "") ?? null,
  recipientAttributes: (row, _, { state }) =>
    row.recipient === null
      ? null
      : {
          message: row.recipient.message,
          preferredName: row.recipient.preferredName,
          recipient: state.customers.get(row.recipient.customerId) ?? null,
          sendNotificationAt: null,
        },
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.updatedAt),
  deactivatedAt: (row) => instantOrNull(row.deactivatedAt),
  lineItem: () => null,
  order: () => null,
  templateSuffix: () => null,
  transactions: (row, args: PageArguments, execution) =>
    listPage(execution.state.giftCards.debits(row.id), args, execution),
})

const debitTable = fields<StoredGiftCardDebit>("GiftCardDebitTransaction", {
  id: (row) => GlobalId.make("GiftCardDebitTransaction", row.id),
  // [U] A debit's amount is shown as a negative one.
  amount: (row, _, { state }) => money(-Decimal.parse(row.amount), state.brand.currency),
  giftCard: (row, _, { state }) => state.giftCards.cards.get(row.cardId) ?? null,
  processedAt: (row) => instant(row.processedAt),
})

const queries = fields<unknown>("QueryRoot", {
  giftCard: (_, args: { readonly id: string }, execution) => findOfType("GiftCard", args.id, execution),
  giftCards: (_, args: Searched, execution) => {
    if (args.savedSearchId) throw notImplemented("Searching gift cards by savedSearchId")
    if (args.sortKey !== undefined && args.sortKey !== "ID" && args.sortKey !== "CREATED_AT")
      throw notImplemented(`Sorting gift cards by ${args.sortKey}`)
    return listPage(matching(args.query, execution), args, execution)
  },
  giftCardsCount: (_, args: { readonly query?: string | null }, execution) => ({
    count: matching(args.query, execution).length,
    precision: "EXACT",
  }),
  giftCardConfiguration: (_, __, { state }) => ({
    expirationConfiguration: null,
    issueLimit: money(issueLimit, state.brand.currency),
    purchaseLimit: money(issueLimit, state.brand.currency),
  }),
})

const mutations = fields<unknown>("Mutation", {
  giftCardCreate: create,
  giftCardDeactivate: deactivate,
  giftCardUpdate: update,
  giftCardSendNotificationToCustomer: notify,
  giftCardDebit: debit,
})

export const giftCardTables: ReadonlyArray<TypeFields> = [cardTable, debitTable, queries, mutations]
