/**
 * What customers say in public: reviews, testimonials, mentions, posts.
 *
 * Promises: its words and pictures stay where they were published; a fact says that they are there and how far they reach.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { head } from "./FactHead.ts"

/** Content as it now stands. */
export const ContentPublished = Schema.TaggedStruct("ContentPublished", {
  ...head,
  kind: Schema.Literals(["review", "testimonial", "mention", "post", "photo", "video", "case-study"]),
  /** Null where it is not known who wrote it. */
  author: Schema.NullOr(Handle),
  /** Where, such as `judge.me` or `instagram`. */
  channel: Schema.String,
  product: Schema.NullOr(Schema.String),
  /** 1 to 5; null without a rating. */
  stars: Schema.NullOr(Schema.Finite),
  /** How often it was seen; null where nobody counts. */
  impressions: Schema.NullOr(Schema.Int),
  /** How often, by kind: `like`, `comment`, `share`. */
  engagements: Schema.Record(Schema.String, Schema.Int),
  /** Whether the author lets the brand use it. */
  rights: Schema.Literals(["granted", "refused", "unknown"]),
  /** Whether something was given for it; null where nobody knows. */
  incentivised: Schema.NullOr(Schema.Boolean),
  removed: Schema.Boolean,
})
export type ContentPublished = typeof ContentPublished.Type
