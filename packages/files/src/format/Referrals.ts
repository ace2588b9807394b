/**
 * Who brought whom, as another referral product lists it: Smile.io, ReferralCandy, Yotpo, Dub's customers, or any list with such columns.
 *
 * No column is sure. Smile.io's follow the names in its API (sender and receiver); ReferralCandy's, Yotpo's and those of Dub's customers are
 * guesses in the style of what they document. What a file calls otherwise is told by a mapping.
 *
 * Promises: the advocate has a code and is enrolled by the first referral that any file shows, and the friend was invited by it. A
 * referral that the product itself did not count shows no invitation: why it did not is not in the file. Where a file has no codes an
 * advocate gets one that is computed from their handle and that holds a colon, so that no code which people type is the same.
 */
import { codeFor } from "@advocacy-kit/core/advocate/Enrolment"
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Digest from "@advocacy-kit/core/id/Digest"
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import { idOf, keyOf, productOf } from "./ReferralProduct.ts"
import * as RewardWords from "./RewardWords.ts"

const fields = fieldsOf({
  id: { titles: ["Referral ID", "ID"], what: "the product's own name of the referral" },
  product: {
    titles: ["Referral product", "Loyalty product"],
    what: "which product it is, where no other column shows it",
  },
  advocate: {
    titles: ["Advocate Email", "Sender email", "Referring email", "Referrer email", "Partner email", "Affiliate email"],
    what: "the e-mail of who brought somebody",
    personal: true,
  },
  friend: {
    titles: ["Friend Email", "Receiver email", "Referred email", "Referee email", "Customer email", "Email"],
    what: "the e-mail of who was brought",
    needed: true,
    personal: true,
  },
  code: { titles: ["Referral code", "Advocate code", "Affiliate code", "Code"], what: "the advocate's code" },
  link: { titles: ["Referral link", "Share link", "Link"], what: "the advocate's link, whose end is the code" },
  clicked: { titles: ["Clicked"], what: "whether the friend followed the link" },
  status: { titles: ["Referral Status", "Status", "State"], what: "whether the product counted it" },
  referredAt: {
    titles: ["date_referred", "Referred at", "Referral date", "Invited at", "Created at", "Date"],
    what: "when it happened",
  },
  purchasedAt: { titles: ["Purchase Date", "Order date", "Purchased at"], what: "when the friend bought" },
})
type Name = keyof typeof fields

/** `https://refer.example.com/ada-x7` is code `ada-x7`; `?ref=ada-x7` is too, where the shop's attribute is called so. */
const codeIn = (row: Row<Name>, { referralAttributes }: Format.Lens): string | null => {
  const text = row.text("link")
  if (text === null) return null
  const url = URL.parse(text.includes("://") ? text : `https://${text}`)
  if (url === null) return row.refuse("link", "is no link")
  const asked = referralAttributes.map((name) => url.searchParams.get(name)).find((value) => value !== null)
  const code = asked ?? url.pathname.split("/").findLast((part) => part !== "") ?? ""
  return /^[^\s%]{1,100}$/.test(code) ? code : row.refuse("link", "ends with no code")
}

/** Computed, so that every file of an advocate has the same one. */
const withoutCode = (lens: Format.Lens, advocate: Handle.Handle): string =>
  `imported:${codeFor(lens.handleKey, `imported-code\0${lens.program}\0${advocate}`, 16)}`

const personOf = (row: Row<Name>, name: "advocate" | "friend", lens: Format.Lens): PersonalValue | null => {
  const address = row.email(name)
  return address === null ? null : { handle: Handle.email(lens.handleKey, address), value: address }
}

interface Referral {
  readonly product: string
  readonly code: string
  readonly owner: Handle.Handle
  readonly friend: Handle.Handle
  readonly at: Instant
  /** What the file does not say: when it was, where it has only the purchase, which came later; whether the product counted it. */
  readonly estimated: ReadonlyArray<"occurredAt" | "code">
  readonly id: string
}

const referralOf = (row: Row<Name>, lens: Format.Lens, sight: Format.Sight) => {
  const product = productOf(row, sight)
  const advocate = personOf(row, "advocate", lens)
  const friend = personOf(row, "friend", lens) ?? row.refuse("friend", "is empty")
  const given = row.code("code") ?? codeIn(row, lens)
  if (advocate === null && given === null) return row.refuse("advocate", "is empty, as is the code")
  const owner = advocate?.handle ?? Handle.code(given ?? "")
  const referredAt = row.instant("referredAt")
  const at = referredAt ?? row.instant("purchasedAt") ?? row.refuse("referredAt", "is empty")
  const code = given ?? withoutCode(lens, owner)
  const digest = Digest.ofValue({ owner, code: Handle.normaliseCode(code), friend: friend.handle, at }).slice(0, 32)
  const referral: Referral = {
    product,
    code,
    owner,
    friend: friend.handle,
    at,
    estimated: [
      ...(referredAt === null || product === "dub" ? (["occurredAt"] as const) : []),
      ...(row.titleOf("status") === null ? (["code"] as const) : []),
    ],
    id: idOf(row) ?? `row-${digest}`,
  }
  return { referral, personal: [advocate, friend].filter((one) => one !== null) }
}

/** Whoever brought somebody by then had a code and took part; since when is not in the file. */
const takingPart = ({ at, code, owner, product }: Referral, { program }: Format.Lens): ReadonlyArray<Fact.Fact> => {
  const name = Handle.normaliseCode(code)
  return [
    { _tag: "AssetIssued", ...Format.headByThen(keyOf(product, "asset", name), at), code, owner, program },
    {
      _tag: "Enrolled",
      ...Format.headByThen(keyOf(product, "enrolment", name), at),
      program,
      person: owner,
      via: "imported",
    },
  ]
}

const bringing = (row: Row<Name>, referral: Referral, lens: Format.Lens): ReadonlyArray<Fact.Fact> => {
  const { at, code, estimated, friend, id, product } = referral
  const marked = estimated.length === 0 ? {} : { estimated }
  const head = (record: string) => ({ ...Format.head(keyOf(product, record, id), at, lens), ...marked })
  return [
    { _tag: "InvitationSent", ...head("invitation"), code, friend },
    ...(row.truth("clicked") === true
      ? [{ _tag: "LinkVisited", ...head("visit"), code, visitor: friend } satisfies Fact.LinkVisited]
      : []),
  ]
}

export const referrals = Format.make<Name>({
  name: "referrals",
  what: "Referrals of another product (Smile.io, ReferralCandy, Yotpo, Dub's customers, or a list with such columns)",
  fields,
  placeOf: (row) => {
    const id = idOf(row)
    return id === null ? null : `referral ${id}`
  },
  read: ([row], lens, sight) => {
    const { personal, referral } = referralOf(row, lens, sight)
    const counted = RewardWords.isRefused(row.text("status")) ? [] : bringing(row, referral, lens)
    return { facts: [...takingPart(referral, lens), ...counted], personal }
  },
  cannotKnow: [
    "since when an advocate took part: they count as taking part from their first referral in any file",
    "when an invitation was sent, where a file has the purchase alone: it then counts as sent at the purchase, within any window",
    "which customers of Dub it did not pay for: its list of them has no states, and each counts as brought",
    "why the product did not count a referral: such a row shows no invitation",
    "whether it counted one, where the file has no status: that it was by this code is then marked as estimated",
    "the codes of advocates, where it has none: each gets one of our own",
  ],
})
