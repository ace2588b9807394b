import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { describe, expect, it } from "vitest"
import { ofCustomer } from "../src/CustomerFacts.ts"
import * as LosslessJson from "../src/LosslessJson.ts"
import { ofOrder } from "../src/OrderFacts.ts"
import { withheldIn, withheldReport } from "../src/Reading.ts"
import { ofRefund } from "../src/RefundFacts.ts"
import { handleKey, lens } from "./shopUnderTest.ts"

const bag = (amount: string) => ({ shopMoney: { amount } })
const orderId = "9007199254740993"

const order = (changes: object = {}) => ({
  id: `gid://shopify/Order/${orderId}`,
  processedAt: "2026-03-01T10:00:00Z",
  updatedAt: "2026-03-02T10:00:00Z",
  cancelledAt: null,
  test: false,
  currencyCode: "EUR",
  taxesIncluded: true,
  displayFinancialStatus: "PAID",
  email: " Friend@Example.com ",
  sourceName: "web",
  discountCodes: ["anna-10", "SPRING"],
  customAttributes: [
    { key: "ref", value: "ANNA-10" },
    { key: "_device", value: "device-7" },
    { key: "gift note", value: "for Bob, Elm Street 5" },
  ],
  totalRefundedSet: bag("0.0"),
  customer: { id: "gid://shopify/Customer/9007199254740995" },
  shippingAddress: { address1: "Elm Street 5 ", zip: "10 115" },
  customerJourneySummary: {
    ready: true,
    firstVisit: {
      occurredAt: "2026-02-20T10:00:00Z",
      landingPage: "/?utm_source=x&ref=BEN#top",
      referralCode: null,
      source: "direct",
    },
    lastVisit: {
      occurredAt: "2026-03-01T09:00:00Z",
      landingPage: "https://tea.example/?ref=other",
      referralCode: "ANNA-10",
      source: "mail",
    },
  },
  ...changes,
})

const line = (changes: object = {}) => ({
  id: "gid://shopify/LineItem/9007199254740997",
  quantity: 3,
  currentQuantity: 2,
  isGiftCard: false,
  product: { id: "gid://shopify/Product/900" },
  originalTotalSet: bag("59.97"),
  discountAllocations: [
    { allocatedAmountSet: bag("6.00"), discountApplication: { index: 0, code: "ANNA-10" } },
    { allocatedAmountSet: bag("1.5"), discountApplication: { index: 1 } },
  ],
  taxLines: [{ priceSet: bag("8.37") }],
  ...changes,
})

const read = (record: object = order(), children: ReadonlyArray<unknown> = [line()]) =>
  ofOrder({ record, children, withheld: [] }, lens)
const placed = (record?: object, children?: ReadonlyArray<unknown>): Fact.OrderPlaced => {
  const { facts, rejected } = read(record, children)
  const [fact] = facts
  if (fact?._tag !== "OrderPlaced") throw new Error(JSON.stringify(rejected))
  return fact
}

