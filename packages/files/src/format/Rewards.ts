/**
 * What a referral product says that it paid: Smile.io, ReferralCandy, Yotpo, Dub, or any list with such columns.
 *
 * Sure are Dub's columns and states, from its public source: amounts with the currency's sign, whole cents in older files. Smile.io's and
 * ReferralCandy's follow the names in their APIs and pages, Yotpo's the names in its list of reports; what a product's own file calls
 * otherwise is told by a mapping. That Dub's `invoiceId` and Yotpo's `order_id` hold the shop's number of the order is a guess: a number
 * of eight digits or more is taken for Shopify's, anything else for what people call the order.
 *
 * Promises: each row is one reward. A row without the product's own id is known by what does not change of it (whose, for what, how much,
 * when) and by its number among equal ones, so that two equal payments are two, in whatever order rows and columns stand.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Digest from "@advocacy-kit/core/id/Digest"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Currency from "@advocacy-kit/core/money/Currency"
import { fieldsOf, folded, listed } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import { idOf, keyOf, productOf } from "./ReferralProduct.ts"
import * as RewardWords from "./RewardWords.ts"

const fields = fieldsOf({
  id: { titles: ["Reward ID", "Commission ID", "ID"], what: "the product's own name of the reward" },
  product: {
    titles: ["Referral product", "Loyalty product"],
    what: "which product it is, where no other column shows it",
  },
  beneficiary: {
    titles: listed(
      "Advocate Email, Partner email, Sender email, Referrer email, Referring email, Affiliate email",
      "Customer email, Beneficiary email, Recipient email, Member email, Email",
      "Advocate code, Referrer code, Referral code, Affiliate code",
    ),
    what: "who got it: an e-mail, or a referral code",
    needed: true,
    personal: true,
  },
  friend: {
    titles: ["Friend Email", "Receiver email", "Referred email", "Referral email", "Referee email", "Customer email"],
    what: "the e-mail of who was referred",
    personal: true,
  },
  role: { titles: ["Role", "Reward role", "Source", "Action"], what: "whether it is the advocate's or the friend's" },
  amount: {
    titles: listed(
      "Reward Amount, Earnings, amount_cents, earnings_cents, Reward value, Commission amount, Commission",
      "Value, Amount, Reward points, Points earned, Points",
    ),
    what: "how much, in money, in cents or in points, as its title says",
    needed: true,
  },
  type: { titles: ["Reward Type", "Unit"], what: "whether it is in points" },
  currency: { titles: ["Reward currency", "Currency", "Currency code"], what: "the currency" },
  status: { titles: ["Reward Status", "Status", "State"], what: "whether it is pending, paid or taken back" },
  paidAt: {
    titles: ["Reward Date", "Paid at", "date_completed", "Issued at", "Granted at", "Rewarded at"],
    what: "when it was granted",
  },
  createdAt: { titles: ["Created at", "Date created", "Date"], what: "when the product first recorded it" },
  orderId: { titles: ["order_id", "Shopify order ID", "Invoice ID"], what: "the shop's number of the order" },
  orderName: { titles: ["Order Number", "Order Name", "Order"], what: "the order's name, such as #1001" },
})
type Name = keyof typeof fields

// ------------------------------------------------------------------ columns that read otherwise, by their titles

/** `amount_cents` is in minor units, `Points` in points; Dub's older files have whole cents where the newer have a sign. */
const readingOf = (row: Row<Name>, product: string): "money" | "minor" | "points" => {
  const title = folded(row.titleOf("amount") ?? "")
  if (/points?$|^points?/.test(title) || /\bpoints?\b/i.test(row.text("type") ?? "")) return "points"
  if (RewardWords.plain(row.text("currency") ?? "") === "points") return "points"
  const isBare = /^-?\d+$/.test(row.text("amount") ?? "")
  return /cents$|minor$/.test(title) || (product === "dub" && isBare) ? "minor" : "money"
}

/** Whose reward it is by the title of the column that names them. */
const ofAdvocates = /^(?:advocate|partner|sender|referr|affiliate)/

const isCode = (row: Row<Name>): boolean => folded(row.titleOf("beneficiary") ?? "").endsWith("code")

/** Dub names the buyer as customer: without its partners' column nobody knows whose a commission is. */
const isBuyer = (row: Row<Name>, product: string): boolean =>
  product === "dub" && folded(row.titleOf("beneficiary") ?? "") === "customeremail"

const shopifyNumber = /^(?:gid:\/\/shopify\/Order\/)?'?(\d{8,30})$/

// --------------------------------------------------------------------------------------------------------------------

const currencyOf = (row: Row<Name>, lens: Format.Lens): Currency.Currency => {
  const code = row.text("currency")?.toUpperCase() ?? lens.currency
  return code !== null && Currency.isCurrency(code)
    ? Currency.make(code)
    : row.refuse("currency", "is no ISO 4217 currency such as EUR")
}

