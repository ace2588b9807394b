/**
 * A difference of two definitions as a sentence: "the advocate's reward rises from 20.00 EUR to 25.00 EUR".
 *
 * Members that are known have a phrase of their own in one table; every other is told by its name and value. A new mechanic
 * reads well without an entry here, and better with one.
 */
import { isMembers, placeOf, type Difference, type Members } from "./DefinitionDifference.ts"
import { listMoved, moved, textOf, wordsOf } from "./ValueWords.ts"

type Phrase = (difference: Difference, currency: string) => string | null

const article = (words: string): string => (/^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`)

/** What a side gets, in few words: `20.00 EUR`, `10 % of the order`, `150 points`. */
export const rewardText = (reward: unknown, currency: string): string => {
  if (!isMembers(reward)) return "nothing"
  const { amount, kind, percent, points } = reward
  if (kind === "discount-amount" && typeof amount === "string") return `${amount} ${currency}`
  if (kind === "store-credit" && typeof amount === "string") return `${amount} ${currency} of store credit`
  if (kind === "gift-card" && typeof amount === "string") return `a gift card of ${amount} ${currency}`
  if (kind === "discount-share" && typeof percent === "number") return `${percent} % of the order`
  if (kind === "checkout-discount" && typeof percent === "number") return `${percent} % off at the checkout`
  if (kind === "points" && typeof points === "number") return `${points} points`
  return textOf("", reward, currency)
}

const reward =
  (side: "advocate" | "friend"): Phrase =>
  ({ after, before, kind }, currency) => {
    if (kind === "added") return `the ${side} gets ${rewardText(after, currency)}, and got nothing before`
    if (kind === "removed") return `the ${side} no longer gets ${rewardText(before, currency)}`
    return `the ${side}'s reward changes from ${rewardText(before, currency)} to ${rewardText(after, currency)}`
  }

/** The size of a reward whose kind stays. */
const rewardSize =
  (side: "advocate" | "friend"): Phrase =>
  ({ after, before, path }, currency) =>
    `the ${side}'s reward ${moved(path.at(-1)?.member ?? "", before, after, currency)}`

/** `limit of 10 per year`, `limit of 10 per company and year`, `budget of 5000.00 EUR per month`. */
export const limitText = (limit: unknown, currency: string): string => {
  if (!isMembers(limit)) return "limit"
  const size = "count" in limit ? textOf("count", limit.count, currency) : textOf("amount", limit.amount, currency)
  return `${limitNoun(String(limit.per), "amount" in limit)} of ${size}${perText(String(limit.per), String(limit.period))}`
}

const limitNoun = (per: string, isMoney: boolean): string => (per === "program" && isMoney ? "budget" : "limit")

/** A limit is the advocate's unless it says otherwise. */
const perText = (per: string, period: string): string => {
  const said = [...(per === "company" ? [per] : []), ...(period === "ever" ? [] : [period])]
  return `${said.length === 0 ? " in all" : ` per ${said.join(" and ")}`}${per === "program" ? " for the whole program" : ""}`
}

const limit: Phrase = ({ after, before, kind }, currency) =>
  kind === "added"
    ? `a ${limitText(after, currency)} is added`
    : kind === "removed"
      ? `the ${limitText(before, currency)} is removed`
      : `the ${limitText(before, currency)} becomes a ${limitText(after, currency)}`

const limitSize: Phrase = ({ after, before, path }, currency) => {
  const member = path.at(-1)?.member ?? ""
  const [per = "", period = ""] = (path.at(-2)?.element ?? "").split(" ")
  return `the ${limitNoun(per, member === "amount")}${perText(per, period)} ${moved(member, before, after, currency)}`
}

/** `10 % of the order for later purchases within 365 days, at most 3`. */
const recurringText = (recurring: unknown, currency: string): string => {
  if (!isMembers(recurring)) return "nothing"
  const most = recurring.count === null ? "" : `, at most ${String(recurring.count)}`
  return `${rewardText(recurring.reward, currency)} for later purchases of the friend within ${String(recurring.withinDays)} days${most}`
}

const rules: Readonly<Record<string, (rule: Members, currency: string) => string>> = {
  "new-customer": ({ per }) => `the friend${per === "company" ? "'s company" : ""} must be a new customer`,
  "other-company": () => "advocate and friend must belong to different companies",
  enrolled: () => "the advocate must have been enrolled when the friend bought",
  minimum: ({ amount }, currency) => `the order must be worth at least ${textOf("amount", amount, currency)}`,
  products: ({ anyOf }, currency) => `the order must hold one of ${textOf("", anyOf, currency)}`,
  channels: ({ anyOf }, currency) => `the order must come by ${textOf("", anyOf, currency)}`,
  "score-at-least": ({ score }) => `advocates need a score of ${String(score)} or more`,
  "marketing-consent": () => "advocates must have agreed to marketing",
}