describe("an order", () => {
  it("becomes a fact without tax, after discounts, with ids above 2^53 intact and nothing personal in it", () => {
    const fact = placed()
    expect(fact).toEqual({
      _tag: "OrderPlaced",
      key: `shopify:order/${orderId}`,
      // One more than the time of the change, because the journey is there.
      version: Date.parse("2026-03-02T10:00:00Z") + 1,
      rank: 100,
      occurredAt: Date.parse("2026-03-01T10:00:00Z"),
      order: `shopify:order/${orderId}`,
      customer: "shopify:customer/9007199254740995",
      email: Handle.email(handleKey, "friend@example.com"),
      currency: "EUR",
      test: false,
      cancelledAt: null,
      paid: true,
      channel: "web",
      lines: [
        {
          line: "9007199254740997",
          product: "900",
          quantity: 3,
          currentQuantity: 2,
          amountMinor: 4410n,
          isGiftCard: false,
        },
      ],
      codes: [
        { code: "anna-10", discountMinor: 600n },
        { code: "SPRING", discountMinor: 0n },
      ],
      attributes: [{ key: "ref", value: "ANNA-10" }],
      visits: [
        { at: Date.parse("2026-02-20T10:00:00Z"), code: "BEN", source: "direct" },
        { at: Date.parse("2026-03-01T09:00:00Z"), code: "ANNA-10", source: "mail" },
      ],
      soft: [Handle.soft(handleKey, "address", "elmstreet5|10115"), Handle.soft(handleKey, "device", "device-7")],
    })
    // It is a fact by the core's own schema, and holds no personal value.
    expect(Fact.decodeSync(Fact.encode(fact))).toEqual(fact)
    expect(JSON.stringify(Fact.encode(fact))).not.toMatch(/Elm|Bob|example|device-7/i)
    expect(read().personal).toEqual([
      { handle: Handle.email(handleKey, "friend@example.com"), value: "Friend@Example.com" },
    ])
  })

  it.each([
    ["JPY", "5997", "600", 5397n],
    ["JPY", "5997.0", "600.00", 5397n],
    ["KWD", "59.970", "6.001", 53_969n],
    ["CLF", "59.9700", "0.0001", 599_699n],
  ])("is exact in %s", (currencyCode, original, taken, expected) => {
    const children = [
      line({
        originalTotalSet: bag(original),
        discountAllocations: [{ allocatedAmountSet: bag(taken), discountApplication: { index: 0, code: "ANNA-10" } }],
        taxLines: [],
      }),
    ]
    expect(placed(order({ currencyCode }), children).lines[0]?.amountMinor).toBe(expected)
  })

  it("keeps its tax out only where prices include it, and its lines in one order", () => {
    expect(placed(order({ taxesIncluded: false })).lines[0]?.amountMinor).toBe(5247n)
    const second = line({ id: "gid://shopify/LineItem/9007199254740996" })
    expect(placed(order(), [line(), second])).toEqual(placed(order(), [second, line()]))
  })

  it.each([
    ["PAID", true],
    ["AUTHORIZED", true],
    ["PARTIALLY_REFUNDED", true],
    ["REFUNDED", true],
    ["PARTIALLY_PAID", false],
    ["PENDING", false],
    ["VOIDED", false],
    ["EXPIRED", false],
    [null, false],
  ])("with the payment status %s counts as paid: %s", (displayFinancialStatus, paid) => {
    expect(placed(order({ displayFinancialStatus })).paid).toBe(paid)
  })

  it("has no visits until the journey is ready, and one where first and last are the same", () => {
    const visit = { occurredAt: "2026-03-01T09:00:00Z", landingPage: null, referralCode: null, source: "direct" }
    const journey = (ready: boolean) =>
      order({ customerJourneySummary: { ready, firstVisit: visit, lastVisit: visit } })
    expect(placed(journey(false)).visits).toEqual([])
    expect(placed(journey(true)).visits).toHaveLength(1)
  })

  it("that cannot be understood is rejected with its place and the reason", () => {
    const reason = (record: object, children?: ReadonlyArray<unknown>) => {
      const { facts, rejected } = read(record, children)
      return [facts.length, rejected[0]?.place, rejected[0]?.reason]
    }
    const place = `shopify:order/${orderId}`
    expect(reason(order({ currencyCode: "XXQ" }))).toEqual([
      0,
      place,
      expect.stringContaining("XXQ is not an ISO 4217 currency"),
    ])
    expect(reason(order({ processedAt: "yesterday" }))).toEqual([0, place, expect.stringContaining("processedAt")])
    expect(reason(order(), [line({ originalTotalSet: bag("1e3") })])).toEqual([
      0,
      place,
      expect.stringContaining(`"1e3"`),
    ])
    expect(reason(order(), [line({ originalTotalSet: bag("1.005") })])).toEqual([
      0,
      place,
      expect.stringContaining("more than the 2 decimals"),
    ])
    expect(reason({ id: 7 })).toEqual([0, "shopify:order/?", expect.any(String)])
  })

  it("loses only the text that no store can keep, and says which", () => {
    const { facts, rejected } = read(
      order({
        discountCodes: ["GOOD", "B\0D"],
        customAttributes: [{ key: "ref", value: "x".repeat(10_000_000) }],
      }),
    )
    expect(facts[0]).toMatchObject({ codes: [{ code: "GOOD" }], attributes: [] })
    expect(rejected.map((one) => one.place)).toEqual([
      `shopify:order/${orderId} code 2`,
      `shopify:order/${orderId} attribute 1`,
    ])
    expect(JSON.stringify(rejected).length).toBeLessThan(1000)
  })
})

const refund = (changes: object = {}) => ({
  id: "gid://shopify/Refund/9007199254740999",
  createdAt: "2026-03-05T10:00:00Z",
  processedAt: "2026-03-05T10:00:01Z",
  updatedAt: "2026-03-05T11:00:00Z",
  totalRefundedSet: bag("30.00"),
  refundLineItems: {
    nodes: [
      {
        quantity: 1,
        subtotalSet: bag("17.49"),
        totalTaxSet: bag("2.79"),
        lineItem: { id: "gid://shopify/LineItem/9007199254740997" },
      },
    ],
    pageInfo: { hasNextPage: false, endCursor: null },
  },
  refundShippingLines: { nodes: [{ subtotalAmountSet: bag("4.90"), taxAmountSet: bag("0.78") }] },
  ...changes,
})

