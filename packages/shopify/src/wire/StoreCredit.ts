/**
 * The operations about store credit: whether the shop has it, credit, and what a customer's accounts show.
 *
 * A credit has no key and no note on Shopify's side: its expiry and its amount are all that it can be told by.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { mutation, query } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

const userErrors = z.array(z.object({ field: maybe(z.array(z.string())), code: maybe(z.string()) }))

export const storeCreditTerms = query(
  Documents.StoreCreditTerms,
  z.object({ storeCreditConfiguration: z.object({ storeCreditEnabled: z.boolean() }) }),
)

export const creditIssue = mutation(
  Documents.CreditIssue,
  z.object({
    storeCreditAccountCredit: z.object({
      storeCreditAccountTransaction: maybe(z.object({ id: z.string() })),
      userErrors,
    }),
  }),
)

const amount = z.object({ amount: z.string() })

/** What is left of one credit, and of its account. */
export const creditLeft = query(
  Documents.CreditLeft,
  z.object({
    node: maybe(
      z.object({
        __typename: z.string(),
        remainingAmount: amount.optional(),
        account: z.object({ id: z.string(), balance: amount }).optional(),
      }),
    ),
  }),
)

export const creditTakeBack = mutation(
  Documents.CreditTakeBack,
  z.object({
    storeCreditAccountDebit: z.object({
      storeCreditAccountTransaction: maybe(z.object({ id: z.string() })),
      userErrors,
    }),
  }),
)

/** Of transactions that are no credits, id and expiry are not asked for. */
const transaction = z.object({
  __typename: z.string(),
  amount: z.object({ amount: z.string(), currencyCode: z.string() }),
  createdAt: z.string(),
  event: z.string(),
  id: z.string().optional(),
  expiresAt: maybe(z.string()),
})
export type CreditTransaction = z.output<typeof transaction>

const transactions = z.object({
  nodes: z.array(transaction),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: maybe(z.string()) }),
})

export const creditsOfCustomer = query(
  Documents.CreditsOfCustomer,
  z.object({
    customer: maybe(
      z.object({ storeCreditAccounts: z.object({ nodes: z.array(z.object({ id: z.string(), transactions })) }) }),
    ),
  }),
)

export const moreCredits = query(
  Documents.MoreCredits,
  z.object({ storeCreditAccount: maybe(z.object({ transactions })) }),
)
