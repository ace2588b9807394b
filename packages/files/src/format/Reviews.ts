/**
 * Reviews as review products export them: Judge.me, Yotpo, or any list with such columns.
 *
 * The titles of Judge.me (`review_date`, `reviewer_email`, `curated`, …) and Yotpo (`Review Score`, `Review Content`, …) are those that
 * importers in public repositories read; the words for states are partly guesses, so that an unknown one is refused. In Judge.me's file
 * `curated` is `ok`, `not-yet` (which is shown) or `spam`. Neither file says whether something was given for a review.
 *
 * Promises: each row is one review, by the product's id, else by who wrote when of what, and its number among equal ones.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Digest from "@advocacy-kit/core/id/Digest"
import { fieldsOf, folded, listed } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import { byEmail, channelOf, shared, sharedOf } from "./ContentCells.ts"
import { idOf } from "./ReferralProduct.ts"
import { plain } from "./RewardWords.ts"

const fields = fieldsOf({
  id: { titles: ["Review ID", "ID"], what: "the product's own name of the review" },
  channel: { titles: ["Channel", "Platform", "Review platform"], what: "where it stands, such as judge.me" },
  email: {
    titles: ["reviewer_email", "Email", "Customer email", "Author email"],
    what: "the e-mail of who wrote it",
    personal: true,
  },
  publishedAt: {
    titles: listed("review_date, Published at, Date Created, Created at, Review created at, Submitted at, Date"),
    what: "when it was written",
    needed: true,
  },
  stars: { titles: ["Rating", "Review Score", "Stars", "Score"], what: "one to five stars", needed: true },
  product: {
    titles: listed("product_id, Shopify product ID, product_handle, Product handle, Handle, SKU, Product"),
    what: "what it is about: the shop's number of the product, else how the list calls it",
  },
  status: { titles: ["curated", "Review status", "Status", "State", "Published"], what: "whether it is shown" },
  ...shared,
})
type Name = keyof typeof fields

/** Which product wrote the file, by titles that only it has. */
const signs = [
  ["judge.me", ["review_date", "curated"]],
  ["judge.me", ["review_date", "reviewer_email"]],
  ["yotpo", ["Review Score", "Review Content"]],
] as const

const shown = new Set(listed("ok, not yet, published, active, approved, live, visible, public, shown, true, yes, y"))
const hidden = new Set(
  listed("spam, hidden, unpublished, rejected, deleted, removed, archived, disabled, pending, inactive, false, no, n"),
)

const isHidden = (row: Row<Name>): boolean => {
  const text = row.text("status")
  if (text === null || shown.has(plain(text))) return false
  return hidden.has(plain(text)) || row.refuse("status", "is no state that is known, such as published, hidden or spam")
}

const starsOf = (row: Row<Name>): number => {
  const stars = row.number("stars") ?? row.refuse("stars", "is empty")
  return stars >= 1 && stars <= 5 ? stars : row.refuse("stars", "is no rating of one to five stars")
}

const channelIn = (row: Row<Name>, { titles }: Format.Sight): string =>
  channelOf(
    row.text("channel") ?? signs.find(([, all]) => all.every((title) => titles.has(folded(title))))?.[0] ?? "unknown",
  )

export const reviews = Format.make<Name>({
  name: "reviews",
  what: "Reviews (Judge.me, Yotpo, or a list with such columns)",
  fields,
  countsEqual: true,
  placeOf: (row) => {
    const id = idOf(row)
    return id === null ? null : `review ${id}`
  },
  read: ([row], lens, sight) => {
    const author = byEmail(row, lens)
    const at = row.instant("publishedAt") ?? row.refuse("publishedAt", "is empty")
    const told = {
      author: author?.handle ?? null,
      channel: channelIn(row, sight),
      product: row.text("product")?.slice(0, 255) ?? null,
    }
    const content = sharedOf(row)
    const stars = starsOf(row)
    const removed = isHidden(row) || content.removed
    const digest = Digest.ofValue({ ...told, at }).slice(0, 32)
    const named = idOf(row)
    const id =
      named === null ? `row-${digest}.${sight.occurrence(digest)}` : Digest.ofValue([told.channel, named]).slice(0, 32)
    const fact: Fact.ContentPublished = {
      _tag: "ContentPublished",
      ...Format.head(`file:review/${id}`, at, lens),
      kind: "review",
      ...told,
      stars,
      impressions: null,
      engagements: {},
      ...content,
      removed,
    }
    return { facts: [fact], personal: author === null ? [] : [author] }
  },
  cannotKnow: [
    "whether something was given for a review, unless a column says so",
    "who wrote a review without an e-mail",
    "when a review was changed or taken down",
    "how often a review was read",
  ],
})
