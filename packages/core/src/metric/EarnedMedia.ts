/**
 * What the attention that customers bring would cost as advertising.
 *
 * Σ impressions / 1000 × price per thousand + Σ engagements × rate. It is a cost-equivalent and no value: never added to
 * revenue (AMEC, Barcelona Principles). What has no price is left out and named.
 */

export interface Post {
  readonly channel: string
  readonly impressions: number
  /** How often, by kind: likes, comments, shares. */
  readonly engagements: Readonly<Record<string, number>>
}

export interface Prices {
  /** Of a thousand impressions, by channel. */
  readonly perThousand: Readonly<Record<string, number>>
  /** By kind of engagement. */
  readonly perEngagement: Readonly<Record<string, number>>
}

export interface EarnedMedia {
  /** In the unit of the prices; null where there are no posts, or nothing of them has a price. */
  readonly costEquivalent: number | null
  readonly posts: number
  /** Channels and kinds of engagement that occur and have no price. */
  readonly unpriced: ReadonlyArray<string>
}

const priceOf = (prices: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(prices, name) ? prices[name] : undefined

export const earnedMedia = (posts: ReadonlyArray<Post>, prices: Prices): EarnedMedia => {
  let [total, priced] = [0, 0]
  const unpriced = new Set<string>()
  const add = (name: string, price: number | undefined, amount: number): void => {
    if (price === undefined) {
      if (amount !== 0) unpriced.add(name)
      return
    }
    priced++
    total += amount * price
  }
  for (const { channel, engagements, impressions } of posts) {
    add(channel, priceOf(prices.perThousand, channel), impressions / 1000)
    for (const [kind, count] of Object.entries(engagements)) add(kind, priceOf(prices.perEngagement, kind), count)
  }
  return { costEquivalent: priced === 0 ? null : total, posts: posts.length, unpriced: [...unpriced].toSorted() }
}

/** Engagements over impressions of all posts; null without impressions. */
export const engagementRate = (posts: ReadonlyArray<Post>): number | null => {
  const impressions = posts.reduce((sum, post) => sum + post.impressions, 0)
  const engagements = posts.flatMap((post) => Object.values(post.engagements)).reduce((sum, count) => sum + count, 0)
  return impressions === 0 ? null : engagements / impressions
}
