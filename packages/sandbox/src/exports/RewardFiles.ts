/**
 * The records of the product in use as the export files of four real products, two each: rewards and referrals.
 *
 * Dub's are sure, from its public source: the columns, that the header line holds their ids and not their labels, amounts
 * formatted with the currency's sign (whole cents in older files), instants in ISO 8601; what stands in `invoiceId` is a guess.
 * The other three are guesses in the style of what these products document: the names in Smile's API (sender and receiver of
 * a referral, no order), in ReferralCandy's (referring and referral e-mail, the shop's own reference of a purchase), and
 * `date_completed`, the one column that Yotpo's list of reports was seen to name, with amounts in cents as in its API.
 */
import { rules } from "../world/World.ts"
import * as Decimal from "../shopify/Decimal.ts"
import * as OrderTotals from "../shopify/OrderTotals.ts"
import type { ExportTable } from "./ExportTable.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { Incumbent, Referral, Reward } from "./Incumbent.ts"
import type { Member, ReferralCase } from "./ReferralCase.ts"
import * as ShopClock from "./ShopClock.ts"

export interface RewardFiles {
  readonly rewards: ExportTable
  readonly referrals: ExportTable
  /** Whether a reward's row names its order. Where it does not, which of a buyer's purchases it was for may stay open. */
  readonly namesOrders: boolean
}

const fullName = ({ firstName, lastName }: Member): string => `${firstName} ${lastName}`.trim()

const cents = (amount: string): string => String(BigInt(amount.replace(".", "")))

const orderTotal = ({ order }: ReferralCase): string => Decimal.printFixed(OrderTotals.of(order).total, order.currency)

type Cells = Readonly<Record<string, string>>

const table = <Source>(
  fileName: string,
  columns: ReadonlyArray<string>,
  amounts: ReadonlyArray<string>,
  records: ReadonlyArray<Source>,
  cellsOf: (record: Source) => Cells,
): ExportTable => {
  const toRow = placed(columns)
  return {
    fileName,
    columns,
    amounts: new Set(amounts),
    rows: anew(function* () {
      for (const record of records) yield toRow(cellsOf(record))
    }),
  }
}

// ------------------------------------------------------------------------------------------------- Smile.io

const smileId = (number: number): string => String(61_300_000 + number * 7)

export const smile = (incumbent: Incumbent): RewardFiles => ({
  namesOrders: false,
  rewards: table<Reward>(
    "smile-rewards.csv",
    columnNames(
      "ID, Customer email, Customer name, Reward, Reward type, Value, Currency, Source, Receiver email, State",
      "Created at, Updated at",
    ),
    ["Value"],
    incumbent.rewards,
    ({ amount, changedAt, grantedAt, number, of, status }) => ({
      ID: smileId(number),
      "Customer email": of.advocate.email,
      "Customer name": fullName(of.advocate),
      Reward: `€${amount} store credit`,
      "Reward type": "store_credit",
      Value: amount,
      Currency: rules.currency,
      Source: "referral_sender",
      "Receiver email": of.friend.email,
      State: { paid: "issued", pending: "pending", reversed: "cancelled" }[status],
      "Created at": grantedAt,
      "Updated at": changedAt,
    }),
  ),
  referrals: table<Referral>(
    "smile-referrals.csv",
    columnNames("ID, Sender email, Sender name, Receiver email, State, Created at, Completed at"),
    [],
    incumbent.referrals,
    ({ completedAt, number, of, status }) => ({
      ID: smileId(number),
      "Sender email": of.advocate.email,
      "Sender name": fullName(of.advocate),
      "Receiver email": of.friend.email,
      State: status,
      "Created at": of.order.createdAt,
      "Completed at": completedAt ?? "",
    }),
  ),
})

// -------------------------------------------------------------------------------------------- ReferralCandy

export const referralCandy = (incumbent: Incumbent): RewardFiles => {
  const clock = ShopClock.make(incumbent.brand.timeZone)
  return {
    namesOrders: true,
    rewards: table<Reward>(
      "referralcandy-rewards.csv",
      columnNames(
        "Reward ID, Advocate Email, Advocate Name, Friend Email, Order Number, Purchase Date, Reward Type",
        "Reward Amount, Currency, Reward Status, Reward Date",
      ),
      ["Reward Amount"],
      incumbent.rewards,
      ({ amount, grantedAt, number, of, status }) => ({
        "Reward ID": String(4_400_000 + number),
        "Advocate Email": of.advocate.email,
        "Advocate Name": fullName(of.advocate),
        "Friend Email": of.friend.email,
        "Order Number": of.order.name,
        "Purchase Date": clock.toMinute(of.order.createdAt),
        "Reward Type": "cash",
        "Reward Amount": amount,
        Currency: rules.currency,
        "Reward Status": { paid: "Sent", pending: "Pending", reversed: "Voided" }[status],
        "Reward Date": clock.toMinute(grantedAt),
      }),
    ),
    referrals: table<Referral>(
      "referralcandy-referrals.csv",
      columnNames(
        "Advocate Email, Advocate Name, Friend Email, Friend Name, Order Number, Purchase Amount, Currency",
        "Purchase Date, Referral Status",
      ),
      ["Purchase Amount"],
      incumbent.referrals,
      ({ of, status }) => ({
        "Advocate Email": of.advocate.email,
        "Advocate Name": fullName(of.advocate),
        "Friend Email": of.friend.email,
        "Friend Name": fullName(of.friend),
        "Order Number": of.order.name,
        "Purchase Amount": orderTotal(of),
        Currency: rules.currency,
        "Purchase Date": clock.toMinute(of.order.createdAt),
        "Referral Status": { completed: "Approved", pending: "Pending review", blocked: "Disqualified" }[status],
      }),
    ),
  }
}