/** `5-off (5.00 EUR for 500 points)`. */
const offerText = (offer: unknown, currency: string): string => {
  if (!isMembers(offer)) return "nothing"
  const { gives, name, points } = offer
  const what = isMembers(gives) ? `${String(gives.amount)} ${currency}` : "a perk"
  return `${String(name)} (${what} for ${String(points)} points)`
}

/** A condition that came, went, or was replaced. */
const condition: Phrase = ({ after, before, kind }, currency) => {
  const told = (rule: unknown): string => {
    const known = isMembers(rule) && typeof rule.rule === "string" ? rules[rule.rule] : undefined
    return known === undefined || !isMembers(rule) ? `"${textOf("", rule, currency)}"` : known(rule, currency)
  }
  if (kind === "added") return `a condition is added: ${told(after)}`
  if (kind === "removed") return `a condition is dropped: ${told(before)}`
  return `a condition changes from "${told(before)}" to "${told(after)}"`
}

const scalar =
  (what: string): Phrase =>
  ({ after, before, path }, currency) =>
    Array.isArray(before) && Array.isArray(after)
      ? listMoved(before, after, what)
      : `${what} ${moved(path.at(-1)?.member ?? "", before, after, currency)}`

const phrases: Readonly<Record<string, Phrase>> = {
  name: scalar("the program's name"),
  currency: scalar("the currency"),
  timeZone: scalar("the time zone"),
  "advocates[]": condition,
  "advocates[].score": scalar("the score that advocates need"),
  "mechanics[]": ({ after, before, kind, path }) => {
    const name = path.at(-1)?.element ?? ""
    const mechanic = kind === "removed" ? before : after
    const what = isMembers(mechanic) ? String(mechanic.kind) : "mechanic"
    if (kind === "changed") return `the rule "${name}" is now ${article(`${what} mechanic`)}`
    return `the ${what} mechanic "${name}" is ${kind}`
  },
  "mechanics[].conversions": scalar("what counts as a conversion"),
  "mechanics[].evidence": scalar("the evidence that counts"),
  "mechanics[].attributeKeys": scalar("the cart attributes that hold a code"),
  "mechanics[].attribution": ({ after, before }, currency) => {
    if (!isMembers(before) || !isMembers(after)) return null
    const models = `attribution changes from ${String(before.model)} to ${String(after.model)}`
    return before.windowDays === after.windowDays
      ? models
      : `${models}, and its window ${moved("windowDays", before.windowDays, after.windowDays, currency)}`
  },
  "mechanics[].attribution.windowDays": scalar("the attribution window"),
  "mechanics[].qualifies": scalar("the conditions"),
  "mechanics[].qualifies[]": condition,
  "mechanics[].qualifies[].amount": scalar("the least that an order must be worth"),
  "mechanics[].qualifies[].anyOf": ({ after, before, path }) => {
    const what = `the ${path.at(-2)?.element ?? "values"} that count`
    return Array.isArray(before) && Array.isArray(after) ? listMoved(before, after, what) : null
  },
  "mechanics[].qualifies[].per": ({ after }) =>
    `whether a customer is new is now asked per ${String(after)}, not only of the ${after === "company" ? "person" : "company"}`,
  "mechanics[].holdDays": scalar("the hold"),
  "mechanics[].advocate": reward("advocate"),
  "mechanics[].advocate.amount": rewardSize("advocate"),
  "mechanics[].advocate.percent": rewardSize("advocate"),
  "mechanics[].friend": reward("friend"),
  "mechanics[].friend.amount": rewardSize("friend"),
  "mechanics[].friend.percent": rewardSize("friend"),
  "mechanics[].advocate.points": rewardSize("advocate"),
  "mechanics[].friend.points": rewardSize("friend"),
  "mechanics[].recurring": ({ after, before, kind }, currency) =>
    kind === "added"
      ? `the advocate also gets ${recurringText(after, currency)}`
      : kind === "removed"
        ? `the advocate no longer gets ${recurringText(before, currency)}`
        : null,
  "mechanics[].recurring.withinDays": scalar("the time within which later purchases earn"),
  "mechanics[].recurring.count": ({ after, before, kind, path }, currency) =>
    kind === "added"
      ? `at most ${String(after)} later purchases of a friend earn`
      : kind === "removed"
        ? `any number of later purchases of a friend earns, not ${String(before)} at most`
        : `the number of later purchases that earn ${moved(path.at(-1)?.member ?? "", before, after, currency)}`,
  "mechanics[].recurring.reward": ({ after, before }, currency) =>
    `the reward for later purchases changes from ${rewardText(before, currency)} to ${rewardText(after, currency)}`,
  "mechanics[].recurring.reward.*": scalar("the reward for later purchases"),
  "mechanics[].terms": ({ after }) =>
    after === "asShared"
      ? "a purchase is judged by the terms in force when the code was shared, not when the friend bought"
      : "a purchase is judged by the terms in force when the friend bought, not when the code was shared",
  "mechanics[].members": ({ after }) =>
    after === "enrolled" ? "only enrolled people collect points" : "everybody who buys collects points",
  "mechanics[].perUnit": scalar("the number of points for each whole unit of the currency"),
  "mechanics[].expiresAfterDays": ({ after, before, kind }, currency) =>
    kind === "added"
      ? `points expire ${textOf("days", after, currency)} after maturing, and never expired before`
      : kind === "removed"
        ? `points no longer expire; they did ${textOf("days", before, currency)} after maturing`
        : `the life of points ${moved("days", before, after, currency)}`,
  "mechanics[].tierPercent.*": ({ after, before, path }, currency) =>
    `the rate of points of ${path.at(-1)?.member ?? "a tier"} members ${moved("percent", before ?? 100, after ?? 100, currency)}`,
  "mechanics[].counts": scalar("what tiers count"),
  "mechanics[].period": scalar("the period that tiers are reached in"),
  "mechanics[].keeps": scalar("the number of further periods that a tier is kept for"),
  "mechanics[].tiers": scalar("the tiers"),
  "mechanics[].tiers[]": ({ after, before, kind, path }) => {
    const tier = kind === "removed" ? before : after
    const atLeast = isMembers(tier) ? String(tier.atLeast) : ""
    return `the tier ${path.at(-1)?.element ?? ""}, from ${atLeast} on, is ${kind}`
  },
  "mechanics[].tiers[].atLeast": ({ after, before, path }, currency) =>
    `what the tier ${path.at(-2)?.element ?? ""} needs ${moved("atLeast", before, after, currency)}`,
  "mechanics[].tiers[].perks": ({ after, before, path }) =>
    Array.isArray(before) && Array.isArray(after)
      ? listMoved(before, after, `the perks of ${path.at(-2)?.element ?? "a tier"}`)
      : null,
  "mechanics[].redeem": scalar("what points can be redeemed for"),
  "mechanics[].redeem[]": ({ after, before, kind }, currency) =>
    kind === "added"
      ? `points can be redeemed for ${offerText(after, currency)}`
      : kind === "removed"
        ? `points can no longer be redeemed for ${offerText(before, currency)}`
        : `the offer ${offerText(before, currency)} becomes ${offerText(after, currency)}`,
  "mechanics[].redeem[].points": ({ after, before, path }, currency) =>
    `the price of the offer ${path.at(-2)?.element ?? ""} ${moved("points", before, after, currency)}`,
  "mechanics[].redeem[].gives.amount": ({ after, before, path }, currency) =>
    `what the offer ${path.at(-3)?.element ?? ""} gives ${moved("amount", before, after, currency)}`,
  "mechanics[].limits": scalar("the limits"),
  "mechanics[].limits[]": limit,
  "mechanics[].limits[].count": limitSize,
  "mechanics[].limits[].amount": limitSize,
  "mechanics[].review.shared": scalar("the signs that hold a credit for a human"),
  "mechanics[].review.leakedPer24Hours": ({ after, before, kind }) =>
    kind === "removed"
      ? "many new buyers of one code within 24 hours no longer hold its credits"
      : `credits of a code are held from ${String(after)} new buyers within 24 hours on${kind === "added" ? "" : `, not from ${String(before)}`}`,
}

