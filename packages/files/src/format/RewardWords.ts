/**
 * What the products call the state of a reward and its receiver, in our words.
 *
 * Sure: Dub's states, from its public source. The others are words that the products' pages and interfaces use; a word that is not
 * here is refused rather than guessed, since it decides whether money counts as paid.
 */
import type { RewardPaid } from "@advocacy-kit/core/fact/Fact"
import { listed } from "../Columns.ts"

type Status = RewardPaid["status"]

const words: Readonly<Record<Status, string>> = {
  paid:
    "paid, paid out, issued, sent, delivered, approved, completed, complete, fulfilled, redeemed, used, claimed, distributed, " +
    "succeeded, success, earned, awarded, credited, given, settled",
  pending:
    "pending, pending review, pending approval, in review, under review, unpaid, not paid, processing, processed, hold, on hold, " +
    "scheduled, queued, waiting, awaiting approval, awaiting payout, open, unclaimed",
  reversed:
    "reversed, cancelled, canceled, void, voided, refunded, rejected, declined, denied, revoked, fraud, duplicate, disqualified, " +
    "blocked, not eligible, ineligible, deducted, removed, deleted, clawed back, failed, returned",
}

/** A word without case and punctuation. */
export const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, " ")
    .trim()

const statuses: ReadonlyMap<string, Status> = new Map(
  (["paid", "pending", "reversed"] as const).flatMap((status) =>
    listed(words[status]).map((word) => [word, status] as const),
  ),
)

export const statusOf = (text: string): Status | null => statuses.get(plain(text)) ?? null

const advocates = new Set(
  listed("advocate, referral sender, sender, referrer, referring, partner, affiliate, ambassador, refer a friend"),
)
const friends = new Set(
  listed(
    "friend, referral receiver, receiver, referee, referred, referred friend, referred customer, referred by a friend",
  ),
)

/** Which side of a referral a word names; null where it names none. */
export const roleOf = (text: string): RewardPaid["role"] => {
  const word = plain(text)
  return advocates.has(word) ? "advocate" : friends.has(word) ? "friend" : null
}

/** States of a referral that the product itself did not count. */
const refusals = new Set([
  ...listed(words.reversed),
  ...listed("invalid, expired, self referral, suspicious, spam, not qualified, unqualified, lost"),
])

export const isRefused = (text: string | null): boolean => text !== null && refusals.has(plain(text))