// ---------------------------------------------------------------------------------------------------- Yotpo

export const yotpo = (incumbent: Incumbent): RewardFiles => ({
  namesOrders: true,
  rewards: table<Reward>(
    "yotpo-rewards.csv",
    columnNames(
      "date_completed, email, first_name, last_name, action, reward_text, amount_cents, currency, order_id",
      "referred_email, status",
    ),
    [],
    incumbent.rewards,
    ({ amount, grantedAt, of, status }) => ({
      date_completed: ShopClock.universal(grantedAt),
      email: of.advocate.email,
      first_name: of.advocate.firstName,
      last_name: of.advocate.lastName,
      action: "Refer a friend",
      reward_text: `€${amount} off`,
      amount_cents: cents(amount),
      currency: rules.currency,
      order_id: of.order.id,
      referred_email: of.friend.email,
      status: { paid: "approved", pending: "pending", reversed: "reversed" }[status],
    }),
  ),
  referrals: table<Referral>(
    "yotpo-referrals.csv",
    columnNames(
      "referring_email, referred_email, referral_code, clicked, purchased, order_id, order_total_cents, status",
      "date_referred, date_completed",
    ),
    [],
    incumbent.referrals,
    ({ completedAt, of, status }) => ({
      referring_email: of.advocate.email,
      referred_email: of.friend.email,
      referral_code: of.code,
      clicked: "true",
      purchased: "true",
      order_id: of.order.id,
      order_total_cents: cents(orderTotal(of)),
      status,
      date_referred: ShopClock.universal(of.order.createdAt),
      date_completed: completedAt === null ? "" : ShopClock.universal(completedAt),
    }),
  ),
})

// ------------------------------------------------------------------------------------------------------ Dub

export interface DubOptions {
  /** How amounts are written: `€20.00`, or `2000` as older files have it. */
  readonly amounts?: "formatted" | "cents"
}

const dubId = (prefix: string, seed: string): string =>
  `${prefix}_${seed.replace(/\W/g, "").toUpperCase().padStart(20, "0")}`

const dubCustomer = ({ friend, order }: ReferralCase): string => dubId("cus", friend.customerId ?? order.id)

/** A customer stands once in the list, with the first referral. */
const oncePerCustomer = (referrals: ReadonlyArray<Referral>): ReadonlyArray<Referral> =>
  [...new Map(referrals.toReversed().map((one) => [dubCustomer(one.of), one])).values()].toReversed()

const dubStatus = { paid: "paid", pending: "pending", reversed: "refunded" } as const

export const dub = (incumbent: Incumbent, options: DubOptions = {}): RewardFiles => {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency: rules.currency })
  const money = (amount: string): string =>
    options.amounts === "cents" ? cents(amount) : format.format(Number(amount))
  return {
    namesOrders: true,
    rewards: table<Reward>(
      "dub-commissions.csv",
      columnNames(
        "id, type, amount, earnings, currency, status, invoiceId, description, quantity, createdAt, paidAt, updatedAt",
        "partnerId, partnerName, partnerEmail, partnerTenantId, customerId, customerName, customerEmail",
        "customerExternalId, stripeCustomerId",
      ),
      [],
      incumbent.rewards,
      ({ amount, changedAt, grantedAt, number, of, status }) => ({
        id: dubId("cm", String(number)),
        type: "sale",
        amount: money(orderTotal(of)),
        earnings: money(amount),
        currency: rules.currency.toLowerCase(),
        status: dubStatus[status],
        invoiceId: of.order.id,
        quantity: "1",
        createdAt: of.order.createdAt,
        paidAt: status === "pending" ? "" : grantedAt,
        updatedAt: changedAt,
        partnerId: dubId("pn", of.advocateId),
        partnerName: fullName(of.advocate),
        partnerEmail: of.advocate.email,
        customerId: dubCustomer(of),
        customerName: fullName(of.friend),
        customerEmail: of.friend.email,
        customerExternalId: of.friend.customerId ?? "",
      }),
    ),
    referrals: table<Referral>(
      "dub-customers.csv",
      columnNames("id, name, email, externalId, country, sales, saleAmount, createdAt, link, partnerEmail"),
      [],
      oncePerCustomer(incumbent.referrals),
      ({ of }) => ({
        id: dubCustomer(of),
        name: fullName(of.friend),
        email: of.friend.email,
        externalId: of.friend.customerId ?? "",
        country: of.order.shippingAddress?.countryCode ?? "",
        sales: "1",
        saleAmount: money(orderTotal(of)),
        createdAt: of.order.createdAt,
        link: `https://refer.example.com/${of.code.toLowerCase()}`,
        partnerEmail: of.advocate.email,
      }),
    ),
  }
}