const worthOf = (row: Row<Name>, product: string, lens: Format.Lens): Pick<Fact.RewardPaid, "unit" | "amountMinor"> => {
  const reading = readingOf(row, product)
  const unit = reading === "points" ? "points" : currencyOf(row, lens)
  const amountMinor = unit !== "points" && reading === "money" ? row.amount("amount", unit) : whole(row)
  if (amountMinor === null)
    return row.refuse("amount", "is empty: what has no amount in money or points is not compared")
  if (amountMinor < 0n)
    return row.refuse("amount", "is below zero: the reward that it takes back has to be marked instead")
  return { unit, amountMinor }
}

const whole = (row: Row<Name>): bigint | null => {
  const number = row.integer("amount")
  return number === null ? null : BigInt(number)
}

const personOf = (row: Row<Name>, name: "beneficiary" | "friend", lens: Format.Lens): PersonalValue | null => {
  const address = row.email(name)
  return address === null ? null : { handle: Handle.email(lens.handleKey, address), value: address }
}

interface People {
  readonly beneficiary: Handle.Handle
  readonly friend: Handle.Handle | null
  readonly role: Fact.RewardPaid["role"]
  readonly personal: ReadonlyArray<PersonalValue>
}

const peopleOf = (row: Row<Name>, product: string, lens: Format.Lens): People => {
  if (isBuyer(row, product)) return row.refuse("beneficiary", "is the buyer's: export again with the partner's e-mail")
  const friend = personOf(row, "friend", lens)
  const code = isCode(row) ? row.code("beneficiary") : null
  const person = isCode(row) ? null : personOf(row, "beneficiary", lens)
  const beneficiary = person?.handle ?? (code === null ? null : Handle.code(code))
  const isAdvocate = ofAdvocates.test(folded(row.titleOf("beneficiary") ?? ""))
  return {
    beneficiary: beneficiary ?? row.refuse("beneficiary", "is empty"),
    friend: friend?.handle ?? null,
    role: RewardWords.roleOf(row.text("role") ?? "") ?? (isAdvocate ? "advocate" : null),
    personal: [person, friend].filter((one) => one !== null),
  }
}

const orderOf = (row: Row<Name>): Pick<Fact.RewardPaid, "order" | "orderName"> => {
  const text = row.text("orderId")
  const isRounded = text !== null && /^\d+[.,]\d+E\+?\d+$/i.test(text)
  const id = isRounded ? row.id("orderId") : (shopifyNumber.exec(text ?? "")?.[1] ?? null)
  const name = row.text("orderName") ?? (id === null ? text : null)
  return {
    order: id === null ? null : Handle.platform("shopify", "order", id),
    orderName: name?.slice(0, 255) ?? null,
  }
}

const statusOf = (row: Row<Name>): Fact.RewardPaid["status"] | null => {
  if (row.titleOf("status") === null) return null
  return (
    RewardWords.statusOf(row.needed("status")) ??
    row.refuse("status", "is no status that is known, such as pending, paid or cancelled")
  )
}

const rewardOf = (row: Row<Name>, lens: Format.Lens, sight: Format.Sight) => {
  const product = productOf(row, sight)
  const { personal, ...people } = peopleOf(row, product, lens)
  const status = statusOf(row)
  const paidAt = row.instant("paidAt")
  const at = paidAt ?? row.instant("createdAt") ?? row.refuse("createdAt", "is empty, as is when it was granted")
  const told = { source: product, ...people, ...worthOf(row, product, lens), ...orderOf(row) }
  // Dub records a commission at the sale and pays it later.
  const isAtSale = product === "dub" && paidAt === null && status === "paid"
  const estimated = [...(isAtSale ? ["occurredAt"] : []), ...(status === null ? ["status"] : [])]
  const id = idOf(row) ?? numbered(Digest.ofValue({ ...told, at }).slice(0, 32), sight)
  const fact: Fact.RewardPaid = {
    _tag: "RewardPaid",
    ...Format.head(keyOf(product, "reward", id), at, lens),
    ...(estimated.length === 0 ? {} : { estimated }),
    ...told,
    status: status ?? "paid",
  }
  return { fact, personal }
}

/** Of equal rows the second is another reward: that is what a double payment looks like. */
const numbered = (digest: string, sight: Format.Sight): string => `row-${digest}.${sight.occurrence(digest)}`

export const rewards = Format.make<Name>({
  name: "rewards",
  what: "Rewards of another referral product (Smile.io, ReferralCandy, Yotpo, Dub, or a list with such columns)",
  fields,
  countsEqual: true,
  placeOf: (row) => {
    const id = idOf(row)
    return id === null ? null : `reward ${id}`
  },
  read: ([row], lens, sight) => {
    const { fact, personal } = rewardOf(row, lens, sight)
    return { facts: [fact], personal }
  },
  cannotKnow: [
    "whether a reward was handed over at all, beyond the product's word",
    "when it was granted, where a file has one date for all: Dub's default columns have that of the sale",
    "what a pending reward became, where the product gives rewards no id and its date changes: it is then two",
    "whether it is the advocate's or the friend's, where no column says so",
  ],
})
