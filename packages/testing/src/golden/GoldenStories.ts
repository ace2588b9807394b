/**
 * The golden stories. Each is told on memory and on both databases, and printed in docs/stories.md.
 */
import type { GoldenStory } from "./GoldenStory.ts"
import * as Orders from "./StoriesOfOrders.ts"
import * as People from "./StoriesOfPeople.ts"

export const goldenStories: ReadonlyArray<GoldenStory> = [
  Orders.guestCheckout,
  Orders.refundAfterwards,
  Orders.twoAdvocates,
  Orders.lateAtCap,
  People.mergedContacts,
  Orders.currencyChange,
  People.selfReferral,
  People.dealReopened,
  Orders.budgetOverDst,
]
