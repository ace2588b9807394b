/**
 * Store credit, gift cards, entitlements and Flow triggers of the sandbox.
 */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { withShop } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"

const customer = "gid://shopify/Customer/501"
const soon = "2026-06-01T00:00:07Z"

const creditDocument = `mutation($owner: ID!, $in: StoreCreditAccountCreditInput!) { storeCreditAccountCredit(id: $owner, creditInput: $in) {
  storeCreditAccountTransaction { id amount { amount currencyCode } createdAt expiresAt balanceAfterTransaction { amount } account { id } } userErrors { field message code } } }`
const debitDocument = `mutation($id: ID!, $in: StoreCreditAccountDebitInput!) { storeCreditAccountDebit(id: $id, debitInput: $in) {
  storeCreditAccountTransaction { id amount { amount } balanceAfterTransaction { amount } } userErrors { code } } }`
const accountsDocument = `query($owner: ID!, $q: String) { customer(id: $owner) { storeCreditAccounts(first: 5) { nodes { id balance { amount currencyCode }
  transactions(first: 25, query: $q, reverse: true) { nodes { __typename amount { amount } event ... on StoreCreditAccountCreditTransaction { id expiresAt remainingAmount { amount } } } } } } } }`

interface Credited {
  readonly storeCreditAccountCredit: {
    readonly storeCreditAccountTransaction: { readonly id: string; readonly account: { readonly id: string } } | null
    readonly userErrors: ReadonlyArray<{ readonly code: string }>
  }
}
interface Accounts {
  readonly customer: {
    readonly storeCreditAccounts: {
      readonly nodes: ReadonlyArray<{
        readonly id: string
        readonly balance: { readonly amount: string }
        readonly transactions: { readonly nodes: ReadonlyArray<Readonly<Record<string, unknown>>> }
      }>
    }
  }
}

const credit = (client: Client, amount: string, more: object = {}, owner = customer) =>
  client.data<Credited>(creditDocument, {
    owner,
    in: { creditAmount: { amount, currencyCode: "EUR" }, ...more },
  })
const accounts = async (client: Client, q?: string) =>
  (await client.data<Accounts>(accountsDocument, { owner: customer, q })).customer.storeCreditAccounts.nodes

const codesOf = (answer: Credited) => answer.storeCreditAccountCredit.userErrors.map(({ code }) => code)

