/**
 * What people publish about the brand elsewhere, as a list of one's own or of a listening tool: mentions, posts, photos, videos.
 *
 * Generic: there is no product's file behind it. Promises: each row is one piece, by its id, else by its link, else by who published when
 * and where, and its number among equal ones; neither links nor texts are kept.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Digest from "@advocacy-kit/core/id/Digest"
import { fieldsOf, listed } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import { byAccount, byEmail, channelOf, hashed, shared, sharedOf } from "./ContentCells.ts"
import { idOf } from "./ReferralProduct.ts"
import { plain } from "./RewardWords.ts"

const fields = fieldsOf({
  id: { titles: ["Mention ID", "Post ID", "ID"], what: "what the list calls it" },
  publishedAt: {
    titles: listed("Published at, Posted at, Publish date, Created at, Date"),
    what: "when it was published",
    needed: true,
  },
  channel: { titles: ["Channel", "Platform", "Network", "Source"], what: "where, such as instagram", needed: true },
  email: { titles: ["Author email", "Customer email", "Email"], what: "the author's e-mail", personal: true },
  account: {
    titles: listed("Author handle, Handle, Username, Account, Author"),
    what: "the author's account, such as @ada",
    personal: true,
  },
  url: { titles: ["URL", "Link", "Permalink", "Post URL"], what: "where it can be seen" },
  kind: { titles: ["Kind", "Type", "Content type", "Media type"], what: "mention, post, photo or video" },
  impressions: { titles: ["Impressions", "Views"], what: "how often it was seen" },
  like: { titles: ["Likes", "Like count", "Reactions"], what: "how many liked it" },
  comment: { titles: ["Comments", "Comment count", "Replies"], what: "how many answered" },
  share: { titles: ["Shares", "Share count", "Reposts", "Retweets"], what: "how many passed it on" },
  ...shared,
})
type Name = keyof typeof fields

const kinds: ReadonlyMap<string, Fact.ContentPublished["kind"]> = new Map([
  ...listed("mention, tag, story mention").map((word) => [word, "mention"] as const),
  ...listed("post, tweet, story, article, blog post, thread, status, text, carousel").map(
    (word) => [word, "post"] as const,
  ),
  ...listed("photo, image, picture").map((word) => [word, "photo"] as const),
  ...listed("video, reel, short, clip").map((word) => [word, "video"] as const),
])

const kindOf = (row: Row<Name>): Fact.ContentPublished["kind"] => {
  const text = row.text("kind")
  if (text === null) return "mention"
  return kinds.get(plain(text)) ?? row.refuse("kind", "is no kind that is known: mention, post, photo or video")
}

const count = (row: Row<Name>, name: "impressions" | "like" | "comment" | "share"): number | null => {
  const number = row.integer(name)
  return number === null || number >= 0 ? number : row.refuse(name, "is below zero")
}

const engagements = (row: Row<Name>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (["like", "comment", "share"] as const).flatMap((name) => {
      const number = count(row, name)
      return number === null ? [] : [[name, number]]
    }),
  )

const tracking = /^(?:utm_\w+|igsh(?:id)?|fbclid|gclid|si)$/i

/** A link without what only tells who shared it: what else is asked for may be the piece itself (`watch?v=…`). */
const linkOf = (text: string): string => {
  const url = URL.parse(text.includes("://") ? text : `https://${text}`)
  if (url === null) return text
  const asked = new URLSearchParams([...url.searchParams].filter(([name]) => !tracking.test(name)))
  return `${url.host.replace(/^www\./, "")}${url.pathname.replace(/\/+$/, "")}?${asked.toString()}`
}

export const mentions = Format.make<Name>({
  name: "mentions",
  what: "Mentions, posts, photos and videos about the brand (a list of your own or of a listening tool)",
  fields,
  countsEqual: true,
  placeOf: (row) => {
    const id = idOf(row)
    return id === null ? null : `mention ${id}`
  },
  read: ([row], lens, sight) => {
    const at = row.instant("publishedAt") ?? row.refuse("publishedAt", "is empty")
    const channel = channelOf(row.needed("channel"))
    const author = byEmail(row, lens) ?? byAccount(row, channel, lens)
    const kind = kindOf(row)
    const url = row.text("url")
    const [named, said] = [idOf(row), { kind, channel, author: author?.handle ?? null, at }]
    const fact = {
      kind,
      author: author?.handle ?? null,
      channel,
      product: null,
      stars: null,
      impressions: count(row, "impressions"),
      engagements: engagements(row),
      ...sharedOf(row),
    }
    const counted = (digest: string): string => `row-${digest}.${sight.occurrence(digest)}`
    const id =
      named !== null
        ? `id-${Digest.ofValue([channel, named]).slice(0, 32)}`
        : url !== null
          ? `url-${hashed(lens, linkOf(url))}`
          : counted(Digest.ofValue(said).slice(0, 32))
    return {
      facts: [{ _tag: "ContentPublished", ...Format.head(`file:mention/${id}`, at, lens), ...fact }],
      personal: author === null ? [] : [author],
    }
  },
  cannotKnow: [
    "how reach grew: counts are those of when the list was written",
    "that an account is somebody's whom the shop knows, unless the list has their e-mail",
    "whether something was given for it, unless a column says so",
  ],
})
