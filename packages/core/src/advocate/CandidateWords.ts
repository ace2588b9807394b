/**
 * Why somebody stands where they stand, in sentences for whoever runs the program.
 *
 * Says what the facts tell, and what they do not tell as unknown. It names nobody.
 */
import { days, type Instant } from "../id/Instant.ts"
import type { Candidate } from "./Identification.ts"

const several = (count: number, noun: string, plural = `${noun}s`): string => `${count} ${count === 1 ? noun : plural}`

const place = (percentile: number): string => percentile.toFixed(2)

/** Each component with the raw inputs behind it. */
export const componentWords = (
  { components, customer, signals }: Candidate,
  asOf: Instant,
): Readonly<Record<"sentiment" | "provenAdvocacy" | "liveLoyalty" | "reach", string>> => {
  const since = Math.floor((asOf - customer.lastOrderAt) / days(1))
  const { reviews, sharing } = customer
  return {
    sentiment: `${place(components.sentiment)}: ${customer.nps === null ? "NPS unknown, taken as the shop's mean" : `NPS ${customer.nps}`}, ${Math.round(customer.refundedShare * 100)} % given back, ${signals.stars === null ? "stars unknown" : `${signals.stars.toFixed(1)} stars`}`,
    provenAdvocacy: `${place(components.provenAdvocacy)}: ${several(customer.conversions.length, "friend")} brought, ${signals.recentReferrals.toFixed(1)} with a half-life of 90 days; ${sharing === null ? "shares in 90 days unknown" : `${several(sharing.reached90d, "person", "people")} reached in 90 days`}; ${reviews === null ? "reviews unknown" : `${several(reviews.count, "review")} written`}`,
    liveLoyalty: `${place(components.liveLoyalty)}: ${several(customer.orders, "order")}, the last ${several(since, "day")} ago`,
    reach: `${place(components.reach)}: ${several(customer.conversions.length, "friend")} converted, ${sharing === null ? "shares unknown" : `${several(sharing.reached, "person", "people")} reached ever`}; opened mail unknown`,
  }
}

/** In one sentence: may they be asked, and what for. */
export const sentence = ({ barrier, components, influential, list, willing }: Candidate): string => {
  if (list === "save")
    return `Influential but unhappy (reach ${place(components.reach)}, sentiment ${place(components.sentiment)}): find out what went wrong before you ask for anything.`
  if (barrier !== null) return `May not be asked: ${barrier}.`
  if (list === "ask")
    return `Loyal but silent (loyalty ${place(components.liveLoyalty)}, advocacy so far ${place(components.provenAdvocacy)}): a first private ask is worth it.`
  return `May be asked: willing ${place(willing)}, influential ${place(influential)}.`
}