describe("store credit", () => {
  it("has no key: the same credit twice is there twice, found by type and expiry", () =>
    withShop(async (client) => {
      expect(await accounts(client)).toEqual([])
      await credit(client, "20.00", { expiresAt: soon })
      await credit(client, "20.00", { expiresAt: soon })
      await credit(client, "5")
      const [account] = await accounts(client, `type:credit expires_at:'${soon}'`)
      expect(account?.balance).toEqual({ amount: "45.0", currencyCode: "EUR" })
      const transaction = { amount: { amount: "20.0" }, event: "ADJUSTMENT", expiresAt: soon }
      expect(account?.transactions.nodes).toMatchObject([transaction, transaction])
      expect((await accounts(client, "type:debit"))[0]?.transactions.nodes).toEqual([])
    }))

  it("spends what expires soonest first, and refuses what is not there", () =>
    withShop(async (client) => {
      await credit(client, "10.00")
      await credit(client, "20.00", { expiresAt: soon })
      const debit = (amount: string, currencyCode = "EUR") =>
        client.data<{
          readonly storeCreditAccountDebit: { readonly userErrors: ReadonlyArray<{ readonly code: string }> }
        }>(debitDocument, { id: customer, in: { debitAmount: { amount, currencyCode } } })
      expect(await debit("22.50")).toMatchObject({
        storeCreditAccountDebit: { storeCreditAccountTransaction: { balanceAfterTransaction: { amount: "7.5" } } },
      })
      const [account] = await accounts(client, "type:credit")
      expect(account?.transactions.nodes.map((one) => one["remainingAmount"])).toEqual([
        { amount: "0.0" },
        { amount: "7.5" },
      ])
      const codes = async (...args: Parameters<typeof debit>) =>
        (await debit(...args)).storeCreditAccountDebit.userErrors.map(({ code }) => code)
      expect(await codes("7.51")).toEqual(["INSUFFICIENT_FUNDS"])
      expect(await codes("0")).toEqual(["NEGATIVE_OR_ZERO_AMOUNT"])
      expect(await codes("1", "USD")).toEqual(["ACCOUNT_NOT_FOUND"])
    }))

  it("refuses with the codes of the schema", () =>
    withShop(async (client) => {
      expect(codesOf(await credit(client, "1", {}, "gid://shopify/Customer/1"))).toEqual(["OWNER_NOT_FOUND"])
      expect(codesOf(await credit(client, "1", {}, "gid://shopify/StoreCreditAccount/1"))).toEqual([
        "ACCOUNT_NOT_FOUND",
      ])
      expect(codesOf(await credit(client, "-1"))).toEqual(["NEGATIVE_OR_ZERO_AMOUNT"])
      expect(codesOf(await credit(client, "10000.01"))).toEqual(["CREDIT_LIMIT_EXCEEDED"])
      expect(codesOf(await credit(client, "1", { expiresAt: "2020-01-01T00:00:00Z" }))).toEqual(["EXPIRES_AT_IN_PAST"])
      const dollars = { creditAmount: { amount: "1", currencyCode: "USD" } }
      expect(codesOf(await credit(client, "1", dollars))).toEqual(["UNSUPPORTED_CURRENCY"])
      const made = await credit(client, "1")
      const account = made.storeCreditAccountCredit.storeCreditAccountTransaction?.account.id ?? ""
      expect(codesOf(await credit(client, "1", dollars, account))).toEqual(["MISMATCHING_CURRENCY"])
      expect(
        await client.data(
          `{ storeCreditConfiguration { storeCreditEnabled } storeCreditAccount(id: "${account}") { balance { amount } owner { ... on Customer { id } } } }`,
        ),
      ).toEqual({
        storeCreditConfiguration: { storeCreditEnabled: true },
        storeCreditAccount: { balance: { amount: "1.0" }, owner: { id: customer } },
      })
    }))

  it("is refused without its scope, in the words that apps report", () =>
    withShop(
      async (client) => {
        const answer = await client.ask(creditDocument, {
          owner: customer,
          in: { creditAmount: { amount: "1", currencyCode: "EUR" } },
        })
        expect(answer.data).toEqual({ storeCreditAccountCredit: null })
        expect(answer.errors?.[0]).toMatchObject({
          message:
            "Access denied for storeCreditAccountCredit field. Required access: `write_store_credit_account_transactions` access scope.",
          extensions: { code: "ACCESS_DENIED" },
        })
        const cards = await client.ask("{ giftCards(first: 1) { nodes { id } } }")
        expect(cards.errors?.[0]?.extensions?.["code"]).toBe("ACCESS_DENIED")
        const tags = await client.ask(`mutation { tagsAdd(id: "${customer}", tags: ["x"]) { userErrors { message } } }`)
        expect(tags.errors?.[0]?.extensions?.["code"]).toBe("ACCESS_DENIED")
      },
      { scopes: ["read_customers", "read_orders"] },
    ))

  it("answers on the version before too", () =>
    withShop(async (client) => {
      const answer = await client.post("/admin/api/2026-07/graphql.json", {
        query: creditDocument,
        variables: { owner: customer, in: { creditAmount: { amount: "1", currencyCode: "EUR" } } },
      })
      expect(await answer.json()).toMatchObject({
        data: { storeCreditAccountCredit: { storeCreditAccountTransaction: { amount: { amount: "1.0" } } } },
      })
    }))

  it("commits and drops the answer, and is there after a restart", async () => {
    const stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "shop-"))
    try {
      await withShop(
        async (client) => {
          await client.control("faults", { commitThenDrop: 1 })
          await expect(credit(client, "20.00", { expiresAt: soon })).rejects.toThrow("fetch failed")
        },
        { stateDirectory },
      )
      await withShop(
        async (client) => {
          expect((await accounts(client))[0]).toMatchObject({ balance: { amount: "20.0" } })
        },
        { stateDirectory },
      )
    } finally {
      fs.rmSync(stateDirectory, { recursive: true })
    }
  })
})

const giftDocument = `mutation($in: GiftCardCreateInput!) { giftCardCreate(input: $in) { giftCard { id lastCharacters maskedCode initialValue { amount currencyCode } note customer { id } } giftCardCode userErrors { field code } } }`

interface Gift {
  readonly giftCardCreate: {
    readonly giftCard: { readonly id: string } | null
    readonly giftCardCode: string | null
    readonly userErrors: ReadonlyArray<{ readonly code: string; readonly field: ReadonlyArray<string> }>
  }
}

const gift = (code: string) => ({
  code,
  initialAmount: { amount: "20.00", currencyCode: "EUR" },
  note: "adv:1",
  customerId: customer,
})

