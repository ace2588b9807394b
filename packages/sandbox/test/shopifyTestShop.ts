/**
 * A small world for the tests of the Shopify sandbox, and a client to talk to a sandbox that is filled from it.
 * Order n of 30 is placed n hours after the start; every third carries a code, every fifth was refunded in part.
 */

import { Effect } from "effect"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import type { LiveChange, ShopCustomer, ShopOrder, World } from "../src/world/World.ts"

export const token = "shpat_test"
export const secret = "hush"
export const orderCount = 30

const hour = 3_600_000
const startsAt = Date.parse("2026-03-01T00:00:00.000Z")
const at = (hours: number): string => new Date(startsAt + hours * hour).toISOString()

/** Above 2^53. */
export const orderId = (index: number): string => String(9_007_199_254_740_993n + 2n * BigInt(index))

export const makeCustomer = (index: number): ShopCustomer => ({
  id: String(500 + index),
  createdAt: at(index * 5),
  updatedAt: at(index * 5 + 1),
  firstName: `First ${index}`,
  lastName: "Last",
  email: `buyer${index}@example.test`,
  phone: null,
  locale: "de",
  tags: ["early"],
  marketing: "SUBSCRIBED",
})

export const makeOrder = (index: number): ShopOrder => {
  const hasCode = index % 3 === 0
  const isRefunded = index % 5 === 0
  return {
    id: orderId(index),
    name: `#${1001 + index}`,
    createdAt: at(index),
    processedAt: at(index),
    updatedAt: at(index + 0.5),
    cancelledAt: null,
    cancelReason: null,
    test: false,
    financialStatus: isRefunded ? "PARTIALLY_REFUNDED" : "PAID",
    currency: "EUR",
    customerId: index % 7 === 6 ? null : String(500 + (index % 6)),
    email: `buyer${index % 6}@example.test`,
    sourceName: "web",
    discountCodes: hasCode ? ["ANNA-10", "SPRING"] : [],
    lines: [
      {
        id: String(70_000 + index * 2),
        productId: "900",
        title: "Tea",
        quantity: 3,
        currentQuantity: isRefunded ? 2 : 3,
        unitPrice: "19.99",
        isGiftCard: false,
        allocations: hasCode ? [{ code: "ANNA-10", amount: "6.00" }] : [],
      },
      {
        id: String(70_001 + index * 2),
        productId: "901",
        title: "Cup",
        quantity: 1,
        currentQuantity: 1,
        unitPrice: "8.00",
        isGiftCard: false,
        allocations: [],
      },
    ],
    shipping: "4.90",
    attributes: [{ key: "ref", value: `R${index}` }],
    cartToken: `cart-${index}`,
    checkoutToken: null,
    clientIp: "192.0.2.7",
    shippingAddress: { address1: "Street 1", city: "Berlin", zip: "10115", countryCode: "DE" },
    journey: {
      ready: index % 2 === 0,
      first: {
        id: String(80_000 + index),
        occurredAt: at(index - 30),
        landingPage: "https://tea.example/?utm_source=mail",
        referrerUrl: null,
        referralCode: null,
        source: "mail",
      },
      last: {
        id: String(81_000 + index),
        occurredAt: at(index - 1),
        landingPage: "https://tea.example/p?ref=ANNA-10",
        referrerUrl: null,
        referralCode: "ANNA-10",
        source: "direct",
      },
    },
    refunds: isRefunded
      ? [
          {
            id: String(60_000 + index),
            createdAt: at(index + 0.4),
            updatedAt: at(index + 0.4),
            total: hasCode ? "17.99" : "19.99",
            lines: [
              {
                id: String(61_000 + index),
                lineId: String(70_000 + index * 2),
                quantity: 1,
                subtotal: hasCode ? "17.99" : "19.99",
                tax: "0.00",
              },
            ],
          },
        ]
      : [],
  }
}

const liveOrder = (minutes: number, changes: Partial<ShopOrder>): ShopOrder => ({
  ...makeOrder(31),
  updatedAt: at(100 + minutes / 60),
  ...changes,
})