const refunded = (record: object, of: object = order()) => ofRefund({ record, children: [], withheld: [] }, of).facts[0]

describe("a refund", () => {
  it("becomes a fact: lines without tax, and what went back beyond goods and shipping", () => {
    expect(refunded(refund())).toEqual({
      _tag: "RefundMade",
      key: "shopify:refund/9007199254740999",
      version: Date.parse("2026-03-05T11:00:00Z"),
      rank: 100,
      occurredAt: Date.parse("2026-03-05T10:00:00Z"),
      order: `shopify:order/${orderId}`,
      currency: "EUR",
      lines: [{ line: "9007199254740997", quantity: 1, amountMinor: 1470n }],
      otherMinor: 761n,
    })
  })

  it("adds the tax where prices do not include it, is never negative, and is 0 where shipping is unknown", () => {
    expect(refunded(refund(), order({ taxesIncluded: false }))).toMatchObject({
      lines: [{ amountMinor: 1749n }],
      otherMinor: 404n,
    })
    expect(refunded(refund({ totalRefundedSet: bag("0.00") }))).toMatchObject({ otherMinor: 0n })
    expect(refunded(refund({ refundShippingLines: null }))).toMatchObject({ otherMinor: 0n })
  })
})

const customer = (changes: object = {}) => ({
  id: "gid://shopify/Customer/9007199254740995",
  createdAt: "2025-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
  firstName: "Anna",
  lastName: " ",
  defaultEmailAddress: { emailAddress: "Anna@Example.com", marketingState: "SUBSCRIBED" },
  defaultPhoneNumber: { phoneNumber: "+49 30 1234-5" },
  ...changes,
})
const seen = (changes: object = {}, withheld: ReadonlyArray<string> = []) =>
  ofCustomer({ record: customer(changes), children: [], withheld }, lens)

describe("a customer", () => {
  it("becomes a fact with keyed hashes, and the values go to the vault", () => {
    const { facts, personal } = seen()
    const email = Handle.email(handleKey, "anna@example.com")
    expect(facts).toEqual([
      {
        _tag: "PersonSeen",
        key: "shopify:customer/9007199254740995",
        version: Date.parse("2026-01-01T00:00:00Z"),
        rank: 100,
        occurredAt: Date.parse("2025-01-01T00:00:00Z"),
        person: "shopify:customer/9007199254740995",
        aliases: [email],
        mergedFrom: [],
        companies: [],
        soft: [Handle.soft(handleKey, "phone", "+493012345")],
        marketing: "granted",
        lifecycle: null,
      },
    ])
    expect(personal).toEqual([
      { handle: email, value: "Anna@Example.com" },
      { handle: "shopify:customer/9007199254740995", value: "Anna" },
    ])
  })

  it("whose e-mail is withheld is unavailable, not erased: the reading never replaces a complete one", () => {
    expect(seen({ defaultEmailAddress: null }, ["defaultEmailAddress"]).facts).toMatchObject([
      { version: 0, aliases: [], marketing: "unknown" },
    ])
    // Without a word from Shopify a missing address is really empty.
    expect(seen({ defaultEmailAddress: null }).facts).toMatchObject([
      { version: Date.parse("2026-01-01T00:00:00Z"), aliases: [] },
    ])
    const withheld = withheldIn(
      [["customers", "nodes", 1, "defaultEmailAddress", "emailAddress"]],
      ["customers", "nodes"],
    )
    expect([withheld(0), withheld(1)]).toEqual([[], ["defaultEmailAddress"]])
    expect(withheldReport("customer", [{ record: {}, children: [], withheld: withheld(1) }])).toEqual([
      {
        place: "shopify:customer.defaultEmailAddress",
        reason: expect.stringContaining("withheld by Shopify for 1 records"),
      },
    ])
  })

  it.each([
    ["SUBSCRIBED", "granted"],
    ["UNSUBSCRIBED", "denied"],
    ["NOT_SUBSCRIBED", "unknown"],
    ["PENDING", "unknown"],
  ])("who is %s has marketing consent %s", (marketingState, marketing) => {
    expect(seen({ defaultEmailAddress: { emailAddress: "a@b.example", marketingState } }).facts).toMatchObject([
      { marketing },
    ])
  })
})

describe("lossless JSON", () => {
  it("keeps every digit of an id and changes nothing else", () => {
    expect(
      LosslessJson.parse(
        `{"id":9007199254740993,"small":7,"price":19.99,"text":"9007199254740993","list":[-9007199254740993]}`,
      ),
    ).toEqual({
      id: "9007199254740993",
      small: 7,
      price: 19.99,
      text: "9007199254740993",
      list: ["-9007199254740993"],
    })
    expect(() => LosslessJson.parse(`{"id":`)).toThrow(SyntaxError)
  })
})