describe("gift cards", () => {
  it("take a code of one's own once, whatever its case, and are found by it", () =>
    withShop(async (client) => {
      const made = await client.data<Gift>(giftDocument, { in: gift("a1b2c3d4e5f6g7h8") })
      expect(made.giftCardCreate).toMatchObject({
        giftCard: { lastCharacters: "g7h8", initialValue: { amount: "20.0", currencyCode: "EUR" } },
        giftCardCode: "a1b2c3d4e5f6g7h8",
      })
      const again = await client.data<Gift>(giftDocument, { in: gift("A1B2C3D4E5F6G7H8") })
      expect(again.giftCardCreate).toMatchObject({
        giftCard: null,
        userErrors: [{ field: ["input", "code"], code: "TAKEN" }],
      })
      const found = `query($q: String!) { giftCards(first: 2, query: $q) { nodes { id note enabled } } giftCardConfiguration { issueLimit { amount } } }`
      expect(await client.data(found, { q: "A1b2c3d4e5f6g7h8" })).toMatchObject({
        giftCards: { nodes: [{ note: "adv:1", enabled: true }] },
        giftCardConfiguration: { issueLimit: { amount: "2000.0" } },
      })
      expect(await client.data(found, { q: "a1b2c3d4e5f6g7h" })).toMatchObject({ giftCards: { nodes: [] } })
      expect(JSON.stringify(await client.control("state"))).not.toContain("a1b2c3d4e5f6g7h8")
    }))

  it("refuse with the codes of the schema", () =>
    withShop(async (client) => {
      const codes = async (more: object) =>
        (
          await client.data<Gift>(giftDocument, { in: { ...gift("a1b2c3d4e5f6"), ...more } })
        ).giftCardCreate.userErrors.map(({ code }) => code)
      const amount = (value: string, currencyCode = "EUR") => ({ initialAmount: { amount: value, currencyCode } })
      expect(await codes({ code: "short" })).toEqual(["TOO_SHORT"])
      expect(await codes({ code: "a".repeat(21) })).toEqual(["TOO_LONG"])
      expect(await codes({ code: "with-a-dash" })).toEqual(["INVALID"])
      expect(await codes({ initialAmount: null })).toEqual(["MISSING_ARGUMENT"])
      expect(await codes(amount("0"))).toEqual(["GREATER_THAN"])
      expect(await codes(amount("2000.01"))).toEqual(["GIFT_CARD_LIMIT_EXCEEDED"])
      expect(await codes(amount("1", "USD"))).toEqual(["INVALID"])
      expect(await codes({ customerId: "gid://shopify/Customer/1" })).toEqual(["CUSTOMER_NOT_FOUND"])
      expect(await codes({ recipientAttributes: { id: "gid://shopify/Customer/1" } })).toEqual(["RECIPIENT_NOT_FOUND"])
    }))

  it("are told to the customer, spent, and deactivated for good", () =>
    withShop(async (client) => {
      const made = await client.data<Gift>(giftDocument, { in: gift("a1b2c3d4e5f6g7h8") })
      const id = made.giftCardCreate.giftCard?.id
      const tell = `mutation($id: ID!) { giftCardSendNotificationToCustomer(id: $id) { giftCard { id } userErrors { code } } }`
      expect(await client.data(tell, { id })).toMatchObject({ giftCardSendNotificationToCustomer: { userErrors: [] } })
      const spend = `mutation($id: ID!, $in: GiftCardDebitInput!) { giftCardDebit(id: $id, debitInput: $in) { giftCardDebitTransaction { amount { amount } giftCard { balance { amount } } } userErrors { code } } }`
      expect(await client.data(spend, { id, in: { debitAmount: { amount: "5", currencyCode: "EUR" } } })).toMatchObject(
        {
          giftCardDebit: {
            giftCardDebitTransaction: { amount: { amount: "-5.0" }, giftCard: { balance: { amount: "15.0" } } },
          },
        },
      )
      const end = `mutation($id: ID!) { giftCardDeactivate(id: $id) { giftCard { enabled deactivatedAt balance { amount } } userErrors { code } } }`
      expect(await client.data(end, { id })).toMatchObject({
        giftCardDeactivate: { giftCard: { enabled: false, balance: { amount: "15.0" } }, userErrors: [] },
      })
      expect(await client.data(tell, { id })).toMatchObject({
        giftCardSendNotificationToCustomer: { userErrors: [{ code: "INVALID" }] },
      })
      expect(await client.data(end, { id: "gid://shopify/GiftCard/1" })).toMatchObject({
        giftCardDeactivate: { giftCard: null, userErrors: [{ code: "GIFT_CARD_NOT_FOUND" }] },
      })
    }))
})

describe("entitlements and Flow", () => {
  it("metafields are deleted, and what is not there is no error", () =>
    withShop(async (client) => {
      const at = { ownerId: customer, namespace: "$app", key: "tier" }
      await client.data(
        `mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { code } } }`,
        { m: [{ ...at, type: "single_line_text_field", value: "gold" }] },
      )
      const remove = `mutation($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { message } } }`
      expect(await client.data(remove, { m: [at, { ...at, key: "other" }] })).toEqual({
        metafieldsDelete: { deletedMetafields: [{ key: "tier" }, null], userErrors: [] },
      })
      expect(
        await client.data(`{ customer(id: "${customer}") { metafield(namespace: "$app", key: "tier") { value } } }`),
      ).toEqual({ customer: { metafield: null } })
    }))

  it("a trigger starts its workflows each time, and a handle that is not the app's starts none", () =>
    withShop(
      async (client) => {
        const fire = `mutation($handle: String!, $payload: JSON!) { flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field } } }`
        const payload = { customer_id: 501, key: "reward-1" }
        await client.data(fire, { handle: "reward", payload })
        await client.data(fire, { handle: "reward", payload })
        expect(await client.data(fire, { handle: "other", payload })).toEqual({
          flowTriggerReceive: { userErrors: [{ field: ["handle"] }] },
        })
        expect(await client.data(fire, { handle: "reward", payload: { text: "x".repeat(50_000) } })).toEqual({
          flowTriggerReceive: { userErrors: [{ field: ["payload"] }] },
        })
        expect(await client.control("state")).toMatchObject({
          flowTriggers: [
            { handle: "reward", payload },
            { handle: "reward", payload },
          ],
        })
      },
      { flowTriggers: ["reward"] },
    ))
})
