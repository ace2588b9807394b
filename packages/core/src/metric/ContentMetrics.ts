/**
 * What customers publish about the brand, how far it reaches, and whether it may be used and is honest.
 *
 * What was removed is left out. What advertising of the same reach would cost is a cost and no value; it needs prices, so it is not in
 * the catalogue: `earnedMediaValue` makes the metric.
 */
import type { PersonId } from "../person/People.ts"
import { interval as meanInterval, moments } from "../statistics/Mean.ts"
import { earnedMedia, engagementRate as rateOf, type Post, type Prices } from "./EarnedMedia.ts"
import { none, type Metric, type Value } from "./Metric.ts"
import { shareOf } from "./Shares.ts"
import type { Content, Study } from "./Study.ts"

const unknown = "no content is known"

const metric = (
  question: Omit<Metric<Study>, "read" | "standing">,
  of: (content: ReadonlyArray<Content>, study: Study) => Value,
): Metric<Study> => ({
  ...question,
  standing: "counted",
  read: (study) => {
    const content = study.content.filter(({ removed }) => !removed)
    return content.length === 0 ? none(unknown) : of(content, study)
  },
})

export const published = metric(
  {
    name: "content-published",
    question: "How many reviews, testimonials, mentions and posts by customers stand?",
    unit: "count",
    grain: "content",
  },
  (content) => ({
    estimate: content.length,
    interval: null,
    sample: content.length,
    note: `by ${new Set(content.flatMap(({ author }) => author ?? [])).size} people who are known`,
  }),
)

export const creators = metric(
  {
    name: "creator-rate",
    question: "What share of customers has published something about the brand?",
    unit: "share",
    grain: "customer",
  },
  (content, { purchases }) => {
    const buyers = new Set(purchases.flatMap(({ person }) => person ?? []))
    const wrote = new Set<PersonId>(content.flatMap(({ author }) => author ?? []))
    const strangers = content.filter(({ author }) => author === null).length
    return shareOf(
      [...buyers].filter((person) => wrote.has(person)).length,
      buyers.size,
      "nobody has bought yet",
      strangers === 0 ? null : `${strangers} pieces by people who are not known are left out`,
    )
  },
)

/** Student's interval. */
export const rating = metric(
  {
    name: "review-rating",
    question: "How many stars of five do reviews give on average?",
    unit: "count",
    grain: "content",
  },
  (content) => {
    const rated = content.flatMap(({ kind, stars }) => (kind === "review" && stars !== null ? [stars] : []))
    const stars = rated.filter((one) => one >= 1 && one <= 5)
    if (stars.length === 0) return none("no rated review is known")
    const found = moments(stars)
    const off = rated.length - stars.length
    return {
      estimate: found.mean,
      interval: meanInterval(found, 0.95),
      sample: stars.length,
      note: off === 0 ? null : `${off} ratings off the scale are left out`,
    }
  },
)

const postsOf = (content: ReadonlyArray<Content>): ReadonlyArray<Post> =>
  content.flatMap(({ channel, engagements, impressions }) =>
    impressions === null ? [] : [{ channel, engagements, impressions }],
  )

const engaged = ({ engagements }: Post): number => Object.values(engagements).reduce((sum, count) => sum + count, 0)

/** A ratio of sums; its interval is that of a mean of the linearised ratio (Cochran 1977, 6.3), from two pieces on. */
export const engagement = metric(
  {
    name: "content-engagement-rate",
    question: "How often do people react to what customers publish, for each time that it is seen?",
    unit: "share",
    grain: "content",
  },
  (content) => {
    const posts = postsOf(content)
    const rate = rateOf(posts)
    if (rate === null) return none("nobody counts how often content is seen", content.length)
    const seen = posts.reduce((sum, { impressions }) => sum + impressions, 0) / posts.length
    const each = posts.map((post) => rate + (engaged(post) - rate * post.impressions) / seen)
    return {
      estimate: rate,
      interval: posts.length < 2 ? null : meanInterval(moments(each), 0.95),
      sample: posts.length,
      note: null,
    }
  },
)

export const rights = metric(
  {
    name: "content-rights-rate",
    question: "What share of content may the brand use, by its author's word?",
    unit: "share",
    grain: "content",
  },
  (content) => shareOf(content.filter((one) => one.rights === "granted").length, content.length, unknown),
)

export const incentivised = metric(
  {
    name: "incentivised-content-rate",
    question: "For what share of content was something given?",
    unit: "share",
    grain: "content",
  },
  (content) => {
    const known = content.filter((one) => one.incentivised !== null)
    return shareOf(
      known.filter((one) => one.incentivised === true).length,
      known.length,
      "it is not known of any content whether something was given for it",
      known.length === content.length ? null : `of ${content.length - known.length} more pieces it is not known`,
    )
  },
)

/** Student's interval. */
export const sharesEach: Metric<Study> = {
  name: "shares-per-advocate",
  question: "How often has an enrolled advocate shared?",
  unit: "ratio",
  grain: "advocate",
  standing: "counted",
  read: ({ advocates, sharings }) => {
    if (advocates.size === 0) return none("nobody is enrolled yet")
    if (sharings.length === 0) return none("no shares are known", advocates.size)
    const counts = new Map([...advocates.keys()].map((person) => [person, 0]))
    for (const { advocate } of sharings) if (counts.has(advocate)) counts.set(advocate, (counts.get(advocate) ?? 0) + 1)
    const found = moments([...counts.values()])
    return { estimate: found.mean, interval: meanInterval(found, 0.95), sample: advocates.size, note: null }
  },
}

/** What advertising of the same reach would cost, in the unit of the prices: a cost-equivalent, never to be added to revenue. */
export const earnedMediaValue = (prices: Prices): Metric<Study> =>
  metric(
    {
      name: "earned-media-cost-equivalent",
      question: "What would advertising of the same reach cost? No revenue: never add it to any.",
      unit: "ratio",
      grain: "content",
    },
    (content) => {
      const { costEquivalent, posts, unpriced } = earnedMedia(postsOf(content), prices)
      if (costEquivalent === null) return none("nothing that is known has a price", content.length)
      const note = unpriced.length === 0 ? "a cost-equivalent" : `a cost-equivalent, without ${unpriced.join(", ")}`
      return { estimate: costEquivalent, interval: null, sample: posts, note }
    },
  )