/** Order 31 is created (delivered twice), then updated (lost), then refunded (late); a customer changes in between. */
export const live: ReadonlyArray<LiveChange> = [
  {
    kind: "shop.order",
    at: at(100),
    created: true,
    deliveries: [1, 2],
    after: liveOrder(0, { financialStatus: "PENDING" }),
  },
  {
    kind: "shop.order",
    at: at(100.5),
    created: false,
    deliveries: [],
    after: liveOrder(30, { financialStatus: "PAID" }),
  },
  {
    kind: "shop.refund",
    at: at(101),
    refundId: "66666",
    deliveries: [7200],
    after: liveOrder(60, {
      financialStatus: "PARTIALLY_REFUNDED",
      refunds: [
        {
          id: "66666",
          createdAt: at(101),
          updatedAt: at(101),
          total: "8.00",
          lines: [{ id: "66667", lineId: "70063", quantity: 1, subtotal: "8.00", tax: "0.00" }],
        },
      ],
    }),
  },
  {
    kind: "shop.customer",
    at: at(102),
    created: false,
    deliveries: [3],
    after: { ...makeCustomer(2), firstName: "Changed", updatedAt: at(102) },
  },
]

export const liveFrom = at(60)
export const worldEnd = at(200)

export const world: World = {
  brand: {
    seed: 11,
    name: "Tea & Sons",
    shopDomain: "tea.myshopify.com",
    portalId: 1,
    currency: "EUR",
    timeZone: "Europe/Berlin",
    startsAt: at(0),
    liveFrom,
    now: worldEnd,
  },
  shop: {
    customers: Array.from({ length: 6 }, (_, index) => makeCustomer(index)),
    orders: Array.from({ length: orderCount }, (_, index) => makeOrder(index)),
    discounts: [
      {
        id: "300",
        title: "Friends",
        value: { percent: 10 },
        startsAt: at(-10),
        codes: [{ id: "301", code: "ANNA-10" }],
      },
    ],
  },
  portal: { contacts: [], companies: [], deals: [], feedbackSubmissions: [], associations: [], forwards: [] },
  live,
  truth: { people: [], conversions: [], nps: { answers: 0, promoters: 0, passives: 0, detractors: 0 } },
}

export interface Answer<Data> {
  readonly data?: Data
  readonly errors?: ReadonlyArray<{ readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }>
  readonly extensions?: {
    readonly cost: {
      readonly requestedQueryCost: number
      readonly actualQueryCost: number | null
      readonly throttleStatus: { readonly currentlyAvailable: number }
    }
  }
}

export interface Client {
  readonly url: string
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>
  readonly ask: <Data>(query: string, variables?: object) => Promise<Answer<Data>>
  /** The data; fails the test when there are errors. */
  readonly data: <Data>(query: string, variables?: object) => Promise<Data>
  readonly control: <Body>(route: string, body?: unknown) => Promise<Body>
}

export const clientOf = (url: string): Client => {
  const post: Client["post"] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token, ...headers },
      body: JSON.stringify(body),
    })
  const ask = async <Data>(query: string, variables: object = {}): Promise<Answer<Data>> =>
    (await (await post("/admin/api/2026-10/graphql.json", { query, variables })).json()) as Answer<Data>
  return {
    url,
    post,
    ask,
    data: async <Data>(query: string, variables: object = {}): Promise<Data> => {
      const answer = await ask<Data>(query, variables)
      if (answer.errors !== undefined || answer.data === undefined) throw new Error(JSON.stringify(answer.errors))
      return answer.data
    },
    control: async <Body>(route: string, body?: unknown): Promise<Body> =>
      (await (
        body === undefined ? await fetch(`${url}/__sandbox/${route}`) : await post(`/__sandbox/${route}`, body)
      ).json()) as Body,
  }
}

/** Runs `use` against a fresh sandbox, which is closed afterwards. */
export const withShop = <A>(
  use: (client: Client) => Promise<A>,
  options: Partial<ShopifySandbox.Options> = {},
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const running = yield* ShopifySandbox.serve({
          world,
          accessToken: token,
          clientSecret: secret,
          bulkDelayMs: 5,
          codeImportMs: 5,
          ...options,
        })
        return yield* Effect.promise(() => use(clientOf(running.url)))
      }),
    ),
  )

/** Asks until `isDone`, at most two seconds. */
export const until = async <A>(ask: () => Promise<A>, isDone: (value: A) => boolean): Promise<A> => {
  for (let attempt = 0; attempt < 200; attempt++) {
    const value = await ask()
    if (isDone(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error("It did not come to its end within two seconds")
}

export const createOffer = `mutation($input: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $input) {
  codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { title status codesCount { count } } } } userErrors { field code message } } }`

export const offerInput = (code: string) => ({
  input: {
    title: "Offer",
    code,
    startsAt: "2026-01-01T00:00:00Z",
    context: { all: "ALL" },
    customerGets: { items: { all: true }, value: { percentage: 0.1 } },
  },
})

export interface OfferCreated {
  readonly discountCodeBasicCreate: {
    readonly codeDiscountNode: { readonly id: string } | null
    readonly userErrors: ReadonlyArray<{ readonly code: string; readonly field: ReadonlyArray<string> }>
  }
}
