/**
 * What kinds and doubts of an audit are called, for whoever reads it. Exhaustive.
 */
import { amountIn } from "../program/Draft.ts"
import { reasonTexts } from "../program/DecisionTexts.ts"
import type { AuditLine, Doubt, Kind, MatchedBy } from "./AuditLine.ts"

export interface KindTexts {
  /** As a heading. */
  readonly title: string
  /** One sentence. */
  readonly means: string
}

export const kindTexts: Readonly<Record<Kind, KindTexts>> = {
  twice: { title: "Paid twice", means: "One purchase was rewarded more than once on the same side." },
  "after-refund": {
    title: "Kept after a refund",
    means: "The purchase was refunded or cancelled, and the reward was kept or not made smaller.",
  },
  "self-referral": { title: "Paid to the buyer", means: "The advocate who was paid is the person who bought." },
  "above-limit": { title: "Above the limit", means: "The rules' limit had no room left." },
  "not-due": { title: "Not due", means: "Another rule of the program refuses it." },
  "wrong-amount": { title: "Wrong amount", means: "A reward is due, of another amount." },
  "too-early": { title: "Too early", means: "It was paid although the hold still runs, or the purchase is not paid." },
  missing: { title: "Not paid", means: "A reward is due, and no record says that it was paid." },
  "cannot-tell": { title: "Cannot tell", means: "The files do not prove it either way." },
  right: { title: "Right", means: "What was paid is what the rules grant." },
}

export const doubtTexts: Readonly<Record<Doubt, string>> = {
  "order-not-in-file": "The record names an order that is not in the file: it may be older than the export.",
  "ambiguous-name": "Several orders have the name that the record gives.",
  "no-purchase": "The record names a friend, and the file holds no purchase of theirs at that time.",
  "several-purchases": "The record names a friend who bought several times, and nothing says which purchase it is for.",
  "names-nothing": "The record names neither an order nor a friend.",
  "other-unit": "The record is in another unit than the rules, and no exchange is known.",
  "other-currency": "The purchase is in another currency than the rules.",
  "unknown-buyer": "The file does not say who bought.",
  "unknown-enrolment": "The rules ask for enrolment, and no file tells of any.",
  "outside-window": "The newest touch in the files is older than the window; the product may know of a later one.",
  "needs-human": "There are signs that a human would have to look at.",
  "other-person": "The record names somebody else than the files show, and either may be right.",
  "refund-estimated": "The file tells what was given back as one sum, in which tax and shipping may lie.",
  "at-checkout": "The friend's reward is taken off at the checkout; what this record adds cannot be told.",
  "no-rule": "The stated rules say nothing about such a reward.",
  "still-pending": "It is due by the rules, and the record is still pending.",
  "only-claimed": "Only the product's own record says that somebody brought this buyer, and it was taken back.",
  "before-records": "It was due before the first record in the file.",
  "role-not-in-file": "The file holds no rewards of this side at all.",
  unconfirmed: "Only a list that does not say whether the product counted the referral shows who brought this buyer.",
  contested: "Somebody else was paid for this purchase, and it cannot be told whether rightly.",
  "maybe-paid": "The person was paid for something that no purchase was found for: it may be this one.",
  "slot-freed": "It is due only because something else was refunded or cancelled later.",
  "limit-unknown": "Purchases that are not in the file may have taken the limit's places.",
}

export const matchTexts: Readonly<Record<MatchedBy, string>> = {
  order: "the order's number",
  "order-name": "the order's name",
  friend: "the friend and the time",
  nothing: "nothing",
}

/** Reasons that an audit has beyond the engine's. */
export const auditReasons: Readonly<Record<string, string>> = {
  "paid-again": "It had been paid before.",
  "other-advocate": "Another advocate brought the buyer.",
}

/** What shows who brought the buyer, as the engine saw it. */
const broughtBy = ({ because, isClaimed }: AuditLine): string => {
  if (isClaimed) return "by the product's own record"
  const saw = because.find(({ rule }) => rule === "last-touch" || rule === "first-touch")?.saw
  return saw?.code === undefined ? "" : `${(saw.kind ?? "").replaceAll("-", " ")} ${saw.code}`
}

/** Why a line is what it is, in a sentence. */
export const whyOf = (line: AuditLine): string => {
  const { doubt, dueMinor, kind, reason, unit } = line
  if (doubt !== null) return doubtTexts[doubt]
  if (kind === "missing")
    return [kindTexts.missing.means, broughtBy(line)].filter((text) => text !== "").join(" Shown: ")
  if (kind === "wrong-amount") return `${amountIn(unit, dueMinor)} is due.`
  if (kind === "after-refund" && dueMinor > 0n) return `A part was refunded; ${amountIn(unit, dueMinor)} is due now.`
  if (reason === null) return kindTexts[kind].means
  return auditReasons[reason] ?? reasonTexts(reason).operator
}