/** Where a member has no phrase: `the "gold" of tiers: threshold rises from 5 to 10`. */
const plainly = (difference: Difference, currency: string): string => {
  const { after, before, kind, path } = difference
  const last = path.at(-1)
  if (last === undefined) return "everything changes"
  const owner = path
    .slice(0, -1)
    .filter((step) => step.member !== "mechanics")
    .map(({ element, member }) => (element === null ? wordsOf(member) : `${wordsOf(member)} "${element}"`))
    .join(", ")
  const what = `${owner === "" ? "the " : `${owner}: the `}${wordsOf(last.member)}`
  if (last.element !== null && kind !== "changed") {
    return `${what} "${last.element}" ${kind === "added" ? "is added" : "is removed"} (${textOf("", kind === "added" ? after : before, currency)})`
  }
  if (kind === "added") return `${what} is added: ${textOf(last.member, after, currency)}`
  if (kind === "removed") return `${what} is removed: it was ${textOf(last.member, before, currency)}`
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every((one) => typeof one !== "object"))
    return listMoved(before, after, what)
  return `${what} ${moved(last.member, before, after, currency)}`
}

/** One sentence without a full stop. `mechanics`: how many the program has; with several, each change names its own. */
export const sentence = (difference: Difference, options: { currency: string; mechanics: number }): string => {
  const place = placeOf(difference.path)
  const phrase = phrases[place] ?? phrases[place.replace(/\w+$/, "*")]
  const known = phrase?.(difference, options.currency)
  const text = known ?? plainly(difference, options.currency)
  const [first, second] = difference.path
  const isInside = first?.member === "mechanics" && first.element !== null && second !== undefined
  return isInside && options.mechanics > 1 ? `in "${first.element}", ${text}` : text
}
